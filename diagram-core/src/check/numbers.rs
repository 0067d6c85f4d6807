//! Numbers that a loss does not take.

use crate::diagram::{Definition, Diagram, Morphism};
use crate::fault::{Code, Fault};
use crate::numbers::{Gives, Takes};
use crate::path::{Path, Term};
use crate::step::{Combinator, Layer, Step, StepKind};

/// A loss at one of its ends.
#[derive(Debug)]
pub struct Taken<'a> {
    /// The name of the loss.
    pub loss: &'a str,
    /// The cell, as written.
    pub cell: &'a str,
    /// The path at this end.
    pub end: Path,
    /// The name of the end, if the loss has several: `variance`.
    pub called: Option<&'a str>,
    /// The numbers that it takes there.
    pub takes: Takes,
    /// The numbers that it takes there if one of its flags is inverted, and the loss as it is written then.
    pub turned: Option<(Takes, String)>,
}

/// A path certainly ends in numbers that its loss does not take there.
#[must_use]
pub fn numbers_not_taken(diagram: &Diagram, at: &Taken<'_>) -> Option<Fault> {
    let (morphism, step, layer) = last_layer(diagram, at.end)?;
    let gives = layer.traits.gives;
    if !at.takes.refuses(gives) {
        return None;
    }
    let (name, call, takes) = (&morphism.name, &layer.call, at.takes);
    // warning: the loss of `model ~ Label` takes logits, but `model` ends in `softmax(1)` [D0704]
    // warning: `binary_cross_entropy` takes numbers from 0 to 1, but `judge` ends in `linear` [D0704]
    // warning: `gaussian_nll` takes numbers of at least 0 as `variance`, but `spread` ends in `linear` [D0704]
    let takes_there = match (takes, gives, at.called) {
        (Takes::Logits, Gives::Probabilities, _) => {
            format!("the loss of `{}` takes logits", at.cell)
        }
        (_, _, Some(end)) => format!("`{}` takes {takes} as `{end}`", at.loss),
        (_, _, None) => format!("`{}` takes {takes}", at.loss),
    };
    let message = format!("{takes_there}, but `{name}` ends in `{call}`");
    let turned = at.turned.as_ref();
    let turned = turned.filter(|(takes, _)| !takes.refuses(gives));
    let help = match turned {
        Some((_, written)) if !takes.are_before_a_layer() => Some(format!("`{written}`")),
        _ => ended_otherwise(morphism, step, gives, takes),
    };
    Some(Fault::new(Code::NumbersNotTaken, message).maybe_help(help))
}

/// The definition of the morphism with an end that the loss takes.
fn ended_otherwise(morphism: &Morphism, step: &Step, gives: Gives, takes: Takes) -> Option<String> {
    let name = &morphism.name;
    let Definition::Layers { steps, .. } = &morphism.definition else {
        return None;
    };
    let axis = step.output.one()?.rank().checked_sub(1)?;
    let Some(end) = takes.layer(axis) else {
        return Some(match steps.as_slice() {
            [_] => format!("`{name} = identity;`"),
            _ => format!("leave `{step}` out of `{name}`"),
        });
    };
    let (last, before) = steps.split_last()?;
    if !std::ptr::eq(last, step) {
        return None;
    }
    let kept = (gives == Gives::Real).then_some(step);
    let kept = before.iter().chain(kept).map(ToString::to_string);
    let layers: Vec<_> = kept.chain([end]).collect();
    Some(format!("`{name} = {};`", layers.join(" >> ")))
}

/// The layer that decides in which numbers a path ends, and its morphism. Layers and morphisms that keep the
/// numbers are skipped.
fn last_layer(diagram: &Diagram, mut path: Path) -> Option<(&Morphism, &Step, &Layer)> {
    let mut factor = None;
    loop {
        match diagram.paths.term(path) {
            Term::Stop(of) | Term::Scale(of, _) => path = *of,
            Term::Factor(of, position) => {
                factor = Some(*position);
                path = *of;
            }
            Term::Power(power, _) => path = *power.body.get(factor.take().unwrap_or(0))?,
            Term::Apply(id, arguments, _) => {
                let morphism = diagram.morphism(*id);
                let Definition::Layers { steps, .. } = &morphism.definition else {
                    return None;
                };
                match decided(steps, factor.take())? {
                    Decided::By(step, layer) => return Some((morphism, step, layer)),
                    Decided::Before => match arguments.as_slice() {
                        [argument] => path = *argument,
                        _ => return None,
                    },
                }
            }
            Term::Datum(_) | Term::Input(_) | Term::Number(..) => return None,
        }
    }
}

/// The part that decides which numbers a chain gives.
enum Decided<'a> {
    /// A layer of it.
    By(&'a Step, &'a Layer),
    /// Its input: every layer keeps the numbers.
    Before,
}

/// The part that decides which numbers a chain, or this factor of its result, gives, if that is known.
fn decided(steps: &[Step], mut factor: Option<usize>) -> Option<Decided<'_>> {
    for step in steps.iter().rev() {
        let combinator = match &step.kind {
            StepKind::Layer(_) if factor.is_some() => return None,
            StepKind::Layer(layer) => match layer.traits.gives {
                Gives::Unknown => return None,
                Gives::Same => continue,
                _ => return Some(Decided::By(step, layer)),
            },
            StepKind::Combinator(combinator) => combinator,
        };
        let found = match combinator {
            Combinator::Residual => return None,
            // Copies end as the last of them does.
            Combinator::Repeat { .. } | Combinator::Unrolled { .. } | Combinator::Power { .. } => {
                decided(&step.inner, factor)?
            }
            Combinator::Parallel { .. } => {
                let (chain, factor) = chain_of(step, factor.take().unwrap_or(0))?;
                return match decided(chain, factor)? {
                    Decided::By(step, layer) => Some(Decided::By(step, layer)),
                    Decided::Before => None,
                };
            }
        };
        if let Decided::By(..) = found {
            return Some(found);
        }
    }
    Some(Decided::Before)
}

/// The chain that gives a factor of chains side by side, and the position of that factor in its result, if
/// there are several.
fn chain_of(step: &Step, mut factor: usize) -> Option<(&[Step], Option<usize>)> {
    for chain in step.chains() {
        let count = chain.last()?.output.0.len();
        if factor < count {
            return Some((chain, (count > 1).then_some(factor)));
        }
        factor -= count;
    }
    None
}

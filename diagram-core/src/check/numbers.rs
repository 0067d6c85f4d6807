//! Numbers that a loss does not take.

use crate::diagram::{Combinator, Definition, Diagram, Morphism, Step};
use crate::fault::{Code, Fault};
use crate::numbers::{Gives, Takes};
use crate::path::{Path, Term};

/// A loss at one of its ends.
#[derive(Debug)]
pub struct Taken<'a> {
    /// The name of the loss.
    pub loss: &'a str,
    /// The cell, as written.
    pub cell: &'a str,
    /// The path at this end.
    pub end: Path,
    /// What the end is called, where the loss has several: `variance`.
    pub called: Option<&'a str>,
    /// Which numbers it takes there.
    pub takes: Takes,
    /// Which it takes there if one of its flags is turned, and how the loss is written then.
    pub turned: Option<(Takes, String)>,
}

/// The numbers that a path ends in are certain to be none that its loss takes there.
#[must_use]
pub fn numbers_not_taken(diagram: &Diagram, at: &Taken<'_>) -> Option<Fault> {
    let (morphism, step) = last_layer(diagram, at.end)?;
    if !at.takes.refuses(step.gives) {
        return None;
    }
    let (name, layer, takes) = (&morphism.name, &step.layer, at.takes);
    // warning: the loss of `model ~ Label` takes logits, but `model` ends in `softmax(1)` [D0704]
    // warning: `binary_cross_entropy` takes numbers from 0 to 1, but `judge` ends in `linear` [D0704]
    // warning: `gaussian_nll` takes numbers of at least 0 as `variance`, but `spread` ends in `linear` [D0704]
    let takes_there = match (takes, step.gives, at.called) {
        (Takes::Logits, Gives::Probabilities, _) => {
            format!("the loss of `{}` takes logits", at.cell)
        }
        (_, _, Some(end)) => format!("`{}` takes {takes} as `{end}`", at.loss),
        (_, _, None) => format!("`{}` takes {takes}", at.loss),
    };
    let message = format!("{takes_there}, but `{name}` ends in `{layer}`");
    let turned = at.turned.as_ref();
    let turned = turned.filter(|(takes, _)| !takes.refuses(step.gives));
    let help = match turned {
        Some((_, written)) if !takes.are_before_a_layer() => Some(format!("`{written}`")),
        _ => ended_otherwise(morphism, step, takes),
    };
    Some(Fault::new(Code::NumbersNotTaken, message).maybe_help(help))
}

/// How the morphism is written with an end that the loss takes.
fn ended_otherwise(morphism: &Morphism, step: &Step, takes: Takes) -> Option<String> {
    let (name, layer) = (&morphism.name, &step.layer);
    let Definition::Layers { steps, .. } = &morphism.definition else {
        return None;
    };
    let axis = step.output.one()?.rank().checked_sub(1)?;
    let Some(end) = takes.layer(axis) else {
        return Some(match steps.as_slice() {
            [_] => format!("`{name} = identity;`"),
            _ => format!("leave `{layer}` out of `{name}`"),
        });
    };
    let (last, before) = steps.split_last()?;
    if !std::ptr::eq(last, step) {
        return None;
    }
    let kept = (step.gives == Gives::Real).then_some(layer.as_str());
    let before = before.iter().map(|step| step.layer.as_str());
    let layers: Vec<_> = before.chain(kept).chain([end.as_str()]).collect();
    Some(format!("`{name} = {};`", layers.join(" >> ")))
}

/// The layer that decides which numbers a path ends in, and its morphism. Layers and morphisms that keep the
/// numbers are passed.
fn last_layer(diagram: &Diagram, mut path: Path) -> Option<(&Morphism, &Step)> {
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
                    Decided::By(step) => return Some((morphism, step)),
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

/// What decides which numbers a chain gives.
enum Decided<'a> {
    /// A layer of it.
    By(&'a Step),
    /// What it is given: every layer keeps the numbers.
    Before,
}

/// What decides which numbers a chain gives, or this factor of what it gives, if that is known.
fn decided(steps: &[Step], mut factor: Option<usize>) -> Option<Decided<'_>> {
    for step in steps.iter().rev() {
        let found = match &step.combinator {
            None if factor.is_some() => return None,
            None => match step.gives {
                Gives::Unknown => return None,
                Gives::Same => Decided::Before,
                _ => Decided::By(step),
            },
            Some(Combinator::Residual) => return None,
            // Copies end as the last of them does.
            Some(
                Combinator::Repeat { .. } | Combinator::Unrolled { .. } | Combinator::Power { .. },
            ) => decided(&step.inner, factor)?,
            Some(Combinator::Parallel { chains }) => {
                let (chain, factor) = chain_of(step, chains, factor.take().unwrap_or(0))?;
                return match decided(chain, factor)? {
                    Decided::By(step) => Some(Decided::By(step)),
                    Decided::Before => None,
                };
            }
        };
        if let Decided::By(_) = found {
            return Some(found);
        }
    }
    Some(Decided::Before)
}

/// The chain that gives a factor of chains side by side, and which of its factors that is, if it has several.
fn chain_of<'a>(
    step: &'a Step,
    chains: &[usize],
    mut factor: usize,
) -> Option<(&'a [Step], Option<usize>)> {
    let mut rest = step.inner.as_slice();
    for length in chains {
        let (chain, others) = rest.split_at_checked(*length)?;
        let count = chain.last()?.output.0.len();
        if factor < count {
            return Some((chain, (count > 1).then_some(factor)));
        }
        factor -= count;
        rest = others;
    }
    None
}

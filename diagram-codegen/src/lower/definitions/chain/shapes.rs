//! The shapes of a chain: each layer's rule in turn, at its site.

use diagram_core::{Combinator, Dim, Fault, Product, Shape, Side, Step, check};
use diagram_layers::layers::chain::{end, tail, targets, unrolled};
use diagram_layers::layers::{Layer, Open, Site};

use super::{SourceKind, SourceStep};
use crate::arguments;
use crate::lower::rules::Rules;
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree::Argument;

/// Where a layer stands.
pub(crate) struct LayerSite<'a> {
    /// The layer as written.
    pub(crate) text: &'a str,
    /// All of it.
    pub(crate) place: Place,
    /// The shapes of all factors before it.
    pub(crate) inputs: &'a [Shape],
    /// The shape that must stand after it, where that is known and no product.
    pub(crate) target: Option<&'a Shape>,
    /// The product that must stand after it, where that is one and no layer behind it takes it.
    pub(crate) open: Option<Open<'a>>,
    /// What names stand for.
    pub(crate) scope: &'a Scope,
}

/// A layer with its arguments as written, and the shapes after it at a site.
///
/// # Errors
///
/// Every fault of the arguments, each at its own; else the first of the shape rule.
pub(crate) fn layer_at(
    row: &'static Layer,
    arguments: &[Argument],
    at: &LayerSite<'_>,
) -> Result<Step, Vec<Placed>> {
    let read = arguments::read(row.name, row.parameters, arguments, at.place, at.scope)?;
    let empty = Shape::float(Vec::new());
    let site = Site {
        text: at.text,
        input: at.inputs.first().unwrap_or(&empty),
        inputs: at.inputs,
        target: at.target,
        open: at.open,
        facts: &at.scope.facts,
        dynamics: &at.scope.dynamics,
    };
    let typed = row.typed(read.call.clone(), &site);
    typed.map_err(|wrong| vec![read.placed(wrong)])
}

impl<'a> Rules<'_> {
    /// Each step at the shape that the one before it gives. `target` must stand at the end, where that
    /// is known; `copies` says in which copies of what the chain stands, for messages.
    pub(super) fn typed(
        &mut self,
        written: &[SourceStep<'a>],
        input: &Product,
        target: Option<&Product>,
        copies: &mut Vec<String>,
    ) -> Option<Vec<Step>> {
        let targets = targets(written, target);
        let mut typed: Vec<Step> = Vec::new();
        for (index, (step, target)) in written.iter().zip(&targets).enumerate() {
            let target = target.as_ref();
            let input = end(&typed, input).clone();
            typed.push(match &step.kind {
                SourceKind::Layer(layer, arguments) => {
                    let behind = written.get(index + 1..).unwrap_or_default();
                    self.layer(layer, arguments, (step, behind), (&input, target), copies)?
                }
                SourceKind::Residual(inner) => self.residual(step, inner, &input, copies)?,
                SourceKind::Power { times, inner } => {
                    self.power_of(step, (times, inner), &input, copies)?
                }
                SourceKind::Parallel(side, chains) => {
                    self.parallel(step, (*side, chains), (&input, target), copies)?
                }
                SourceKind::Repeat {
                    copies: times,
                    number,
                    inner,
                } => self.repeat(step, (times, *number), inner, input, copies)?,
            });
        }
        Some(typed)
    }

    /// The chain inside must end in the shape it is given, so that is its target.
    fn residual(
        &mut self,
        step: &SourceStep<'a>,
        inner: &[SourceStep<'a>],
        input: &Product,
        copies: &mut Vec<String>,
    ) -> Option<Step> {
        self.settled(step.place, |_| check::residual_takes(input))?;
        let typed = self.typed(inner, input, Some(input), copies)?;
        let place = deciding(inner, input, &typed, step.place);
        self.settled(place, |scope| {
            let kept = check::residual_keeps_the_shape(input, &typed, &scope.facts);
            kept.map_err(|fault| noted(fault, copies))
        })?;
        Some(Step::combinator(Combinator::Residual, typed, input.clone()))
    }

    /// One set of weights is given what it gives, so the target is the input.
    fn power_of(
        &mut self,
        step: &SourceStep<'a>,
        (times, inner): (&Dim, &[SourceStep<'a>]),
        input: &Product,
        copies: &mut Vec<String>,
    ) -> Option<Step> {
        let typed = self.typed(inner, input, Some(input), copies)?;
        let place = deciding(inner, input, &typed, step.place);
        self.settled(place, |scope| {
            let facts = &scope.facts;
            let kept = check::power_keeps_the_shape(&step.text, input, &typed, facts);
            kept.map_err(|fault| noted(fault, copies))
        })?;
        let times = times.clone();
        Some(Step::combinator(
            Combinator::Power { times },
            typed,
            input.clone(),
        ))
    }

    /// Chains side by side: the factors that they give, one after the other. Where as many must stand
    /// behind them, each knows its own.
    fn parallel(
        &mut self,
        step: &SourceStep<'a>,
        (side, chains): (Side, &[Vec<SourceStep<'a>>]),
        (input, target): (&Product, Option<&Product>),
        copies: &mut Vec<String>,
    ) -> Option<Step> {
        if side == Side::Split {
            let written: Vec<_> = chains.iter().map(|chain| super::joined(chain)).collect();
            let each = check::takes_a_factor_each(&step.text, &written, input);
            let each = each.map_err(|fault| (step.place, noted(fault, copies)));
            self.take(each)?;
        }
        let target = target.filter(|target| target.0.len() == chains.len());
        let typed = chains.iter().enumerate().map(|(position, chain)| {
            let factor = |product: &Product| product.0.get(position).cloned().map(Product::from);
            let input = match side {
                Side::Copied => input.clone(),
                Side::Split => factor(input)?,
            };
            let target = target.and_then(factor);
            let typed = self.typed(chain, &input, target.as_ref(), copies)?;
            let output = end(&typed, &input).0.clone();
            Some((typed, output))
        });
        // Every chain is looked at, whatever is wrong with another.
        let typed: Vec<_> = typed.collect();
        let typed: Option<Vec<_>> = typed.into_iter().collect();
        let (chains, outputs): (Vec<_>, Vec<_>) = typed?.into_iter().unzip();
        let lengths = chains.iter().map(Vec::len).collect();
        let combinator = Combinator::Parallel {
            side,
            chains: lengths,
        };
        let output = Product(outputs.concat());
        Some(Step::combinator(combinator, chains.concat(), output))
    }

    /// One copy stands for all where it keeps the shape. Otherwise each has shapes of its own, for which
    /// their number must be known now.
    fn repeat(
        &mut self,
        step: &SourceStep<'a>,
        (times, number): (&Dim, Place),
        inner: &[SourceStep<'a>],
        input: Product,
        copies: &mut Vec<String>,
    ) -> Option<Step> {
        let first = self.typed(inner, &input, Some(&input), copies)?;
        if input
            .difference(end(&first, &input), &self.scope.facts)
            .is_none()
        {
            let copies = times.clone();
            return Some(Step::combinator(
                Combinator::Repeat { copies },
                first,
                input,
            ));
        }
        let Some(count) = times.literal() else {
            let place = deciding(inner, &input, &first, step.place);
            self.settled(place, |scope| {
                let facts = &scope.facts;
                let kept = check::copies_keep_the_shape(times, &input, &first, facts);
                kept.map_err(|fault| noted(fault, copies))
            })?;
            // Only constants decide.
            let copies = times.clone();
            return Some(Step::combinator(
                Combinator::Repeat { copies },
                first,
                input,
            ));
        };
        if let Err(fault) = unrolled(count, &first, &input) {
            self.fault(number, fault);
            return None;
        }
        let mut shape = end(&first, &input).clone();
        let mut all = first;
        for copy in 2..=count {
            copies.push(format!("this is copy {copy} of `{}`", step.text));
            let next = self.typed(inner, &shape, Some(&shape), copies)?;
            copies.pop();
            shape = end(&next, &shape).clone();
            all.extend(next);
        }
        let copies = count;
        Some(Step::combinator(
            Combinator::Unrolled { copies },
            all,
            shape,
        ))
    }

    /// One layer at its site, with a shape that can exist.
    fn layer(
        &mut self,
        layer: &'static Layer,
        arguments: &[Argument],
        (step, behind): (&SourceStep<'_>, &[SourceStep<'_>]),
        (input, target): (&Product, Option<&Product>),
        copies: &[String],
    ) -> Option<Step> {
        if input.0.len() != 1 && !layer.several {
            let fault = check::takes_one(layer.name, &step.text, input);
            self.fault(step.place, noted(fault, copies));
            return None;
        }
        let product = target.filter(|target| target.0.len() > 1);
        let tail = || super::joined(tail(behind));
        self.decided(|scope| {
            let site = LayerSite {
                text: &step.text,
                place: step.place,
                inputs: &input.0,
                target: target.and_then(Product::one),
                open: product.map(|product| Open {
                    product,
                    tail: &tail,
                }),
                scope,
            };
            let typed = layer_at(layer, arguments, &site).map_err(|faults| {
                let noted = |(place, fault)| (place, noted(fault, copies));
                faults.into_iter().map(noted).collect::<Vec<_>>()
            })?;
            // error: `linear(hidden - hidden)` gives the extent 0: every extent is at least 1 [D0203]
            let subject = format!("`{}` gives", step.text);
            let extents = typed
                .output
                .dims()
                .try_for_each(|dim| check::extent(&subject, dim, &scope.facts));
            match extents {
                Ok(()) => Ok(typed),
                Err(fault) => {
                    let fault = fault.note(format!("it is given {input}"));
                    Err(vec![(step.place, noted(fault, copies))])
                }
            }
        })
    }
}

/// Where the step stands that gives a chain its last shape.
fn deciding(inner: &[SourceStep<'_>], input: &Product, steps: &[Step], whole: Place) -> Place {
    let step = check::deciding_step(input, steps).and_then(|index| inner.get(index));
    step.map_or(whole, |step| step.place)
}

/// The step that gives a chain its last shape, or this factor of it, and where it is written: within chains
/// side by side, a step of one of them.
pub(super) fn giving<'s>(
    written: &[SourceStep<'_>],
    steps: &'s [Step],
    input: &Product,
    factor: Option<usize>,
) -> Option<(&'s Step, Place)> {
    let index = check::deciding_step(input, steps)?;
    let (step, source) = (steps.get(index)?, written.get(index)?);
    let before = steps.get(..index)?;
    let inner = factor.and_then(|factor| {
        let SourceKind::Parallel(side, chains) = &source.kind else {
            return None;
        };
        let input = end(before, input);
        let mut first = 0;
        for (position, (chain, steps)) in chains.iter().zip(step.chains()).enumerate() {
            let input = match side {
                Side::Copied => input.clone(),
                Side::Split => input.0.get(position).cloned()?.into(),
            };
            let count = end(steps, &input).0.len();
            if factor < first + count {
                return giving(chain, steps, &input, Some(factor - first));
            }
            first += count;
        }
        None
    });
    Some(inner.unwrap_or((step, source.place)))
}

/// Says in which copies a fault is, outermost first.
fn noted(fault: Fault, copies: &[String]) -> Fault {
    copies.iter().fold(fault, Fault::note)
}

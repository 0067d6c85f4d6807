//! The shapes of a chain: each layer's rule in turn, at its site.

use diagram_core::{Code, Combinator, Dim, Fault, Product, Step, check};

use super::{Side, What, Written};
use crate::layers::{Built, Layer, Site};
use crate::lower::Lowering;
use crate::syntax::tree::{Argument, Place};

/// How many layers a `repeat` may become whose copies differ. More are better written with a `repeat`
/// that keeps the shape, whose code does not grow.
const UNROLLED: u64 = 256;

/// A step with the shapes after it.
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) output: Product,
    pub(super) kind: Kind,
}

impl Typed {
    /// How many vectors there are for the entries that it takes, if it takes such.
    pub(super) fn vectors(&self) -> Option<Dim> {
        match &self.kind {
            Kind::Layer(_, built) => built.vectors.clone(),
            _ => None,
        }
    }
}

/// What a step became at its site.
pub(super) enum Kind {
    /// A layer.
    Layer(&'static Layer, Box<Built>),
    /// x + f(x).
    Residual(Vec<Typed>),
    /// f(f(…(x))).
    Power(Dim, Vec<Typed>),
    /// One chain beside the other.
    Parallel(Side, Vec<Vec<Typed>>),
    /// Copies that keep the shape: one stands for all.
    Copies(Dim, Vec<Typed>),
    /// Copies at shapes of their own.
    Unrolled(Vec<Vec<Typed>>),
}

/// The steps as data.
pub(super) fn steps(typed: &[Typed]) -> Vec<Step> {
    typed.iter().map(step).collect()
}

fn step(typed: &Typed) -> Step {
    let (limits, cost) = match &typed.kind {
        Kind::Layer(_, built) => (built.limits.clone(), built.cost.clone()),
        _ => Default::default(),
    };
    let gives = match &typed.kind {
        Kind::Layer(layer, built) if built.output.one().is_some() => Some(layer.gives),
        _ => None,
    };
    let (combinator, inner) = match &typed.kind {
        Kind::Layer(..) => (None, Vec::new()),
        Kind::Residual(inner) => (Some(Combinator::Residual), steps(inner)),
        Kind::Copies(copies, inner) => {
            let copies = copies.clone();
            (Some(Combinator::Repeat { copies }), steps(inner))
        }
        Kind::Power(times, inner) => {
            let times = times.clone();
            (Some(Combinator::Power { times }), steps(inner))
        }
        Kind::Parallel(_, chains) => {
            let inner = chains.iter().flat_map(|chain| steps(chain)).collect();
            let chains = chains.iter().map(Vec::len).collect();
            (Some(Combinator::Parallel { chains }), inner)
        }
        Kind::Unrolled(all) => {
            let copies = u64::try_from(all.len()).unwrap_or(u64::MAX);
            let inner = all.iter().flat_map(|copy| steps(copy)).collect();
            (Some(Combinator::Unrolled { copies }), inner)
        }
    };
    Step {
        layer: typed.text.clone(),
        output: typed.output.clone(),
        limits,
        cost,
        gives: gives.unwrap_or_default(),
        layout: match &typed.kind {
            Kind::Layer(layer, _) => layer.layout,
            _ => None,
        },
        combinator,
        inner,
    }
}

/// How many layers a chain became.
fn size(typed: &[Typed]) -> u64 {
    let sizes = typed.iter().map(|one| match &one.kind {
        Kind::Layer(..) => 1,
        Kind::Residual(inner) | Kind::Copies(_, inner) | Kind::Power(_, inner) => size(inner),
        Kind::Unrolled(all) | Kind::Parallel(_, all) => all.iter().map(|copy| size(copy)).sum(),
    });
    sizes.sum()
}

/// The shapes after a chain.
fn end<'s>(typed: &'s [Typed], input: &'s Product) -> &'s Product {
    typed.last().map_or(input, |last| &last.output)
}

/// What must stand after each step of a chain, where that is known. A width left out is found behind it,
/// where every step in between keeps the shape; what `add` gives, each chain before it must give.
fn targets(written: &[Written<'_>], target: Option<&Product>) -> Vec<Option<Product>> {
    let mut target = target.cloned();
    let mut targets: Vec<_> = Vec::new();
    for (position, step) in written.iter().enumerate().rev() {
        targets.push(target.clone());
        if step.keeps_shape() {
            continue;
        }
        let before = position
            .checked_sub(1)
            .and_then(|before| written.get(before));
        target = match (&step.what, before.map(|before| &before.what)) {
            (What::Layer(layer, _), Some(What::Parallel(_, chains))) if layer.joins_alike => {
                let one = target.as_ref().and_then(Product::one).cloned();
                one.map(|one| Product(vec![one; chains.len()]))
            }
            _ => None,
        };
    }
    targets.reverse();
    targets
}

impl<'a> Lowering<'a, '_> {
    /// Each step at the shape that the one before it gives. `target` must stand at the end, where that
    /// is known; `copies` says in which copies of what the chain stands, for messages.
    pub(super) fn typed(
        &mut self,
        written: &[Written<'a>],
        input: &Product,
        target: Option<&Product>,
        copies: &mut Vec<String>,
    ) -> Option<Vec<Typed>> {
        let targets = targets(written, target);
        let mut typed: Vec<Typed> = Vec::new();
        for (step, target) in written.iter().zip(&targets) {
            let target = target.as_ref();
            let input = end(&typed, input).clone();
            let (kind, output) = match &step.what {
                What::Layer(layer, arguments) => {
                    let built = self.layer(layer, arguments, step, (&input, target), copies)?;
                    let output = built.output.clone();
                    (Kind::Layer(layer, Box::new(built)), output)
                }
                What::Residual(inner) => (self.residual(step, inner, &input, copies)?, input),
                What::Power { times, inner } => {
                    (self.power_of(step, (times, inner), &input, copies)?, input)
                }
                What::Parallel(side, chains) => {
                    self.parallel(step, (*side, chains), (&input, target), copies)?
                }
                What::Repeat {
                    copies: times,
                    number,
                    inner,
                } => self.repeat(step, (times, *number), inner, input, copies)?,
            };
            let text = step.text.clone();
            typed.push(Typed { text, output, kind });
        }
        Some(typed)
    }

    /// The chain inside must end in the shape it is given, so that is its target.
    fn residual(
        &mut self,
        step: &Written<'a>,
        inner: &[Written<'a>],
        input: &Product,
        copies: &mut Vec<String>,
    ) -> Option<Kind> {
        self.settled(step.place, |_| check::residual_takes(input))?;
        let typed = self.typed(inner, input, Some(input), copies)?;
        let steps = steps(&typed);
        let place = deciding(inner, input, &steps, step.place);
        self.settled(place, |lowering| {
            let kept = check::residual_keeps_the_shape(input, &steps, &lowering.scope.facts);
            kept.map_err(|fault| noted(fault, copies))
        })?;
        Some(Kind::Residual(typed))
    }

    /// One set of weights is given what it gives, so the target is the input.
    fn power_of(
        &mut self,
        step: &Written<'a>,
        (times, inner): (&Dim, &[Written<'a>]),
        input: &Product,
        copies: &mut Vec<String>,
    ) -> Option<Kind> {
        let typed = self.typed(inner, input, Some(input), copies)?;
        let steps = steps(&typed);
        let place = deciding(inner, input, &steps, step.place);
        self.settled(place, |lowering| {
            let facts = &lowering.scope.facts;
            let kept = check::power_keeps_the_shape(&step.text, input, &steps, facts);
            kept.map_err(|fault| noted(fault, copies))
        })?;
        Some(Kind::Power(times.clone(), typed))
    }

    /// Chains side by side: the factors that they give, one after the other. Where as many must stand
    /// behind them, each knows its own.
    fn parallel(
        &mut self,
        step: &Written<'a>,
        (side, chains): (Side, &[Vec<Written<'a>>]),
        (input, target): (&Product, Option<&Product>),
        copies: &mut Vec<String>,
    ) -> Option<(Kind, Product)> {
        if side == Side::Split {
            let each = check::takes_a_factor_each(&step.text, chains.len(), input);
            let each = each.map_err(|fault| (step.place, noted(fault, copies)));
            self.diagnostics.take(each)?;
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
        Some((Kind::Parallel(side, chains), Product(outputs.concat())))
    }

    /// One copy stands for all where it keeps the shape. Otherwise each has shapes of its own, for which
    /// their number must be known now.
    fn repeat(
        &mut self,
        step: &Written<'a>,
        (times, number): (&Dim, Place),
        inner: &[Written<'a>],
        input: Product,
        copies: &mut Vec<String>,
    ) -> Option<(Kind, Product)> {
        let first = self.typed(inner, &input, Some(&input), copies)?;
        if input
            .difference(end(&first, &input), &self.scope.facts)
            .is_none()
        {
            return Some((Kind::Copies(times.clone(), first), input));
        }
        let Some(count) = times.literal() else {
            let steps = steps(&first);
            let place = deciding(inner, &input, &steps, step.place);
            self.settled(place, |lowering| {
                let facts = &lowering.scope.facts;
                let kept = check::copies_keep_the_shape(times, &input, &steps, facts);
                kept.map_err(|fault| noted(fault, copies))
            })?;
            // Only constants decide.
            return Some((Kind::Copies(times.clone(), first), input));
        };
        let layers = count.saturating_mul(size(&first));
        if layers > UNROLLED {
            // error: `repeat` becomes 9000 layers here, and at most 256 of changing shape are allowed [D0312]
            let message = format!(
                "`repeat` becomes {layers} layers here, and at most {UNROLLED} of changing shape are allowed"
            );
            let note = format!("a copy goes from {input} to {}", end(&first, &input));
            let fault = Fault::new(Code::ArgumentRange, message).note(note);
            self.fault(number, fault);
            return None;
        }
        let mut shape = end(&first, &input).clone();
        let mut all = vec![first];
        for copy in 2..=count {
            copies.push(format!("this is copy {copy} of `{}`", step.text));
            let next = self.typed(inner, &shape, Some(&shape), copies)?;
            copies.pop();
            shape = end(&next, &shape).clone();
            all.push(next);
        }
        Some((Kind::Unrolled(all), shape))
    }

    /// One layer at its site, with a shape that can exist.
    fn layer(
        &mut self,
        layer: &'static Layer,
        arguments: &[Argument],
        step: &Written<'_>,
        (input, target): (&Product, Option<&Product>),
        copies: &[String],
    ) -> Option<Built> {
        let first = match input.0.as_slice() {
            [one] => one,
            [first, ..] if layer.several => first,
            _ => {
                let fault = check::takes_one(layer.name, &step.text, input);
                self.fault(step.place, noted(fault, copies));
                return None;
            }
        };
        self.decided(|lowering| {
            let site = Site {
                text: &step.text,
                place: step.place,
                input: first,
                inputs: &input.0,
                target: target.and_then(Product::one),
                scope: &lowering.scope,
                burn: &lowering.burn,
            };
            let built = layer.apply(arguments, &site).map_err(|faults| {
                let noted = |(place, fault)| (place, noted(fault, copies));
                faults.into_iter().map(noted).collect::<Vec<_>>()
            })?;
            // error: `linear(hidden - hidden)` gives the extent 0: every extent is at least 1 [D0203]
            let subject = format!("`{}` gives", step.text);
            let extents = built
                .output
                .dims()
                .try_for_each(|dim| check::extent(&subject, dim, &lowering.scope.facts));
            match extents {
                Ok(()) => Ok(built),
                Err(fault) => {
                    let fault = fault.note(format!("it is given {input}"));
                    Err(vec![(step.place, noted(fault, copies))])
                }
            }
        })
    }
}

/// Where the step stands that gives a chain its last shape.
fn deciding(inner: &[Written<'_>], input: &Product, steps: &[Step], whole: Place) -> Place {
    let step = check::deciding_step(input, steps).and_then(|index| inner.get(index));
    step.map_or(whole, |step| step.place)
}

/// The step that gives a chain its last shape, or this factor of it, as it is written and where: within chains
/// side by side, a step of one of them.
pub(super) fn giving<'w>(
    written: &'w [Written<'_>],
    typed: &[Typed],
    input: &Product,
    factor: Option<usize>,
) -> Option<(&'w str, Place)> {
    let index = check::deciding_step(input, &steps(typed))?;
    let step = written.get(index)?;
    let before = typed.get(..index)?;
    let inner = factor.and_then(|factor| {
        let (What::Parallel(side, chains), Kind::Parallel(_, ends)) =
            (&step.what, &typed.get(index)?.kind)
        else {
            return None;
        };
        let input = end(before, input);
        let mut first = 0;
        for (position, (chain, typed)) in chains.iter().zip(ends).enumerate() {
            let input = match side {
                Side::Copied => input.clone(),
                Side::Split => input.0.get(position).cloned()?.into(),
            };
            let count = end(typed, &input).0.len();
            if factor < first + count {
                return giving(chain, typed, &input, Some(factor - first));
            }
            first += count;
        }
        None
    });
    Some(inner.unwrap_or((&step.text, step.place)))
}

/// Says in which copies a fault is, outermost first.
fn noted(fault: Fault, copies: &[String]) -> Fault {
    copies.iter().fold(fault, Fault::note)
}

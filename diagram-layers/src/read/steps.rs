//! Chains of layers: each step at the shapes before it, and what it ends in.

use diagram_core::{
    Call, Code, Combinator, Dim, Fault, Layer, Morphism, Product, Shape, Side, Step, StepKind,
    Value, check,
};

use super::{At, ReadError, Reader, fault, form, wrong};
use crate::layers::chain::{COPIES, Chained, end, tail, targets, unrolled};
use crate::layers::open::chains_to_product;
use crate::layers::{self, Open, Site};

impl Reader<'_> {
    /// The layers of a morphism go from its domain to its codomain.
    pub(super) fn layers(
        self,
        morphism: &Morphism,
        steps: &[Step],
        parameters: bool,
    ) -> Result<(), ReadError> {
        let diagram = self.diagram;
        if morphism.domain.is_empty() {
            return Err(fault(check::starts_nowhere(&morphism.name)));
        }
        let input = diagram.shapes(&morphism.domain);
        let target = diagram.shapes(&morphism.codomain);
        self.chain((steps, 0), "steps", &input, Some(&target))?;
        if parameters != steps.iter().any(Chained::has_weights) {
            let has = if parameters { "no layer" } else { "a layer" };
            let text = format!("`parameters` is {parameters}, and {has} has weights");
            return Err(form(text)).at("parameters");
        }
        let codomain = morphism.codomain.iter();
        let codomain = codomain.map(|space| (diagram.space(space), diagram.shape(space)));
        let codomain: Vec<_> = codomain.collect();
        let dynamic = |dim: &Dim| self.is_dynamic(dim);
        let last = |_| check::deciding_step(&input, steps).and_then(|index| steps.get(index));
        let (name, facts) = (&morphism.name, &diagram.facts);
        check::layers_end_in_codomain(name, &input, steps, &codomain, facts, &dynamic, &last)
            .map_err(|faults| match faults.into_iter().next() {
                Some((_, found)) if found.code == Code::Factors => {
                    let dynamics = &diagram.dynamics;
                    let help = chains_to_product(&input, steps, &target, facts, dynamics);
                    fault(found.maybe_help(help))
                }
                Some((_, found)) => fault(found),
                None => form("the layers end elsewhere"),
            })
            .at("steps")
    }

    /// Whether a dim is known only at run time.
    fn is_dynamic(self, dim: &Dim) -> bool {
        let mut symbols = dim.symbols().into_iter();
        symbols.any(|name| self.diagram.is_dynamic(name))
    }

    /// The steps of a chain, of which the first has this index in its list.
    fn chain(
        self,
        (steps, first): (&[Step], usize),
        list: &str,
        input: &Product,
        target: Option<&Product>,
    ) -> Result<(), ReadError> {
        if steps.is_empty() {
            return Err(form("a chain has a layer")).at(list);
        }
        // What is behind a step is looked at before it, so its names are.
        for (index, step) in steps.iter().enumerate() {
            has_form(step).at_item(list, first + index)?;
        }
        let mut input = input;
        for (index, (step, target)) in steps.iter().zip(targets(steps, target)).enumerate() {
            let behind = steps.get(index + 1..).unwrap_or_default();
            let sound = self.step(step, input, (target.as_ref(), behind));
            sound.at_item(list, first + index)?;
            input = &step.output;
        }
        Ok(())
    }

    /// A step; `behind` are those after it.
    fn step(
        self,
        step: &Step,
        input: &Product,
        (target, behind): (Option<&Product>, &[Step]),
    ) -> Result<(), ReadError> {
        let combinator = match &step.kind {
            StepKind::Layer(layer) => return self.layer(layer, step, input, (target, behind)),
            StepKind::Combinator(combinator) => combinator,
        };
        let facts = &self.diagram.facts;
        let inner = (step.inner.as_slice(), 0);
        match combinator {
            Combinator::Residual => {
                check::residual_takes(input)?;
                self.chain(inner, "inner", input, Some(input))?;
                check::residual_keeps_the_shape(input, inner.0, facts)?;
                ends_in(step, input)
            }
            Combinator::Power { times } => {
                self.count(times).at("kind.Combinator.Power.times")?;
                self.chain(inner, "inner", input, Some(input))?;
                check::power_keeps_the_shape(&step.to_string(), input, inner.0, facts)?;
                ends_in(step, input)
            }
            Combinator::Repeat { copies } => {
                self.copies(copies).at("kind.Combinator.Repeat.copies")?;
                self.chain(inner, "inner", input, Some(input))?;
                check::copies_keep_the_shape(copies, input, inner.0, facts)?;
                ends_in(step, input)
            }
            Combinator::Unrolled { copies } => self.unrolled(step, *copies, input),
            Combinator::Parallel { side, .. } => self.parallel(step, *side, input, target),
        }
    }

    /// How often something is applied.
    pub(super) fn count(self, times: &Dim) -> Result<(), ReadError> {
        let diagram = self.diagram;
        check::names_sizes(diagram, times)?;
        Ok(check::count(times, &diagram.facts, &diagram.dynamics)?)
    }

    /// How many copies of a chain there are.
    fn copies(self, copies: &Dim) -> Result<(), ReadError> {
        let call = Call::new("repeat").with("copies", Value::Size(copies.clone()));
        self.arguments(&call, &COPIES, false)
            .map_err(|(_, found)| fault(found))
    }

    fn parallel(
        self,
        step: &Step,
        side: Side,
        input: &Product,
        target: Option<&Product>,
    ) -> Result<(), ReadError> {
        let chains = step.chains();
        if side == Side::Split {
            let written: Vec<_> = chains.iter().map(|chain| Step::chain(chain)).collect();
            check::takes_a_factor_each(&step.to_string(), &written, input)?;
        }
        let target = target.filter(|target| target.0.len() == chains.len());
        let mut outputs = Vec::new();
        let mut first = 0;
        for (position, chain) in chains.into_iter().enumerate() {
            let factor = |product: &Product| product.0.get(position).cloned().map(Product::from);
            let given = match side {
                Side::Copied => Some(input.clone()),
                Side::Split => factor(input),
            };
            let given = given.unwrap_or_else(|| Product(Vec::new()));
            let target = target.and_then(factor);
            self.chain((chain, first), "inner", &given, target.as_ref())?;
            outputs.extend(end(chain, &given).0.iter().cloned());
            first += chain.len();
        }
        ends_in(step, &Product(outputs))
    }

    /// Copies at shapes of their own: the same layers, of which the first changes the shape.
    fn unrolled(self, step: &Step, copies: u64, input: &Product) -> Result<(), ReadError> {
        let chains = step.chains();
        let first = chains.first().copied().unwrap_or_default();
        self.copies(&Dim::Literal(copies))
            .at("kind.Combinator.Unrolled.copies")?;
        let mut start = input;
        for (copy, chain) in chains.iter().enumerate() {
            let index = copy * chain.len();
            if !alike(first, chain) {
                let text = "the copies are not of the same layers";
                return Err(form(text)).at_item("inner", index);
            }
            self.chain((chain, index), "inner", start, Some(start))?;
            start = end(chain, start);
            if copy > 0 {
                continue;
            }
            unrolled(copies, first, input)?;
            if input.difference(start, &self.diagram.facts).is_none() {
                let text = "copies that keep the shape are written as `Repeat`";
                return Err(form(text)).at("kind.Combinator.Unrolled");
            }
        }
        ends_in(step, start)
    }

    fn layer(
        self,
        layer: &Layer,
        step: &Step,
        input: &Product,
        (target, behind): (Option<&Product>, &[Step]),
    ) -> Result<(), ReadError> {
        let call = &layer.call;
        let Some(row) = layers::find(&call.name) else {
            return Err(fault(layers::spelling::unknown(&call.name, None)));
        };
        self.arguments(call, row.parameters, false)
            .map_err(|found| wrong(call, found))
            .at("kind.Layer.call")?;
        let text = step.to_string();
        let product = target.filter(|target| target.0.len() > 1);
        let tail = || Step::chain(tail(behind));
        if input.0.len() != 1 && !row.several {
            return Err(fault(check::takes_one(row.name, &text, input)));
        }
        let empty = Shape::float(Vec::new());
        let diagram = self.diagram;
        let site = Site {
            text: &text,
            input: input.0.first().unwrap_or(&empty),
            inputs: &input.0,
            target: target.and_then(Product::one),
            open: product.map(|product| Open {
                product,
                tail: &tail,
            }),
            facts: &diagram.facts,
            dynamics: &diagram.dynamics,
        };
        let typed = row.typed(call.clone(), &site);
        let typed = typed
            .map_err(|found| wrong(call, found))
            .at("kind.Layer.call")?;
        let subject = format!("`{text}` gives");
        for dim in typed.output.dims() {
            let extent = check::extent(&subject, dim, &diagram.facts);
            extent.map_err(|fault| fault.note(format!("it is given {input}")))?;
        }
        ends_in(step, &typed.output)?;
        let StepKind::Layer(own) = typed.kind else {
            return Ok(());
        };
        for (field, same) in [
            ("limits", own.limits == layer.limits),
            ("cost", own.cost == layer.cost),
            ("traits", own.traits == layer.traits),
        ] {
            if !same {
                let text = format!("`{field}` is not that of `{}`", row.name);
                return Err(form(text)).at(field).at("kind.Layer");
            }
        }
        Ok(())
    }
}

/// A step ends in the shapes that its rule gives.
fn ends_in(step: &Step, output: &Product) -> Result<(), ReadError> {
    if step.output == *output {
        return Ok(());
    }
    let message = format!("`{step}` gives {output}, and not {}", step.output);
    Err(Fault::new(Code::AxisMismatch, message)).at("output")
}

/// Whether two chains are the same, whatever the shapes.
fn alike(one: &[Step], other: &[Step]) -> bool {
    let mut pairs = one.iter().zip(other);
    let same = |(one, other): (&Step, &Step)| {
        let kinds = match (&one.kind, &other.kind) {
            (StepKind::Layer(one), StepKind::Layer(other)) => one.call == other.call,
            (StepKind::Combinator(one), StepKind::Combinator(other)) => match (one, other) {
                // Whether copies keep the shape depends on the shape.
                (Combinator::Repeat { copies }, Combinator::Unrolled { copies: count })
                | (Combinator::Unrolled { copies: count }, Combinator::Repeat { copies }) => {
                    copies.literal() == Some(*count)
                }
                (one, other) => one == other,
            },
            _ => false,
        };
        kinds && alike(copy(one), copy(other))
    };
    one.len() == other.len() && pairs.all(same)
}

/// What stands inside of a step; of copies, the first.
fn copy(step: &Step) -> &[Step] {
    match step.as_combinator() {
        Some(Combinator::Unrolled { .. }) => step.chains().first().copied().unwrap_or_default(),
        _ => &step.inner,
    }
}

/// What can be said of a step whatever the shapes.
fn has_form(step: &Step) -> Result<(), ReadError> {
    let combinator = match &step.kind {
        StepKind::Layer(layer) => {
            let name = &layer.call.name;
            if layers::find(name).is_none() {
                let unknown = layers::spelling::unknown(name, None);
                return Err(unknown).at("kind.Layer.call.name");
            }
            if step.inner.is_empty() {
                return Ok(());
            }
            return Err(form(format!("nothing stands inside of `{name}`"))).at("inner");
        }
        StepKind::Combinator(combinator) => combinator,
    };
    let count = step.inner.len();
    match combinator {
        Combinator::Parallel { chains, .. } => {
            let all = chains
                .iter()
                .try_fold(0, |sum: usize, one| sum.checked_add(*one));
            if chains.len() < 2 || all != Some(count) || chains.contains(&0) {
                let text = format!("the chains side by side are not those {count} steps");
                return Err(form(text)).at("kind.Combinator.Parallel.chains");
            }
        }
        Combinator::Unrolled { copies } => {
            let copies = usize::try_from(*copies).ok();
            let length = copies.and_then(|copies| count.checked_div(copies));
            let all = length.zip(copies).map(|(length, copies)| length * copies);
            if all != Some(count) || count == 0 {
                let text = format!("{count} steps are no copies of a chain");
                return Err(form(text)).at("kind.Combinator.Unrolled.copies");
            }
        }
        Combinator::Power { .. } | Combinator::Residual | Combinator::Repeat { .. } => {}
    }
    let mut inner = step.inner.iter().enumerate();
    inner.try_for_each(|(index, step)| has_form(step).at_item("inner", index))
}

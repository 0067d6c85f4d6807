//! What is known of a chain before its shapes are: which of its steps keep the shape, and what must stand after
//! each.

use diagram_core::{Code, Combinator, Fault, Product, Side, Step, StepKind};

use super::find;
use super::layer::Layer;
use crate::parameter::{Parameter, ParameterKind};

/// How many layers a `repeat` may become whose copies differ. More are better written with a `repeat`
/// that keeps the shape, whose code does not grow.
const UNROLLED: u64 = 256;

/// What `repeat` takes besides its layers.
pub static COPIES: [Parameter; 1] = [Parameter::new(
    "copies",
    ParameterKind::Size,
    "the number of repetitions of the layers",
)
.positional()
.required()];

/// What a step of a chain is, whatever the shapes.
pub enum Source<'a, S> {
    /// A layer.
    Layer {
        /// Its row, if there is one.
        row: Option<&'static Layer>,
        /// Whether the width after it is left out, and follows from what is behind it.
        leaves_width_out: bool,
    },
    /// `residual(f)`
    Residual(&'a [S]),
    /// `f^n`
    Power(&'a [S]),
    /// `(f, g)` or `f * g`
    Parallel(Side, Vec<&'a [S]>),
    /// `repeat(n, f)`
    Repeat {
        /// Whether the number of copies is known.
        counted: bool,
        /// One copy.
        inner: &'a [S],
    },
}

/// A step of a chain, typed or not.
pub trait Chained: Sized {
    /// What it is.
    fn source(&self) -> Source<'_, Self>;

    /// Whether the width after it is the width before it, whatever that is.
    fn keeps_shape(&self) -> bool {
        match self.source() {
            Source::Layer { row, .. } => row.is_some_and(|row| row.keeps_shape),
            Source::Residual(_) | Source::Power(_) => true,
            Source::Parallel(side, chains) => {
                let mut steps = chains.into_iter().flatten();
                side == Side::Split && steps.all(Self::keeps_shape)
            }
            // Copies whose number is not known yet must keep the shape, and a width left out in others is
            // the width before it.
            Source::Repeat { counted, inner } => {
                let last = inner.iter().rev().find(|step| !step.keeps_shape());
                !counted || last.is_none_or(Self::leaves_width_out)
            }
        }
    }

    /// Whether the width after it is left out.
    fn leaves_width_out(&self) -> bool {
        matches!(
            self.source(),
            Source::Layer {
                leaves_width_out: true,
                ..
            }
        )
    }

    /// Whether it has weights to train.
    fn has_weights(&self) -> bool {
        match self.source() {
            Source::Layer { row, .. } => row.is_some_and(Layer::has_weights),
            Source::Residual(inner) | Source::Power(inner) | Source::Repeat { inner, .. } => {
                inner.iter().any(Self::has_weights)
            }
            Source::Parallel(_, chains) => chains.into_iter().flatten().any(Self::has_weights),
        }
    }
}

impl Chained for Step {
    fn source(&self) -> Source<'_, Self> {
        let combinator = match &self.kind {
            StepKind::Layer(layer) => {
                let row = find(&layer.call.name);
                return Source::Layer {
                    row,
                    leaves_width_out: row.is_some_and(|row| row.leaves_width_out(&layer.call)),
                };
            }
            StepKind::Combinator(combinator) => combinator,
        };
        let inner = self.inner.as_slice();
        match combinator {
            Combinator::Residual => Source::Residual(inner),
            Combinator::Power { .. } => Source::Power(inner),
            Combinator::Parallel { side, .. } => Source::Parallel(*side, self.chains()),
            Combinator::Repeat { copies } => Source::Repeat {
                counted: copies.literal().is_some(),
                inner,
            },
            Combinator::Unrolled { .. } => Source::Repeat {
                counted: true,
                inner: self.chains().first().copied().unwrap_or_default(),
            },
        }
    }
}

/// What must stand after each step of a chain, where that is known. A width left out is found behind it,
/// where every step in between keeps the shape; what `add` gives, each chain before it must give.
pub fn targets<S: Chained>(steps: &[S], target: Option<&Product>) -> Vec<Option<Product>> {
    let mut target = target.cloned();
    let mut targets: Vec<_> = Vec::new();
    for (position, step) in steps.iter().enumerate().rev() {
        targets.push(target.clone());
        if step.keeps_shape() {
            continue;
        }
        let before = position.checked_sub(1).and_then(|before| steps.get(before));
        target = match (step.source(), before.map(Chained::source)) {
            (Source::Layer { row: Some(row), .. }, Some(Source::Parallel(_, chains)))
                if row.joins_alike =>
            {
                let one = target.as_ref().and_then(Product::one).cloned();
                one.map(|one| Product(vec![one; chains.len()]))
            }
            _ => None,
        };
    }
    targets.reverse();
    targets
}

/// Those of the steps behind a layer that act on the one tensor that it gives, where a product must stand behind
/// them; steps side by side act on the product itself.
pub fn tail<S: Chained>(behind: &[S]) -> &[S] {
    let product = behind
        .iter()
        .position(|step| matches!(step.source(), Source::Parallel(..)));
    behind
        .get(..product.unwrap_or(behind.len()))
        .unwrap_or_default()
}

/// The shapes after a chain.
#[must_use]
pub fn end<'s>(steps: &'s [Step], input: &'s Product) -> &'s Product {
    steps.last().map_or(input, |last| &last.output)
}

/// Copies of changing shape become only so many layers. `first` is the first copy.
///
/// # Errors
///
/// They become more.
pub fn unrolled(count: u64, first: &[Step], input: &Product) -> Result<(), Fault> {
    let layers = count.saturating_mul(size(first));
    if layers <= UNROLLED {
        return Ok(());
    }
    // error: `repeat` becomes 9000 layers here, and at most 256 of changing shape are allowed [D0312]
    let message = format!(
        "`repeat` becomes {layers} layers here, and at most {UNROLLED} of changing shape are allowed"
    );
    let note = format!("a copy goes from {input} to {}", end(first, input));
    Err(Fault::new(Code::ArgumentRange, message).note(note))
}

/// How many layers a chain became.
fn size(steps: &[Step]) -> u64 {
    let sizes = steps.iter().map(|step| match step.as_layer() {
        Some(_) => 1,
        None => size(&step.inner),
    });
    sizes.sum()
}

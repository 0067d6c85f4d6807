//! Chains of layers: the definitions of morphisms that are written with layers.

use std::convert::Infallible;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::cost::Cost;
use crate::dim::Dim;
use crate::numbers::Gives;
use crate::range::Limit;
use crate::shape::Product;

/// A layer or combinator in a chain, and the shapes after it; displayed as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its kind.
    pub kind: StepKind,
    /// The shapes after it.
    pub output: Product,
    /// The steps inside a combinator, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Step>,
}

/// The kind of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepKind {
    /// A layer.
    Layer(Box<Layer>),
    /// A combinator of the steps inside it.
    Combinator(Combinator),
}

/// A layer of the tables, where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// The layer with its arguments.
    pub call: Call,
    /// The arguments of it that hyper-parameters give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Its cost.
    #[serde(default, skip_serializing_if = "Cost::is_none")]
    pub cost: Cost,
    /// The facts in its row.
    #[serde(default, skip_serializing_if = "Traits::is_default")]
    pub traits: Traits,
}

/// The facts in a layer's row other than its shapes and its cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
pub struct Traits {
    /// The numbers that it gives, if it gives one tensor.
    #[serde(default, skip_serializing_if = "Gives::is_unknown")]
    pub gives: Gives,
    /// The layout of its input's axes, if that matters to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// Whether it draws at random while training.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub random: bool,
    /// Whether it works sample by sample: an index of the first axis after it depends on that index before it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sample_wise: bool,
    /// Whether it has a weight of rank 2, for low-rank adapters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub matrix: bool,
    /// The width after it, if it may be left out and then follows from the layers after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<Width>,
    /// Whether `padding = same` keeps the size of its input at stride 1.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pads: bool,
}

impl Traits {
    fn is_default(&self) -> bool {
        *self == Traits::default()
    }
}

/// The width after a layer: an extent that an argument gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Width {
    /// The parameter, by name.
    pub parameter: String,
    /// The axis that has it; `None` for the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<usize>,
}

/// The meaning of the axes of a layer's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// `[batch, channels, height, width]`
    Images,
}

/// A combinator of chains inside a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Combinator {
    /// Chains side by side. The steps inside are those of all chains, in order.
    Parallel {
        /// The input of each chain.
        side: Side,
        /// The number of steps in each chain.
        chains: Vec<usize>,
    },
    /// The chain several times, with one set of weights: `f^n`.
    Power {
        /// The number of times.
        times: Dim,
    },
    /// Its input plus the result of the chain: `residual(f)` is x + f(x).
    Residual,
    /// The chain several times, each with weights of its own, at one shape. The steps inside are those of one
    /// copy.
    Repeat {
        /// The number of copies.
        copies: Dim,
    },
    /// The chain several times, each with weights of its own, at shapes of their own. The steps inside are
    /// those of all copies, in order.
    Unrolled {
        /// The number of copies.
        copies: u64,
    },
}

/// The inputs of chains side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// `(f, g)`: each takes the whole input.
    Copied,
    /// `f * g`: each takes one factor of it.
    Split,
}

impl Step {
    /// A layer without further facts.
    pub fn layer(call: Call, output: impl Into<Product>) -> Self {
        Step {
            kind: StepKind::Layer(Box::new(Layer {
                call,
                limits: Vec::new(),
                cost: Cost::NONE,
                traits: Traits::default(),
            })),
            output: output.into(),
            inner: Vec::new(),
        }
    }

    /// A combinator of some steps.
    pub fn combinator(
        combinator: Combinator,
        inner: Vec<Step>,
        output: impl Into<Product>,
    ) -> Self {
        Step {
            kind: StepKind::Combinator(combinator),
            output: output.into(),
            inner,
        }
    }

    /// The layer that it is, if it is one.
    #[must_use]
    pub fn as_layer(&self) -> Option<&Layer> {
        match &self.kind {
            StepKind::Layer(layer) => Some(layer),
            StepKind::Combinator(_) => None,
        }
    }

    /// The combinator that it is, if it is one.
    #[must_use]
    pub fn as_combinator(&self) -> Option<&Combinator> {
        match &self.kind {
            StepKind::Layer(_) => None,
            StepKind::Combinator(combinator) => Some(combinator),
        }
    }

    /// The arguments of a layer that hyper-parameters give.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        self.as_layer().map_or(&[], |layer| &layer.limits)
    }

    /// The chains of a combinator: those side by side, the copies that have shapes of their own, or the only
    /// chain.
    #[must_use]
    pub fn chains(&self) -> Vec<&[Step]> {
        let lengths: Vec<usize> = match self.as_combinator() {
            None => return Vec::new(),
            Some(Combinator::Parallel { chains, .. }) => chains.clone(),
            Some(Combinator::Unrolled { copies }) => {
                let copies = usize::try_from(*copies).unwrap_or(usize::MAX);
                let length = self.inner.len().checked_div(copies).unwrap_or(0);
                vec![length; copies.min(self.inner.len())]
            }
            Some(Combinator::Power { .. } | Combinator::Residual | Combinator::Repeat { .. }) => {
                vec![self.inner.len()]
            }
        };
        let mut rest = self.inner.as_slice();
        let chains = lengths.into_iter().map(|length| {
            let (chain, others) = rest.split_at(length.min(rest.len()));
            rest = others;
            chain
        });
        chains.collect()
    }

    /// Every step; those inside a combinator come before it.
    #[must_use]
    pub fn all(steps: &[Step]) -> Vec<&Step> {
        let mut all = Vec::new();
        let seen: Result<(), Infallible> = Step::try_each(steps, &mut |step| {
            all.push(step);
            Ok(())
        });
        match seen {
            Ok(()) => all,
            Err(never) => match never {},
        }
    }

    /// The shapes that a chain goes through: `[batch, 8] -> linear(4) [batch, 4]`.
    #[must_use]
    pub fn trail(input: &Product, steps: &[Step]) -> String {
        steps.iter().fold(input.to_string(), |trail, step| {
            format!("{trail} -> {step} {}", step.output)
        })
    }

    /// A chain, as it is written: `linear(4) >> relu`.
    #[must_use]
    pub fn chain(steps: &[Step]) -> String {
        let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
        steps.join(" >> ")
    }

    /// Calls `see` with every step, those inside a combinator before it, up to the first error.
    ///
    /// # Errors
    ///
    /// That of `see`.
    pub fn try_each<'a, E>(
        steps: &'a [Step],
        see: &mut dyn FnMut(&'a Step) -> Result<(), E>,
    ) -> Result<(), E> {
        for step in steps {
            Step::try_each(&step.inner, see)?;
            see(step)?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let combinator = match &self.kind {
            StepKind::Layer(layer) => return layer.call.fmt(out),
            StepKind::Combinator(combinator) => combinator,
        };
        let chains = self.chains();
        let first = || Step::chain(chains.first().copied().unwrap_or_default());
        match combinator {
            Combinator::Residual => write!(out, "residual({})", first()),
            Combinator::Repeat { copies } => write!(out, "repeat({copies}, {})", first()),
            Combinator::Unrolled { copies } => write!(out, "repeat({copies}, {})", first()),
            Combinator::Power { times } => {
                let body = operand(&self.inner, false);
                match times {
                    Dim::Binary(..) => write!(out, "{body}^({times})"),
                    Dim::Literal(_) | Dim::Symbol(_) => write!(out, "{body}^{times}"),
                }
            }
            Combinator::Parallel {
                side: Side::Copied, ..
            } => {
                let chains: Vec<_> = chains.into_iter().map(Step::chain).collect();
                write!(out, "({})", chains.join(", "))
            }
            Combinator::Parallel {
                side: Side::Split, ..
            } => {
                let chains = chains.into_iter().map(|chain| operand(chain, true));
                out.write_str(&chains.collect::<Vec<_>>().join(" * "))
            }
        }
    }
}

/// A chain as an operand of `*` or `^`. It is in parentheses unless it is a single step that binds at least as
/// tightly.
fn operand(chain: &[Step], of_product: bool) -> String {
    let text = Step::chain(chain);
    let tight = match chain {
        [step] => match step.as_combinator() {
            Some(Combinator::Parallel { side, .. }) => *side == Side::Copied,
            Some(Combinator::Power { .. }) => of_product,
            _ => true,
        },
        _ => false,
    };
    if tight { text } else { format!("({text})") }
}

//! The losses and metrics of the language: one [`Loss`] a loss, with its arguments, the ends it takes
//! and its code together.

use diagram_core::{Code, Dim, Fault, Limit, Shape, check, dim::Facts, shape::Difference};
use proc_macro2::TokenStream;
use quote::quote;

use crate::layers::{Arguments, Parameter};
use crate::lower::scope::Placed;
use crate::syntax::tree::Place;

mod classification;
mod divergence;
mod regression;
pub mod spelling;

#[cfg(test)]
mod bench;

/// One loss or metric.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of a table of independent facts"
)]
#[derive(Debug)]
pub struct Loss {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether it can only be watched (`accuracy`).
    pub metric: bool,
    /// Whether higher values are better (`accuracy`).
    pub higher_is_better: bool,
    /// Whether both ends must be in one object (`mse`); others are made for two (`cross_entropy`).
    pub parallel: bool,
    /// Whether it takes logits, so that a softmax before it is hardly meant.
    pub takes_logits: bool,
    /// How many ends it takes: 2, or 1 for a penalty.
    pub ends: usize,
    /// The rule that its ends must meet, and its code.
    pub build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
}

/// Where a loss stands.
pub struct Site<'a> {
    /// The cell's ends, prediction first.
    pub ends: &'a [End],
    /// Where the cell stands.
    pub place: Place,
    /// The path of the runtime crate in generated code (`…::loss::kl` is a function there).
    pub runtime: &'a TokenStream,
    /// The expression whose fields are the hyper-parameters in generated code.
    pub hypers: &'a TokenStream,
    /// What is stated of the dims.
    pub facts: &'a Facts,
}

/// One end of a cell.
#[derive(Debug)]
pub struct End {
    /// The path, as written.
    pub text: String,
    /// The object it ends in.
    pub object: String,
    /// That object's shape.
    pub shape: Shape,
    /// Where it stands.
    pub place: Place,
}

/// The function that evaluates a loss: it takes one tensor an end, by value, then the arguments, and
/// returns the mean over the units as `Tensor<1>` of shape `[1]`.
#[derive(Debug)]
pub struct Built {
    /// Its path.
    pub function: TokenStream,
    /// What it takes after the ends.
    pub arguments: Vec<TokenStream>,
    /// Those of its arguments that hyper-parameters give.
    pub limits: Vec<Limit>,
    /// How many classes the target tells apart, where it holds classes.
    pub classes: Option<Dim>,
}

/// Every loss, by family.
static LOSSES: [&[Loss]; 3] = [
    &regression::LOSSES,
    &classification::LOSSES,
    &divergence::LOSSES,
];

/// The other losses of Burn and ours: part of the language, without a meaning yet.
static LATER: &str = "
    binary_cross_entropy cosine cosine_embedding covariance ctc gaussian_nll hinge_embedding huber
    info_nce kl_normal l2 lp margin_ranking multi_margin perplexity poisson_nll rnnt smooth_l1
    soft_margin top_k triplet triplet_margin variance
";

/// The loss of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Loss> {
    all().find(|loss| loss.name == name)
}

/// The name of every loss and metric.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|loss| loss.name)
}

/// Whether this is a loss of the language that has no meaning yet: [`Code::NotYet`], not unknown.
#[must_use]
pub fn is_later(name: &str) -> bool {
    later().any(|later| later == name)
}

fn later() -> impl Iterator<Item = &'static str> {
    LATER.split_whitespace()
}

fn all() -> impl Iterator<Item = &'static Loss> {
    LOSSES.iter().flat_map(|family| family.iter())
}

impl<'a> Site<'a> {
    /// Prediction and target.
    fn pair(&self, loss: &str) -> Result<(&'a End, &'a End), Placed> {
        match self.ends {
            [prediction, target] => Ok((prediction, target)),
            // error: `mse` compares two paths, `prediction ~ target`, but is given 1 [D0403]
            ends => {
                let message = format!(
                    "`{loss}` compares two paths, `prediction ~ target`, but is given {}",
                    ends.len()
                );
                Err((self.place, Fault::new(Code::LossEnds, message)))
            }
        }
    }

    /// A fault of the ends, which are shown one below the other.
    fn ends_fault(&self, place: Place, code: Code, message: impl Into<String>) -> Placed {
        let widest = |width: fn(&End) -> usize| self.ends.iter().map(width).max().unwrap_or(0);
        let text = widest(|end| end.text.chars().count());
        let object = widest(|end| end.object.chars().count());
        let fault = self
            .ends
            .iter()
            .fold(Fault::new(code, message), |fault, end| {
                let pad = |name: &str, width: usize| {
                    let missing = width.saturating_sub(name.chars().count());
                    format!("`{name}`{}", " ".repeat(missing))
                };
                fault.note(format!(
                    "{} : {} {}",
                    pad(&end.text, text),
                    pad(&end.object, object),
                    end.shape
                ))
            });
        (place, fault)
    }

    /// Both ends are Float, of one shape.
    fn alike(&self, loss: &str) -> Result<(), Placed> {
        let (prediction, target) = self.pair(loss)?;
        let takes = format!("`{loss}` takes two Float ends of one shape");
        // error: `mse` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]
        for end in [prediction, target] {
            if end.shape.kind != diagram_core::Kind::Float {
                let message = format!("{takes}, but `{}` is {}", end.text, end.shape);
                return Err(self.ends_fault(end.place, Code::LossEnds, message));
            }
        }
        // error: `mse` takes two Float ends of one shape, but axis 1 of `encoder` is 64 and of `Image` 784
        // [D0403]
        // error: `mse` takes two Float ends of one shape, but `encoder` has rank 2 and `Image` 4 [D0403]
        let (left, right) = (&prediction.shape, &target.shape);
        let difference = left.difference(right, self.facts);
        let message = match &difference {
            None => return Ok(()),
            Some(Difference::Axis { axis, .. }) => {
                match (left.dims.get(*axis), right.dims.get(*axis)) {
                    (Some(ours), Some(theirs)) => format!(
                        "{takes}, but axis {axis} of `{}` is {} and of `{}` {}",
                        prediction.text,
                        ours.quoted(),
                        target.text,
                        theirs.quoted()
                    ),
                    _ => takes,
                }
            }
            Some(Difference::Rank | Difference::Kind) => format!(
                "{takes}, but `{}` has rank {} and `{}` {}",
                prediction.text,
                left.rank(),
                target.text,
                right.rank()
            ),
        };
        let (place, fault) = self.ends_fault(self.place, Code::LossEnds, message);
        let fault = fault.maybe_help(self.equal_where(left, right));
        Err((place, left_to_rustc(fault, difference.as_ref())))
    }

    /// What to state for two shapes to be equal on the first axis on which they are not.
    fn equal_where(&self, left: &Shape, right: &Shape) -> Option<String> {
        let Difference::Axis { axis, .. } = left.difference(right, self.facts)? else {
            return None;
        };
        check::equal_where(self.facts, left.dims.get(axis)?, right.dims.get(axis)?)
    }

    /// A function of the runtime's, on the ends and these arguments.
    fn call(&self, of: &Arguments, function: &str, arguments: Vec<TokenStream>) -> Built {
        let (runtime, name) = (self.runtime, quote::format_ident!("{function}"));
        Built {
            function: quote!(#runtime::loss::#name),
            arguments,
            limits: of.limits(),
            classes: None,
        }
    }
}

/// A fault of two shapes, which rustc decides where they differ by constants.
fn left_to_rustc(fault: Fault, difference: Option<&Difference>) -> Fault {
    match difference {
        Some(Difference::Axis { comparison, .. }) => fault.by(comparison),
        Some(Difference::Rank | Difference::Kind) | None => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loss_is_found_by_its_name() {
        let names: Vec<_> = names().collect();
        assert_eq!(names.join(" "), "mse l1 cross_entropy accuracy kl");
        for name in names {
            assert_eq!(find(name).map(|loss| loss.name), Some(name));
            assert!(!is_later(name));
        }
        assert!(find("msee").is_none() && !is_later("msee"));
        assert!(find("info_nce").is_none() && is_later("info_nce"));
    }
}

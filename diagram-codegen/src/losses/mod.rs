//! The losses and metrics of the language: one [`Loss`] a loss, with its arguments, the ends it takes
//! and its code together.

use diagram_core::{Code, Fault, Kind};
use quote::quote;

use crate::layers::{Arguments, Parameter};
use crate::lower::scope::Placed;

mod batch;
mod binary;
mod classification;
mod divergence;
mod function;
mod regression;
mod sequence;
mod similarity;
mod site;
pub mod spelling;
mod value;

pub(crate) use function::function;
pub use site::{End, Site};
pub(crate) use site::{formed, left_to_rustc};
pub use value::Built;

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
    /// Whether all ends must be in one object (`mse`); others are made for several (`cross_entropy`).
    pub parallel: bool,
    /// Whether it takes logits, so that a softmax before it is hardly meant.
    pub takes_logits: bool,
    /// What the ends of a `minimize` are; nothing for a loss of two paths that are to agree.
    pub ends: &'static [&'static str],
    /// What its values are of.
    pub unit: Unit,
    /// The ends that it takes, in one line: "Float `[.., classes]`, Int `[..]`".
    pub takes: &'static str,
    /// Its value, as a formula.
    pub value: &'static str,
    /// The rule that its ends must meet, and its code.
    pub build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
}

/// What a loss gives one value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An element. A unit is an index of axis 0 (of a mask's or weight's axes, where those are more), the rest
    /// is averaged or added up.
    Element,
    /// An index of all axes but that of the classes or entries.
    Index,
    /// The whole batch.
    Batch,
}

impl Loss {
    /// A loss of two paths that are to agree.
    const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        unit: Unit,
        build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
    ) -> Self {
        Loss {
            name,
            parameters,
            metric: false,
            higher_is_better: false,
            parallel: false,
            takes_logits: false,
            ends: &[],
            unit,
            takes: "",
            value: "",
            build,
        }
    }

    const fn says(self, takes: &'static str, value: &'static str) -> Self {
        Loss {
            takes,
            value,
            ..self
        }
    }

    /// A loss of these ends, to be minimised.
    const fn of(self, ends: &'static [&'static str]) -> Self {
        Loss { ends, ..self }
    }

    const fn in_one_object(self) -> Self {
        Loss {
            parallel: true,
            ..self
        }
    }

    const fn of_logits(self) -> Self {
        Loss {
            takes_logits: true,
            ..self
        }
    }

    const fn metric(self) -> Self {
        Loss {
            metric: true,
            ..self
        }
    }

    const fn higher_is_better(self) -> Self {
        Loss {
            higher_is_better: true,
            ..self
        }
    }
}

/// Losses that belong together, under a title.
#[derive(Debug)]
pub struct Family {
    /// What they are, in the plural.
    pub title: &'static str,
    /// The losses.
    pub losses: &'static [Loss],
}

/// Every loss, by family.
pub static FAMILIES: [Family; 7] = [
    family("Numbers", &regression::LOSSES),
    family("Yes and no", &binary::LOSSES),
    family("Classes", &classification::LOSSES),
    family("Distributions", &divergence::LOSSES),
    family("Vectors", &similarity::LOSSES),
    family("Batches", &batch::LOSSES),
    family("Sequences", &sequence::LOSSES),
];

const fn family(title: &'static str, losses: &'static [Loss]) -> Family {
    Family { title, losses }
}

/// What a path is minimised by where it names no loss: its elements are the values.
pub(crate) static ITSELF: Loss = Loss::new("", &[], Unit::Element, itself).of(&["value"]);

fn itself(_: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let Some(end) = site.ends.first() else {
        return Err((
            site.place,
            Fault::new(Code::LossEnds, "nothing is minimised"),
        ));
    };
    if end.shape.kind != Kind::Float {
        // error: `Label` is Int[batch]: what is minimised without a loss is Float [D0403]
        let message = format!(
            "`{}` is {}: what is minimised without a loss is Float",
            end.text, end.shape
        );
        return Err((end.place, Fault::new(Code::LossEnds, message)));
    }
    let runtime = site.runtime;
    Ok(Built::new(
        quote!(#runtime::loss::itself),
        Vec::new(),
        Unit::Element,
        end.shape.dims.clone(),
    ))
}

/// The loss of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Loss> {
    all().find(|loss| loss.name == name)
}

/// The name of every loss and metric.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|loss| loss.name)
}

fn all() -> impl Iterator<Item = &'static Loss> {
    FAMILIES.iter().flat_map(|family| family.losses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loss_is_found_by_its_name() {
        for loss in all() {
            assert!(
                std::ptr::eq(find(loss.name).expect("a loss"), loss),
                "{}",
                loss.name
            );
        }
        assert!(find("msee").is_none());
    }
}

//! The losses and metrics of the language: one file per family, one [`Loss`] per loss, with its arguments and the
//! ends that it takes.

use diagram_core::{Call, Code, Dim, Fault, Flag, Kind, Limit, Takes, Where, Wrong};

use crate::parameter::{self, Parameter};

mod batch;
mod binary;
mod classification;
mod divergence;
mod regression;
mod sequence;
mod similarity;
mod site;
pub mod spelling;
mod units;

pub use site::{End, Form, Site, compares_two, formed, left_to_rustc, metric_trained};
pub use units::{is_a_class, of_units};

/// One loss or metric.
#[derive(Debug)]
pub struct Loss {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether it can only be watched (`accuracy`).
    pub watch_only: bool,
    /// Whether higher values are better (`accuracy`).
    pub higher_is_better: bool,
    /// Whether all ends must be in one object (`mse`); others are made for several (`cross_entropy`).
    pub parallel: bool,
    /// Which numbers it takes at each end, in order; any where they say nothing.
    pub numbers: &'static [Takes],
    /// A flag, and which numbers it takes where that is `true`.
    pub turned: Option<(&'static str, &'static [Takes])>,
    /// What the ends of a `minimize` are; nothing for a loss of two paths that are to agree.
    pub ends: &'static [&'static str],
    /// What its values are of.
    pub unit: Unit,
    /// The ends that it takes, in one line: "Float `[.., classes]`, Int `[..]`".
    pub takes: &'static str,
    /// Its value, as a formula.
    pub value: &'static str,
    /// The rule that its ends must meet.
    pub rule: fn(&Call, &Site<'_>) -> Result<Typed, Wrong>,
}

/// What a loss is on its ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// What its values are of.
    pub unit: Unit,
    /// The axes of its units, those of its elements where it has a value per element.
    pub units: Vec<Dim>,
    /// How many classes the target tells apart, where it holds classes.
    pub classes: Option<Dim>,
    /// The sequences that it aligns, if it aligns such.
    pub sequences: Option<Sequences>,
}

/// Sequences of several lengths, which further ends of the loss give.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// The extent of the axis that the third end counts along.
    pub time: Dim,
    /// The extent of the axis that the fourth end counts along.
    pub length: Dim,
    /// The class that stands for nothing, and so in no target.
    pub blank: Dim,
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
    /// Which numbers it takes at each end, and which where a flag of its is turned, with that flag as it is then.
    #[must_use]
    pub fn numbers(&self, call: &Call) -> (&'static [Takes], Option<Turned>) {
        let Some((flag, where_true)) = self.turned else {
            return (self.numbers, None);
        };
        let parameter = self.parameters.iter().find(|one| one.name == flag);
        let on = match call.flag(flag) {
            None => parameter.is_some_and(|one| one.default == "true"),
            Some(Flag::Literal(on)) => *on,
            // What it takes is known at run time.
            Some(Flag::Hyper(_)) => return (&[], None),
        };
        let (numbers, others) = if on {
            (where_true, self.numbers)
        } else {
            (self.numbers, where_true)
        };
        let turned = Turned {
            flag,
            value: !on,
            numbers: others,
        };
        (numbers, Some(turned))
    }

    /// What hyper-parameters give of a call of it.
    #[must_use]
    pub fn limits(&self, call: &Call) -> Vec<Limit> {
        parameter::limits(self.parameters, call)
    }

    /// A loss of two paths that are to agree.
    const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        unit: Unit,
        rule: fn(&Call, &Site<'_>) -> Result<Typed, Wrong>,
    ) -> Self {
        Loss {
            name,
            parameters,
            watch_only: false,
            higher_is_better: false,
            parallel: false,
            numbers: &[],
            turned: None,
            ends: &[],
            unit,
            takes: "",
            value: "",
            rule,
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

    /// A loss that takes such numbers at its ends.
    const fn taking(self, numbers: &'static [Takes]) -> Self {
        Loss { numbers, ..self }
    }

    /// A loss that takes such numbers at its ends where a flag is `true`.
    const fn taking_by(self, flag: &'static str, numbers: &'static [Takes]) -> Self {
        Loss {
            turned: Some((flag, numbers)),
            ..self
        }
    }

    const fn watch_only(self) -> Self {
        Loss {
            watch_only: true,
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

/// A loss with one of its flags turned.
#[derive(Debug)]
pub struct Turned {
    /// The flag.
    pub flag: &'static str,
    /// What is given for it then.
    pub value: bool,
    /// Which numbers the loss takes at each end then.
    pub numbers: &'static [Takes],
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
pub static ITSELF: Loss = Loss::new("", &[], Unit::Element, itself).of(&["value"]);

fn itself(_: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let Some(end) = site.ends.first() else {
        let fault = Fault::new(Code::LossEnds, "nothing is minimised");
        return Err((Where::Whole, fault));
    };
    if end.shape.kind != Kind::Float {
        // error: `Label` is Int[batch]: what is minimised without a loss is Float [D0403]
        let message = format!(
            "`{}` is {}: what is minimised without a loss is Float",
            end.text, end.shape
        );
        return Err((Where::End(0), Fault::new(Code::LossEnds, message)));
    }
    Ok(Typed {
        unit: Unit::Element,
        units: end.shape.dims.clone(),
        classes: None,
        sequences: None,
    })
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

    #[test]
    fn which_numbers_losses_take() {
        let rows = all().filter(|loss| !loss.numbers.is_empty());
        let rows = rows.map(|loss| {
            let turned = loss
                .turned
                .map(|(flag, numbers)| format!(", {flag} {numbers:?}"));
            format!(
                "{} {:?}{}",
                loss.name,
                loss.numbers,
                turned.unwrap_or_default()
            )
        });
        let rows: Vec<_> = rows.collect();
        assert_eq!(
            rows.join("\n"),
            "poisson_nll [NotNegative, NotNegative], log_input [Logarithms, NotNegative]\n\
             gaussian_nll [Anything, Anything, NotNegative]\n\
             binary_cross_entropy [Fractions, Fractions], logits [BinaryLogits, Fractions]\n\
             soft_margin [BinaryLogits]\n\
             cross_entropy [Probabilities], logits [Logits]\n\
             perplexity [Logits]\n\
             kl [Logits, Logits]\n\
             soft_cross_entropy [Logits, Probabilities]\n\
             kl_normal [Anything, Logarithms]\n\
             ctc [LogProbabilities]\n\
             rnnt [LogProbabilities], logits [Logits]"
        );
        // A flag is one of the row's arguments.
        for loss in all() {
            let known = |flag: &str| loss.parameters.iter().any(|one| one.name == flag);
            assert!(
                loss.turned.is_none_or(|(flag, _)| known(flag)),
                "{}",
                loss.name
            );
        }
    }
}

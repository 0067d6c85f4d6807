//! The losses and metrics of the language: one file per family, one [`Loss`] per loss, with its arguments and the
//! ends that it takes.

use diagram_core::{Call, Code, Fault, Kind, Where, Wrong};

mod batch;
mod binary;
mod classification;
mod divergence;
mod form;
mod loss;
mod regression;
mod sequence;
mod similarity;
mod site;
pub mod spelling;
mod typed;
mod units;

pub use form::{Form, formed, metric_trained};
pub use loss::{Loss, Turned};
pub use site::{End, Site, compares_two, left_to_rustc};
pub use typed::{Sequences, Typed, Unit};
pub use units::{is_a_class, of_units};

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

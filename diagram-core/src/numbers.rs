//! Which numbers a layer gives, and which a loss takes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The numbers that a layer gives, as far as they do not depend on its weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gives {
    /// Not known.
    #[default]
    Unknown,
    /// The numbers of its input, in other places.
    Same,
    /// Any numbers.
    Real,
    /// At least 0.
    NotNegative,
    /// At most 0.
    NotPositive,
    /// From −1 to 1.
    Signed,
    /// From 0 to 1.
    Fractions,
    /// From 0 to 1, with the sum 1.
    Probabilities,
    /// Logarithms of numbers from 0 to 1 with the sum 1.
    LogProbabilities,
}

impl Gives {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Gives::Unknown
    }
}

/// The numbers that a loss takes at one of its ends; displayed in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any numbers.
    Anything,
    /// Logits of classes, which a softmax turns into probabilities.
    Logits,
    /// Logits of yes or no, which a sigmoid turns into probabilities.
    BinaryLogits,
    /// From 0 to 1.
    Fractions,
    /// From 0 to 1, with the sum 1.
    Probabilities,
    /// Logarithms of numbers from 0 to 1 with the sum 1.
    LogProbabilities,
    /// At least 0.
    NotNegative,
    /// Logarithms of numbers of any size.
    Logarithms,
}

impl Takes {
    /// Whether the given numbers are certain to be of another sort.
    #[must_use]
    pub fn refuses(self, gives: Gives) -> bool {
        use Gives::{
            Fractions, LogProbabilities, NotNegative, NotPositive, Probabilities, Real, Signed,
        };
        match self {
            Takes::Anything => false,
            // A softmax of logarithms of probabilities is those probabilities.
            Takes::Logits => matches!(gives, Fractions | Probabilities),
            // A sigmoid makes of one sign numbers on one side of 1/2.
            Takes::BinaryLogits => matches!(
                gives,
                NotNegative | NotPositive | Fractions | Probabilities | LogProbabilities
            ),
            Takes::Fractions => matches!(
                gives,
                Real | NotNegative | NotPositive | Signed | LogProbabilities
            ),
            Takes::Probabilities => matches!(
                gives,
                Real | NotNegative | NotPositive | Signed | Fractions | LogProbabilities
            ),
            Takes::LogProbabilities => matches!(
                gives,
                Real | NotNegative | Signed | Fractions | Probabilities
            ),
            Takes::NotNegative => matches!(gives, Real | NotPositive | Signed | LogProbabilities),
            Takes::Logarithms => matches!(gives, NotNegative | Fractions | Probabilities),
        }
    }

    /// Whether a softmax or a sigmoid turns these into other numbers, so that such a layer before the loss is
    /// one too many.
    pub(crate) fn are_before_a_layer(self) -> bool {
        matches!(self, Takes::Logits | Takes::BinaryLogits)
    }

    /// A layer that gives such numbers, for a tensor with classes on this axis.
    pub(crate) fn layer(self, axis: usize) -> Option<String> {
        match self {
            Takes::Fractions => Some("sigmoid".to_owned()),
            Takes::Probabilities => Some(format!("softmax({axis})")),
            Takes::LogProbabilities => Some(format!("log_softmax({axis})")),
            Takes::NotNegative => Some("softplus".to_owned()),
            Takes::Anything | Takes::Logits | Takes::BinaryLogits | Takes::Logarithms => None,
        }
    }
}

impl fmt::Display for Takes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Takes::Anything => "any numbers",
            Takes::Logits | Takes::BinaryLogits => "logits",
            Takes::Fractions => "numbers from 0 to 1",
            Takes::Probabilities => "probabilities that sum to 1",
            Takes::LogProbabilities => "logarithms of probabilities",
            Takes::NotNegative => "numbers of at least 0",
            Takes::Logarithms => "logarithms",
        })
    }
}

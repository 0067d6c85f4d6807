//! The numbers of a diagram, and the pieces of Rust in it.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::id::LearnedId;

/// A piece of Rust: a type, a constant, a function, a closure or an expression, as text. Two pieces are equal
/// when their texts are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// Where its tokens are, in the table of whoever has read it; `None` where nobody has.
    pub id: Option<usize>,
}

impl From<String> for Snippet {
    fn from(text: String) -> Self {
        Snippet { text, id: None }
    }
}

impl From<&str> for Snippet {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Snippet> for String {
    fn from(snippet: Snippet) -> Self {
        snippet.text
    }
}

impl PartialEq for Snippet {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq<&str> for Snippet {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl Eq for Snippet {}

impl Hash for Snippet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// A finite number. It is shown as it is written: `4`, `4.0`, `1e-5`.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    value: f64,
    /// Whether it is written without a point; it means the same.
    whole: bool,
}

impl Number {
    /// 1
    pub const ONE: Number = Number {
        value: 1.0,
        whole: false,
    };

    /// This number, if it is finite.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        // −0 is 0, so that equal numbers have equal hashes.
        let value = value + 0.0;
        let whole = false;
        value.is_finite().then_some(Number { value, whole })
    }

    /// The same number, written without a point if that can be.
    #[must_use]
    pub fn as_whole(self) -> Self {
        Number {
            whole: self.value.fract() == 0.0,
            ..self
        }
    }

    /// Its value.
    #[must_use]
    pub fn get(self) -> f64 {
        self.value
    }

    /// Its hundredth part, with as few digits as the number has: 33.3 gives 0.333, though 33.3 / 100.0 has more.
    #[must_use]
    pub fn hundredth(self) -> Self {
        let rounded = (0..=17).map(|digits| {
            let scale = 10_f64.powi(digits);
            (self.value / 100.0 * scale).round() / scale
        });
        let mut near =
            rounded.filter(|one| (one * 100.0 - self.value).abs() <= self.value.abs() * 1e-12);
        Number {
            value: near.next().unwrap_or(self.value / 100.0),
            whole: false,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value.to_bits() == other.value.to_bits()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.to_bits().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole {
            self.value.fmt(out)
        } else {
            write!(out, "{:?}", self.value)
        }
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Where it is no integer of the format, a point stands in it.
        match self.to_string().parse::<i64>() {
            Ok(whole) if self.whole => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(self.value),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a finite number")
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Number, E> {
                Number::new(value).ok_or_else(|| E::custom(format!("{value} is no finite number")))
            }

            #[expect(clippy::cast_precision_loss, reason = "as Rust reads a literal")]
            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Number, E> {
                self.visit_f64(value as f64).map(Number::as_whole)
            }

            #[expect(clippy::cast_precision_loss, reason = "as Rust reads a literal")]
            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Number, E> {
                self.visit_f64(value as f64).map(Number::as_whole)
            }
        }

        deserializer.deserialize_f64(Visitor)
    }
}

/// A number that a diagram has: a rate, a weight, a factor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scalar {
    /// A number.
    Number(Number),
    /// The value of a hyper-parameter, by name.
    Hyper(String),
    /// A Rust constant.
    Constant(Snippet),
    /// A scalar that is trained.
    Learned(LearnedId),
}

impl Scalar {
    /// Its value, where that is known.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Scalar::Number(number) => Some(number.get()),
            Scalar::Hyper(_) | Scalar::Constant(_) | Scalar::Learned(_) => None,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Number(number) => number.fmt(out),
            Scalar::Hyper(name) => out.write_str(name),
            Scalar::Constant(constant) => constant.fmt(out),
            Scalar::Learned(_) => out.write_str("learned"),
        }
    }
}

/// `true` or `false`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// One of the two.
    Literal(bool),
    /// The value of a hyper-parameter of type `bool`, by name.
    Hyper(String),
}

impl fmt::Display for Flag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flag::Literal(on) => on.fmt(out),
            Flag::Hyper(name) => out.write_str(name),
        }
    }
}

/// A class: an entry of an Int tensor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// A number.
    Number(i64),
    /// A Rust constant of any integer type.
    Constant(Snippet),
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Class::Number(value) => value.fmt(out),
            Class::Constant(constant) => constant.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_number_is_shown_as_it_is_written() {
        let number = |value| Number::new(value).expect("finite");
        for (number, text) in [
            (number(4.0), "4.0"),
            (number(4.0).as_whole(), "4"),
            (number(-16.0).as_whole(), "-16"),
            (number(0.5).as_whole(), "0.5"),
            (number(1e-5), "1e-5"),
            (number(-0.0), "0.0"),
            (number(1e300).as_whole(), &format!("1{}", "0".repeat(300))),
        ] {
            assert_eq!(number.to_string(), text);
            let json = serde_json::to_string(&number).expect("JSON");
            let read: Number = serde_json::from_str(&json).expect(&json);
            assert_eq!(read, number);
        }
        assert_eq!(number(4.0), number(4.0).as_whole());
        assert!(Number::new(f64::NAN).is_none() && Number::new(f64::INFINITY).is_none());
        assert!(serde_json::from_str::<Number>("\"4\"").is_err());
        let whole: Number = serde_json::from_str("4").expect("a number");
        assert_eq!(whole.to_string(), "4");
    }
}

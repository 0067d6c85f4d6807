//! The version of the form in which a diagram is written as data.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The format of a diagram as data. It is written as its number, and no other number is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format;

impl Format {
    /// The number of this format. It changes whenever a diagram that was written before would not be read, or
    /// would have another meaning.
    pub const NUMBER: u64 = 1;
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(Format::NUMBER)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(Number)
    }
}

/// Reads the number.
struct Number;

impl Visitor<'_> for Number {
    type Value = Format;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the number of the format, {}", Format::NUMBER)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Format, E> {
        match number {
            Format::NUMBER => Ok(Format),
            other => Err(E::custom(format!(
                "the diagram is written in format {other}, and format {} is read here",
                Format::NUMBER
            ))),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Format, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn a_format_is_a_number_and_no_other_is_read() {
        assert_eq!(serde_json::to_string(&Format).expect("a number"), "1");
        assert_eq!(
            serde_json::from_str::<Format>("1").expect("the format"),
            Format
        );
        for (text, error) in [
            (
                "2",
                "the diagram is written in format 2, and format 1 is read here",
            ),
            (
                "\"1\"",
                "invalid type: string \"1\", expected the number of the format, 1",
            ),
            (
                "-1",
                "invalid value: integer `-1`, expected the number of the format, 1",
            ),
        ] {
            let found = serde_json::from_str::<Format>(text).expect_err("another number");
            assert!(found.to_string().starts_with(error), "{found}");
        }
    }
}

//! Constants, whose values rustc alone knows: assertions about them, and constants that stand for classes.

use crate::message::Message;

/// A piece of a message.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Words.
    Text(&'static str),
    /// The value of a dim.
    Value(i128),
}

/// Ends the evaluation of a constant with a message, unless a condition holds.
///
/// # Panics
///
/// If the condition does not hold.
#[track_caller]
pub const fn assert(holds: bool, message: &[Piece]) {
    if holds {
        return;
    }
    let message = joined(message);
    panic!("{}", message.as_str());
}

const fn joined(pieces: &[Piece]) -> Message {
    let mut message = Message::new();
    let mut index = 0;
    while index < pieces.len() {
        match pieces[index] {
            Piece::Text(text) => message.push_str(text),
            Piece::Value(value) => message.push_number(value),
        }
        index += 1;
    }
    message
}

/// A constant that stands for a class: an integer of any type.
#[diagnostic::on_unimplemented(
    message = "a class is an integer, and `{Self}` is none [D0311]",
    label = "the type of this constant is `{Self}`"
)]
pub trait Class {
    /// The constant if it can be a class at all, else a number that is no class.
    fn class(self) -> i64;
}

macro_rules! classes {
    ($($integer:ty)*) => {
        $(impl Class for $integer {
            fn class(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        })*
    };
}

classes! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_joined_as_they_would_be_formatted() {
        for value in [0, 7, 10, -1, 90_210, i128::MAX, i128::MIN] {
            let pieces = [
                Piece::Text("`CLASSES` = "),
                Piece::Value(value),
                Piece::Text("!"),
            ];
            assert_eq!(joined(&pieces).as_str(), format!("`CLASSES` = {value}!"));
        }
        assert_eq!(joined(&[]).as_str(), "");
    }

    #[test]
    fn what_holds_says_nothing() {
        const { assert(1 + 1 == 2, &[Piece::Text("two")]) };
        let fails = std::panic::catch_unwind(|| {
            assert(false, &[Piece::Text("axis 1 is "), Piece::Value(10)]);
        });
        let payload = fails.expect_err("a panic");
        let message = payload.downcast_ref::<String>().expect("a text");
        assert_eq!(message, "axis 1 is 10");
    }
}

//! Assertions about constants, whose values rustc alone knows.

use crate::message::Message;

/// A piece of a message.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Words.
    Text(&'static str),
    /// The value of a dim.
    Value(i128),
}

/// Ends the evaluation of a constant with a message, unless something holds.
///
/// # Panics
///
/// If it does not.
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

//! Messages about constants, which only rustc can evaluate: they are formatted in a `const fn`.

/// A piece of a message.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Words.
    Text(&'static str),
    /// The value of a dim.
    Value(i128),
}

/// How long a message can be; a longer one is cut.
const LENGTH: usize = 4096;

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
    let message = Message::of(message);
    panic!("{}", message.text());
}

/// A message of limited length.
struct Message {
    bytes: [u8; LENGTH],
    length: usize,
}

impl Message {
    const fn of(pieces: &[Piece]) -> Self {
        let mut message = Message {
            bytes: [0; LENGTH],
            length: 0,
        };
        let mut index = 0;
        while index < pieces.len() {
            match pieces[index] {
                Piece::Text(text) => message.push(text.as_bytes()),
                Piece::Value(value) => message.number(value),
            }
            index += 1;
        }
        message
    }

    const fn push(&mut self, bytes: &[u8]) {
        let mut index = 0;
        while index < bytes.len() && self.length < LENGTH {
            self.bytes[self.length] = bytes[index];
            self.length += 1;
            index += 1;
        }
    }

    const fn number(&mut self, value: i128) {
        // An i128 has at most 39 digits.
        let mut digits = [0; 39];
        let mut first = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            self.push(b"-");
        }
        self.push(digits.split_at(first).1);
    }

    /// What is written; where the last letter is cut, without it.
    const fn text(&self) -> &str {
        let written = self.bytes.split_at(self.length).0;
        match core::str::from_utf8(written) {
            Ok(text) => text,
            Err(error) => match core::str::from_utf8(written.split_at(error.valid_up_to()).0) {
                Ok(text) => text,
                Err(_) => "",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[Piece]) -> String {
        Message::of(pieces).text().to_owned()
    }

    #[test]
    fn pieces_are_joined_as_they_would_be_formatted() {
        for value in [0, 7, 10, -1, 90_210, i128::MAX, i128::MIN] {
            let pieces = [
                Piece::Text("`CLASSES` = "),
                Piece::Value(value),
                Piece::Text("!"),
            ];
            assert_eq!(text(&pieces), format!("`CLASSES` = {value}!"));
        }
        assert_eq!(text(&[]), "");
    }

    #[test]
    fn a_long_message_is_cut_at_a_letter() {
        let long: &'static str = "größer ".repeat(LENGTH).leak();
        for skipped in ["", "x"] {
            let cut = text(&[Piece::Text(skipped), Piece::Text(long)]);
            let whole = format!("{skipped}{long}");
            assert!(whole.starts_with(&cut));
            assert!((LENGTH - 1..=LENGTH).contains(&cut.len()));
        }
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

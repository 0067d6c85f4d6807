//! Texts that are made while rustc evaluates constants, where nothing can be allocated.

/// How long a text may be, in bytes. The rest is left out.
const CAPACITY: usize = 4096;

/// A text that grows in a `const fn`, for the panic of a constant assertion.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    bytes: [u8; CAPACITY],
    length: usize,
    /// Whether something was left out; nothing is added after it.
    cut: bool,
}

impl Message {
    /// The empty text.
    #[must_use]
    pub const fn new() -> Self {
        Message {
            bytes: [0; CAPACITY],
            length: 0,
            cut: false,
        }
    }

    /// Adds as much of a text as fits.
    pub const fn push_str(&mut self, text: &str) {
        if self.cut {
            return;
        }
        let mut end = text.len();
        if end > CAPACITY - self.length {
            self.cut = true;
            end = CAPACITY - self.length;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
        }
        let mut at = 0;
        while at < end {
            self.bytes[self.length] = text.as_bytes()[at];
            self.length += 1;
            at += 1;
        }
    }

    /// Adds texts, one after the other.
    pub const fn push_all(&mut self, texts: &[&str]) {
        let mut at = 0;
        while at < texts.len() {
            self.push_str(texts[at]);
            at += 1;
        }
    }

    /// Adds a number, in decimal.
    pub const fn push_number(&mut self, number: i128) {
        const DIGITS: &str = "0123456789";
        if number < 0 {
            self.push_str("-");
        }
        let number = number.unsigned_abs();
        let mut scale = 1;
        while number / scale > 9 {
            scale *= 10;
        }
        while scale > 0 {
            let digit = (number / scale % 10) as usize;
            self.push_str(DIGITS.split_at(digit).1.split_at(1).0);
            scale /= 10;
        }
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            // Whole characters are added, so this is never reached.
            Err(_) => "",
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Message::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn sum(left: i128, right: i128) -> Message {
        let mut message = Message::new();
        message.push_number(left);
        message.push_all(&[" ", "+", " "]);
        message.push_number(right);
        message
    }

    #[test]
    fn a_constant_is_a_text() {
        const MESSAGE: Message = sum(0, -120);
        assert_eq!(MESSAGE.as_str(), "0 + -120");
        let extremes = sum(i128::MAX, i128::MIN);
        assert_eq!(extremes.as_str(), format!("{} + {}", i128::MAX, i128::MIN));
    }

    #[test]
    fn a_text_that_is_too_long_ends_after_a_whole_character() {
        let mut message = Message::new();
        message.push_str("x");
        for _ in 0..CAPACITY {
            message.push_str("→");
        }
        message.push_str("x");
        let text = message.as_str();
        assert!(text.len() > CAPACITY - "→".len() && text.len() <= CAPACITY);
        assert_eq!(text.trim_start_matches('x').replace('→', ""), "");
    }
}

//! How names are spelt.

use std::borrow::Cow;

/// The field of a datum: its name in snake case. A word of digits joins the word before it, so `X1`
/// and `X_1` have one field.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                *before != '_'
                    && (!before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        // A name that began with the digit would be none.
        let joins = snake.contains(|letter| letter != '_');
        if *letter == '_' && joins && after.is_some_and(char::is_ascii_digit) {
            continue;
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Whether Rust keeps a name for itself, in any edition so far; such a name is written raw.
#[must_use]
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

/// A name as it is written in a diagram: `encode`, `r#match`.
#[must_use]
pub fn raw(name: &str) -> Cow<'_, str> {
    if is_keyword(name) {
        format!("r#{name}").into()
    } else {
        name.into()
    }
}

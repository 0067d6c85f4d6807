//! How names are spelt.

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

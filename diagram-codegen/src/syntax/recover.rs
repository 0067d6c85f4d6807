//! Where reading goes on after something that cannot be read.

use proc_macro2::{Delimiter, TokenTree};
use syn::buffer::Cursor;

use super::reader::{Reader, after_sign, after_signs};

/// The words that may start an item, before a name.
pub(super) const WORDS: [&str; 9] = [
    "data",
    "frozen",
    "lora",
    "watch",
    "commutes",
    "objective",
    "include",
    "minimize",
    "dyn",
];

/// Skips to after the next `;`, or to where an item certainly starts.
pub(super) fn skip_item(reader: Reader<'_>, start: Cursor<'_>) {
    let mut moved = reader.cursor() != start;
    while !reader.is_empty()
        && reader.eat_sign(";").is_none()
        && !(moved && certainly_starts_item(reader.cursor()))
    {
        reader.skip();
        moved = true;
    }
    reader.found().lose(start, reader.cursor());
}

/// Whether an item starts here, where one may.
pub(super) fn starts_item(cursor: Cursor<'_>) -> bool {
    if certainly_starts_item(cursor) {
        return true;
    }
    let ident = cursor.ident().map(|(_, after)| after);
    let Some(after) = ident.or_else(|| {
        cursor
            .group(Delimiter::Parenthesis)
            .map(|(_, _, after)| after)
    }) else {
        return false;
    };
    let signs = [":", "=", "~", ">>", ","];
    signs.iter().any(|sign| after_sign(after, sign).is_some())
        || after_signs(after, "-").is_some()
        || after_signs(after, "<-").is_some()
        || after_signs(after, "*").is_some()
}

fn certainly_starts_item(cursor: Cursor<'_>) -> bool {
    if matches!(cursor.punct(), Some((punct, _)) if punct.as_char() == '#') {
        return true;
    }
    let Some((ident, after)) = cursor.ident() else {
        return false;
    };
    if WORDS.iter().any(|word| ident == word) && after.ident().is_some() || ident == "where" {
        return true;
    }
    after_sign(after, ":").is_some_and(|shape| {
        let dims = shape.ident().map_or(shape, |(_, dims)| dims);
        dims.group(Delimiter::Bracket).is_some()
    })
}

/// The last token before `end`, as messages show it; a group shows how it closes.
pub(super) fn last_token(start: Cursor<'_>, end: Cursor<'_>) -> String {
    let mut cursor = start;
    let mut last = None;
    while cursor != end
        && let Some((token, rest)) = cursor.token_tree()
    {
        last = Some(token);
        cursor = rest;
    }
    match last {
        Some(TokenTree::Group(group)) => match group.delimiter() {
            Delimiter::Parenthesis => ")".to_owned(),
            Delimiter::Bracket => "]".to_owned(),
            Delimiter::Brace | Delimiter::None => "}".to_owned(),
        },
        Some(token) => token.to_string(),
        None => String::new(),
    }
}

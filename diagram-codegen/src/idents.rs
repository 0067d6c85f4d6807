//! The identifiers of generated code, and tokens that stand at other places.

pub(crate) use diagram_core::spelling::snake_case;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use crate::syntax::tree::bare;
use crate::syntax::{is_keyword, is_path_keyword};

/// A generated identifier with the spelling of a name of the diagram, raw where Rust needs it, in any
/// edition. What has no raw form is at fault where it is declared, and gets an underscore here.
#[must_use]
pub(crate) fn field_ident(name: &str) -> Ident {
    let span = Span::call_site();
    if is_path_keyword(name) {
        Ident::new(&format!("{name}_"), span)
    } else if is_keyword(name) {
        Ident::new_raw(name, span)
    } else {
        Ident::new(name, span)
    }
}

/// The variable that holds a dim where layers are applied: its name, but for the names of the variables that
/// stand there besides, and for constants, which are spelt otherwise.
#[must_use]
pub(crate) fn dim_ident(name: &str) -> Ident {
    let bare = name.trim_end_matches("_size");
    // `x`, `x1` and `y0` are tensors there.
    let tensor = bare.strip_prefix(['x', 'y']);
    let tensor = tensor.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit()));
    if tensor || matches!(bare, "axes" | "copy" | "layer" | "shortcut") {
        return field_ident(&format!("{name}_size"));
    }
    // In upper case it would be the constant itself where it is declared.
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    if name.contains(char::is_uppercase) || !name.chars().all(word) {
        let words: Vec<_> = name.split(|letter| !word(letter)).collect();
        return field_ident(&format!("{}_size", words.join("_").to_lowercase()));
    }
    field_ident(name)
}

/// The path of a function in a call that the macro writes. So rustc proposes no arguments for it, among which those of
/// the macro would stand.
#[must_use]
pub(crate) fn called(path: &TokenStream) -> TokenStream {
    let by_macro = |mut token: TokenTree| {
        token.set_span(token.span().resolved_at(Span::call_site()));
        token
    };
    path.clone().into_iter().map(by_macro).collect()
}

/// The same tokens, as if they stood at a place.
#[must_use]
pub(crate) fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let at_place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(at_place).collect()
}

/// The variables that hold the factors of an input: `x`, `x1`, `x2`.
pub(crate) fn input_idents(count: usize) -> Vec<Ident> {
    let name = |index| match index {
        0 => field_ident("x"),
        _ => format_ident!("x{index}", span = Span::call_site()),
    };
    (0..count).map(name).collect()
}

/// Several as a tuple, one as itself.
pub(crate) fn tuple(parts: &[impl ToTokens]) -> TokenStream {
    match parts {
        [one] => one.to_token_stream(),
        several => quote!((#(#several),*)),
    }
}

/// The upper camel case of a morphism's name, for the type of its module.
#[must_use]
pub(crate) fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

/// The variant of a morphism with this stem, if that is an identifier: else the name itself.
#[must_use]
pub(crate) fn variant<'a>(stem: &'a str, name: &'a str) -> &'a str {
    match stem {
        "Self" => "Self_",
        _ if stem.starts_with(char::is_alphabetic) => stem,
        _ => name,
    }
}

/// What the runtime's private part is called in the code of a diagram. A path of one name instead of three
/// is a fifth fewer tokens.
pub(crate) fn runtime(model: &Ident) -> Ident {
    format_ident!("__{}", bare(model), span = Span::call_site())
}

/// A generated type: the diagram's name and what it is.
#[must_use]
pub(crate) fn generated(model: &Ident, what: &str) -> Ident {
    format_ident!("{model}{what}", span = model.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_in_snake_case() {
        for (name, field) in [
            ("Image", "image"),
            ("DigitsPhoto", "digits_photo"),
            ("X1", "x1"),
            ("X_1", "x1"),
            ("LogVar", "log_var"),
            ("HTTPCode", "http_code"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), field);
        }
    }

    #[test]
    fn types_are_in_camel_case() {
        assert_eq!(camel_case("judge_x"), "JudgeX");
        assert_eq!(camel_case("student"), "Student");
    }
}

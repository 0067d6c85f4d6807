//! Classes as arguments of losses: whole numbers, or Rust constants of any integer type.

use diagram_core::Range;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Parameter;
use super::value::{constant, out_of_range, whole, wrong_type};
use crate::lower::scope::{Placed, located};
use crate::syntax::tree::{self, Rust, ValueKind};

/// A class as it stands in a loss.
#[derive(Clone, Debug, PartialEq)]
pub enum Class {
    /// A number.
    Literal(i64),
    /// A Rust constant of any integer type.
    Constant(Rust<syn::Path>),
}

impl Class {
    /// It as written.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Class::Literal(value) => value.to_string(),
            Class::Constant(path) => path.text(),
        }
    }

    /// The Rust expression, of type `i64`.
    #[must_use]
    pub fn code(&self, runtime: &TokenStream) -> TokenStream {
        match self {
            Class::Literal(value) => Literal::i64_unsuffixed(*value).to_token_stream(),
            Class::Constant(Rust(path)) => {
                // Where its type is none that a class has, rustc says so here.
                let class = located(&quote!(#runtime::Class::class), path.span());
                quote_spanned!(path.span()=> #class(#path))
            }
        }
    }
}

/// As many classes as one likes.
pub(super) fn classes(
    parameter: &Parameter,
    value: &tree::Value,
    range: Range,
) -> Result<Vec<Class>, Placed> {
    let class = |value: &tree::Value| class(parameter, value, range);
    match &value.kind {
        ValueKind::List(values) => values.iter().map(class).collect(),
        _ => Ok(vec![class(value)?]),
    }
}

fn class(parameter: &Parameter, value: &tree::Value, range: Range) -> Result<Class, Placed> {
    match &value.kind {
        ValueKind::Number(number) => {
            let whole = whole(number).and_then(|class| i64::try_from(class).ok());
            let class = whole.map(|class| if number.negative { -class } else { class });
            let class = class.ok_or_else(|| wrong_type(parameter, value))?;
            // error: `pad_tokens` must be at least 0, but is -1 [D0312]
            if range.holds_whole(class.into()) {
                Ok(Class::Literal(class))
            } else {
                let (place, fault) = out_of_range(parameter, value.place, number);
                let help = format!("a number that is no class is for `ignore = {number}`");
                Err((place, fault.help(help)))
            }
        }
        ValueKind::Constant(path) => Ok(Class::Constant(path.clone())),
        ValueKind::Name(name) => constant(name)
            .map(Class::Constant)
            .ok_or_else(|| wrong_type(parameter, value)),
        // error: `ignore` takes whole numbers or constants, like `0` or `[0, PAD]`, but is given `0.5` [D0311]
        _ => Err(wrong_type(parameter, value)),
    }
}

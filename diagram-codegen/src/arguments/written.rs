//! A value as it is written: whether it is a number, a name or a path, and what is wrong with it.

use std::fmt::Display;

use diagram_layers::Parameter;
use diagram_layers::arguments as rules;
use proc_macro2::{Ident, Literal};

use crate::place::{Place, Placed};
use crate::scope::is_constant;
use crate::syntax::tree::{self, Argument, DefinitionKind, Rust, StepKind, ValueKind, bare};

/// The dims of a list in brackets.
pub(super) fn bracketed<'a>(
    parameter: &Parameter,
    value: &'a tree::Value,
) -> Result<Vec<&'a tree::Dim>, Placed> {
    let ValueKind::List(values) = &value.kind else {
        return Err(wrong_type(parameter, value));
    };
    let dims = values.iter().map(|value| match &value.kind {
        ValueKind::Dim(dim) => Ok(dim),
        _ => Err(wrong_type(parameter, value)),
    });
    dims.collect()
}

// error: `kernel` takes a whole number or one per axis, like `3` or `[3, 5]`, but is given `"x"` [D0311]
pub(super) fn wrong_type(parameter: &Parameter, value: &tree::Value) -> Placed {
    wrong_type_of(parameter, value, &format!("`{value}`"))
}

pub(super) fn wrong_type_of(parameter: &Parameter, value: &tree::Value, given: &str) -> Placed {
    (value.place, rules::wrong_type(parameter, given))
}

// error: `kernel` must be at least 1, but is 0 [D0312]
pub(super) fn out_of_range(parameter: &Parameter, place: Place, value: impl Display) -> Placed {
    (place, rules::out_of_range(parameter, value))
}

/// What a value names, and the arguments of it: `relu`, `normal(std = 0.02)`.
pub(super) fn named(value: &tree::Value) -> Option<(&Ident, &[Argument])> {
    let definition = match &value.kind {
        ValueKind::Name(name) => return Some((name, &[])),
        ValueKind::Definition(definition) => definition,
        _ => return None,
    };
    let DefinitionKind::Chain(chain) = &definition.kind else {
        return None;
    };
    let [product] = chain.factors.as_slice() else {
        return None;
    };
    let [power] = product.powers.as_slice() else {
        return None;
    };
    match &power.step.kind {
        StepKind::Call(name, arguments) if power.count.is_none() => Some((name, arguments)),
        StepKind::Name(name) if power.count.is_none() => Some((name, &[])),
        _ => None,
    }
}

/// Whether a number is whole, however large.
pub(super) fn is_whole(number: &tree::Number) -> bool {
    let literal = parsed::<syn::LitInt>(&number.literal.0);
    literal.is_some_and(|literal| matches!(literal.suffix(), "" | "usize"))
}

/// A whole number without its sign; `None` for `0.5` and `3u8`.
pub(super) fn whole(number: &tree::Number) -> Option<u64> {
    let literal = parsed::<syn::LitInt>(&number.literal.0)?;
    matches!(literal.suffix(), "" | "usize").then(|| literal.base10_parse().ok())?
}

pub(super) fn parsed<T: syn::parse::Parse>(literal: &Literal) -> Option<T> {
    syn::parse_str(&literal.to_string()).ok()
}

/// A name in upper case is a Rust constant.
pub(super) fn constant(name: &Ident) -> Option<Rust<syn::Path>> {
    is_constant(&bare(name)).then(|| Rust(syn::Path::from(name.clone())))
}

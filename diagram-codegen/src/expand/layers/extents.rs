//! The code of extents that are known only when a layer is called.
//!
//! A literal stands as it is. Any other is read from the input: from an axis that is equal to it, or by
//! arithmetic on symbols that stand alone as axes. Of the symbols that no axis tells, hyper-parameters and
//! constants are kept in a field, and dynamic dims are told by the call. Where elements are kept, one extent
//! follows from the others instead.

use std::cell::Cell;

use diagram_core::Dim;
use diagram_core::dim::Comparison;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{At, Built, Field};
use crate::expand::sizes::size_code_by;
use crate::idents::dim_ident;

/// The layer without weights whose code has these extents, one expression of type `usize` each. If `elements`
/// are kept, the only extent that the input does not tell follows from the others.
pub(super) fn built(
    at: &At<'_>,
    dims: &[Dim],
    elements: bool,
    code: impl FnOnce(&[TokenStream]) -> TokenStream,
) -> Built {
    let untold = |(position, dim): (usize, &Dim)| {
        let mut symbols = dim.symbols().into_iter();
        let open = symbols.any(|name| at.scope.is_dynamic(name) && alone(at, name).is_none());
        (open && equal(at, dim).is_none()).then_some(position)
    };
    let mut untold = dims.iter().enumerate().filter_map(untold);
    let follows = match (untold.next(), untold.next()) {
        (Some(only), None) if elements => Some(only),
        _ => None,
    };
    let computed = dims.iter().enumerate();
    let computed =
        computed.filter(|(position, dim)| follows != Some(*position) && equal(at, dim).is_none());
    let (mut hypers, mut reads): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for name in computed.flat_map(|(_, dim)| dim.symbols()) {
        if alone(at, name).is_some() {
            continue;
        }
        if !at.scope.is_dynamic(name) {
            if !hypers.contains(&name) {
                hypers.push(name);
            }
        } else if !reads.iter().any(|known| known == name) {
            reads.push(name.to_owned());
        }
    }
    // Whether one of them is told by the input.
    let shown = Cell::new(false);
    let extent = |axis: usize| {
        shown.set(true);
        quote!(axes[#axis])
    };
    let value_of = |name: &str| match alone(at, name) {
        Some(axis) => extent(axis),
        None => match hypers.iter().position(|hyper| *hyper == name) {
            Some(index) => quote!(layer[#index]),
            None => dim_ident(name).to_token_stream(),
        },
    };
    let written = |(position, dim): (usize, &Dim)| match dim {
        Dim::Literal(value) => {
            let value = Literal::u64_unsuffixed(*value);
            quote!(#value)
        }
        // Its place is filled when the others are known.
        _ if follows == Some(position) => TokenStream::new(),
        _ => match equal(at, dim) {
            Some(axis) => extent(axis),
            None => size_code_by(dim, &value_of),
        },
    };
    let mut sizes: Vec<_> = dims.iter().enumerate().map(written).collect();
    if let Some(follows) = follows {
        let others = sizes.iter().enumerate();
        let others = others.filter(|(position, _)| *position != follows);
        let others: Vec<_> = others.map(|(_, size)| quote!((#size))).collect();
        let all = product((0..at.input().len()).map(extent));
        if let Some(size) = sizes.get_mut(follows) {
            *size = if others.is_empty() {
                all
            } else {
                let others = product(others.into_iter());
                quote!(#all / (#others))
            };
        }
    }
    let code = code(&sizes);
    let forward = if shown.get() {
        quote!({ let axes = x.dims(); #code })
    } else {
        code
    };
    Built {
        field: kept(at, &hypers),
        reads,
        ..Built::function(forward)
    }
}

/// The field with the hyper-parameters and constants that are needed.
fn kept(at: &At<'_>, hypers: &[&str]) -> Option<Field> {
    let values = hypers.iter().map(|name| at.size(&Dim::symbol(*name)));
    let count = hypers.len();
    (count > 0).then(|| Field {
        ty: quote!([usize; #count]),
        init: quote!([#(#values),*]),
    })
}

fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    let product = factors.reduce(|product, factor| quote!(#product * #factor));
    product.unwrap_or_else(|| quote!(1))
}

/// The axis that is equal to an extent.
fn equal(at: &At<'_>, dim: &Dim) -> Option<usize> {
    let mut dims = at.input().iter();
    dims.position(|extent| at.scope.facts.compare(extent, dim) == Comparison::Equal)
}

/// The axis at which a symbol stands alone.
fn alone(at: &At<'_>, name: &str) -> Option<usize> {
    let mut dims = at.input().iter();
    dims.position(|dim| matches!(dim, Dim::Symbol(symbol) if symbol == name))
}

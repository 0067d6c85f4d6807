//! The code of extents that are known only when a layer is called.
//!
//! A literal stands as it is. Any other is read from the input: from an axis that is equal to it, or by
//! arithmetic on symbols that stand alone as axes. Of the symbols that no axis tells, hyper-parameters and
//! constants are kept in a field, and dynamic dims are told by the call. Where elements are kept, one extent
//! follows from the others instead.

use std::cell::Cell;

use diagram_core::dim::Comparison;
use diagram_core::{Dim, Product};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Built, Field, Site};
use crate::lower::scope::{dim_ident, size_code_by};

/// Extents, ready to be written.
pub(super) struct Extents {
    /// One expression of type `usize` an extent, where `axes` are the extents of the input.
    sizes: Vec<TokenStream>,
    /// Whether one of them is told by the input.
    shown: bool,
    /// The field with the hyper-parameters and constants that are needed.
    field: Option<Field>,
    /// The dynamic dims that the call must tell.
    reads: Vec<String>,
}

impl Extents {
    /// The layer of no weights whose code has these extents.
    pub(super) fn built(
        self,
        output: impl Into<Product>,
        code: impl FnOnce(&[TokenStream]) -> TokenStream,
    ) -> Built {
        let code = code(&self.sizes);
        let forward = if self.shown {
            quote!({ let axes = x.dims(); #code })
        } else {
            code
        };
        Built {
            field: self.field,
            reads: self.reads,
            ..Built::function(output, forward)
        }
    }
}

/// Reads extents. If `elements` are kept, the only extent that the input does not tell follows from the
/// others.
pub(super) fn read(site: &Site<'_>, dims: &[Dim], elements: bool) -> Extents {
    let untold = |(position, dim): (usize, &Dim)| {
        let mut symbols = dim.symbols().into_iter();
        let open = symbols.any(|name| site.scope.is_dynamic(name) && alone(site, name).is_none());
        (open && equal(site, dim).is_none()).then_some(position)
    };
    let mut untold = dims.iter().enumerate().filter_map(untold);
    let follows = match (untold.next(), untold.next()) {
        (Some(only), None) if elements => Some(only),
        _ => None,
    };
    let computed = dims.iter().enumerate();
    let computed =
        computed.filter(|(position, dim)| follows != Some(*position) && equal(site, dim).is_none());
    let (mut hypers, mut reads): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for name in computed.flat_map(|(_, dim)| dim.symbols()) {
        if alone(site, name).is_some() {
            continue;
        }
        if !site.scope.is_dynamic(name) {
            if !hypers.contains(&name) {
                hypers.push(name);
            }
        } else if !reads.iter().any(|known| known == name) {
            reads.push(name.to_owned());
        }
    }
    let shown = Cell::new(false);
    let extent = |axis: usize| {
        shown.set(true);
        quote!(axes[#axis])
    };
    let value_of = |name: &str| match alone(site, name) {
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
        _ => match equal(site, dim) {
            Some(axis) => extent(axis),
            None => size_code_by(dim, &value_of),
        },
    };
    let mut sizes: Vec<_> = dims.iter().enumerate().map(written).collect();
    if let Some(follows) = follows {
        let others = sizes.iter().enumerate();
        let others = others.filter(|(position, _)| *position != follows);
        let others: Vec<_> = others.map(|(_, size)| size.clone()).collect();
        let all = (0..site.input.rank()).map(extent);
        let all = product(all);
        if let Some(size) = sizes.get_mut(follows) {
            *size = if others.is_empty() {
                all
            } else {
                let others = product(others.iter().map(|size| quote!((#size))));
                quote!(#all / (#others))
            };
        }
    }
    let field = (!hypers.is_empty()).then(|| {
        let values = hypers.iter().map(|name| site.size(&Dim::symbol(*name)));
        let (count, values) = (hypers.len(), values.collect::<Vec<_>>());
        Field {
            ty: quote!([usize; #count]),
            init: quote!([#(#values),*]),
        }
    });
    Extents {
        sizes,
        shown: shown.get(),
        field,
        reads,
    }
}

fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    let product = factors.reduce(|product, factor| quote!(#product * #factor));
    product.unwrap_or_else(|| quote!(1))
}

/// The axis that is equal to an extent.
fn equal(site: &Site<'_>, dim: &Dim) -> Option<usize> {
    let mut dims = site.input.dims.iter();
    dims.position(|extent| site.compare(extent, dim) == Comparison::Equal)
}

/// The axis at which a symbol stands alone.
fn alone(site: &Site<'_>, name: &str) -> Option<usize> {
    let mut dims = site.input.dims.iter();
    dims.position(|dim| matches!(dim, Dim::Symbol(symbol) if symbol == name))
}

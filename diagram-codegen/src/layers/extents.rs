//! The code of extents that are known only when a layer is called.
//!
//! A literal stands as it is. Any other is read from the input: from an axis that is equal to it, or by
//! arithmetic on symbols that stand alone as axes. What hyper-parameters no axis tells are kept in a
//! field.

use diagram_core::dim::Comparison;
use diagram_core::{Code, Dim, Fault};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Field, Site};
use crate::lower::scope::{Placed, field_ident, size_code_by};

/// Extents, ready to be written.
pub(super) struct Extents {
    /// One expression of type `usize` an extent, where `axes` are the extents of the input.
    pub(super) sizes: Vec<TokenStream>,
    /// The field with the hyper-parameters that are needed.
    pub(super) field: Option<Field>,
}

/// Reads extents. If `elements` are kept, one extent that no axis tells follows from the others.
pub(super) fn read(site: &Site<'_>, dims: &[Dim], elements: bool) -> Result<Extents, Placed> {
    let mut hypers: Vec<&str> = Vec::new();
    let mut sizes = Vec::new();
    let mut untold: Option<usize> = None;
    for (position, dim) in dims.iter().enumerate() {
        if let Dim::Literal(value) = dim {
            let value = Literal::u64_unsuffixed(*value);
            sizes.push(quote!(#value));
            continue;
        }
        let mut extents = site.input.dims.iter();
        let equal = extents.position(|extent| site.compare(extent, dim) == Comparison::Equal);
        if let Some(axis) = equal {
            sizes.push(quote!(axes[#axis]));
            continue;
        }
        let mut symbols = dim.symbols().into_iter();
        let unknown =
            symbols.find(|name| alone(site, name).is_none() && site.scope.is_dynamic(name));
        if let Some(name) = unknown {
            if !elements || untold.is_some() {
                return Err(site.fault(unreadable(site, name)));
            }
            untold = Some(position);
            sizes.push(TokenStream::new());
            continue;
        }
        for name in dim.symbols() {
            if alone(site, name).is_none() && !hypers.contains(&name) {
                hypers.push(name);
            }
        }
        let code = size_code_by(dim, &|name| match alone(site, name) {
            Some(axis) => quote!(axes[#axis]),
            None => {
                let index = hypers
                    .iter()
                    .position(|hyper| *hyper == name)
                    .unwrap_or_default();
                quote!(layer[#index])
            }
        });
        sizes.push(code);
    }
    if let Some(untold) = untold {
        let others = sizes.iter().enumerate();
        let others = others.filter(|(position, _)| *position != untold);
        let others: Vec<_> = others.map(|(_, size)| size.clone()).collect();
        let all = (0..site.input.rank()).map(|axis| quote!(axes[#axis]));
        let all = product(all);
        if let Some(size) = sizes.get_mut(untold) {
            *size = if others.is_empty() {
                all
            } else {
                let others = product(others.iter().map(|size| quote!((#size))));
                quote!(#all / (#others))
            };
        }
    }
    let field = (!hypers.is_empty()).then(|| {
        let (count, fields) = (hypers.len(), hypers.iter().map(|name| field_ident(name)));
        Field {
            ty: quote!([usize; #count]),
            init: quote!([#(self.#fields),*]),
        }
    });
    Ok(Extents { sizes, field })
}

fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    let product = factors.reduce(|product, factor| quote!(#product * #factor));
    product.unwrap_or_else(|| quote!(1))
}

/// The axis at which a symbol stands alone.
fn alone(site: &Site<'_>, name: &str) -> Option<usize> {
    let mut dims = site.input.dims.iter();
    dims.position(|dim| matches!(dim, Dim::Symbol(symbol) if symbol == name))
}

// error: `reshape[batch, seq, 8]` needs the value of `batch`, which is no axis of [seq * batch, 8] [D0317]
fn unreadable(site: &Site<'_>, name: &str) -> Fault {
    let message = format!(
        "`{}` needs the value of `{name}`, which is no axis of {}",
        site.text, site.input
    );
    Fault::new(Code::UnreadableDim, message)
        .note("a dynamic dim is read from the input of the layer, where it stands alone as an axis")
}

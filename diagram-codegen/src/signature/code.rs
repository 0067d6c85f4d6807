//! Shapes as constants, for the runtime's `signature`: an operation stands in front of its operands.

use diagram_core::{Dim, Kind, Shape};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

/// `[b, 1, 8, 8] -> [b, 10]`
pub(crate) fn text(ends: &[Vec<Shape>; 2]) -> String {
    let product = |shapes: &Vec<Shape>| match shapes.as_slice() {
        [] => "()".to_owned(),
        shapes => shapes
            .iter()
            .map(Shape::to_string)
            .collect::<Vec<_>>()
            .join(" * "),
    };
    ends.each_ref().map(product).join(" -> ")
}

/// The factors of a product, given the code of each symbol.
pub(crate) fn factors(shapes: &[Shape], leaf: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    let factors = shapes.iter().map(|shape| {
        let kind = match shape.kind {
            Kind::Float => 'F',
            Kind::Int => 'I',
            Kind::Bool => 'B',
        };
        let dims = shape.dims.iter().map(|dim| {
            let (shown, code) = (dim.quoted(), arithmetic(dim, leaf));
            quote!((#shown, #code))
        });
        quote!((#kind, &[#(#dims),*]))
    });
    quote!(&[#(#factors),*])
}

/// The code of a dim.
pub(crate) fn arithmetic(dim: &Dim, leaf: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    let parts = parts(dim, leaf);
    quote!(&[#parts])
}

/// The parts of a code, which may stand for a symbol in another.
pub(crate) fn parts(dim: &Dim, leaf: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    match dim {
        Dim::Literal(value) => number(&Literal::u64_unsuffixed(*value).to_token_stream()),
        Dim::Symbol(name) => leaf(name),
        Dim::Binary(op, left, right) => {
            let sign = op.symbol().chars().next();
            let (left, right) = (parts(left, leaf), parts(right, leaf));
            quote!((#sign, 0), #left, #right)
        }
    }
}

/// A number, or the constant that it is.
pub(crate) fn number(value: &TokenStream) -> TokenStream {
    quote!(('n', #value))
}

/// The symbol at a place.
pub(crate) fn symbol(place: usize) -> TokenStream {
    let place = Literal::usize_unsuffixed(place);
    quote!(('s', #place))
}

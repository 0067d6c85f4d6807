//! A function of the user's as a loss: `losses::cross(lambda)`.

use diagram_core::{FunctionArgument, HyperType, Scalar, Snippet};
use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::value::{Built, Own};
use crate::expand::scalars::learned_variable;
use crate::idents::{field_ident, located};
use crate::place::Place;
use crate::scope::Scope;

/// Where the parts of such a loss stand.
pub(crate) struct Places<'a> {
    /// Those of its ends.
    pub(crate) ends: &'a [Place],
    /// Those of its arguments.
    pub(crate) arguments: &'a [Place],
}

/// It takes one tensor per end, then its arguments in the order written, and returns one value per unit, shaped
/// as leading axes of its ends, or `[1]`.
pub(crate) fn built(
    (function, arguments): (&Snippet, &[FunctionArgument]),
    places: &Places<'_>,
    scope: &Scope,
    (hypers, config): (&TokenStream, &TokenStream),
) -> Built {
    let holders = (hypers, config);
    let arguments = arguments.iter().enumerate().map(|(index, one)| {
        // What rustc says of it, it says where it is written.
        let place = places.arguments.get(index).copied();
        let place = place.map_or_else(Span::call_site, |place| place.start);
        given((one, index), place, scope, holders)
    });
    Built {
        arguments: arguments.collect(),
        own: Some(Own {
            name: function.to_string(),
            ends: places.ends.iter().map(|place| place.start).collect(),
        }),
        function: scope.tokens(function),
        ..Built::default()
    }
}

/// An argument, by its position among all.
fn given(
    (one, index): (&FunctionArgument, usize),
    place: Span,
    scope: &Scope,
    (hypers, config): (&TokenStream, &TokenStream),
) -> TokenStream {
    match one {
        FunctionArgument::Scalar(Scalar::Hyper(name)) => {
            let ty = scope.hyper(name).map(|hyper| &hyper.ty);
            let holder = match ty {
                Some(HyperType::Float) => hypers,
                _ => config,
            };
            let clone = matches!(ty, Some(HyperType::Other(_))).then(|| quote!(.clone()));
            let field = field_ident(name);
            located(&quote!(#holder.#field #clone), place)
        }
        FunctionArgument::Scalar(Scalar::Learned(_) | Scalar::LearnedFrom(_)) => {
            let variable = learned_variable(&format!("argument_{}", index + 1));
            located(&quote!(#variable), place)
        }
        FunctionArgument::Scalar(Scalar::Number(number)) => {
            let number = number.get();
            quote!(#number)
        }
        FunctionArgument::Scalar(Scalar::Constant(expression))
        | FunctionArgument::Rust(expression) => scope.tokens(expression),
        FunctionArgument::List(items) => {
            let items = items.iter();
            let items = items.map(|item| given((item, index), place, scope, (hypers, config)));
            quote!([#(#items),*])
        }
    }
}

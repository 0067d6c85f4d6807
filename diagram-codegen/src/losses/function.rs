//! A function of the user's as a loss: `losses::cross(lambda)`.

use diagram_core::{Code, Fault};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::value::Own;
use super::{Built, Site, Unit};
use crate::layers::arguments::learned_start;
use crate::lower::scope::{HyperType, LearnedArgument, Placed, field_ident, located};
use crate::syntax::tree::{Loss, Place, Value, ValueKind, bare};

/// It takes one tensor an end, then its arguments in the order written, and returns one value a unit, shaped
/// as leading axes of its ends, or `[1]`.
pub(crate) fn function(written: &Loss, site: &Site<'_>) -> Result<Built, Placed> {
    let path = &written.path.0;
    let arguments = written.arguments.as_deref().unwrap_or_default();
    let unnamed = || {
        let values = arguments.iter().map(|argument| argument.value.to_string());
        values.collect::<Vec<_>>().join(", ")
    };
    let mut learned = Vec::new();
    let arguments = arguments.iter().enumerate().map(|(index, argument)| {
        if let Some(name) = &argument.name {
            // error: `losses::cross` takes its arguments without names, in order [D0106]
            let message = format!(
                "`{}` takes its arguments without names, in order",
                written.path
            );
            let fault = Fault::new(Code::UnknownArgument, message);
            let fault = fault.help(format!("`{}({})`", written.path, unnamed()));
            return Err((Place::of(name.span()), fault));
        }
        if let ValueKind::Learned(number) = &argument.value.kind {
            let scalar = LearnedArgument {
                argument: format!("argument_{}", index + 1),
                start: learned_start(number, argument.value.place)?,
            };
            let variable = scalar.variable();
            learned.push(scalar);
            return Ok(located(&quote!(#variable), argument.value.place.start));
        }
        code(&argument.value, site)
    });
    let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
    let function = path.to_token_stream();
    let first = site.ends.first();
    let units = first.map(|end| end.shape.dims.clone()).unwrap_or_default();
    Ok(Built {
        own: Some(Own {
            name: written.path.to_string(),
            ends: site.ends.iter().map(|end| end.place.start).collect(),
        }),
        learned,
        ..Built::new(function, arguments, Unit::Element, units)
    })
}

/// An argument in Rust: what it is written as, but for hyper-parameters, which are fields.
fn code(value: &Value, site: &Site<'_>) -> Result<TokenStream, Placed> {
    Ok(match &value.kind {
        ValueKind::Number(number) => {
            let literal = &number.literal.0;
            if number.negative {
                quote!(-#literal)
            } else {
                quote!(#literal)
            }
        }
        ValueKind::Name(name) => match site.scope.hyper(&bare(name)) {
            Some(hyper) => {
                let field = field_ident(&hyper.name);
                let holder = match hyper.ty {
                    HyperType::Float => site.hypers,
                    HyperType::Size | HyperType::Bool | HyperType::Other(_) => site.config,
                };
                // What rustc says of it, it says where it is written.
                let clone = matches!(hyper.ty, HyperType::Other(_)).then(|| quote!(.clone()));
                located(&quote!(#holder.#field #clone), value.place.start)
            }
            None => name.to_token_stream(),
        },
        ValueKind::Constant(path) => path.0.to_token_stream(),
        ValueKind::Text(text) => text.0.to_token_stream(),
        ValueKind::Bool(on) => quote!(#on),
        ValueKind::List(values) => {
            let values = values.iter().map(|value| code(value, site));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            quote!([#(#values),*])
        }
        ValueKind::Dim(_) | ValueKind::Definition(_) | ValueKind::Learned(_) => {
            // error: a function takes numbers, names, constants, texts and lists, not `2 * hidden` [D0311]
            let message = format!(
                "a function takes numbers, names, constants, texts and lists, not `{value}`"
            );
            return Err((value.place, Fault::new(Code::ArgumentType, message)));
        }
    })
}

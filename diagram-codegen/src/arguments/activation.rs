//! Activations inside of layers, as they are written: `leaky_relu(negative_slope = 0.2)`.

use diagram_core::{Call, Code, Fault, fault::nearest};
use diagram_layers::activation::names;
use diagram_layers::layers::find;
use proc_macro2::Ident;

use super::read::read as read_arguments;
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree::{Argument, bare};

/// Reads an activation. `inside` are the layer that it is for, and the name of that layer's argument.
///
/// # Errors
///
/// There is none of this name inside of layers, or its arguments are at fault.
pub(super) fn read(
    (layer, argument): (&str, &str),
    name: &Ident,
    written: &[Argument],
    scope: &Scope,
) -> Result<Call, Placed> {
    let (text, place) = (bare(name), Place::of(name.span()));
    let found = find(&text);
    let Some(chosen) = found.filter(|_| names().any(|known| known == text)) else {
        let list: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        let fault = match found {
            // error: `silu` cannot be the `activation` of `transformer_encoder` [D0311]
            Some(_) => Fault::new(
                Code::ArgumentType,
                format!("`{text}` cannot be the `{argument}` of `{layer}`"),
            ),
            // error: there is no activation `rleu` [D0104]
            None => Fault::new(
                Code::UnknownLayer,
                format!("there is no activation `{text}`"),
            ),
        };
        let near = nearest(&text, names()).filter(|_| found.is_none());
        return Err((
            place,
            match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.note(format!("there is {}", list.join(", "))),
            },
        ));
    };
    match read_arguments(chosen.name, chosen.parameters, written, place, scope) {
        Ok(arguments) => Ok(arguments.call),
        Err(faults) => Err(faults.into_iter().next().unwrap_or_else(|| {
            let message = format!("`{argument}` of `{layer}` cannot be read");
            (place, Fault::new(Code::ArgumentType, message))
        })),
    }
}

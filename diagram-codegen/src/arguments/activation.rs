//! Activations inside of layers, as they are written: `leaky_relu(negative_slope = 0.2)`.

use diagram_core::{Call, Code, Fault};
use diagram_layers::activation;
use diagram_layers::arguments as rules;
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
    let Some(chosen) = activation::find(&text) else {
        return Err((place, rules::no_activation(layer, argument, &text)));
    };
    match read_arguments(chosen.name, chosen.parameters, written, place, scope) {
        Ok(arguments) => Ok(arguments.call),
        Err(faults) => Err(faults.into_iter().next().unwrap_or_else(|| {
            let message = format!("`{argument}` of `{layer}` cannot be read");
            (place, Fault::new(Code::ArgumentType, message))
        })),
    }
}

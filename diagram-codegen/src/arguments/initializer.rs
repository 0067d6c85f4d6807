//! Initializers as they are written: `zeros`, `normal(std = 0.02)`.

use diagram_core::{Call, Code, Fault};
use diagram_layers::arguments as rules;
use diagram_layers::initializer;

use super::read::read as read_arguments;
use super::written::named;
use crate::place::Placed;
use crate::scope::Scope;
use crate::syntax::tree::{self, bare};

/// Reads an initializer. `of` is what it initializes.
///
/// # Errors
///
/// There is none of this name, or its arguments are at fault.
pub(super) fn read(of: &str, value: &tree::Value, scope: &Scope) -> Result<Call, Placed> {
    let (name, arguments) = named(value).ok_or_else(|| no_initializer(of, value))?;
    let text = bare(name);
    let Some(initializer) = initializer::find(&text) else {
        let fault = rules::no_initializer(&text);
        return Err((name.span().into(), fault));
    };
    let read = read_arguments(
        initializer.name,
        initializer.parameters,
        arguments,
        value.place,
        scope,
    );
    match read {
        Ok(arguments) => Ok(arguments.call),
        Err(faults) => Err(faults
            .into_iter()
            .next()
            .unwrap_or_else(|| no_initializer(of, value))),
    }
}

// error: `initializer` of `linear` takes an initializer, like `zeros` or `normal(std = 0.02)`, but is given
// `3` [D0311]
fn no_initializer(of: &str, value: &tree::Value) -> Placed {
    let message = format!(
        "`initializer` of `{of}` takes an initializer, like `zeros` or `normal(std = 0.02)`, but is given \
         `{value}`"
    );
    (value.place, Fault::new(Code::ArgumentType, message))
}

//! Initializers as they are written: `zeros`, `normal(std = 0.02)`.

use diagram_core::{Call, Code, Fault, fault::nearest};
use diagram_layers::initializer::{self, INITIALIZERS};

use super::read::read as read_arguments;
use super::value::named;
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
        // error: there is no initializer `zeroes` [D0106]
        let fault = Fault::new(
            Code::UnknownArgument,
            format!("there is no initializer `{text}`"),
        );
        let names = INITIALIZERS.iter().map(|one| one.name);
        let fault = match nearest(&text, names.clone()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => {
                let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                fault.note(format!("there is {}", names.join(", ")))
            }
        };
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

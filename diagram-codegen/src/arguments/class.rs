//! Classes as arguments of losses: whole numbers, or Rust constants of any integer type.

use diagram_core::{Class, Range};
use diagram_layers::Parameter;
use diagram_layers::arguments as rules;

use super::written::{constant, whole, wrong_type};
use crate::place::Placed;
use crate::scope::Scope;
use crate::syntax::tree::{self, ValueKind};

/// As many classes as one likes.
pub(super) fn classes(
    parameter: &Parameter,
    value: &tree::Value,
    range: Range,
    scope: &Scope,
) -> Result<Vec<Class>, Placed> {
    let class = |value: &tree::Value| class(parameter, value, range, scope);
    match &value.kind {
        ValueKind::List(values) => values.iter().map(class).collect(),
        _ => Ok(vec![class(value)?]),
    }
}

fn class(
    parameter: &Parameter,
    value: &tree::Value,
    range: Range,
    scope: &Scope,
) -> Result<Class, Placed> {
    match &value.kind {
        ValueKind::Number(number) => {
            let whole = whole(number).and_then(|class| i64::try_from(class).ok());
            let class = whole.map(|class| if number.negative { -class } else { class });
            let class = class.ok_or_else(|| wrong_type(parameter, value))?;
            if range.holds_whole(class.into()) {
                Ok(Class::Number(class))
            } else {
                Err((value.place, rules::no_class(parameter, number)))
            }
        }
        ValueKind::Constant(path) => Ok(Class::Constant(scope.snippet(path))),
        ValueKind::Name(name) => constant(name)
            .map(|path| Class::Constant(scope.snippet(&path)))
            .ok_or_else(|| wrong_type(parameter, value)),
        // error: `ignore` takes whole numbers or constants, like `0` or `[0, PAD]`, but is given `0.5` [D0311]
        _ => Err(wrong_type(parameter, value)),
    }
}

//! What hyper-parameters give of a call.

use diagram_core::{Call, Limit, Limited, Range, Scalar, Value};

use crate::parameter::Parameter;
use crate::{activation, initializer};

/// What hyper-parameters give of a call, each with the range that its value must be in.
#[must_use]
pub fn limits(parameters: &[Parameter], call: &Call) -> Vec<Limit> {
    let mut limits: Vec<Limit> = Vec::new();
    for argument in &call.arguments {
        let parameter = parameters.iter().find(|one| one.name == argument.name);
        let float = match &argument.value {
            Value::Float(Scalar::Hyper(name)) => Some(Limited::Float(name.clone())),
            _ => None,
        };
        let sizes = argument.value.sizes().into_iter();
        let sizes = sizes.filter(|dim| !dim.symbols().is_empty());
        let sizes = sizes.map(|dim| Limited::Size(dim.clone()));
        let own = float.into_iter().chain(sizes).map(|given| Limit {
            argument: argument.name.clone(),
            given,
            range: parameter.map_or(Range::ANY, |one| one.kind.range()),
        });
        let inner = match &argument.value {
            Value::Call(inner) => limits_inside(inner),
            _ => Vec::new(),
        };
        for limit in own.chain(inner) {
            if !limits.contains(&limit) {
                limits.push(limit);
            }
        }
    }
    limits
}

/// Those of an initializer or an activation.
fn limits_inside(call: &Call) -> Vec<Limit> {
    let initializer = initializer::find(&call.name).map(|one| one.parameters);
    let activation = || activation::find(&call.name).map(|one| one.parameters);
    let parameters = initializer.or_else(activation);
    limits(parameters.unwrap_or_default(), call)
}

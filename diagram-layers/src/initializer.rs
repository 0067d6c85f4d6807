//! How weights are drawn when a model is built: Burn's initializers, under their names in snake case.

use diagram_core::{Call, Code, Fault, Flag, Range, Value, Where, Wrong};

use crate::layers::site::Site;
use crate::parameter::{Parameter, ParameterKind};

/// `initializer`, of the weights of a layer.
pub const PARAMETER: Parameter = Parameter::new(
    "initializer",
    ParameterKind::Initializer,
    "the initializer of the weights",
)
.default("kaiming_uniform");

/// One initializer.
#[derive(Debug)]
pub struct Initializer {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, all of them fields of Burn's variant.
    pub parameters: &'static [Parameter],
    /// Whether it scales with the widths of a layer, which a constant does not have.
    pub scaled: bool,
    /// Whether it is made for tensors of at least two axes.
    pub needs_two_axes: bool,
}

const GAIN: Parameter = float("gain", Range::ANY, "a factor").default("1.0");
const FAN_OUT_ONLY: Parameter = Parameter::new(
    "fan_out_only",
    ParameterKind::Flag,
    "whether the output width scales it, not the input's",
)
.default("false");

/// Every initializer.
pub static INITIALIZERS: [Initializer; 10] = [
    plain("zeros", &[]),
    plain("ones", &[]),
    plain(
        "constant",
        &[float("value", Range::ANY, "the value")
            .positional()
            .required()],
    ),
    plain(
        "uniform",
        &[
            float("min", Range::ANY, "the smallest value").default("0.0"),
            float("max", Range::ANY, "the largest value").default("1.0"),
        ],
    ),
    plain(
        "normal",
        &[
            float("mean", Range::ANY, "the mean").default("0.0"),
            float("std", Range::NOT_NEGATIVE, "the standard deviation").default("1.0"),
        ],
    ),
    // Burn's default gain for layers is 1/√3.
    scaled(
        "kaiming_uniform",
        &[GAIN.default("0.577_350_269_189_625_7"), FAN_OUT_ONLY],
    ),
    scaled("kaiming_normal", &[GAIN, FAN_OUT_ONLY]),
    scaled("xavier_uniform", &[GAIN]),
    scaled("xavier_normal", &[GAIN]),
    Initializer {
        needs_two_axes: true,
        ..plain("orthogonal", &[GAIN])
    },
];

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn plain(name: &'static str, parameters: &'static [Parameter]) -> Initializer {
    Initializer {
        name,
        parameters,
        scaled: false,
        needs_two_axes: false,
    }
}

const fn scaled(name: &'static str, parameters: &'static [Parameter]) -> Initializer {
    Initializer {
        scaled: true,
        ..plain(name, parameters)
    }
}

/// The initializer of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Initializer> {
    INITIALIZERS.iter().find(|one| one.name == name)
}

/// Refuses an initializer that cannot draw the bias of a layer. `bias` says whether it has one by itself.
pub(crate) fn suits(call: &Call, site: &Site<'_>, bias: bool) -> Result<(), Wrong> {
    let none = match call.flag("bias") {
        Some(flag) => *flag == Flag::Literal(false),
        None => !bias,
    };
    if none || !needs_two_axes(call) {
        return Ok(());
    }
    // error: `orthogonal` takes at least two axes, but the bias of `linear` has one [D0305]
    let layer = &call.name;
    let message =
        format!("`orthogonal` takes at least two axes, but the bias of `{layer}` has one");
    let fault = Fault::new(Code::LayerRank, message)
        .note(format!(
            "`initializer` draws the weights and the bias of `{}`",
            site.text
        ))
        .help("`bias = false`");
    Err((Where::argument("initializer"), fault))
}

/// Refuses an initializer that cannot draw the biases of a layer: Burn draws them as it draws weights. `switches` say
/// which it has; without any of these, it always has biases.
pub(crate) fn suits_biases(call: &Call, switches: &[&str]) -> Result<(), Wrong> {
    let off = |name: &&&str| call.switch(name) == Some(false);
    let on: Vec<_> = switches.iter().filter(|name| !off(name)).collect();
    if !needs_two_axes(call) || (on.is_empty() && !switches.is_empty()) {
        return Ok(());
    }
    // error: `orthogonal` takes at least two axes, but the biases of `lstm` have one [D0305]
    let message = format!(
        "`orthogonal` takes at least two axes, but the biases of `{}` have one",
        call.name
    );
    let help = (!on.is_empty()).then(|| {
        let off = |call: Call, name: &&&str| {
            let off = Value::Flag(Flag::Literal(false));
            call.without(name).with(name, off)
        };
        format!("without them: `{}`", on.iter().fold(call.clone(), off))
    });
    let fault = Fault::new(Code::LayerRank, message).maybe_help(help);
    Err((Where::argument("initializer"), fault))
}

/// Whether the initializer of a layer is made for tensors of at least two axes.
fn needs_two_axes(call: &Call) -> bool {
    let drawn = call.call("initializer").and_then(|drawn| find(&drawn.name));
    drawn.is_some_and(|drawn| drawn.needs_two_axes)
}

/// Refuses an initializer that scales with widths, where Burn gives it none.
pub(crate) fn is_unscaled(call: &Call) -> Result<(), Wrong> {
    let layer = format!("`{}`", call.name);
    match call.call("initializer") {
        Some(drawn) => unscaled(drawn, &layer),
        None => Ok(()),
    }
    .map_err(|fault| (Where::argument("initializer"), fault))
}

/// What has no widths takes no initializer that scales with them.
///
/// # Errors
///
/// It does.
pub fn unscaled(drawn: &Call, what: &str) -> Result<(), Fault> {
    let name = &drawn.name;
    if !find(name).is_some_and(|drawn| drawn.scaled) {
        return Ok(());
    }
    // error: `xavier_normal` scales with the widths of a layer, and `embedding` has none [D0311]
    let message = format!("`{name}` scales with the widths of a layer, and {what} has none");
    Err(Fault::new(Code::ArgumentType, message).help("`normal(std = 0.02)`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_a_default() {
        for parameter in INITIALIZERS.iter().flat_map(|one| one.parameters) {
            assert!(parameter.required || !parameter.default.is_empty());
        }
        for one in &INITIALIZERS {
            assert_eq!(find(one.name).map(|found| found.name), Some(one.name));
        }
    }
}

//! What stands on the weights of other layers: the arguments of adapters, of averages and of learned constants.

use diagram_core::{Call, Code, Fault, Range, Shape};

use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

/// What `lora` takes: what Burn's `Lora::new` does, in its order.
pub static ADAPTERS: [Parameter; 3] = [
    Parameter::new("rank", ParameterKind::Size, "the rank of the adapters")
        .positional()
        .required(),
    Parameter::new(
        "alpha",
        ParameterKind::Float(Range::POSITIVE),
        "their scale, times the rank",
    )
    .positional(),
    Parameter::new(
        "quantized",
        ParameterKind::Switch,
        "whether the matrices under them are kept in eight bits",
    ),
];

/// What `ema` takes besides the morphism.
pub static AVERAGE: [Parameter; 1] = [Parameter::new(
    "decay",
    ParameterKind::Float(Range::at_least(0).at_most(1)),
    "the share of the average that stays at a step",
)
.required()];

/// What `parameter` takes.
pub static CONSTANT: [Parameter; 1] = [Parameter::new(
    "initializer",
    ParameterKind::Initializer,
    "the initializer of its values",
)];

/// A learned constant of this name and shape can be drawn by an initializer.
///
/// # Errors
///
/// It cannot: the initializer scales with widths, or takes more axes than there are.
pub fn draws_a_constant(drawn: &Call, name: &str, shape: &Shape) -> Result<(), Fault> {
    initializer::unscaled(drawn, "a constant")?;
    let row = initializer::find(&drawn.name);
    if shape.rank() >= 2 || !row.is_some_and(|row| row.needs_two_axes) {
        return Ok(());
    }
    // error: `orthogonal` takes at least two axes, but `token` has the shape [64] [D0305]
    let message =
        format!("`orthogonal` takes at least two axes, but `{name}` has the shape {shape}");
    Err(Fault::new(Code::LayerRank, message))
}

//! Transformers: encoders, decoders, a layer of each, and `position_wise_feed_forward`.

use diagram_core::cost::product;
use diagram_core::{Call, Cost, Dim, Gives, Product, Range, Shape, Wrong};

use super::attention::{CAUSAL, DROPOUT, HEADS, QUIET_SOFTMAX};
use super::inputs::{Masked, sequences};
use super::layer::{Layer, ShapeRule};
use super::samples::with_further_axes;
use super::site::Site;
use super::{attention, cost};
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

const FEED_FORWARD: Parameter = Parameter::new(
    "d_ff",
    ParameterKind::Size,
    "the width inside of its feed-forward part",
)
.positional()
.required();
const LAYERS_COUNT: Parameter =
    Parameter::new("n_layers", ParameterKind::Size, "the number of its layers")
        .aliases(&["layers", "num_layers"])
        .positional()
        .required();
const NORM_FIRST: Parameter = Parameter::new(
    "norm_first",
    ParameterKind::Switch,
    "whether it normalises before each part, not after it",
)
.default("false");
const ACTIVATION: Parameter = Parameter::new(
    "activation",
    ParameterKind::Activation,
    "the activation of its feed-forward part",
)
.default("gelu");
const EPSILON: Parameter = Parameter::new(
    "layer_norm_eps",
    ParameterKind::Float(Range::NOT_NEGATIVE),
    "the number added to a variance",
)
.default("1e-5");

/// Arguments of a whole encoder or decoder, then of a layer of one.
const WHOLE: &[Parameter] = &[
    FEED_FORWARD,
    HEADS,
    LAYERS_COUNT,
    CAUSAL,
    DROPOUT,
    NORM_FIRST,
    QUIET_SOFTMAX,
    initializer::PARAMETER,
    ACTIVATION,
    EPSILON,
];
const ONE: &[Parameter] = &[
    FEED_FORWARD,
    HEADS,
    CAUSAL,
    DROPOUT,
    NORM_FIRST,
    QUIET_SOFTMAX,
    initializer::PARAMETER,
    ACTIVATION,
    EPSILON,
];

const fn of_sequences(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: ShapeRule,
    rule: &'static str,
) -> Layer {
    Layer::new(name, parameters, shape)
        .of_several()
        .rule(rule)
        .keeping_shape()
        .sample_wise()
        .giving(Gives::Real)
        .with_matrix(whole)
        .drawing_by("dropout")
}

const ENCODES: &str = "Float `[b, s, width]`, and its masks; kept";
const DECODES: &str =
    "a target `[b, q, width]` and its masks, a memory `[b, s, width]` and its masks; as the target";

pub(super) static LAYERS: [Layer; 5] = [
    of_sequences("transformer_encoder", WHOLE, encoder, ENCODES),
    of_sequences("transformer_encoder_layer", ONE, encoder, ENCODES),
    of_sequences("transformer_decoder", WHOLE, decoder, DECODES),
    of_sequences("transformer_decoder_layer", ONE, decoder, DECODES),
    Layer::new(
        "position_wise_feed_forward",
        &[FEED_FORWARD, DROPOUT, initializer::PARAMETER, ACTIVATION],
        position_wise_feed_forward,
    )
    .rule("Float `[.., width]`, kept")
    .keeping_shape()
    .sample_wise_where(with_further_axes)
    .giving(Gives::Real)
    .with_matrix(feed_forward)
    .drawing_by("dropout"),
];

/// Attention, to a memory too in a decoder, a feed-forward part, and a normalisation of each: in every layer.
fn whole(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    let sequences = sequences(site.inputs);
    let Some((sequence, memory)) = sequences.split_first() else {
        return Cost::UNKNOWN;
    };
    let [batch, length, width] = sequence.dims;
    let attends = |keys: &Dim| attention::attends(batch, (length, keys), width, [Some(true); 4]);
    let norm = cost::numbers(product([&Dim::Literal(2), width]));
    let own = attends(length).and(norm.clone());
    let other = memory.first().map_or(Cost::NONE, |memory| {
        attends(memory.dims[1]).and(norm.clone())
    });
    let layer = own
        .and(other)
        .and(feed_forward(call, site, output))
        .and(norm);
    layer.copied(call.size("n_layers").unwrap_or(&Dim::Literal(1)))
}

/// Two linear layers at each position.
fn feed_forward(call: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let (Some((width, leading)), Some(inside)) = (site.input.dims.split_last(), call.size("d_ff"))
    else {
        return Cost::UNKNOWN;
    };
    let positions = product(leading);
    let there = cost::linear(&positions, width, inside, Some(true));
    there.and(cost::linear(&positions, inside, width, Some(true)))
}

/// A sequence that attends to itself, and the masks behind it.
fn encoder(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = call.name.as_str();
    let takes = "one sequence and Bool masks after it";
    let sequences = site.sequences(layer, &[1], takes, |_| None)?;
    let [sequence] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [_, length, width] = sequence.dims;
    sized(call, site, width)?;
    site.takes_masks(layer, sequence, Some(length), "")?;
    Ok(site.input.clone().into())
}

/// A target that attends to itself and to a memory, each with the masks behind it.
fn decoder(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = call.name.as_str();
    let takes = "a target and a memory, and Bool masks after each";
    let memory = |given: &[Masked<'_>]| match given {
        [target] => {
            let [batch, _, width] = target.dims.map(|dim| Some(dim.clone()));
            Some(("memory", [batch, None, width]))
        }
        _ => None,
    };
    let sequences = site.sequences(layer, &[2], takes, memory)?;
    let [target, memory] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [batch, length, width] = target.dims;
    sized(call, site, width)?;
    let [_, remembered, _] = memory.dims;
    let wanted = Shape::float(vec![batch.clone(), remembered.clone(), width.clone()]);
    site.takes_factor(layer, "memory", &wanted, &memory.shape())?;
    site.takes_masks(layer, target, Some(length), " of the target")?;
    site.takes_masks(layer, memory, Some(length), " of the memory")?;
    Ok(site.input.clone().into())
}

/// The width sizes weights, and each head takes a part of it.
fn sized(call: &Call, site: &Site<'_>, width: &Dim) -> Result<(), Wrong> {
    site.sizes_parameter(&call.name, "width", width)?;
    site.divides(call, "n_heads", "width", width)?;
    initializer::suits_biases(call, &[])
}

/// `[…, width]`, at any rank: two linear layers at each position, an activation between them.
fn position_wise_feed_forward(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    site.takes_float(layer)?;
    let Some(width) = site.input.dims.last() else {
        return Err(site.wrong_rank(layer, "[.., width]"));
    };
    site.sizes_parameter(layer, "width", width)?;
    initializer::suits_biases(call, &[])?;
    Ok(site.input.clone().into())
}

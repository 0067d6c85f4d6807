//! Transformers: encoders, decoders, a layer of each, and `position_wise_feed_forward`.

use diagram_core::cost::product;
use diagram_core::{Cost, Dim, Gives, Kind, Product, Range, Shape};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::attention::{CAUSAL, DROPOUT, HEADS, QUIET_SOFTMAX, causal, option, required};
use super::inputs::Masks;
use super::recurrent::biases_are_drawn;
use super::{Built, Layer, Site, attention, cost, initializer};
use crate::lower::scope::Placed;

const FEED_FORWARD: Parameter = Parameter::new(
    "d_ff",
    ParameterKind::Size,
    "the width inside of its feed-forward part",
)
.positional()
.required();
const LAYERS_COUNT: Parameter =
    Parameter::new("n_layers", ParameterKind::Size, "how many layers it has")
        .aliases(&["layers", "num_layers"])
        .positional()
        .required();
const NORM_FIRST: Parameter = Parameter::new(
    "norm_first",
    ParameterKind::Switch,
    "whether it normalises before each part, not behind it",
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
    "what is added to a variance",
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
    build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
    rule: &'static str,
) -> Layer {
    Layer {
        several: true,
        ..Layer::new(name, parameters, build)
            .rule(rule)
            .keeping_shape()
            .giving(Gives::Real)
            .with_weights(whole)
    }
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
    .giving(Gives::Real)
    .with_weights(feed_forward),
];

/// Attention, to a memory too in a decoder, a feed-forward part, and a normalisation of each: in every layer.
fn whole(arguments: &Arguments, site: &Site<'_>, output: &Product) -> Cost {
    let memory = site
        .inputs
        .iter()
        .skip(1)
        .find(|input| input.kind == Kind::Float);
    let [batch, length, width] = &site.input.dims[..] else {
        return Cost::UNKNOWN;
    };
    let attends = |keys: &Dim| attention::attends(batch, (length, keys), width, [Some(true); 4]);
    let norm = cost::numbers(product([&Dim::Literal(2), width]));
    let own = attends(length).and(norm.clone());
    let other = memory.and_then(|memory| memory.dims.get(1));
    let other = other.map_or(Cost::NONE, |keys| attends(keys).and(norm.clone()));
    let layer = own
        .and(other)
        .and(feed_forward(arguments, site, output))
        .and(norm);
    layer.copied(arguments.size("n_layers").unwrap_or(&Dim::Literal(1)))
}

/// Two linear layers at each position.
fn feed_forward(arguments: &Arguments, site: &Site<'_>, _: &Product) -> Cost {
    let (Some((width, leading)), Some(inside)) =
        (site.input.dims.split_last(), arguments.size("d_ff"))
    else {
        return Cost::UNKNOWN;
    };
    let positions = product(leading);
    let there = cost::linear(&positions, width, inside, Some(true));
    there.and(cost::linear(&positions, inside, width, Some(true)))
}

/// A sequence that attends to itself, and the masks behind it.
fn encoder(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let takes = "one sequence and Bool masks behind it";
    let sequences = site.sequences(layer, &[1], takes)?;
    let [sequence] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [_, length, width] = sequence.dims;
    let config = config(arguments, site, width, "TransformerEncoderConfig")?;
    let mut masks = site.masks(layer, sequence, Some(length), "")?;

    let burn = site.burn;
    let hiding = causal(arguments, &sequence.ident, &mut masks, burn);
    let x = &sequence.ident;
    if layer == "transformer_encoder_layer" {
        let (padding, attention) = (
            option(masks.padding.as_ref()),
            option(masks.attention.as_ref()),
        );
        let ty = quote!(#burn::nn::transformer::TransformerEncoderLayer);
        return Ok(Built {
            forward: Some(quote!({
                #hiding
                layer.forward(#x, #padding, #attention)
            })),
            ..Built::module(
                site.input.clone(),
                ty.clone(),
                quote!(#ty::new(&#config, device)),
            )
        });
    }
    let set_masks = masks.setters("mask_pad", "mask_attn");
    Ok(Built {
        forward: Some(quote!({
            #hiding
            let input = #burn::nn::transformer::TransformerEncoderInput::new(#x) #set_masks;
            layer.forward(input)
        })),
        ..Built::module(
            site.input.clone(),
            quote!(#burn::nn::transformer::TransformerEncoder),
            quote!(#config.init(device)),
        )
    })
}

/// A target that attends to itself and to a memory, each with the masks behind it.
///
/// Burn's layer alone gives what cannot be read from outside of its crate, so ours is a decoder of one.
fn decoder(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let takes = "a target and a memory, and Bool masks behind each";
    let sequences = site.sequences(layer, &[2], takes)?;
    let [target, memory] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [batch, length, width] = target.dims;
    let config = config(arguments, site, width, "TransformerDecoderConfig")?;
    let [_, remembered, _] = memory.dims;
    let wanted = Shape::float(vec![batch.clone(), remembered.clone(), width.clone()]);
    let given = Shape::float(memory.dims.map(Dim::clone).to_vec());
    site.takes_factor(layer, "memory", &wanted, &given)?;
    let mut target_masks = site.masks(layer, target, Some(length), " of the target")?;
    let memory_masks: Masks = site.masks(layer, memory, Some(length), " of the memory")?;

    let burn = site.burn;
    let hiding = causal(arguments, &target.ident, &mut target_masks, burn);
    let set_target = target_masks.setters("target_mask_pad", "target_mask_attn");
    let set_memory = memory_masks.setters("memory_mask_pad", "memory_mask_attn");
    let (x, memory) = (&target.ident, &memory.ident);
    Ok(Built {
        forward: Some(quote!({
            #hiding
            let input = #burn::nn::transformer::TransformerDecoderInput::new(#x, #memory)
                #set_target #set_memory;
            layer.forward(input)
        })),
        ..Built::module(
            site.input.clone(),
            quote!(#burn::nn::transformer::TransformerDecoder),
            quote!(#config.init(device)),
        )
    })
}

/// Burn's configuration of an encoder or decoder; a layer is one of one layer.
fn config(
    arguments: &Arguments,
    site: &Site<'_>,
    width: &Dim,
    ty: &str,
) -> Result<TokenStream, Placed> {
    site.sizes_parameter(arguments.of(), "width", width)?;
    site.divides(arguments, "n_heads", "width", width)?;
    biases_are_drawn(arguments, &[], site)?;
    let (burn, config) = (site.burn, format_ident!("{ty}"));
    let width = site.size(width);
    let inside = required(arguments, site, "d_ff")?;
    let heads = required(arguments, site, "n_heads")?;
    let layers = match arguments.size("n_layers") {
        Some(layers) => site.size(layers),
        None => quote!(1usize),
    };
    let set = arguments.setters(&["dropout", "norm_first", "quiet_softmax", "layer_norm_eps"]);
    let set_enums = arguments.enum_setters(&["initializer", "activation"], burn);
    Ok(quote!(
        #burn::nn::transformer::#config::new(#width, #inside, #heads, #layers) #set #set_enums
    ))
}

/// `[…, width]`, at any rank: two linear layers at each position, an activation between them.
fn position_wise_feed_forward(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    site.takes_float(layer)?;
    let Some(width) = site.input.dims.last() else {
        return Err(site.wrong_rank(layer, "[.., width]"));
    };
    site.sizes_parameter(layer, "width", width)?;
    biases_are_drawn(arguments, &[], site)?;
    let burn = site.burn;
    let width = site.size(width);
    let inside = required(arguments, site, "d_ff")?;
    let set = arguments.setters(&["dropout"]);
    let set_enums = arguments.enum_setters(&["initializer", "activation"], burn);
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::transformer::PositionWiseFeedForward),
        quote!(
            #burn::nn::transformer::PositionWiseFeedForwardConfig::new(#width, #inside)
                #set #set_enums.init(device)
        ),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn the_width_follows_from_the_sequence() {
        let encoder = Bench::new(
            "transformer_encoder",
            "128, heads = 4, layers = 2, norm_first = true",
        );
        assert_eq!(
            encoder.shape("[batch, seq, 64] * Bool[batch, seq]"),
            "[batch, seq, 64]"
        );
        assert_eq!(
            encoder.init("[batch, seq, 64]"),
            "burn :: nn :: transformer :: TransformerEncoderConfig :: new (64 , 128 , 4 , 2) . \
             with_norm_first (true) . init (device)"
        );
        assert_eq!(
            Bench::new("transformer_encoder_layer", "128, 4").init("[batch, seq, 64]"),
            "burn :: nn :: transformer :: TransformerEncoderLayer :: new (& burn :: nn :: transformer :: \
             TransformerEncoderConfig :: new (64 , 128 , 4 , 1usize) , device)"
        );
    }

    #[test]
    fn masks_stand_behind_what_they_are_of() {
        let decoder = Bench::new("transformer_decoder", "128, 4, 2");
        let given = "[batch, seq, 64] * Bool[batch, seq] * [batch, 9, 64] * Bool[batch, 9] * \
                     Bool[batch, seq, 9]";
        assert_eq!(decoder.shape(given), "[batch, seq, 64]");
        assert_eq!(
            decoder.forward(given).as_deref(),
            Some(
                "{ let input = burn :: nn :: transformer :: TransformerDecoderInput :: new (x , x2) . \
                 target_mask_pad (x1) . memory_mask_pad (x3) . memory_mask_attn (x4) ; layer . forward \
                 (input) }"
            )
        );
    }

    #[test]
    fn their_faults() {
        let decoder = |input| Bench::new("transformer_decoder", "128, 4, 2").fault(input);
        assert_eq!(
            decoder("[batch, seq, 64]"),
            "`transformer_decoder` takes a target and a memory, and Bool masks behind each, but is given 1: \
             [batch, seq, 64] [D0318]"
        );
        assert_eq!(
            decoder("[batch, seq, 64] * [batch, 9, 32]"),
            "`transformer_decoder` takes [batch, 9, 64] as its memory: axis 2 is 64, but it is given 32 \
             [D0301]\n\n\
             \u{20}        = note: it is given [batch, seq, 64] * [batch, 9, 32]"
        );
        assert!(
            decoder("[batch, 7, 64] * [batch, 9, 64] * Bool[batch, 7]").starts_with(
                "`transformer_decoder` takes Bool[batch, 9] as its padding mask of the memory: axis 1 is 9, but \
                 it is given 7 [D0301]"
            )
        );
        assert_eq!(
            Bench::new("transformer_encoder", "128, 4, 2, initializer = orthogonal")
                .fault("[batch, seq, 64]"),
            "`orthogonal` takes at least two axes, but the biases of `transformer_encoder` have one [D0305]"
        );
        assert_eq!(
            Bench::new("transformer_encoder", "128, 4").fault("[batch, seq, 64]"),
            "`transformer_encoder` needs `n_layers`, how many layers it has [D0310]"
        );
        for arguments in ["d_model = 64, 128, 4, 2", "64, 128, 4, 2"] {
            let fault = Bench::new("transformer_encoder", arguments).fault("[batch, seq, 64]");
            let note = "note: the sizes of what it is given follow from what stands before it";
            assert!(fault.contains(note), "{fault}");
        }
        assert_eq!(
            Bench::new("transformer_encoder", "128, 4, 2").fault("Int[batch, seq]"),
            "`transformer_encoder` takes Float, but is given Int[batch, seq] [D0304]\n\n\
             \u{20}        = note: `embedding` gives a vector of Float for each Int"
        );
    }
}

//! The code of transformers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::inputs::{option, sequences};
use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 5] = [
    ("transformer_encoder", encoder),
    ("transformer_encoder_layer", encoder_layer),
    ("transformer_decoder", decoder),
    ("transformer_decoder_layer", decoder),
    ("position_wise_feed_forward", position_wise_feed_forward),
];

/// A sequence that attends to itself, and its masks.
fn encoder(at: &At<'_>) -> Built {
    let mut sequences = sequences(at);
    let [sequence] = sequences.as_mut_slice() else {
        return Built::default();
    };
    let burn = at.burn;
    let hiding = sequence.hide_later(at);
    let set_masks = sequence.set_masks("mask_pad", "mask_attn");
    let (x, config) = (&sequence.tensor, config(at, "TransformerEncoderConfig"));
    Built {
        forward: Some(quote!({
            #hiding
            let input = #burn::nn::transformer::TransformerEncoderInput::new(#x) #set_masks;
            layer.forward(input)
        })),
        ..Built::module(
            quote!(#burn::nn::transformer::TransformerEncoder),
            quote!(#config.init(device)),
        )
    }
}

/// The same of one layer, whose module takes the masks as they are.
fn encoder_layer(at: &At<'_>) -> Built {
    let mut sequences = sequences(at);
    let [sequence] = sequences.as_mut_slice() else {
        return Built::default();
    };
    let burn = at.burn;
    let hiding = sequence.hide_later(at);
    let [padding, attention] =
        [&sequence.padding, &sequence.attention].map(|mask| option(mask.as_ref()));
    let (x, config) = (&sequence.tensor, config(at, "TransformerEncoderConfig"));
    let ty = quote!(#burn::nn::transformer::TransformerEncoderLayer);
    Built {
        forward: Some(quote!({
            #hiding
            layer.forward(#x, #padding, #attention)
        })),
        ..Built::module(ty.clone(), quote!(#ty::new(&#config, device)))
    }
}

/// A target that attends to itself and to a memory, each with its masks.
///
/// Burn's layer alone gives what cannot be read from outside of its crate, so ours is a decoder of one.
fn decoder(at: &At<'_>) -> Built {
    let mut sequences = sequences(at);
    let [target, memory] = sequences.as_mut_slice() else {
        return Built::default();
    };
    let burn = at.burn;
    let hiding = target.hide_later(at);
    let set_target = target.set_masks("target_mask_pad", "target_mask_attn");
    let set_memory = memory.set_masks("memory_mask_pad", "memory_mask_attn");
    let (x, memory) = (&target.tensor, &memory.tensor);
    let config = config(at, "TransformerDecoderConfig");
    Built {
        forward: Some(quote!({
            #hiding
            let input = #burn::nn::transformer::TransformerDecoderInput::new(#x, #memory)
                #set_target #set_memory;
            layer.forward(input)
        })),
        ..Built::module(
            quote!(#burn::nn::transformer::TransformerDecoder),
            quote!(#config.init(device)),
        )
    }
}

/// Burn's configuration of an encoder or decoder; a layer is one of one layer.
fn config(at: &At<'_>, ty: &str) -> TokenStream {
    let (burn, config) = (at.burn, format_ident!("{ty}"));
    let (width, inside) = (at.maybe_size(at.input().last()), at.size_of("d_ff"));
    let heads = at.size_of("n_heads");
    let layers = at.call.size("n_layers").map(|layers| at.size(layers));
    let layers = layers.unwrap_or_else(|| quote!(1usize));
    let set = at.setters(&["dropout", "norm_first", "quiet_softmax", "layer_norm_eps"]);
    let (drawn, activation) = (at.set_initializer(), at.set_activations(&["activation"]));
    quote!(
        #burn::nn::transformer::#config::new(#width, #inside, #heads, #layers)
            #set #drawn #activation
    )
}

/// Two linear layers at each position, an activation between them.
fn position_wise_feed_forward(at: &At<'_>) -> Built {
    let (burn, width) = (at.burn, at.maybe_size(at.input().last()));
    let (inside, set) = (at.size_of("d_ff"), at.setters(&["dropout"]));
    let (drawn, activation) = (at.set_initializer(), at.set_activations(&["activation"]));
    Built::module(
        quote!(#burn::nn::transformer::PositionWiseFeedForward),
        quote!(
            #burn::nn::transformer::PositionWiseFeedForwardConfig::new(#width, #inside)
                #set #drawn #activation.init(device)
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
            "`transformer_decoder` takes a target and a memory, and Bool masks after each, but is given 1: \
             [batch, seq, 64] [D0318]\n\n\
             \u{20}        = note: `transformer_decoder(128, 4, 2)` lacks its memory: [batch, _, 64], where `_` is any extent"
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
            "`transformer_encoder` needs `n_layers`, the number of its layers [D0310]"
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

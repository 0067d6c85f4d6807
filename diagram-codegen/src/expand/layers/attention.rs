//! The code of attention.

use quote::quote;

use super::inputs::{option, sequences};
use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 2] = [
    ("multi_head_attention", multi_head_attention),
    ("cross_attention", cross_attention),
];

const SETTINGS: [&str; 3] = ["dropout", "min_float", "quiet_softmax"];

/// One sequence, or query, key and value; the masks stand behind the last.
fn multi_head_attention(at: &At<'_>) -> Built {
    let mut sequences = sequences(at);
    let Some(masked) = sequences.last_mut() else {
        return Built::default();
    };
    let burn = at.burn;
    let hiding = masked.hide_later(at);
    let set_masks = masked.set_masks("mask_pad", "mask_attn");
    let tensors = sequences.iter().map(|sequence| &sequence.tensor);
    let input = if sequences.len() == 1 {
        quote!(self_attn(#(#tensors),*))
    } else {
        quote!(new(#(#tensors),*))
    };
    let (width, heads) = (at.maybe_size(at.input().last()), at.size_of("n_heads"));
    let set = at.setters(&SETTINGS);
    let set_biases = at.setters(&["query_bias", "key_bias", "value_bias", "output_bias"]);
    let drawn = at.set_initializer();
    Built {
        forward: Some(quote!({
            #hiding
            let input = #burn::nn::attention::MhaInput::#input #set_masks;
            layer.forward(input).context
        })),
        ..Built::module(
            quote!(#burn::nn::attention::MultiHeadAttention),
            quote!(
                #burn::nn::attention::MultiHeadAttentionConfig::new(#width, #heads)
                    #set #set_biases #drawn.init(device)
            ),
        )
    }
}

/// A query and a context, and the context's mask of padding.
fn cross_attention(at: &At<'_>) -> Built {
    let sequences = sequences(at);
    let [query, context] = sequences.as_slice() else {
        return Built::default();
    };
    let burn = at.burn;
    let mask = option(context.padding.as_ref());
    let [query, context] = [query, context].map(|sequence| &sequence.tensor);
    let width = at.maybe_size(at.input().last());
    let of_context = at.maybe_size(at.inputs.get(1).and_then(|context| context.dims.last()));
    let sizes = ["n_heads", "n_heads_kv", "d_head"].map(|name| at.size_of(name));
    let set = at.setters(&SETTINGS);
    Built {
        forward: Some(quote!(layer.forward(#query, #context, #mask))),
        ..Built::module(
            quote!(#burn::nn::attention::CrossAttention),
            quote!(
                #burn::nn::attention::CrossAttentionConfig::new(#width, #of_context, #(#sizes),*)
                    #set.init(device)
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn one_sequence_attends_to_itself() {
        let bench = Bench::new("multi_head_attention", "4");
        assert_eq!(bench.shape("[batch, seq, 64]"), "[batch, seq, 64]");
        assert_eq!(
            bench.init("[batch, seq, 64]"),
            "burn :: nn :: attention :: MultiHeadAttentionConfig :: new (64 , 4) . init (device)"
        );
        let masked = "[batch, seq, 64] * Bool[batch, seq, seq] * Bool[batch, seq]";
        assert_eq!(
            bench.forward(masked).as_deref(),
            Some(
                "{ let input = burn :: nn :: attention :: MhaInput :: self_attn (x) . mask_pad (x2) . \
                 mask_attn (x1) ; layer . forward (input) . context }"
            )
        );
        let causal = Bench::new("multi_head_attention", "4, causal = true").forward(masked);
        assert_eq!(
            causal.as_deref(),
            Some(
                "{ let [batch , steps , _] = x . dims () ; let later = burn :: nn :: attention :: \
                 generate_autoregressive_mask (batch , steps , & x . device () ,) . bool_or (x1) ; let input \
                 = burn :: nn :: attention :: MhaInput :: self_attn (x) . mask_pad (x2) . mask_attn (later) ; \
                 layer . forward (input) . context }"
            )
        );
    }

    #[test]
    fn or_to_others() {
        let bench = Bench::new("multi_head_attention", "heads = 4");
        let others = "[batch, 3, 64] * [batch, seq, 64] * [batch, seq, 64] * Bool[batch, 3, seq]";
        assert_eq!(bench.shape(others), "[batch, 3, 64]");
        let cross = Bench::new("cross_attention", "4, 2, 16");
        let context = "[batch, 3, 64] * [batch, seq, 8] * Bool[batch, seq]";
        assert_eq!(cross.shape(context), "[batch, 3, 64]");
        assert_eq!(
            cross.init(context),
            "burn :: nn :: attention :: CrossAttentionConfig :: new (64 , 8 , 4 , 2 , 16) . init (device)"
        );
    }

    #[test]
    fn a_context_is_missing() {
        assert_eq!(
            Bench::new("cross_attention", "4, 4, 16").fault("[batch, seq, 64]"),
            "`cross_attention` takes a query and a context, and a Bool mask after the context, but is given 1: \
             [batch, seq, 64] [D0318]\n\n\
             \u{20}        = note: `cross_attention(4, 4, 16)` lacks its context: [batch, _, _], where `_` is any extent"
        );
    }

    #[test]
    fn their_faults() {
        let heads = |heads, input| Bench::new("multi_head_attention", heads).fault(input);
        assert_eq!(
            heads("3", "[batch, seq, 64]"),
            "`n_heads` of `multi_head_attention` is 3, which does not divide its width, 64 [D0309]"
        );
        assert!(
            heads("4", "[batch, seq, hidden]")
                .ends_with("state that it does: `where hidden % 4 == 0;`")
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, 3, 64]"),
            "`multi_head_attention` takes one sequence, or query, key and value, and Bool masks after them, \
             but is given 2: [batch, seq, 64] * [batch, 3, 64] [D0318]\n\n\
             \u{20}        = note: `multi_head_attention(4)` lacks its value: [batch, 3, 64]"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, 3, 64] * [batch, seq, 64]"),
            "`multi_head_attention` takes [batch, 3, 64] as its value: axis 1 is 3, but it is given `seq` \
             [D0301]\n\n\
             \u{20}        = note: they differ at `seq` = 1\n\
             \u{20}        = note: it is given [batch, seq, 64] * [batch, 3, 64] * [batch, seq, 64]"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * [batch, seq]"),
            "`multi_head_attention` takes masks of kind Bool, but is given Float[batch, seq] [D0304]\n\n\
             \u{20}        = note: `true` is where nothing attends to"
        );
        assert_eq!(
            heads("4", "[batch, seq, 64] * Bool[batch]"),
            "`multi_head_attention` takes Bool[batch, seq] or Bool[batch, seq, seq] as a mask, but is given \
             Bool[batch] [D0302]"
        );
        assert_eq!(
            heads(
                "4",
                "[batch, seq, 64] * Bool[batch, seq] * Bool[batch, seq]"
            ),
            "`multi_head_attention` takes one padding mask, but is given 3: [batch, seq, 64] * Bool[batch, \
             seq] * Bool[batch, seq] [D0318]"
        );
        let others = "[batch, 3, 64] * [batch, seq, 64] * [batch, seq, 64]";
        assert!(heads("4, causal = true", others).starts_with(
            "`multi_head_attention` takes one sequence with `causal = true`, but is given 3: "
        ));
        assert!(
            heads(
                "4",
                "[batch, 3, 64] * Bool[batch, 3] * [batch, seq, 64] * [batch, seq, 64]"
            )
            .starts_with("`multi_head_attention` takes its masks after query, key and value, but")
        );
        assert_eq!(
            Bench::new("cross_attention", "8, 3, 4").fault("[batch, 3, 64] * [batch, seq, 8]"),
            "`n_heads_kv` of `cross_attention` is 3, which does not divide its heads, 8 [D0309]"
        );
        assert_eq!(
            Bench::new("cross_attention", "8, 2, 4").fault("[batch, 3, 64] * [batch, 8]"),
            "`cross_attention` takes [batch, sequence, width], but is given [batch, 8] [D0305]\n\n\
             \u{20}        = note: it is given [batch, 3, 64] * [batch, 8]"
        );
        let mask = "[batch, 3, 64] * [batch, seq, 8] * Bool[batch, 3, seq]";
        assert_eq!(
            Bench::new("cross_attention", "8, 2, 4").fault(mask),
            "`cross_attention` takes Bool[batch, seq] as a mask, but is given Bool[batch, 3, seq] [D0302]"
        );
    }
}

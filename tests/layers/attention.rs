//! Attention, to itself and to others, with masks of which one is now and then too long, and encodings of
//! positions.

use burn::nn::attention::{
    CrossAttentionConfig, MhaInput, MultiHeadAttentionConfig, generate_autoregressive_mask,
};
use burn::nn::{PositionalEncodingConfig, RotaryEncodingConfig};
use diagram_core::{Code, Kind};
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, extents, falses, layers, zeros};

layers! {
    /// Extents: batch, queries, width, keys, and the keys of the masks.
    fn multi_head_attention(
        sizes in proptest::collection::vec(1..6usize, 4),
        heads in 1..4usize,
        wrong in 0..6usize,
        (to_others, padding, attention, causal) in (ANY, ANY, ANY, ANY),
    ) {
        let causal = causal && !to_others;
        let keys = if to_others { 3 } else { 1 };
        let wrong = wrong == 0 && (padding || attention);
        let masked = if wrong { 4 } else { keys };
        let extents = [sizes.clone(), vec![sizes[keys] + 1]].concat();
        let of = |axes: &[usize]| axes.iter().map(|axis| extents[*axis]).collect::<Vec<_>>();
        let (query, key) = (of(&[0, 1, 2]), of(&[0, keys, 2]));
        let (pad, attn) = (of(&[0, masked]), of(&[0, 1, masked]));
        let (key_axes, pad_axes, attn_axes) = ([0, keys, 2], [0, masked], [0, 1, masked]);
        let mut factors: Vec<(Kind, &[usize])> = vec![(Kind::Float, &[0, 1, 2])];
        if to_others {
            factors.extend([(Kind::Float, &key_axes[..]); 2]);
        }
        factors.extend(padding.then_some((Kind::Bool, &pad_axes[..])));
        factors.extend(attention.then_some((Kind::Bool, &attn_axes[..])));
        let text = format!("multi_head_attention({heads}, causal = {causal})");
        Case::several(text, &extents, &factors, move || {
            let layer = MultiHeadAttentionConfig::new(query[2], heads).init(&device()).counted();
            let mut input = if to_others {
                MhaInput::new(zeros(&query), zeros(&key), zeros(&key))
            } else {
                MhaInput::self_attn(zeros(&query))
            };
            if padding {
                input = input.mask_pad(falses(&pad));
            }
            if attention {
                input = input.mask_attn(falses(&attn));
            } else if causal {
                input = input.mask_attn(generate_autoregressive_mask(query[0], query[1], &device()));
            }
            vec![layer.forward(input).context.dims().to_vec()]
        })
        .refused_where(wrong && query_divides(&sizes, heads), Code::AxisMismatch)
    }

    /// Extents: batch, queries, width, keys, the context's width, and the keys of the mask.
    fn cross_attention(
        sizes in proptest::collection::vec(1..5usize, 5),
        (heads, heads_kv, head) in (1..5usize, 1..3usize, 1..4usize),
        (masked, wrong) in (ANY, 0..6usize),
    ) {
        let wrong = masked && wrong == 0;
        let extents = [sizes.clone(), vec![sizes[3] + 1]].concat();
        let keys = if wrong { 5 } else { 3 };
        let mask = [0, keys];
        let mut factors: Vec<(Kind, &[usize])> =
            vec![(Kind::Float, &[0, 1, 2]), (Kind::Float, &[0, 3, 4])];
        factors.extend(masked.then_some((Kind::Bool, &mask[..])));
        let text = format!("cross_attention({heads}, {heads_kv}, {head})");
        let (query, context) = (sizes[..3].to_vec(), vec![sizes[0], sizes[3], sizes[4]]);
        let mask = vec![sizes[0], extents[keys]];
        Case::several(text, &extents, &factors, move || {
            let config = CrossAttentionConfig::new(query[2], context[2], heads, heads_kv, head);
            let mask = masked.then(|| falses(&mask));
            let layer = config.init(&device()).counted();
            vec![layer.forward(zeros(&query), zeros(&context), mask).dims().to_vec()]
        })
        .refused_where(wrong && heads % heads_kv == 0, Code::AxisMismatch)
    }

    fn positional_encoding(input in extents(3, 3, 7), longest in 1..9usize, scale in 6..9usize) {
        let shape = input.clone();
        let text = format!("positional_encoding(max_sequence_size = {longest}, max_timescale = {scale})");
        Case::new(text, &input, move || {
            let config = PositionalEncodingConfig::new(shape[2])
                .with_max_sequence_size(longest)
                .with_max_timescale(scale);
            config.init(&device()).counted().forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    /// Burn takes a table of one position for all of them.
    fn rotary_encoding(input in extents(1, 4, 7), longest in 1..9usize) {
        let shape = input.clone();
        Case::new(format!("rotary_encoding({longest}, theta = 100)"), &input, move || {
            let width = shape.last().copied().unwrap_or_default();
            let config = RotaryEncodingConfig::new(longest, width).with_theta(100.0);
            let layer = config.init(&device()).counted();
            match shape.len() {
                1 => panic!("Burn reads the axis before the last"),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                3 => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<4>(&shape)).dims().to_vec(),
            }
        })
        .refused_where(longest == 1 && input.iter().rev().nth(1) > Some(&1), Code::ArgumentRange)
    }
}

fn query_divides(sizes: &[usize], heads: usize) -> bool {
    sizes[2].is_multiple_of(heads)
}

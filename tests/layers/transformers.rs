//! Encoders and decoders, and what they are made of, with masks of which one is now and then too long.

use burn::nn::attention::generate_autoregressive_mask;
use burn::nn::transformer::{
    PositionWiseFeedForwardConfig, TransformerDecoderConfig, TransformerDecoderInput,
    TransformerEncoderConfig, TransformerEncoderInput, TransformerEncoderLayer,
};
use burn::tensor::{Bool, Tensor};
use diagram_core::{Code, Kind};
use proptest::bool::ANY;
use proptest::strategy::Strategy;

use crate::harness::{Case, Counted, device, extents, falses, layers, zeros};

/// What is drawn for each.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Debug)]
struct Drawn {
    /// Batch, length, width, the length of a memory, and one that is neither.
    extents: Vec<usize>,
    inside: usize,
    heads: usize,
    layers: usize,
    padding: bool,
    attention: bool,
    causal: bool,
    norm_first: bool,
    /// Whether the masks are too long.
    wrong: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let sizes = proptest::collection::vec(1..6usize, 4);
    let counts = (1..4usize, 1..4usize, 1..3usize, 0..6usize);
    (sizes, counts, (ANY, ANY, ANY, ANY)).prop_map(|(sizes, counts, switches)| {
        let (inside, heads, layers, wrong) = counts;
        let (padding, attention, causal, norm_first) = switches;
        let other = vec![sizes[1].max(sizes[3]) + 1];
        Drawn {
            extents: [sizes, other].concat(),
            inside,
            heads,
            layers,
            padding,
            attention,
            causal,
            norm_first,
            wrong: wrong == 0 && (padding || attention),
        }
    })
}

impl Drawn {
    fn case(
        &self,
        layer: &str,
        decoder: bool,
        burn: impl FnOnce(&Drawn) -> Vec<usize> + 'static,
    ) -> Case {
        let Drawn {
            inside,
            heads,
            causal,
            norm_first,
            ..
        } = self;
        let layers = if layer.ends_with("_layer") {
            String::new()
        } else {
            format!(", {}", self.layers)
        };
        let text = format!(
            "{layer}({inside}, {heads}{layers}, causal = {causal}, norm_first = {norm_first})"
        );
        let (pad, attn) = self.mask_axes(1);
        let (memory_pad, memory_attn) = self.mask_axes(3);
        let mut factors: Vec<(Kind, &[usize])> = vec![(Kind::Float, &[0, 1, 2])];
        factors.extend(self.padding.then_some((Kind::Bool, &pad[..])));
        factors.extend(self.attention.then_some((Kind::Bool, &attn[..])));
        if decoder {
            factors.push((Kind::Float, &[0, 3, 2]));
            factors.extend(self.attention.then_some((Kind::Bool, &memory_attn[..])));
            factors.extend(self.padding.then_some((Kind::Bool, &memory_pad[..])));
        }
        let refused = self.wrong && self.extents[2].is_multiple_of(*heads);
        let drawn = self.clone();
        Case::several(text, &self.extents, &factors, move || vec![burn(&drawn)])
            .refused_where(refused, Code::AxisMismatch)
    }

    fn mask_axes(&self, keys: usize) -> ([usize; 2], [usize; 3]) {
        let keys = if self.wrong { 4 } else { keys };
        ([0, keys], [0, 1, keys])
    }

    fn of(&self, axes: &[usize]) -> Vec<usize> {
        axes.iter().map(|axis| self.extents[*axis]).collect()
    }

    fn padding(&self, keys: usize) -> Option<Tensor<2, Bool>> {
        let axes = self.mask_axes(keys).0;
        self.padding.then(|| falses(&self.of(&axes)))
    }

    fn attention(&self, keys: usize) -> Option<Tensor<3, Bool>> {
        let axes = self.mask_axes(keys).1;
        let later = || generate_autoregressive_mask(self.extents[0], self.extents[1], &device());
        let causal = (self.causal && keys == 1).then(later);
        let given = self.attention.then(|| falses(&self.of(&axes)));
        given.or(causal)
    }

    fn encoder(&self, layers: usize) -> TransformerEncoderConfig {
        TransformerEncoderConfig::new(self.extents[2], self.inside, self.heads, layers)
            .with_norm_first(self.norm_first)
    }

    fn decoder(&self, layers: usize) -> Vec<usize> {
        let config =
            TransformerDecoderConfig::new(self.extents[2], self.inside, self.heads, layers)
                .with_norm_first(self.norm_first);
        let target = zeros(&self.of(&[0, 1, 2]));
        let mut input = TransformerDecoderInput::new(target, zeros(&self.of(&[0, 3, 2])));
        if let Some(mask) = self.padding(1) {
            input = input.target_mask_pad(mask);
        }
        if let Some(mask) = self.attention(1) {
            input = input.target_mask_attn(mask);
        }
        if let Some(mask) = self.padding(3) {
            input = input.memory_mask_pad(mask);
        }
        if let Some(mask) = self.attention(3) {
            input = input.memory_mask_attn(mask);
        }
        config
            .init(&device())
            .counted()
            .forward(input)
            .dims()
            .to_vec()
    }
}

layers! {
    fn transformer_encoder(drawn in drawn()) {
        drawn.case("transformer_encoder", false, |drawn| {
            let mut input = TransformerEncoderInput::new(zeros(&drawn.of(&[0, 1, 2])));
            if let Some(mask) = drawn.padding(1) {
                input = input.mask_pad(mask);
            }
            if let Some(mask) = drawn.attention(1) {
                input = input.mask_attn(mask);
            }
            drawn.encoder(drawn.layers).init(&device()).counted().forward(input).dims().to_vec()
        })
    }

    fn transformer_encoder_layer(drawn in drawn()) {
        drawn.case("transformer_encoder_layer", false, |drawn| {
            let layer = TransformerEncoderLayer::new(&drawn.encoder(1), &device()).counted();
            let input = zeros(&drawn.of(&[0, 1, 2]));
            layer.forward(input, drawn.padding(1), drawn.attention(1)).dims().to_vec()
        })
    }

    fn transformer_decoder(drawn in drawn()) {
        drawn.case("transformer_decoder", true, |drawn| drawn.decoder(drawn.layers))
    }

    /// Ours is a decoder of one layer: what Burn's layer gives cannot be read.
    fn transformer_decoder_layer(drawn in drawn()) {
        drawn.case("transformer_decoder_layer", true, |drawn| drawn.decoder(1))
    }

    fn position_wise_feed_forward(input in extents(1, 3, 6), inside in 1..5usize) {
        let shape = input.clone();
        Case::new(format!("position_wise_feed_forward({inside})"), &input, move || {
            let width = shape.last().copied().unwrap_or_default();
            let layer = PositionWiseFeedForwardConfig::new(width, inside).init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
            }
        })
    }
}

//! The layers of the language: one file per family, one [`Layer`] per layer.
//!
//! A row holds a layer's arguments, its shape rule, its cost and its facts. Nothing else in the pipeline knows a
//! layer by name, except the table of Burn code in `diagram-codegen`.

mod activation;
mod activation_config;
mod adaptive;
mod attention;
pub mod chain;
mod convolution;
mod cost;
mod deformable;
mod dense;
mod distance;
mod embedding;
mod inputs;
mod interpolation;
mod join;
mod layer;
mod narrow;
mod norm;
pub mod open;
mod patches;
mod pooling;
mod position;
mod recurrent;
mod reduction;
mod regularisation;
mod reshape;
mod samples;
mod shape;
pub(crate) mod site;
pub mod spelling;
mod split;
mod transformer;
mod transposed;
mod typed;
mod window;

pub use inputs::{Masked, sequences};
pub use interpolation::burn_scale;
pub use layer::{CostOf, Layer, ShapeRule};
pub use samples::SampleWise;
pub use shape::squeezed;
pub use site::{Open, Site, dynamic_parameter};

/// Layers that belong together, under a title.
#[derive(Debug)]
pub struct Family {
    /// What they are, in the plural: "Convolutions".
    pub title: &'static str,
    /// The layers.
    pub layers: &'static [Layer],
}

/// Every layer, by family.
pub static FAMILIES: [Family; 24] = [
    family("Dense layers", &dense::LAYERS),
    family("Embeddings", &embedding::LAYERS),
    family("Convolutions", &convolution::LAYERS),
    family("Transposed convolutions", &transposed::LAYERS),
    family("Deformable convolutions", &deformable::LAYERS),
    family("Poolings", &pooling::LAYERS),
    family("Poolings to a size", &adaptive::LAYERS),
    family("Interpolations", &interpolation::LAYERS),
    family("Patches and pixels", &patches::LAYERS),
    family("Activations", &activation::LAYERS),
    family("Activations with settings", &activation_config::LAYERS),
    family("Normalisations", &norm::LAYERS),
    family("Regularisation", &regularisation::LAYERS),
    family("Reductions", &reduction::LAYERS),
    family("Axes", &shape::LAYERS),
    family("Shapes", &reshape::LAYERS),
    family("Parts of a tensor", &narrow::LAYERS),
    family("Several tensors to one", &join::LAYERS),
    family("One tensor to several", &split::LAYERS),
    family("Similarities and distances", &distance::LAYERS),
    family("Recurrent layers", &recurrent::LAYERS),
    family("Attention", &attention::LAYERS),
    family("Transformers", &transformer::LAYERS),
    family("Positions", &position::LAYERS),
];

const fn family(title: &'static str, layers: &'static [Layer]) -> Family {
    Family { title, layers }
}

/// The layer of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Layer> {
    all().find(|layer| layer.name == name)
}

/// The names of the combinators: what is made of a chain of layers inside a chain.
pub static COMBINATORS: [&str; 2] = ["residual", "repeat"];

/// The name of every layer and combinator, for proposals.
pub fn proposed() -> impl Iterator<Item = &'static str> {
    names().chain(COMBINATORS)
}

/// Whether this names a layer or a combinator.
#[must_use]
pub fn is_known(name: &str) -> bool {
    proposed().any(|known| known == name)
}

/// The name of every layer.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|layer| layer.name)
}

fn all() -> impl Iterator<Item = &'static Layer> {
    FAMILIES.iter().flat_map(|family| family.layers)
}

#[cfg(test)]
mod tests {
    use diagram_core::Gives;

    use super::*;

    /// The names of the layers of which this holds.
    fn those(which: impl Fn(&Layer) -> bool) -> String {
        let layers = all().filter(|layer| which(layer));
        layers.map(|layer| layer.name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_layer_is_found_by_its_name() {
        for name in names() {
            assert_eq!(find(name).map(|layer| layer.name), Some(name));
        }
        assert!(find("lineer").is_none());
        for name in COMBINATORS {
            assert!(is_known(name) && find(name).is_none());
        }
    }

    #[test]
    fn which_numbers_layers_give() {
        for (gives, layers) in [
            (
                Gives::Real,
                "linear swiglu embedding conv1d conv2d conv3d conv_transpose1d conv_transpose2d \
                 conv_transpose3d deform_conv2d gelu selu silu mish hard_swish tanhshrink glu leaky_relu \
                 prelu rrelu elu celu hard_shrink soft_shrink batch_norm layer_norm group_norm \
                 instance_norm rms_norm multi_head_attention cross_attention transformer_encoder \
                 transformer_encoder_layer transformer_decoder transformer_decoder_layer \
                 position_wise_feed_forward",
            ),
            (
                Gives::Same,
                "max_pool1d max_pool2d avg_pool1d avg_pool2d adaptive_avg_pool1d adaptive_avg_pool2d \
                 adaptive_avg_pool3d unfold4d pixel_shuffle pixel_unshuffle dropout mean max min flatten \
                 squeeze unsqueeze permute identity reshape expand narrow",
            ),
            (Gives::NotNegative, "relu relu6 softplus pairwise_distance"),
            (Gives::NotPositive, "log_sigmoid"),
            (Gives::Signed, "tanh softsign cosine_similarity"),
            (Gives::Fractions, "sigmoid quiet_softmax hard_sigmoid"),
            (Gives::Probabilities, "softmax softmin"),
            (Gives::LogProbabilities, "log_softmax"),
        ] {
            assert_eq!(those(|layer| layer.gives == gives), layers, "{gives:?}");
        }
    }

    #[test]
    fn which_layers_keep_the_shape_and_which_have_weights() {
        assert_eq!(
            those(|layer| !layer.keeps_shape),
            "linear swiglu embedding conv1d conv2d conv3d conv_transpose1d conv_transpose2d \
             conv_transpose3d deform_conv2d max_pool1d max_pool2d avg_pool1d avg_pool2d \
             adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d interpolate1d interpolate2d \
             unfold4d fold4d pixel_shuffle pixel_unshuffle glu mean sum max min flatten squeeze \
             unsqueeze permute reshape expand narrow concat add multiply split chunk cosine_similarity \
             pairwise_distance rnn gru lstm bi_rnn bi_gru bi_lstm"
        );
        assert_eq!(
            those(Layer::has_weights),
            "linear swiglu embedding conv1d conv2d conv3d conv_transpose1d conv_transpose2d \
             conv_transpose3d deform_conv2d prelu batch_norm layer_norm group_norm instance_norm rms_norm \
             rnn gru lstm bi_rnn bi_gru bi_lstm multi_head_attention cross_attention transformer_encoder \
             transformer_encoder_layer transformer_decoder transformer_decoder_layer \
             position_wise_feed_forward"
        );
    }

    #[test]
    fn which_layers_work_sample_by_sample() {
        assert_eq!(
            those(|layer| matches!(layer.samples, SampleWise::Never)),
            "batch_norm"
        );
        assert_eq!(
            those(|layer| matches!(layer.samples, SampleWise::Where(_))),
            "linear swiglu softmax log_softmax softmin quiet_softmax glu layer_norm rms_norm mean sum max \
             min normalize permute expand narrow concat split chunk cosine_similarity rnn gru lstm bi_rnn \
             bi_gru bi_lstm position_wise_feed_forward rotary_encoding"
        );
    }

    #[test]
    fn which_layers_draw_at_random_and_which_have_a_matrix() {
        assert_eq!(
            those(|layer| layer.random),
            "rrelu dropout gaussian_noise multi_head_attention cross_attention transformer_encoder \
             transformer_encoder_layer transformer_decoder transformer_decoder_layer \
             position_wise_feed_forward"
        );
        assert_eq!(
            those(|layer| layer.matrix),
            "linear swiglu embedding rnn gru lstm bi_rnn bi_gru bi_lstm multi_head_attention cross_attention \
             transformer_encoder transformer_encoder_layer transformer_decoder transformer_decoder_layer \
             position_wise_feed_forward"
        );
    }
}

//! The layers of the language: one file per family, one [`Layer`] per layer.
//!
//! A row holds a layer's arguments, its shape rule, its cost and its facts. Nothing else in the pipeline knows a
//! layer by name, except the table of Burn code in `diagram-codegen`.

use diagram_core::dim::simplify;
use diagram_core::{
    Call, Cost, Dim, Gives, Layout, Limit, Limited, Product, Scalar, Step, StepKind, Traits, Width,
    Wrong, step,
};

use crate::parameter::{self, Parameter, ParameterKind};

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
mod narrow;
mod norm;
mod open;
mod patches;
mod pooling;
mod position;
mod recurrent;
mod reduction;
mod regularisation;
mod reshape;
mod shape;
mod site;
pub mod spelling;
mod split;
mod transformer;
mod transposed;
mod window;

pub use inputs::{Masked, sequences};
pub use interpolation::burn_scale;
pub use open::chains_to_product;
pub use shape::squeezed;
pub use site::{Open, Site, dynamic_parameter};
use site::{at, odd, with_values};

/// One layer: a name, its arguments, and what it does to a shape.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
pub struct Layer {
    /// Burn's name in snake case.
    pub name: &'static str,
    /// Its arguments, the positional ones first.
    pub parameters: &'static [Parameter],
    /// Whether the shape after it is always the shape before it (of a product, its first factor's), so that a width left out before it
    /// can be found behind it.
    pub keeps_shape: bool,
    /// What its weights cost, if it has some to train.
    pub weights: Option<CostOf>,
    /// Whether it makes one tensor of several of its shape, so that the shape after it is that of each
    /// before it (`add`).
    pub joins_alike: bool,
    /// Whether it may be given a product; its rule looks at [`Site::inputs`] then.
    pub several: bool,
    /// Which numbers it gives.
    pub gives: Gives,
    /// What it finds on which axis, where that matters.
    pub layout: Option<Layout>,
    /// Whether it draws at random while training.
    pub random: bool,
    /// Whether it has a weight of rank 2, as low-rank adapters need.
    pub matrix: bool,
    /// Whether `padding = same` keeps the size of its input at stride 1.
    pub pads: bool,
    /// The parameter that says how many vectors there are for the entries that it takes, if it takes such.
    pub vectors: Option<&'static str>,
    /// What it takes and gives, in one line: "Float `[.., n]` to `[.., d_output]`".
    pub rule: &'static str,
    /// Its shape rule.
    pub shape: ShapeRule,
}

/// What a layer with weights costs, given its arguments, where it stands and the shapes after it.
pub type CostOf = fn(&Call, &Site<'_>, &Product) -> Cost;

/// The shape rule of a layer: the shapes after it.
pub type ShapeRule = fn(&Call, &Site<'_>) -> Result<Product, Wrong>;

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

impl Layer {
    /// A layer without weights that may change the shape.
    const fn new(name: &'static str, parameters: &'static [Parameter], shape: ShapeRule) -> Self {
        Layer {
            name,
            parameters,
            keeps_shape: false,
            weights: None,
            joins_alike: false,
            several: false,
            gives: Gives::Unknown,
            layout: None,
            random: false,
            matrix: false,
            pads: false,
            vectors: None,
            rule: "",
            shape,
        }
    }

    const fn rule(self, rule: &'static str) -> Self {
        Layer { rule, ..self }
    }

    /// A layer that gives such numbers.
    const fn giving(self, gives: Gives) -> Self {
        Layer { gives, ..self }
    }

    /// A layer that gives the numbers that it is given, in other places.
    const fn keeping_numbers(self) -> Self {
        self.giving(Gives::Same)
    }

    /// A layer that may be given a product.
    const fn of_several(self) -> Self {
        Layer {
            several: true,
            ..self
        }
    }

    /// A layer of images.
    const fn of_images(self) -> Self {
        Layer {
            layout: Some(Layout::Images),
            ..self
        }
    }

    const fn keeping_shape(self) -> Self {
        Layer {
            keeps_shape: true,
            ..self
        }
    }

    const fn with_weights(self, cost: CostOf) -> Self {
        Layer {
            weights: Some(cost),
            ..self
        }
    }

    /// A layer with weights of which one has rank 2.
    const fn with_matrix(self, cost: CostOf) -> Self {
        Layer {
            matrix: true,
            ..self.with_weights(cost)
        }
    }

    /// A layer that draws at random while training.
    const fn drawing(self) -> Self {
        Layer {
            random: true,
            ..self
        }
    }

    /// Whether it has weights to train.
    #[must_use]
    pub fn has_weights(&self) -> bool {
        self.weights.is_some()
    }

    /// Its first parameter, if that is its width and may be left out: then it follows from what is behind it.
    #[must_use]
    pub fn width_parameter(&self) -> Option<&'static Parameter> {
        let width = self.parameters.first()?;
        let is_width = matches!(width.kind, ParameterKind::Size) && width.positional;
        (is_width && !width.required).then_some(width)
    }

    /// Whether a call leaves its width to what is behind it.
    fn leaves_width_out(&self, call: &Call) -> bool {
        let width = self.width_parameter();
        width.is_some_and(|width| call.given(width.name).is_none())
    }

    fn width(&self) -> Option<Width> {
        let width = self.width_parameter()?;
        Some(Width {
            parameter: width.name.to_owned(),
            axis: (width.name == "channels").then_some(1),
        })
    }

    /// Whether its arguments stand in brackets: `reshape[batch, 8, 8]`.
    #[must_use]
    pub fn in_brackets(&self) -> bool {
        self.parameters
            .iter()
            .any(|parameter| matches!(parameter.kind, ParameterKind::Dims | ParameterKind::Axes))
    }

    /// The row's facts of a call of it.
    #[must_use]
    pub fn traits(&self, call: &Call, output: &Product) -> Traits {
        let off = |name: &str| call.float(name).and_then(Scalar::number) == Some(0.0);
        Traits {
            gives: if output.one().is_some() {
                self.gives
            } else {
                Gives::Unknown
            },
            layout: self.layout,
            // Dropout that is said to be 0 is none.
            random: self.random && !off("dropout") && !off("prob"),
            matrix: self.matrix,
            width: self.width(),
            pads: self.pads,
        }
    }

    /// What hyper-parameters give of a call of it, except sizes that are dims of the shape after it: those are
    /// checked there.
    #[must_use]
    pub fn limits(&self, call: &Call, output: &Product) -> Vec<Limit> {
        let in_shape = |limit: &Limit| match &limit.given {
            Limited::Size(dim) => output.dims().any(|known| known == dim),
            Limited::Float(_) => false,
        };
        let mut limits = parameter::limits(self.parameters, call);
        limits.retain(|limit| !in_shape(limit));
        limits
    }

    /// The shapes after a call of it, and all else that is known of it there.
    ///
    /// # Errors
    ///
    /// What is wrong with it at this site.
    pub fn typed(&self, call: Call, site: &Site<'_>) -> Result<Step, Wrong> {
        if let Some(open) = &site.open
            && let Some(wrong) = open::ends_in_one(self, &call, site, open)
        {
            return Err(wrong);
        }
        let output = (self.shape)(&call, site)?;
        let cost = self.weights.map(|cost| cost(&call, site, &output));
        let layer = step::Layer {
            limits: self.limits(&call, &output),
            cost: cost.unwrap_or_default(),
            traits: self.traits(&call, &output),
            call,
        };
        Ok(Step {
            kind: StepKind::Layer(Box::new(layer)),
            output,
            inner: Vec::new(),
        })
    }
}

/// The value of a dim without symbols.
fn known(dim: &Dim) -> Option<i128> {
    simplify(dim).evaluate(&|_| None).ok()
}

#[cfg(test)]
mod tests {
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

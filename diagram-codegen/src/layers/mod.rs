//! The layers of the language: one file a family, one [`Layer`] a layer.
//!
//! A layer is one place in the code: its arguments, its shape rule and its Burn code stand together,
//! and nothing else in the pipeline knows a layer by name.

use diagram_core::dim::simplify;
use diagram_core::{Cost, Dim, Given, Gives, Layout, Limit, Product};
use proc_macro2::TokenStream;

use crate::lower::scope::Placed;
use crate::syntax::tree;

mod activation;
mod activation_config;
mod adaptive;
mod alone;
pub mod arguments;
mod attention;
mod chosen;
pub mod combinator;
mod convolution;
mod cost;
mod deformable;
mod dense;
mod distance;
mod embedding;
mod extents;
pub mod initializer;
mod inputs;
mod interpolation;
mod join;
mod narrow;
mod norm;
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

#[cfg(test)]
pub(crate) mod bench;

pub use alone::alone;
pub use arguments::{Arguments, Parameter, ParameterKind};
pub use site::Site;
use site::{at, odd, with_values};

/// One layer: a name, its arguments, and what it does to a shape and in code.
#[derive(Debug)]
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
    /// Whether it may be given a product; its build looks at [`Site::inputs`] then.
    pub several: bool,
    /// Which numbers it gives.
    pub gives: Gives,
    /// What it finds on which axis, where that matters.
    pub layout: Option<Layout>,
    /// What it takes and gives, in one line: "Float `[.., n]` to `[.., d_output]`".
    pub rule: &'static str,
    /// Its shape rule and its code.
    pub build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
}

/// What a layer becomes at a site.
#[derive(Debug)]
pub struct Built {
    /// The shapes after it.
    pub output: Product,
    /// The field that holds it in the morphism's module; a pure function needs none.
    pub field: Option<Field>,
    /// The expression of its output, where `x` is its input (`x`, `x1`, … those of a product) and `layer`
    /// its field, if it has one. A product is a tuple. `None`: the field's `forward` of the inputs.
    pub forward: Option<TokenStream>,
    /// The dynamic dims that the expression reads, as variables of
    /// [`dim_ident`](crate::lower::scope::dim_ident)'s names, because `x` does not show them.
    pub reads: Vec<String>,
    /// Those of its arguments that hyper-parameters give.
    pub limits: Vec<Limit>,
    /// What it costs.
    pub cost: Cost,
    /// How many vectors there are for the entries that it takes, if it takes such.
    pub vectors: Option<Dim>,
}

/// What a layer with weights costs, given its arguments, where it stands and the shapes after it.
pub type CostOf = fn(&Arguments, &Site<'_>, &Product) -> Cost;

/// A field of a morphism's module.
#[derive(Debug)]
pub struct Field {
    /// Its type.
    pub ty: TokenStream,
    /// The expression that builds it, where `self` is the configuration and `device` the device.
    pub init: TokenStream,
}

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

/// Whether the layer of this name has a weight of rank 2, as low-rank adapters need: all with weights do,
/// unless their whole family has none.
#[must_use]
pub fn has_matrix(name: &str) -> bool {
    let without: [&[Layer]; 4] = [
        &convolution::LAYERS,
        &transposed::LAYERS,
        &norm::LAYERS,
        &activation_config::LAYERS,
    ];
    let mut without = without.iter().flat_map(|family| family.iter());
    find(name).is_some_and(Layer::has_weights) && without.all(|layer| layer.name != name)
}

/// The name of every layer and combinator, for proposals.
pub fn proposed() -> impl Iterator<Item = &'static str> {
    names().chain(combinator::NAMES)
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
    const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
    ) -> Self {
        Layer {
            name,
            parameters,
            keeps_shape: false,
            weights: None,
            joins_alike: false,
            several: false,
            gives: Gives::Unknown,
            layout: None,
            rule: "",
            build,
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

    /// Whether it has weights to train.
    #[must_use]
    pub fn has_weights(&self) -> bool {
        self.weights.is_some()
    }

    /// Whether its width, its first argument, is left out and follows from what is behind it.
    #[must_use]
    pub fn leaves_width_out(&self, arguments: &[tree::Argument]) -> bool {
        let Some(width) = self.parameters.first() else {
            return false;
        };
        let is_width = |argument: &tree::Argument| match &argument.name {
            Some(name) => width.is_called(&tree::bare(name)),
            None => true,
        };
        matches!(width.kind, ParameterKind::Size)
            && width.positional
            && !width.required
            && !arguments.iter().any(is_width)
    }

    /// Whether its arguments stand in brackets: `reshape[batch, 8, 8]`.
    #[must_use]
    pub fn in_brackets(&self) -> bool {
        self.parameters
            .iter()
            .any(|parameter| matches!(parameter.kind, ParameterKind::Dims | ParameterKind::Axes))
    }

    /// Reads the layer's arguments as written and builds it at a site.
    ///
    /// # Errors
    ///
    /// Every fault of the arguments, each at its own; else the first of the shape rule.
    pub fn apply(
        &self,
        arguments: &[tree::Argument],
        site: &Site<'_>,
    ) -> Result<Built, Vec<Placed>> {
        let read = Arguments::read(
            self.name,
            self.parameters,
            arguments,
            site.place,
            site.scope,
        )?;
        let built = (self.build)(&read, site).map_err(|fault| vec![fault])?;
        let cost = self.weights.map(|cost| cost(&read, site, &built.output));
        let cost = cost.unwrap_or_default();
        // A dim of the shape after it is checked there.
        let in_shape = |limit: &Limit| match &limit.given {
            Given::Size(dim) => built.output.dims().any(|known| known == dim),
            Given::Float(_) => false,
        };
        let mut limits = read.limits();
        limits.retain(|limit| !in_shape(limit));
        Ok(Built {
            limits,
            cost,
            ..built
        })
    }
}

impl Built {
    /// A function of `x`, without a field.
    fn function(output: impl Into<Product>, forward: TokenStream) -> Self {
        Built {
            output: output.into(),
            field: None,
            forward: Some(forward),
            reads: Vec::new(),
            limits: Vec::new(),
            cost: Cost::NONE,
            vectors: None,
        }
    }

    /// A module of Burn's, called by its `forward`.
    fn module(output: impl Into<Product>, ty: TokenStream, init: TokenStream) -> Self {
        Built {
            output: output.into(),
            field: Some(Field { ty, init }),
            forward: None,
            reads: Vec::new(),
            limits: Vec::new(),
            cost: Cost::NONE,
            vectors: None,
        }
    }
}

/// The value of a dim without symbols.
fn known(dim: &Dim) -> Option<i128> {
    simplify(dim).evaluate(&|_| None).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_found_by_its_name() {
        for name in names() {
            assert_eq!(find(name).map(|layer| layer.name), Some(name));
        }
        assert!(find("lineer").is_none());
        for name in combinator::NAMES {
            let found = combinator::find(name).map(combinator::Combinator::name);
            assert_eq!(found, Some(name));
            assert!(is_known(name) && find(name).is_none());
        }
    }

    #[test]
    fn which_numbers_layers_give() {
        let those = |gives: Gives| {
            let layers = all().filter(|layer| layer.gives == gives);
            layers.map(|layer| layer.name).collect::<Vec<_>>().join(" ")
        };
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
            assert_eq!(those(gives), layers, "{gives:?}");
        }
    }

    #[test]
    fn which_layers_keep_the_shape_and_which_have_weights() {
        let those = |which: fn(&Layer) -> bool| {
            let layers = all().filter(|layer| which(layer));
            layers.map(|layer| layer.name).collect::<Vec<_>>().join(" ")
        };
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
}

//! The Burn code of every layer: one file per family, one function per layer, under the names of the rows of
//! `diagram_layers::layers`.
//!
//! The rule of a row has typed the call before: its code finds all that it needs, and is empty where something is
//! at fault.

use diagram_core::{Call, Dim, Product, Shape, Value};
use diagram_layers::{Parameter, layers};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::initializer;
use super::scalars::{For, flag_code};
use crate::idents::input_idents;
use crate::scope::Scope;

mod activation;
mod activation_config;
mod adaptive;
mod attention;
mod chosen;
mod convolution;
mod deformable;
mod dense;
mod distance;
mod embedding;
mod extents;
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
mod split;
mod transformer;
mod transposed;
mod window;

/// What a layer is in code.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The field that holds it in the morphism's module; a pure function needs none.
    pub(crate) field: Option<Field>,
    /// The expression of its output, where `x` is its input (`x`, `x1`, … those of a product) and `layer`
    /// its field, if it has one. A product is a tuple. `None`: the field's `forward` of the inputs.
    pub(crate) forward: Option<TokenStream>,
    /// The dynamic dims that the expression reads, as variables of
    /// [`dim_ident`](crate::idents::dim_ident)'s names, because `x` does not show them.
    pub(crate) reads: Vec<String>,
}

/// A field of a morphism's module.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its type.
    pub(crate) ty: TokenStream,
    /// The expression that builds it, where `self` is the configuration and `device` the device.
    pub(crate) init: TokenStream,
}

/// A layer with its arguments, where it stands.
pub(crate) struct At<'a> {
    /// The layer.
    pub(crate) call: &'a Call,
    /// The shapes of all factors before it.
    pub(crate) inputs: &'a [Shape],
    /// The shapes after it.
    pub(crate) output: &'a Product,
    /// What names stand for.
    pub(crate) scope: &'a Scope,
    /// The path of Burn in generated code.
    pub(crate) burn: &'a TokenStream,
}

/// The code of a layer.
pub(crate) type Code = fn(&At<'_>) -> Built;

/// The code of the layers of a family, by name.
type Family = &'static [(&'static str, Code)];

/// The code of every layer, by family.
static FAMILIES: &[Family] = &[
    &activation::CODE,
    &activation_config::CODE,
    &adaptive::CODE,
    &attention::CODE,
    &convolution::CODE,
    &deformable::CODE,
    &dense::CODE,
    &distance::CODE,
    &embedding::CODE,
    &interpolation::CODE,
    &join::CODE,
    &narrow::CODE,
    &norm::CODE,
    &patches::CODE,
    &pooling::CODE,
    &position::CODE,
    &recurrent::CODE,
    &reduction::CODE,
    &regularisation::CODE,
    &reshape::CODE,
    &shape::CODE,
    &split::CODE,
    &transformer::CODE,
    &transposed::CODE,
];

/// The code of the layer of this name.
pub(crate) fn code(name: &str) -> Option<Code> {
    let mut all = FAMILIES.iter().flat_map(|family| family.iter());
    all.find_map(|(known, code)| (*known == name).then_some(*code))
}

impl At<'_> {
    /// The shape before it; of a product, that of the first factor.
    fn input(&self) -> &[Dim] {
        self.inputs.first().map_or(&[], |shape| &shape.dims)
    }

    /// The shape after it; of a product, that of the first factor.
    fn output(&self) -> &[Dim] {
        self.output.0.first().map_or(&[], |shape| &shape.dims)
    }

    /// The variables of its inputs.
    fn input_idents(&self) -> Vec<Ident> {
        input_idents(self.inputs.len())
    }

    /// A size that is known when a model is built, of type `usize`.
    fn size(&self, dim: &Dim) -> TokenStream {
        self.scope.size_code(dim)
    }

    /// A size that may be missing: then something is at fault.
    fn maybe_size(&self, dim: Option<&Dim>) -> TokenStream {
        dim.map(|dim| self.size(dim)).unwrap_or_default()
    }

    /// The size that an argument gives.
    fn size_of(&self, name: &str) -> TokenStream {
        self.maybe_size(self.call.size(name))
    }

    /// The number that an argument gives.
    fn float_of(&self, name: &str) -> TokenStream {
        let scalar = self.call.float(name);
        let code = scalar.map(|scalar| {
            let range = self.parameter(name).map(|parameter| parameter.kind.range());
            let given = For {
                argument: name,
                range: range.unwrap_or(diagram_core::Range::ANY),
            };
            self.scope.scalar_code(scalar, &quote!(self), given)
        });
        code.unwrap_or_default()
    }

    /// The axis that an argument gives, of the first input.
    fn axis(&self, name: &str) -> usize {
        let axis = self
            .inputs
            .first()
            .and_then(|input| self.call.axis(name, input));
        axis.and_then(Result::ok).unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        let row = layers::find(&self.call.name)?;
        row.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// The calls that set in Burn's configuration what is given of these: `.with_epsilon(0.001)`.
    fn setters(&self, names: &[&str]) -> TokenStream {
        let calls = names.iter().filter_map(|name| {
            let value = match self.call.given(name)? {
                Value::Size(dim) => self.size(dim),
                Value::Sizes(dims) => self.sizes(dims),
                Value::Padding(padding) => self.padding(padding),
                Value::Float(_) => self.float_of(name),
                Value::Flag(flag) => flag_code(flag, &quote!(self)),
                _ => return None,
            };
            let setter = format_ident!("with_{name}");
            Some(quote!(.#setter(#value)))
        });
        calls.collect()
    }

    /// `.with_initializer(Initializer::Zeros)`, where an initializer is given.
    fn set_initializer(&self) -> Option<TokenStream> {
        let drawn = self.call.call("initializer")?;
        let value = initializer::code(drawn, self.scope, self.burn, &quote!(self));
        Some(quote!(.with_initializer(#value)))
    }

    /// The calls that set in Burn's configuration the activations that are given for these.
    fn set_activations(&self, names: &[&str]) -> TokenStream {
        let calls = names.iter().filter_map(|name| {
            let value = chosen::code(self.call.call(name)?, self);
            let setter = format_ident!("with_{name}");
            Some(quote!(.#setter(#value)))
        });
        calls.collect()
    }
}

impl Built {
    /// A function of `x`, without a field.
    fn function(forward: TokenStream) -> Self {
        Built {
            forward: Some(forward),
            ..Built::default()
        }
    }

    /// A module of Burn's, called by its `forward`.
    fn module(ty: TokenStream, init: TokenStream) -> Self {
        Built {
            field: Some(Field { ty, init }),
            ..Built::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use diagram_layers::layers;
    use diagram_layers::layers::SampleWise;

    use crate::bench::Bench;

    /// Layers with arguments, what they are given, and whether they work sample by sample there.
    const SITES: &[(&str, &str, &str, bool)] = &[
        ("linear", "4", "[batch, 8]", true),
        ("linear", "4", "[8]", false),
        ("swiglu", "4", "[batch, 8]", true),
        ("swiglu", "4", "[8]", false),
        ("softmax", "1", "[batch, 8]", true),
        ("softmax", "0", "[batch, 8]", false),
        ("log_softmax", "1", "[batch, 8]", true),
        ("log_softmax", "0", "[batch, 8]", false),
        ("softmin", "1", "[batch, 8]", true),
        ("softmin", "0", "[batch, 8]", false),
        ("quiet_softmax", "1", "[batch, 8]", true),
        ("quiet_softmax", "0", "[batch, 8]", false),
        ("glu", "1", "[batch, 8]", true),
        ("glu", "0", "[8, 8]", false),
        ("layer_norm", "", "[batch, 8]", true),
        ("layer_norm", "", "[8]", false),
        ("rms_norm", "", "[batch, 8]", true),
        ("rms_norm", "", "[8]", false),
        ("mean", "1", "[batch, 8]", true),
        ("mean", "0", "[8, 8]", false),
        ("sum", "1, keep = true", "[batch, 8]", true),
        ("sum", "0, keep = true", "[1, 8]", false),
        ("max", "seq", "[batch, seq]", true),
        ("max", "batch", "[batch, seq]", false),
        ("min", "1", "[batch, 8]", true),
        ("min", "0", "[batch, 8]", false),
        ("normalize", "", "[batch, 8]", true),
        ("normalize", "", "[8]", false),
        ("normalize", "0", "[batch, 8]", false),
        ("narrow", "1, 0, 4", "[batch, 8]", true),
        ("narrow", "0, 0, 8", "[8, 8]", false),
        ("concat", "1", "[batch, 8] * [batch, 4]", true),
        ("concat", "0", "[batch, 8] * [4, 8]", false),
        ("split", "[4, 4], axis = 1", "[batch, 8]", true),
        ("split", "[4, 4], axis = 0", "[8, 8]", false),
        ("chunk", "2, axis = 1", "[batch, 8]", true),
        ("chunk", "2, axis = 0", "[8, 8]", false),
        ("cosine_similarity", "", "[batch, 8] * [batch, 8]", true),
        ("cosine_similarity", "0", "[8, 8] * [8, 8]", false),
        ("rnn", "4, batch_first = true", "[batch, seq, 8]", true),
        ("rnn", "4, batch_first = false", "[seq, batch, 8]", false),
        (
            "gru",
            "4, state = true",
            "[batch, seq, 8] * [batch, 4]",
            true,
        ),
        (
            "lstm",
            "4",
            "[batch, seq, 8] * [batch, 4] * [batch, 4]",
            true,
        ),
        ("lstm", "4, batch_first = false", "[seq, batch, 8]", false),
        ("bi_rnn", "4", "[batch, seq, 8]", true),
        ("bi_rnn", "4, batch_first = false", "[seq, batch, 8]", false),
        // The states of both ways have an axis before that of the batch.
        ("bi_gru", "4", "[2, seq, 8]", true),
        ("bi_gru", "4, state = true", "[2, seq, 8]", false),
        ("bi_lstm", "4", "[batch, seq, 8]", true),
        ("bi_lstm", "4", "[2, seq, 8] * [2, 2, 4] * [2, 2, 4]", false),
        ("position_wise_feed_forward", "4", "[batch, 8]", true),
        ("position_wise_feed_forward", "4", "[8]", false),
        ("rotary_encoding", "16", "[batch, 16, 8]", true),
        ("rotary_encoding", "16", "[16, 8]", false),
        // Always, where they keep the extent of the first axis.
        ("relu", "", "[8]", true),
        ("dropout", "0.5", "[batch, 8]", true),
        ("embedding", "10, 4", "Int[batch]", true),
        ("unsqueeze", "1", "[batch, 8]", true),
        ("unsqueeze", "0", "[batch, 8]", false),
        ("squeeze", "1", "[batch, 1]", true),
        ("squeeze", "0", "[1, batch]", false),
        ("add", "", "[batch, 8] * [batch, 8]", true),
        ("flatten", "", "[batch, 8, 8]", true),
        ("batch_norm", "", "[batch, 8]", false),
    ];

    /// Each layer for which that depends on its site, at one where it does and at others.
    #[test]
    fn layers_that_work_sample_by_sample_at_some_sites_only() {
        for (name, arguments, input, expected) in SITES {
            let found = Bench::new(name, arguments).is_sample_wise(input);
            assert_eq!(found, *expected, "{name}({arguments}) on {input}");
        }
        for (name, dims, input, expected) in [
            ("permute", "0, 2, 1", "[batch, 4, 8]", true),
            ("permute", "1, 0", "[8, 8]", false),
            ("reshape", "batch, 2, 4", "[batch, 8]", true),
            ("reshape", "2 * batch, 4", "[batch, 8]", false),
            ("expand", "batch, 8", "[batch, 1]", true),
            ("expand", "batch, 8", "[1, 8]", false),
            ("expand", "8, 8", "[8]", false),
        ] {
            let found = Bench::bracketed(name, dims).is_sample_wise(input);
            assert_eq!(found, expected, "{name}[{dims}] on {input}");
        }
        let bracketed = ["permute", "expand"];
        let families = layers::FAMILIES.iter();
        for layer in families.flat_map(|family| family.layers) {
            let shown = SITES.iter().any(|site| site.0 == layer.name && site.3);
            let depends = matches!(layer.samples, SampleWise::Where(_));
            assert!(
                shown || !depends || bracketed.contains(&layer.name),
                "{}",
                layer.name
            );
        }
    }

    #[test]
    fn every_row_has_code_and_every_code_a_row() {
        for name in layers::names() {
            assert!(super::code(name).is_some(), "`{name}` has no code");
        }
        for (name, _) in super::FAMILIES.iter().flat_map(|family| family.iter()) {
            assert!(layers::find(name).is_some(), "`{name}` has no row");
        }
    }
}

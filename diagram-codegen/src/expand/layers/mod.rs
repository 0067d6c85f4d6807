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

//! Activations inside of layers, by the names of their own layers: `activation = relu`.

use diagram_core::{Code, Fault, fault::nearest};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::arguments::Flag;
use super::{Arguments, activation_config, find};
use crate::lower::names::camel_case;
use crate::lower::scope::{Placed, Scope};
use crate::syntax::tree::{Argument, Place, bare};

/// Those that Burn has inside of layers, without the two that have weights: Burn neither trains nor saves
/// those in every layer.
const WITHOUT_SETTINGS: [&str; 8] = [
    "relu",
    "gelu",
    "tanh",
    "sigmoid",
    "selu",
    "hard_swish",
    "softsign",
    "identity",
];
const WITH_SETTINGS: [&str; 9] = [
    "leaky_relu",
    "elu",
    "celu",
    "softplus",
    "hard_sigmoid",
    "hard_shrink",
    "soft_shrink",
    "shrink",
    "thresholded_relu",
];

/// An activation with its settings.
#[derive(Debug)]
pub(super) struct Chosen(Arguments);

impl Chosen {
    /// Its settings.
    pub(super) fn arguments(&self) -> &Arguments {
        &self.0
    }

    /// Reads an activation. `inside` are the layer that it is for, and the name of that layer's argument.
    ///
    /// # Errors
    ///
    /// There is none of this name inside of layers, or its arguments are at fault.
    pub(super) fn read(
        (layer, argument): (&str, &str),
        name: &Ident,
        written: &[Argument],
        scope: &Scope,
    ) -> Result<Self, Placed> {
        let (text, place) = (bare(name), Place::of(name.span()));
        let names = || WITHOUT_SETTINGS.iter().chain(&WITH_SETTINGS).copied();
        let found = find(&text);
        let Some(chosen) = found.filter(|_| names().any(|known| known == text)) else {
            let list: Vec<_> = names().map(|name| format!("`{name}`")).collect();
            let fault = match found {
                // error: `silu` cannot be the `activation` of `transformer_encoder` [D0311]
                Some(_) => Fault::new(
                    Code::ArgumentType,
                    format!("`{text}` cannot be the `{argument}` of `{layer}`"),
                ),
                // error: there is no activation `rleu` [D0104]
                None => Fault::new(
                    Code::UnknownLayer,
                    format!("there is no activation `{text}`"),
                ),
            };
            let near = nearest(&text, names()).filter(|_| found.is_none());
            return Err((
                place,
                match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.note(format!("there is {}", list.join(", "))),
                },
            ));
        };
        match Arguments::read(chosen.name, chosen.parameters, written, place, scope) {
            Ok(arguments) => Ok(Chosen(arguments)),
            Err(faults) => Err(faults.into_iter().next().unwrap_or_else(|| {
                let message = format!("`{argument}` of `{layer}` cannot be read");
                (place, Fault::new(Code::ArgumentType, message))
            })),
        }
    }

    /// Burn's value, where `self` is the configuration.
    #[must_use]
    pub(super) fn code(&self, burn: &TokenStream) -> TokenStream {
        let name = self.0.of();
        let value = |variant: &str| {
            let variant = format_ident!("{variant}");
            quote!(#burn::nn::activation::ActivationConfig::#variant)
        };
        if WITH_SETTINGS.contains(&name) {
            let (variant, config) = (
                value(&camel_case(name)),
                activation_config::config(&self.0, burn),
            );
            return quote!(#variant(#config));
        }
        // Burn's approximate `gelu` is a variant of its own.
        match self.0.flag("approximate") {
            None | Some(Flag::Literal(false)) => value(&camel_case(name)),
            Some(Flag::Literal(true)) => value("GeluApproximate"),
            Some(flag) => {
                let (on, yes, no) = (
                    flag.code(&quote!(self)),
                    value("GeluApproximate"),
                    value("Gelu"),
                );
                quote!(if #on { #yes } else { #no })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::bench::Bench;

    fn init(arguments: &str) -> String {
        let arguments = format!("64, {arguments}");
        Bench::new("position_wise_feed_forward", &arguments).init("[batch, seq, 8]")
    }

    #[test]
    fn each_is_burns_value() {
        for (text, code) in [
            ("relu", "Relu"),
            ("identity", "Identity"),
            ("gelu(approximate = true)", "GeluApproximate"),
            (
                "leaky_relu(negative_slope = 0.2)",
                "LeakyRelu (burn :: nn :: activation :: LeakyReluConfig :: new () . with_negative_slope \
                 (0.2f64))",
            ),
        ] {
            let code = format!(
                ". with_activation (burn :: nn :: activation :: ActivationConfig :: {code}) . init (device)"
            );
            let init = init(&format!("activation = {text}"));
            assert!(init.ends_with(&code), "{init}");
        }
        for name in WITHOUT_SETTINGS.iter().chain(&WITH_SETTINGS) {
            assert!(find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn its_faults() {
        let fault = |arguments: &str| {
            let arguments = format!("64, {arguments}");
            Bench::new("position_wise_feed_forward", &arguments).fault("[batch, seq, 8]")
        };
        assert_eq!(
            fault("activation = rleu"),
            "there is no activation `rleu` [D0104]\n\n         = help: did you mean `relu`?"
        );
        assert!(fault("activation = prelu").starts_with(
            "`prelu` cannot be the `activation` of `position_wise_feed_forward` [D0311]\n\n         = note: \
             there is `relu`, "
        ));
        assert_eq!(
            fault("activation = leaky_relu(0.2)"),
            "`leaky_relu` takes its arguments by name, but is given `0.2` without one [D0313]\n\n         = \
             help: name it: `negative_slope = 0.2`"
        );
        assert_eq!(
            fault("activation = 3"),
            "`activation` takes an activation, like `relu` or `leaky_relu(negative_slope = 0.2)`, but is \
             given `3` [D0311]"
        );
    }
}

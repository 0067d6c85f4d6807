//! The code of activations inside of layers: `activation = relu`.

use diagram_core::{Call, Flag};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, activation_config};
use crate::expand::scalars::flag_code;

/// A variant of Burn's `ActivationConfig`.
#[derive(Clone, Copy)]
enum Variant {
    /// Without settings.
    Plain(&'static str),
    /// With the configuration of its module.
    Configured(&'static str),
    /// `gelu`, whose approximation is a variant of its own.
    Gelu,
}

/// The variant of every activation inside of layers, by the name of its row.
static VARIANTS: [(&str, Variant); 17] = [
    ("relu", Variant::Plain("Relu")),
    ("gelu", Variant::Gelu),
    ("tanh", Variant::Plain("Tanh")),
    ("sigmoid", Variant::Plain("Sigmoid")),
    ("selu", Variant::Plain("Selu")),
    ("hard_swish", Variant::Plain("HardSwish")),
    ("softsign", Variant::Plain("Softsign")),
    ("leaky_relu", Variant::Configured("LeakyRelu")),
    ("elu", Variant::Configured("Elu")),
    ("celu", Variant::Configured("Celu")),
    ("hard_sigmoid", Variant::Configured("HardSigmoid")),
    ("hard_shrink", Variant::Configured("HardShrink")),
    ("soft_shrink", Variant::Configured("SoftShrink")),
    ("shrink", Variant::Configured("Shrink")),
    ("softplus", Variant::Configured("Softplus")),
    ("thresholded_relu", Variant::Configured("ThresholdedRelu")),
    ("identity", Variant::Plain("Identity")),
];

/// Burn's value of an activation inside a layer, where `self` is the configuration.
pub(super) fn code(call: &Call, layer: &At<'_>) -> TokenStream {
    let burn = layer.burn;
    let value = |variant: &str| {
        let variant = format_ident!("{variant}");
        quote!(#burn::nn::activation::ActivationConfig::#variant)
    };
    let mut variants = VARIANTS.iter();
    match variants.find(|(name, _)| *name == call.name) {
        None => TokenStream::new(),
        Some((_, Variant::Plain(name))) => value(name),
        Some((_, Variant::Configured(name))) => {
            let config = activation_config::config(&At { call, ..*layer });
            let variant = value(name);
            quote!(#variant(#config))
        }
        Some((_, Variant::Gelu)) => {
            let (exact, approximate) = (value("Gelu"), value("GeluApproximate"));
            match call.flag("approximate") {
                None | Some(Flag::Literal(false)) => exact,
                Some(Flag::Literal(true)) => approximate,
                Some(flag) => {
                    let on = flag_code(flag, &quote!(self));
                    quote!(if #on { #approximate } else { #exact })
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diagram_layers::activation;

    use super::VARIANTS;
    use crate::bench::Bench;

    #[test]
    fn every_activation_inside_of_layers_is_a_variant() {
        let rows: BTreeSet<_> = activation::names().collect();
        let codes: BTreeSet<_> = VARIANTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(codes, rows);
    }

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

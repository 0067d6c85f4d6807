//! The code of activations inside of layers: `activation = relu`.

use diagram_core::{Call, Flag};
use diagram_layers::activation::WITH_SETTINGS;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, activation_config};
use crate::expand::scalars::flag_code;
use crate::idents::camel_case;

/// Burn's value of an activation inside a layer, where `self` is the configuration.
pub(super) fn code(call: &Call, layer: &At<'_>) -> TokenStream {
    let (burn, name) = (layer.burn, call.name.as_str());
    let value = |variant: &str| {
        let variant = format_ident!("{variant}");
        quote!(#burn::nn::activation::ActivationConfig::#variant)
    };
    if WITH_SETTINGS.contains(&name) {
        let config = activation_config::config(&At { call, ..*layer });
        let variant = value(&camel_case(name));
        return quote!(#variant(#config));
    }
    // Burn's approximate `gelu` is a variant of its own.
    match call.flag("approximate") {
        None | Some(Flag::Literal(false)) => value(&camel_case(name)),
        Some(Flag::Literal(true)) => value("GeluApproximate"),
        Some(flag) => {
            let on = flag_code(flag, &quote!(self));
            let (yes, no) = (value("GeluApproximate"), value("Gelu"));
            quote!(if #on { #yes } else { #no })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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

//! The code of activations with settings: modules of Burn's.

use diagram_core::Call;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, Built, Code};
use crate::idents::camel_case;

pub(super) static CODE: [(&str, Code); 13] = [
    ("leaky_relu", configured),
    ("prelu", |at| {
        let (burn, set) = (at.burn, at.setters(&["num_parameters", "alpha"]));
        Built::module(
            quote!(#burn::nn::activation::PRelu),
            quote!(#burn::nn::activation::PReluConfig::new() #set.init(device)),
        )
    }),
    ("rrelu", |at| {
        let (burn, set) = (at.burn, at.setters(&["lower", "upper"]));
        Built::module(
            quote!(#burn::nn::activation::RRelu),
            quote!(#burn::nn::activation::RReluConfig::new() #set.init()),
        )
    }),
    ("elu", configured),
    ("celu", configured),
    ("hardtanh", configured),
    ("hard_sigmoid", configured),
    ("hard_shrink", configured),
    ("soft_shrink", configured),
    ("shrink", configured),
    ("softplus", configured),
    ("threshold", |at| {
        let (burn, threshold, value) = (at.burn, at.float_of("threshold"), at.float_of("value"));
        Built::module(
            quote!(#burn::nn::activation::Threshold),
            quote!(#burn::nn::activation::ThresholdConfig::new(#threshold, #value).init()),
        )
    }),
    ("thresholded_relu", configured),
];

/// The module of the layer's name.
fn configured(at: &At<'_>) -> Built {
    let (burn, ty) = (at.burn, format_ident!("{}", camel_case(&at.call.name)));
    let config = config(at);
    Built::module(quote!(#burn::nn::activation::#ty), quote!(#config.init()))
}

/// Burn's configuration of the layer, with what is given.
pub(super) fn config(at: &At<'_>) -> TokenStream {
    let Call { name, .. } = at.call;
    let (burn, config) = (at.burn, format_ident!("{}Config", camel_case(name)));
    let set = at.setters(&[
        "negative_slope",
        "alpha",
        "beta",
        "lambda",
        "bias",
        "threshold",
        "min_val",
        "max_val",
    ]);
    quote!(#burn::nn::activation::#config::new() #set)
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn settings_are_burns() {
        for (name, arguments, code) in [
            ("leaky_relu", "", "LeakyReluConfig :: new () . init ()"),
            (
                "leaky_relu",
                "negative_slope = rate",
                "LeakyReluConfig :: new () . with_negative_slope (self . rate) . init ()",
            ),
            (
                "elu",
                "alpha = 2",
                "EluConfig :: new () . with_alpha (2f64) . init ()",
            ),
            (
                "shrink",
                "bias = 0.1, lambda = 0.2",
                "ShrinkConfig :: new () . with_lambda (0.2f64) . with_bias (0.1f64) . init ()",
            ),
            (
                "threshold",
                "0.5, value = rate",
                "ThresholdConfig :: new (0.5f64 , self . rate) . init ()",
            ),
            (
                "prelu",
                "num_parameters = 4",
                "PReluConfig :: new () . with_num_parameters (4) . init (device)",
            ),
            (
                "rrelu",
                "lower = 0.1",
                "RReluConfig :: new () . with_lower (0.1f64) . init ()",
            ),
        ] {
            let bench = Bench::new(name, arguments);
            assert_eq!(bench.shape("[batch, 4, seq]"), "[batch, 4, seq]");
            assert_eq!(
                bench.init("[batch, 4, seq]"),
                format!("burn :: nn :: activation :: {code}")
            );
            assert_eq!(
                bench.fault("Bool[batch, 4]"),
                format!("`{name}` takes Float, but is given Bool[batch, 4] [D0304]")
            );
        }
    }

    #[test]
    fn their_faults() {
        let fault = |name, arguments: &str, input: &str| Bench::new(name, arguments).fault(input);
        for (name, arguments, text) in [
            (
                "celu",
                "alpha = 0",
                "`alpha` must be other than 0, but is 0 [D0312]",
            ),
            (
                "soft_shrink",
                "lambda = -1",
                "`lambda` must be at least 0, but is -1 [D0312]",
            ),
            (
                "hardtanh",
                "min_val = 2",
                "`min_val` of `hardtanh` must be at most its `max_val`, 1, but is 2 [D0312]",
            ),
            (
                "rrelu",
                "lower = 0.5, upper = 0.5",
                "`lower` of `rrelu` must be less than its `upper`, 0.5, but is 0.5 [D0312]",
            ),
            (
                "prelu",
                "num_parameters = 3",
                "`num_parameters` of `prelu` must be 1 or its channels, 4, but is 3 [D0312]",
            ),
            (
                "leaky_relu",
                "0.2",
                "`leaky_relu` takes its arguments by name, but is given `0.2` without one [D0313]\n\n\
                 \u{20}        = help: name it: `negative_slope = 0.2`",
            ),
        ] {
            assert_eq!(fault(name, arguments, "[batch, 4, 8]"), text);
        }
        assert_eq!(
            fault("prelu", "num_parameters = 3", "[batch]"),
            "`prelu` takes [batch, channels, ..] with a slope a channel, but is given [batch] [D0305]"
        );
    }
}

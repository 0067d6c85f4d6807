//! Activations with settings, as Burn's modules: `leaky_relu`, `elu`, `prelu`, `softplus`.
//!
//! A module keeps its settings, so that they may be hyper-parameters.

use diagram_core::dim::Comparison;
use diagram_core::{Code, Cost, Dim, Fault, Gives, Product, Range};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, cost};
use crate::lower::names::camel_case;
use crate::lower::scope::{Placed, Scalar};

pub(super) static LAYERS: [Layer; 13] = [
    module(
        "leaky_relu",
        &[float("negative_slope", Range::ANY, "the slope below 0").default("0.01")],
    )
    .giving(Gives::Real),
    Layer {
        weights: Some(slopes),
        build: prelu,
        gives: Gives::Real,
        ..module(
            "prelu",
            &[
                Parameter::new(
                    "num_parameters",
                    ParameterKind::Size,
                    "how many slopes are learned: 1, or one a channel of axis 1",
                )
                .default("1"),
                float("alpha", Range::ANY, "the first value of the slopes").default("0.25"),
            ],
        )
    },
    Layer {
        build: rrelu,
        gives: Gives::Real,
        ..module(
            "rrelu",
            &[
                float(
                    "lower",
                    Range::ANY,
                    "the least slope below 0, random while training",
                )
                .default("0.125"),
                float("upper", Range::ANY, "the greatest slope below 0").default("1.0 / 3.0"),
            ],
        )
    },
    module(
        "elu",
        &[float("alpha", Range::ANY, "minus its limit below 0").default("1.0")],
    )
    .giving(Gives::Real),
    module(
        "celu",
        &[float("alpha", Range::NOT_ZERO, "minus its limit below 0").default("1.0")],
    )
    .giving(Gives::Real),
    Layer {
        build: hardtanh,
        ..module(
            "hardtanh",
            &[
                float("min_val", Range::ANY, "its least value").default("-1.0"),
                float("max_val", Range::ANY, "its greatest value").default("1.0"),
            ],
        )
    },
    module(
        "hard_sigmoid",
        &[
            float("alpha", Range::ANY, "its slope").default("0.2"),
            float("beta", Range::ANY, "its value at 0").default("0.5"),
        ],
    )
    .giving(Gives::Fractions),
    module("hard_shrink", &[LAMBDA]).giving(Gives::Real),
    module("soft_shrink", &[LAMBDA]).giving(Gives::Real),
    module(
        "shrink",
        &[
            LAMBDA,
            float("bias", Range::ANY, "by how much the rest shrinks").default("0.5"),
        ],
    ),
    module(
        "softplus",
        &[
            float("beta", Range::NOT_ZERO, "how sharp its bend is").default("1.0"),
            float("threshold", Range::ANY, "where it becomes the identity").default("20.0"),
        ],
    )
    .giving(Gives::NotNegative),
    Layer {
        build: threshold,
        ..module(
            "threshold",
            &[
                float("threshold", Range::ANY, "what an element must exceed")
                    .positional()
                    .required(),
                float("value", Range::ANY, "what the others become")
                    .positional()
                    .required(),
            ],
        )
    },
    module(
        "thresholded_relu",
        &[float("alpha", Range::ANY, "what an element must exceed").default("1.0")],
    ),
];

const LAMBDA: Parameter = float(
    "lambda",
    Range::NOT_NEGATIVE,
    "up to where elements become 0",
)
.default("0.5");

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn module(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer::new(name, parameters, configured)
        .keeping_shape()
        .rule("Float, kept")
}

/// Burn's module of the layer's name, with what is given of its settings.
fn configured(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let (burn, ty) = (site.burn, camel_case(arguments.of()));
    let (ty, config) = (format_ident!("{ty}"), config(arguments, burn));
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::activation::#ty),
        quote!(#config.init()),
    ))
}

/// Burn's configuration of the layer's name, with what is given of its settings.
pub(super) fn config(arguments: &Arguments, burn: &TokenStream) -> TokenStream {
    let config = format_ident!("{}Config", camel_case(arguments.of()));
    let set = arguments.setters(&[
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

/// Slopes that are learned.
fn prelu(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    if let Some(count) = arguments.size("num_parameters") {
        one_or_channels(arguments, site, count)?;
    }
    let burn = site.burn;
    let set = arguments.setters(&["num_parameters", "alpha"]);
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::activation::PRelu),
        quote!(#burn::nn::activation::PReluConfig::new() #set.init(device)),
    ))
}

fn slopes(arguments: &Arguments, _: &Site<'_>, _: &Product) -> Cost {
    let count = arguments.size("num_parameters").cloned();
    cost::numbers(count.unwrap_or(Dim::Literal(1)))
}

fn one_or_channels(arguments: &Arguments, site: &Site<'_>, count: &Dim) -> Result<(), Placed> {
    if site.compare(count, &Dim::Literal(1)) == Comparison::Equal {
        return Ok(());
    }
    let Some(channels) = site.input.dims.get(1) else {
        return Err(site.wrong_rank(
            arguments.of(),
            "[batch, channels, ..] with a slope a channel",
        ));
    };
    let (given, wanted) = (count.quoted(), channels.quoted());
    let fault = match site.compare(count, channels) {
        Comparison::Equal => return Ok(()),
        // error: `num_parameters` of `prelu` must be 1 or its channels, 4, but is 3 [D0312]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "`num_parameters` of `prelu` must be 1 or its channels, {wanted}, but is {given}"
            );
            super::at(Fault::new(Code::ArgumentRange, message), &comparison)
        }
        // error: `num_parameters` of `prelu` is `a / b`, and is not known to be 1 or its channels, 4 [D0308]
        Comparison::Unknown => {
            let message = format!(
                "`num_parameters` of `prelu` is {given}, and is not known to be 1 or its channels, {wanted}"
            );
            Fault::new(Code::Undecided, message)
        }
    };
    Err((arguments.place("num_parameters"), fault))
}

/// A slope that is drawn anew for every element while training.
fn rrelu(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    // Burn draws from a range that is not empty.
    let lower = arguments.literal("lower", 0.125);
    let upper = arguments.literal("upper", 1.0 / 3.0);
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower >= upper
    {
        // error: `lower` of `rrelu` must be less than its `upper`, 0.1, but is 0.5 [D0312]
        let message =
            format!("`lower` of `rrelu` must be less than its `upper`, {upper}, but is {lower}");
        return Err((
            arguments.place("lower"),
            Fault::new(Code::ArgumentRange, message),
        ));
    }
    let burn = site.burn;
    let set = arguments.setters(&["lower", "upper"]);
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::activation::RRelu),
        quote!(#burn::nn::activation::RReluConfig::new() #set.init()),
    ))
}

fn hardtanh(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let (min, max) = (
        arguments.literal("min_val", -1.0),
        arguments.literal("max_val", 1.0),
    );
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        // error: `min_val` of `hardtanh` must be at most its `max_val`, 1, but is 2 [D0312]
        let message =
            format!("`min_val` of `hardtanh` must be at most its `max_val`, {max}, but is {min}");
        return Err((
            arguments.place("min_val"),
            Fault::new(Code::ArgumentRange, message),
        ));
    }
    configured(arguments, site)
}

fn threshold(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let code = |name| match arguments.float(name) {
        Some(scalar) => Ok(scalar.code(&quote!(self))),
        None => arguments.missing(name),
    };
    let (burn, threshold, value) = (site.burn, code("threshold")?, code("value")?);
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::activation::Threshold),
        quote!(#burn::nn::activation::ThresholdConfig::new(#threshold, #value).init()),
    ))
}

impl Arguments {
    /// A float that is known now: as written, or Burn's own value where it is left out.
    fn literal(&self, name: &str, burns: f64) -> Option<f64> {
        match self.float(name) {
            None => Some(burns),
            Some(Scalar::Literal(value)) => Some(*value),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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

//! Normalisations: `batch_norm`, `layer_norm`, `group_norm`, `instance_norm`, `rms_norm`,
//! `local_response_norm`.

use diagram_core::cost::product;
use diagram_core::{Cost, Dim, Gives, Product, Range};
use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, cost};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 6] = [
    norm(
        "batch_norm",
        &[
            float("epsilon", Range::POSITIVE, EPSILON).default("1e-5"),
            float(
                "momentum",
                Range::at_least(0).at_most(1),
                "how far running statistics move with a batch",
            )
            .default("0.1"),
        ],
        batch_norm,
    )
    .rule("Float `[b, channels, ..]`, kept; by running statistics outside of training"),
    norm(
        "layer_norm",
        &[
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            Parameter::new("bias", ParameterKind::Flag, "whether a bias is added").default("true"),
        ],
        layer_norm,
    )
    .rule("Float `[.., width]`, kept"),
    norm(
        "group_norm",
        &[
            Parameter::new(
                "num_groups",
                ParameterKind::Size,
                "how many parts the channels fall into",
            )
            .aliases(&["groups"])
            .positional()
            .required(),
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            AFFINE,
        ],
        group_norm,
    )
    .rule("Float `[b, channels, ..]`, kept; the groups divide the channels"),
    norm(
        "instance_norm",
        &[
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            AFFINE,
        ],
        instance_norm,
    )
    .rule("Float `[b, channels, .., ..]`, kept"),
    norm(
        "rms_norm",
        &[float("epsilon", Range::POSITIVE, EPSILON).default("1e-5")],
        rms_norm,
    )
    .rule("Float `[.., width]`, kept"),
    Layer {
        weights: None,
        gives: Gives::Unknown,
        rule: "Float `[b, channels, .., ..]`, kept",
        ..norm(
            "local_response_norm",
            &[
                Parameter::new(
                    "size",
                    ParameterKind::Size,
                    "how many channels a window has",
                )
                .positional()
                .required(),
                float("alpha", Range::ANY, "the factor of the mean square").default("1e-4"),
                float("beta", Range::ANY, "the exponent").default("0.75"),
                float("k", Range::ANY, "what is added to the mean square").default("1.0"),
            ],
            local_response_norm,
        )
    },
];

const EPSILON: &str = "what is added to the variance";
const AFFINE: Parameter = Parameter::new(
    "affine",
    ParameterKind::Flag,
    "whether each channel has a learned scale and bias",
)
.default("true");

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn norm(
    name: &'static str,
    parameters: &'static [Parameter],
    build: fn(&Arguments, &Site<'_>) -> Result<Built, Placed>,
) -> Layer {
    Layer::new(name, parameters, build)
        .keeping_shape()
        .with_weights(cost)
        .giving(Gives::Real)
}

/// A scale each, and a shift where there is one.
fn cost(arguments: &Arguments, site: &Site<'_>, _: &Product) -> Cost {
    let dims = &site.input.dims;
    let (Some(channels), Some(width)) = (dims.get(1).or(dims.last()), dims.last()) else {
        return Cost::UNKNOWN;
    };
    let shifted = cost::is_on(arguments, "bias", true);
    let affine = cost::is_on(arguments, "affine", true);
    let twice = product([&Dim::Literal(2), channels]);
    match arguments.of() {
        "layer_norm" => cost::numbers(width.clone()).and(cost::numbers_if(shifted, width)),
        "rms_norm" => cost::numbers(width.clone()),
        _ => cost::numbers_if(affine, &twice),
    }
}

/// Over all but the channels of `[batch, channels, …]`; running statistics outside of training.
fn batch_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let channels = channels(arguments, site, 2, "[batch, channels, ..]")?;
    let (burn, set) = (site.burn, arguments.setters(&["epsilon", "momentum"]));
    Ok(kept(
        site,
        &quote!(#burn::nn::BatchNorm),
        &quote!(#burn::nn::BatchNormConfig::new(#channels) #set),
    ))
}

/// Over the last axis.
fn layer_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let width = width(arguments, site)?;
    let (burn, set) = (site.burn, arguments.setters(&["epsilon", "bias"]));
    Ok(kept(
        site,
        &quote!(#burn::nn::LayerNorm),
        &quote!(#burn::nn::LayerNormConfig::new(#width) #set),
    ))
}

/// Over parts of the channels of one sample.
fn group_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let code = channels(arguments, site, 2, "[batch, channels, ..]")?;
    if let Some(channels) = site.input.dims.get(1) {
        site.divides(arguments, "num_groups", "channels", channels)?;
    }
    let groups = size(arguments, site, "num_groups")?;
    let (burn, set) = (site.burn, arguments.setters(&["epsilon", "affine"]));
    Ok(kept(
        site,
        &quote!(#burn::nn::GroupNorm),
        &quote!(#burn::nn::GroupNormConfig::new(#groups, #code) #set),
    ))
}

/// Over each channel of one sample. At rank 2 every value would be its own mean, and nothing of the
/// input would be left.
fn instance_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let channels = channels(
        arguments,
        site,
        3,
        "[batch, channels, .., ..] of rank 3 or more",
    )?;
    let (burn, set) = (site.burn, arguments.setters(&["epsilon", "affine"]));
    Ok(kept(
        site,
        &quote!(#burn::nn::InstanceNorm),
        &quote!(#burn::nn::InstanceNormConfig::new(#channels) #set),
    ))
}

/// By the root mean square of the last axis.
fn rms_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let width = width(arguments, site)?;
    let (burn, set) = (site.burn, arguments.setters(&["epsilon"]));
    Ok(kept(
        site,
        &quote!(#burn::nn::RmsNorm),
        &quote!(#burn::nn::RmsNormConfig::new(#width) #set),
    ))
}

/// By neighbouring channels; it has no weights.
fn local_response_norm(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    if site.input.rank() < 3 {
        return Err(site.wrong_rank(
            arguments.of(),
            "[batch, channels, .., ..] of rank 3 or more",
        ));
    }
    let window = size(arguments, site, "size")?;
    let (burn, set) = (site.burn, arguments.setters(&["alpha", "beta", "k"]));
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::LocalResponseNorm),
        quote!(#burn::nn::LocalResponseNormConfig::new(#window) #set.init()),
    ))
}

/// The channels of an input of at least this rank.
fn channels(
    arguments: &Arguments,
    site: &Site<'_>,
    rank: usize,
    form: &str,
) -> Result<TokenStream, Placed> {
    site.takes_float(arguments.of())?;
    match site.input.dims.get(1) {
        Some(dim) if site.input.rank() >= rank => built_with(arguments, site, "channels", dim),
        _ => Err(site.wrong_rank(arguments.of(), form)),
    }
}

fn width(arguments: &Arguments, site: &Site<'_>) -> Result<TokenStream, Placed> {
    site.takes_float(arguments.of())?;
    match site.input.dims.last() {
        Some(width) => built_with(arguments, site, "width", width),
        None => Err(site.wrong_rank(arguments.of(), "[.., width]")),
    }
}

fn built_with(
    arguments: &Arguments,
    site: &Site<'_>,
    what: &str,
    dim: &Dim,
) -> Result<TokenStream, Placed> {
    site.sizes_parameter(arguments.of(), what, dim)?;
    Ok(site.size(dim))
}

fn size(arguments: &Arguments, site: &Site<'_>, name: &str) -> Result<TokenStream, Placed> {
    match arguments.size(name) {
        Some(dim) => Ok(site.size(dim)),
        None => arguments.missing(name),
    }
}

fn kept(site: &Site<'_>, ty: &TokenStream, config: &TokenStream) -> Built {
    Built::module(site.input.clone(), ty.clone(), quote!(#config.init(device)))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn widths_follow_from_the_input() {
        for (name, arguments, input, code) in [
            (
                "batch_norm",
                "momentum = 0.2",
                "[batch, hidden]",
                "BatchNormConfig :: new (self . hidden) . with_momentum (0.2f64) . init (device)",
            ),
            (
                "layer_norm",
                "bias = false, epsilon = rate",
                "[batch, seq, 4]",
                "LayerNormConfig :: new (4) . with_epsilon (self . rate) . with_bias (false) . init \
                 (device)",
            ),
            (
                "group_norm",
                "2, affine = false",
                "[batch, 4, seq]",
                "GroupNormConfig :: new (2 , 4) . with_affine (false) . init (device)",
            ),
            (
                "instance_norm",
                "",
                "[batch, 4, seq]",
                "InstanceNormConfig :: new (4) . init (device)",
            ),
            (
                "rms_norm",
                "",
                "[8]",
                "RmsNormConfig :: new (8) . init (device)",
            ),
            (
                "local_response_norm",
                "3, k = 2",
                "[batch, seq, 4]",
                "LocalResponseNormConfig :: new (3) . with_k (2f64) . init ()",
            ),
        ] {
            let bench = Bench::new(name, arguments);
            assert_eq!(bench.shape(input), input);
            assert_eq!(bench.init(input), format!("burn :: nn :: {code}"));
            assert_eq!(
                bench.fault("Int[batch, 4, 4]"),
                format!("`{name}` takes Float, but is given Int[batch, 4, 4] [D0304]")
            );
        }
    }

    #[test]
    fn their_faults() {
        let fault = |name, arguments: &str, input: &str| Bench::new(name, arguments).fault(input);
        assert_eq!(
            fault("batch_norm", "", "[batch]"),
            "`batch_norm` takes [batch, channels, ..], but is given [batch] [D0305]"
        );
        assert_eq!(
            fault("instance_norm", "", "[batch, 4]"),
            "`instance_norm` takes [batch, channels, .., ..] of rank 3 or more, but is given [batch, 4] \
             [D0305]"
        );
        assert_eq!(
            fault("layer_norm", "", "[batch, seq]"),
            "`layer_norm` needs its width when it is built, but `seq` is known only at run time [D0202]\n\n\
             \u{20}        = note: it is given [batch, seq]"
        );
        assert_eq!(
            fault("group_norm", "3", "[batch, 8, seq]"),
            "`num_groups` of `group_norm` is 3, which does not divide its channels, 8 [D0309]"
        );
        assert_eq!(
            fault("group_norm", "", "[batch, 8, seq]"),
            "`group_norm` needs `num_groups`, how many parts the channels fall into [D0310]"
        );
        assert_eq!(
            fault("batch_norm", "epsilon = 0, momentum = 2", "[batch, 8]"),
            "`epsilon` must be greater than 0, but is 0 [D0312]\n\
             `momentum` must be from 0 to 1, but is 2 [D0312]"
        );
    }
}

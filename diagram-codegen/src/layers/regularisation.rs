//! Regularisation: `dropout`, `gaussian_noise`.

use diagram_core::{Code, Fault, Range};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "dropout",
        &[Parameter::new(
            "prob",
            ParameterKind::Float(Range::PROBABILITY),
            "the probability that an element becomes 0",
        )
        .positional()
        .required()],
        dropout,
    )
    .keeping_shape()
    .keeping_numbers()
    .rule("Float, kept; acts while training"),
    Layer::new(
        "gaussian_noise",
        &[Parameter::new(
            "std",
            ParameterKind::Float(Range::NOT_NEGATIVE),
            "the standard deviation of what is added",
        )
        .positional()
        .required()],
        gaussian_noise,
    )
    .keeping_shape()
    .rule("Float, kept; acts while training"),
];

/// Zeroes elements while training, by Burn's rules.
fn dropout(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    // error: `dropout` needs `prob`, the probability that an element becomes 0 [D0310]
    let Some(prob) = arguments.float("prob") else {
        let message = "`dropout` needs `prob`, the probability that an element becomes 0";
        return Err(site.fault(Fault::new(Code::MissingArgument, message)));
    };
    let (burn, prob) = (site.burn, prob.code(&quote!(self)));
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::Dropout),
        quote!(#burn::nn::DropoutConfig::new(#prob).init()),
    ))
}

/// Adds noise while training, by Burn's rules.
fn gaussian_noise(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let Some(std) = arguments.float("std") else {
        return arguments.missing("std");
    };
    let (burn, std) = (site.burn, std.code(&quote!(self)));
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::GaussianNoise),
        quote!(#burn::nn::GaussianNoiseConfig::new(#std).init()),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn dropout_keeps_the_shape() {
        for (prob, code) in [
            ("0.5", "0.5f64"),
            ("0", "0f64"),
            ("rate", "self . rate"),
            (
                "prob = crate::RATE",
                "{ const _ : () = :: core :: assert ! (:: core :: primitive :: f64 :: is_finite (crate :: RATE) && crate :: RATE >= 0f64 \
                 && crate :: RATE < 1f64 , \"`prob` must be at least 0 and less than 1 [D0312]\") ; crate :: RATE }",
            ),
        ] {
            let bench = Bench::new("dropout", prob);
            assert_eq!(bench.shape("[batch, seq]"), "[batch, seq]");
            assert_eq!(bench.ty("[batch]"), "burn :: nn :: Dropout");
            assert_eq!(
                bench.init("[batch]"),
                format!("burn :: nn :: DropoutConfig :: new ({code}) . init ()")
            );
        }
    }

    #[test]
    fn noise_keeps_the_shape() {
        let bench = Bench::new("gaussian_noise", "rate");
        assert_eq!(bench.shape("[batch, seq]"), "[batch, seq]");
        assert_eq!(
            bench.init("[batch]"),
            "burn :: nn :: GaussianNoiseConfig :: new (self . rate) . init ()"
        );
        assert_eq!(
            Bench::new("gaussian_noise", "-1").fault("[batch]"),
            "`std` must be at least 0, but is -1 [D0312]"
        );
    }

    #[test]
    fn its_probability_is_below_one() {
        for prob in ["1.5", "1", "-0.1", "1e999"] {
            assert_eq!(
                Bench::new("dropout", prob).fault("[batch]"),
                format!("`prob` must be at least 0 and less than 1, but is {prob} [D0312]")
            );
        }
        assert_eq!(
            Bench::new("dropout", "").fault("[batch]"),
            "`dropout` needs `prob`, the probability that an element becomes 0 [D0310]"
        );
        assert_eq!(
            Bench::new("dropout", "0.5").fault("Bool[batch]"),
            "`dropout` takes Float, but is given Bool[batch] [D0304]"
        );
    }
}

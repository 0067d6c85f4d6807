//! Activations that are functions of Burn's `tensor::activation`: `relu`, `gelu`, `softmax`, `glu`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Code, Dim, Fault, Gives};
use quote::{format_ident, quote};

use super::arguments::{Arguments, Flag, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 17] = [
    pointwise("relu", &[]).giving(Gives::NotNegative),
    pointwise("relu6", &[]).giving(Gives::NotNegative),
    Layer {
        build: gelu,
        gives: Gives::Real,
        ..pointwise(
            "gelu",
            &[
                Parameter::new("approximate", ParameterKind::Flag, "whether by tanh")
                    .default("false"),
            ],
        )
    },
    pointwise("tanh", &[]).giving(Gives::Signed),
    pointwise("sigmoid", &[]).giving(Gives::Fractions),
    pointwise("log_sigmoid", &[]).giving(Gives::NotPositive),
    pointwise("selu", &[]).giving(Gives::Real),
    pointwise("silu", &[]).giving(Gives::Real),
    pointwise("mish", &[]).giving(Gives::Real),
    pointwise("hard_swish", &[]).giving(Gives::Real),
    pointwise("softsign", &[]).giving(Gives::Signed),
    pointwise("tanhshrink", &[]).giving(Gives::Real),
    along("softmax", &[axis("the axis that sums to 1")]).giving(Gives::Probabilities),
    along(
        "log_softmax",
        &[axis("the axis whose exponentials sum to 1")],
    )
    .giving(Gives::LogProbabilities),
    along("softmin", &[axis("the axis that sums to 1")]).giving(Gives::Probabilities),
    along("quiet_softmax", &[axis("the axis that sums to at most 1")]).giving(Gives::Fractions),
    Layer {
        keeps_shape: false,
        rule: "Float; the axis, whose extent is even, is halved",
        build: glu,
        gives: Gives::Real,
        ..pointwise("glu", &[axis("the axis that is halved")])
    },
];

const fn axis(summary: &'static str) -> Parameter {
    Parameter::new("axis", ParameterKind::Axis, summary)
        .aliases(&["dim"])
        .positional()
        .required()
}

const fn along(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer {
        build: normalised,
        ..pointwise(name, parameters)
    }
}

const fn pointwise(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer::new(name, parameters, function)
        .keeping_shape()
        .rule("Float, kept")
}

/// Burn's function of the layer's name, on every element.
fn function(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let (burn, function) = (site.burn, format_ident!("{}", arguments.of()));
    Ok(Built::function(
        site.input.clone(),
        quote!(#burn::tensor::activation::#function(x)),
    ))
}

fn gelu(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let burn = site.burn;
    match arguments.flag("approximate") {
        None | Some(Flag::Literal(false)) => return function(arguments, site),
        Some(Flag::Literal(true)) => site.takes_float(arguments.of())?,
        Some(flag @ Flag::Hyper(_)) => {
            site.takes_float(arguments.of())?;
            let approximate = flag.code(&quote!(self));
            return Ok(Built::module(
                site.input.clone(),
                quote!(#burn::nn::Gelu),
                quote!(#burn::nn::Gelu { approximate: #approximate }),
            ));
        }
    }
    Ok(Built::function(
        site.input.clone(),
        quote!(#burn::tensor::activation::gelu_approximate(x)),
    ))
}

/// Burn's function of the layer's name, along an axis.
fn normalised(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    // error: `softmax` needs `axis`, the axis that sums to 1 [D0310]
    let axis = arguments.required_axis("axis", site.input)?;
    let (burn, function) = (site.burn, format_ident!("{}", arguments.of()));
    Ok(Built::function(
        site.input.clone(),
        quote!(#burn::tensor::activation::#function(x, #axis)),
    ))
}

/// One half of an axis times the sigmoid of the other.
fn glu(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let axis = arguments.required_axis("axis", site.input)?;
    let mut output = site.input.clone();
    if let Some(extent) = output.dims.get_mut(axis) {
        let halves = |op| Dim::binary(op, extent.clone(), Dim::Literal(2));
        let shown = extent.quoted();
        let fault = match site.compare(&halves(Op::Rem), &Dim::Literal(0)) {
            Comparison::Equal => None,
            // error: `glu` halves axis 1 of [batch, 7], but 7 is odd [D0309]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let odd = super::odd(&comparison);
                let message = format!(
                    "`glu` halves axis {axis} of {}, but {shown} {odd} odd",
                    site.input
                );
                Some(super::at(
                    Fault::new(Code::NotDivisible, message),
                    &comparison,
                ))
            }
            // error: `glu` halves axis 1 of [batch, a / b], and `a / b` is not known to be even [D0308]
            Comparison::Unknown => {
                let message = format!(
                    "`glu` halves axis {axis} of {}, and {shown} is not known to be even",
                    site.input
                );
                Some(Fault::new(Code::Undecided, message))
            }
        };
        if let Some(fault) = fault {
            return Err((arguments.place("axis"), fault));
        }
        *extent = simplify(&halves(Op::Div));
    }
    let burn = site.burn;
    Ok(Built::function(
        output,
        quote!(#burn::tensor::activation::glu(x, #axis)),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn activations_keep_the_shape() {
        for name in [
            "relu",
            "relu6",
            "gelu",
            "tanh",
            "sigmoid",
            "log_sigmoid",
            "selu",
            "silu",
            "mish",
            "hard_swish",
            "softsign",
            "tanhshrink",
        ] {
            let bench = Bench::new(name, "");
            assert_eq!(bench.shape("[batch, 3, hidden]"), "[batch, 3, hidden]");
            let code = format!("burn :: tensor :: activation :: {name} (x)");
            assert_eq!(bench.forward("[batch]"), Some(code));
            assert_eq!(
                bench.fault("Int[batch]"),
                format!("`{name}` takes Float, but is given Int[batch] [D0304]")
            );
        }
        assert_eq!(
            Bench::new("gelu", "approximate = true")
                .forward("[batch]")
                .as_deref(),
            Some("burn :: tensor :: activation :: gelu_approximate (x)")
        );
        assert_eq!(
            Bench::new("gelu", "approximate = false")
                .forward("[batch]")
                .as_deref(),
            Some("burn :: tensor :: activation :: gelu (x)")
        );
    }

    #[test]
    fn softmax_is_along_an_axis() {
        for (axis, code) in [
            ("1", "1usize"),
            ("seq", "1usize"),
            ("axis = 0", "0usize"),
            ("dim = 2", "2usize"),
        ] {
            let bench = Bench::new("softmax", axis);
            assert_eq!(bench.shape("[batch, seq, 10]"), "[batch, seq, 10]");
            assert_eq!(
                bench.forward("[batch, seq, 10]"),
                Some(format!(
                    "burn :: tensor :: activation :: softmax (x , {code})"
                ))
            );
        }
    }

    #[test]
    fn a_gate_halves_an_axis() {
        for (axis, input, output) in [
            ("1", "[batch, 6]", "[batch, 3]"),
            ("axis = 2", "[batch, seq, 4]", "[batch, seq, 2]"),
        ] {
            assert_eq!(Bench::new("glu", axis).shape(input), output);
        }
        assert_eq!(
            Bench::new("glu", "1").forward("[batch, 6]").as_deref(),
            Some("burn :: tensor :: activation :: glu (x , 1usize)")
        );
        assert_eq!(
            Bench::new("glu", "1").fault("[batch, 7]"),
            "`glu` halves axis 1 of [batch, 7], but 7 is odd [D0309]"
        );
        assert_eq!(
            Bench::new("glu", "seq").fault("[batch, seq]"),
            "`glu` halves axis 1 of [batch, seq], but `seq` may be odd [D0309]\n\n\
             \u{20}        = note: at `seq` = 1"
        );
    }

    #[test]
    fn softmax_needs_an_axis_of_the_shape() {
        let fault = |axis, input| Bench::new("softmax", axis).fault(input);
        assert_eq!(
            fault("", "[batch, 10]"),
            "`softmax` needs `axis`, the axis that sums to 1 [D0310]"
        );
        assert_eq!(
            fault("2", "[batch, 10]"),
            "`softmax` has no axis 2 in [batch, 10]: its axes are 0 to 1 [D0314]"
        );
        assert_eq!(
            fault("-1", "[batch, 10]"),
            "`softmax` has no axis -1 in [batch, 10]: its axes are 0 to 1 [D0314]\n\n\
             \u{20}        = help: `softmax(1)`"
        );
        assert_eq!(
            fault("-3", "[batch, 10]"),
            "`softmax` has no axis -3 in [batch, 10]: its axes are 0 to 1 [D0314]"
        );
        assert_eq!(
            fault("sqe", "[batch, seq]"),
            "`softmax` has no axis `sqe` in [batch, seq] [D0314]\n\n\
             \u{20}        = help: did you mean `seq`?"
        );
        assert_eq!(
            fault("seq", "[batch, seq, seq]"),
            "`softmax` has several axes `seq` in [batch, seq, seq] [D0314]\n\n\
             \u{20}        = help: give its number: `softmax(1)`"
        );
        assert_eq!(
            fault("1.0", "[batch, 10]"),
            "`axis` takes an axis, by number like `1` or by its dim, but is given `1.0` [D0311]"
        );
    }
}

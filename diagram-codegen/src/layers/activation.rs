//! Activations, functions of Burn's `tensor::activation`: `relu`, `gelu`, `tanh`, `sigmoid`, `softmax`.

use diagram_core::{Code, Fault};
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 5] = [
    pointwise("relu", &[]),
    Layer {
        build: gelu,
        ..pointwise(
            "gelu",
            &[Parameter::new(
                "approximate",
                ParameterKind::Switch,
                "whether by tanh",
            )],
        )
    },
    pointwise("tanh", &[]),
    pointwise("sigmoid", &[]),
    Layer {
        build: softmax,
        ..pointwise(
            "softmax",
            &[
                Parameter::new("axis", ParameterKind::Axis, "the axis that sums to 1")
                    .aliases(&["dim"])
                    .positional()
                    .required(),
            ],
        )
    },
];

const fn pointwise(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer {
        name,
        parameters,
        keeps_shape: true,
        weights: false,
        build: function,
    }
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
    if arguments.switch("approximate") != Some(true) {
        return function(arguments, site);
    }
    site.takes_float(arguments.of())?;
    let burn = site.burn;
    Ok(Built::function(
        site.input.clone(),
        quote!(#burn::tensor::activation::gelu_approximate(x)),
    ))
}

fn softmax(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    // error: `softmax` needs `axis`, the axis that sums to 1 [D0310]
    let Some(axis) = arguments.axis("axis", site.input) else {
        let message = "`softmax` needs `axis`, the axis that sums to 1";
        return Err(site.fault(Fault::new(Code::MissingArgument, message)));
    };
    let (burn, axis) = (site.burn, axis?);
    Ok(Built::function(
        site.input.clone(),
        quote!(#burn::tensor::activation::softmax(x, #axis)),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn activations_keep_the_shape() {
        for name in ["relu", "gelu", "tanh", "sigmoid"] {
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

//! The code of activations without settings.

use diagram_core::Flag;
use quote::{format_ident, quote};

use super::{At, Built, Code};
use crate::expand::scalars::flag_code;

pub(super) static CODE: [(&str, Code); 17] = [
    ("relu", pointwise),
    ("relu6", pointwise),
    ("gelu", gelu),
    ("tanh", pointwise),
    ("sigmoid", pointwise),
    ("log_sigmoid", pointwise),
    ("selu", pointwise),
    ("silu", pointwise),
    ("mish", pointwise),
    ("hard_swish", pointwise),
    ("softsign", pointwise),
    ("tanhshrink", pointwise),
    ("softmax", along),
    ("log_softmax", along),
    ("softmin", along),
    ("quiet_softmax", along),
    ("glu", along),
];

/// Burn's function of the layer's name, on every element.
fn pointwise(at: &At<'_>) -> Built {
    let (burn, function) = (at.burn, format_ident!("{}", at.call.name));
    Built::function(quote!(#burn::tensor::activation::#function(x)))
}

/// Burn's function of the layer's name, along an axis.
fn along(at: &At<'_>) -> Built {
    let (burn, function, axis) = (at.burn, format_ident!("{}", at.call.name), at.axis("axis"));
    Built::function(quote!(#burn::tensor::activation::#function(x, #axis)))
}

/// Burn's approximate `gelu` is a function of its own.
fn gelu(at: &At<'_>) -> Built {
    let burn = at.burn;
    match at.call.flag("approximate") {
        None | Some(Flag::Literal(false)) => pointwise(at),
        Some(Flag::Literal(true)) => {
            Built::function(quote!(#burn::tensor::activation::gelu_approximate(x)))
        }
        Some(flag @ Flag::Hyper(_)) => {
            let approximate = flag_code(flag, &quote!(self));
            Built::module(
                quote!(#burn::nn::Gelu),
                quote!(#burn::nn::Gelu { approximate: #approximate }),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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

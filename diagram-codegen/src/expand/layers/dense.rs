//! The code of layers that mix all of the last axis.

use quote::{format_ident, quote};

use super::{At, Built, Code};
use crate::idents::camel_case;

pub(super) static CODE: [(&str, Code); 2] = [
    ("linear", |at| mixing(at, "Linear")),
    ("swiglu", |at| mixing(at, "SwiGlu")),
];

fn mixing(at: &At<'_>, ty: &str) -> Built {
    let (burn, ty, config) = (at.burn, format_ident!("{ty}"), format_ident!("{ty}Config"));
    let (from, to) = (
        at.maybe_size(at.input().last()),
        at.maybe_size(at.output().last()),
    );
    let set = at.setters(&["bias"]);
    let drawn = at.set_initializer();
    let layout = at.call.word("layout").map(|layout| {
        let layout = format_ident!("{}", camel_case(layout));
        quote!(.with_layout(#burn::nn::LinearLayout::#layout))
    });
    Built::module(
        quote!(#burn::nn::#ty),
        quote!(#burn::nn::#config::new(#from, #to) #set #drawn #layout.init(device)),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn a_linear_layer_changes_the_last_axis_at_any_rank() {
        let bench = Bench::new("linear", "10");
        for (input, output) in [
            ("[batch, 64]", "[batch, 10]"),
            ("[batch, seq, 64]", "[batch, seq, 10]"),
            ("[64]", "[10]"),
        ] {
            assert_eq!(bench.shape(input), output);
        }
    }

    #[test]
    fn its_width_follows_from_the_target() {
        let bench = Bench::new("linear", "").target("[batch, 10]");
        assert_eq!(bench.shape("[batch, 64]"), "[batch, 10]");
        assert_eq!(
            bench.init("[batch, 64]"),
            "burn :: nn :: LinearConfig :: new (64 , 10) . init (device)"
        );
    }

    #[test]
    fn its_code_names_hyper_parameters() {
        let bench = Bench::new("linear", "2 * hidden + 1, bias = false");
        assert_eq!(bench.ty("[batch, hidden]"), "burn :: nn :: Linear");
        assert_eq!(
            bench.init("[batch, hidden]"),
            "burn :: nn :: LinearConfig :: new (self . hidden , (2 * self . hidden) + 1) . \
             with_bias (false) . init (device)"
        );
        assert_eq!(bench.forward("[batch, hidden]"), None);
    }

    #[test]
    fn a_gated_layer_is_two_linear_ones() {
        let bench = Bench::new("swiglu", "").target("[batch, seq, 10]");
        assert_eq!(bench.shape("[batch, seq, hidden]"), "[batch, seq, 10]");
        assert_eq!(bench.ty("[batch, seq, hidden]"), "burn :: nn :: SwiGlu");
        assert_eq!(
            Bench::new("swiglu", "10, bias = true").init("[batch, hidden]"),
            "burn :: nn :: SwiGluConfig :: new (self . hidden , 10) . with_bias (true) . init (device)"
        );
    }

    #[test]
    fn its_weights_are_drawn_as_asked() {
        let init = |arguments: &str| Bench::new("linear", arguments).init("[batch, 8]");
        assert_eq!(
            init("3, bias, initializer = normal(std = rate), layout = col"),
            "burn :: nn :: LinearConfig :: new (8 , 3) . with_bias (self . bias) . with_initializer (burn \
             :: nn :: Initializer :: Normal { mean : 0.0 , std : self . rate }) . with_layout (burn :: nn \
             :: LinearLayout :: Col) . init (device)"
        );
        let fault = |arguments: &str| Bench::new("linear", arguments).fault("[batch, 8]");
        for bias in ["", ", bias = true", ", bias = bias"] {
            let text = format!("3{bias}, initializer = orthogonal");
            assert_eq!(
                fault(&text),
                format!(
                    "`orthogonal` takes at least two axes, but the bias of `linear` has one [D0305]\n\n\
                     \u{20}        = note: `initializer` draws the weights and the bias of `linear({text})`\n\
                     \u{20}        = help: `bias = false`"
                )
            );
        }
        let swiglu = Bench::new("swiglu", "3, initializer = orthogonal(gain = 2)");
        assert_eq!(swiglu.shape("[batch, 8]"), "[batch, 3]");
        assert_eq!(
            Bench::new("embedding", "9, 8, initializer = xavier_normal").fault("Int[batch]"),
            "`xavier_normal` scales with the widths of a layer, and `embedding` has none [D0311]\n\n\
             \u{20}        = help: `normal(std = 0.02)`"
        );
    }

    #[test]
    fn a_difference_may_be_negative_half_way() {
        assert_eq!(
            Bench::new("linear", "hidden - 3").init("[batch, 8]"),
            "burn :: nn :: LinearConfig :: new (8 , ((self . hidden as i128) - 3i128) as usize) . \
             init (device)"
        );
    }

    #[test]
    fn its_faults() {
        let bench = Bench::new("linear", "10");
        assert_eq!(
            bench.fault("[batch, seq]"),
            "`linear` needs its input width when it is built, but `seq` is known only at run time \
             [D0202]\n\n\
             \u{20}        = note: it is given [batch, seq]"
        );
        assert_eq!(
            bench.fault("Int[batch, 4]"),
            "`linear` takes Float, but is given Int[batch, 4] [D0304]\n\n\
             \u{20}        = note: `embedding` gives a vector of Float for each Int"
        );
        assert_eq!(
            Bench::new("linear", "batch").fault("[batch, 4]"),
            "`linear` needs its `d_output` when it is built, but `batch` is known only at run time \
             [D0202]"
        );
    }

    #[test]
    fn a_width_that_does_not_follow() {
        let bench = Bench::new("linear", "");
        assert_eq!(
            bench.fault("[batch, 64]"),
            "`linear` leaves its output width out, and the layers after it do not tell it [D0307]\n\n\
             \u{20}        = help: write it: `linear(64)`"
        );
        let drawn = Bench::new("linear", "initializer = normal(std = 0.5)").fault("[batch, 64]");
        let help = "write it: `linear(64, initializer = normal(std = 0.5))`";
        assert!(drawn.ends_with(help), "{drawn}");
        let target = |target| {
            Bench::new("linear", "")
                .target(target)
                .fault("[batch, 4, 64]")
        };
        assert_eq!(
            target("[batch, 4]"),
            "`linear` keeps the rank of what it is given, [batch, 4, 64], but must end in [batch, 4] of rank 2 \
             [D0302]\n\n\
             \u{20}        = help: `flatten >> linear`"
        );
        let steps = Bench::new("linear", "").target("[batch, 4]");
        assert!(
            steps
                .fault("[batch, seq, 64]")
                .ends_with("= help: `mean(seq) >> linear`")
        );
        assert!(!steps.fault("[batch, seq, 8, 64]").contains("help"));
        assert_eq!(
            target("Int[batch, 4, 8]"),
            "`linear` gives Float, but must end in Int[batch, 4, 8] [D0304]"
        );
        assert_eq!(
            target("[batch, 4, seq]"),
            "`linear` needs its output width when it is built, but `seq` is known only at run time \
             [D0202]\n\n\
             \u{20}        = note: it must end in [batch, 4, seq]"
        );
    }
}

//! The code of normalisations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 6] = [
    ("batch_norm", |at| {
        let channels = at.maybe_size(at.input().get(1));
        norm(at, "BatchNorm", &channels, &["epsilon", "momentum"])
    }),
    ("layer_norm", |at| {
        let width = at.maybe_size(at.input().last());
        norm(at, "LayerNorm", &width, &["epsilon", "bias"])
    }),
    ("group_norm", |at| {
        let (groups, channels) = (at.size_of("num_groups"), at.maybe_size(at.input().get(1)));
        norm(
            at,
            "GroupNorm",
            &quote!(#groups, #channels),
            &["epsilon", "affine"],
        )
    }),
    ("instance_norm", |at| {
        let channels = at.maybe_size(at.input().get(1));
        norm(at, "InstanceNorm", &channels, &["epsilon", "affine"])
    }),
    ("rms_norm", |at| {
        let width = at.maybe_size(at.input().last());
        norm(at, "RmsNorm", &width, &["epsilon"])
    }),
    ("local_response_norm", |at| {
        let (burn, window) = (at.burn, at.size_of("size"));
        let set = at.setters(&["alpha", "beta", "k"]);
        Built::module(
            quote!(#burn::nn::LocalResponseNorm),
            quote!(#burn::nn::LocalResponseNormConfig::new(#window) #set.init()),
        )
    }),
];

/// A module that is built with these sizes, and what is set in its configuration.
fn norm(at: &At<'_>, ty: &str, sizes: &TokenStream, set: &[&str]) -> Built {
    let (burn, ty, config) = (at.burn, format_ident!("{ty}"), format_ident!("{ty}Config"));
    let set = at.setters(set);
    Built::module(
        quote!(#burn::nn::#ty),
        quote!(#burn::nn::#config::new(#sizes) #set.init(device)),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
            "`group_norm` needs `num_groups`, the number of parts into which the channels fall [D0310]"
        );
        assert_eq!(
            fault("batch_norm", "epsilon = 0, momentum = 2", "[batch, 8]"),
            "`epsilon` must be greater than 0, but is 0 [D0312]\n\
             `momentum` must be from 0 to 1, but is 2 [D0312]\n\n\
             \u{20}        = help: `momentum` of `batch_norm` is a fraction: 2 percent is `momentum = 0.02`"
        );
    }
}

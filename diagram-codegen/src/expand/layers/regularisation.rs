//! The code of regularisation: modules of Burn's, which act while training.

use quote::quote;

use super::{Built, Code};

pub(super) static CODE: [(&str, Code); 2] = [
    ("dropout", |at| {
        let (burn, prob) = (at.burn, at.float_of("prob"));
        Built::module(
            quote!(#burn::nn::Dropout),
            quote!(#burn::nn::DropoutConfig::new(#prob).init()),
        )
    }),
    ("gaussian_noise", |at| {
        let (burn, std) = (at.burn, at.float_of("std"));
        Built::module(
            quote!(#burn::nn::GaussianNoise),
            quote!(#burn::nn::GaussianNoiseConfig::new(#std).init()),
        )
    }),
];

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
        for prob in ["101", "1", "-0.1", "1e999"] {
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

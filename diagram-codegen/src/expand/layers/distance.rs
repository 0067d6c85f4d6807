//! The code of similarities and distances.

use quote::quote;

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 2] = [
    ("cosine_similarity", cosine_similarity),
    ("pairwise_distance", |at| {
        let (burn, set) = (at.burn, at.setters(&["p", "eps"]));
        Built::module(
            quote!(#burn::nn::PairwiseDistance),
            quote!(#burn::nn::PairwiseDistanceConfig::new() #set.init()),
        )
    }),
];

fn cosine_similarity(at: &At<'_>) -> Built {
    // Axis 1 is Burn's own.
    let first = at.call.given("axis").is_some() && at.axis("axis") == 0;
    let set_axis = first.then(|| quote!(.with_dim(0)));
    let (burn, set) = (at.burn, at.setters(&["eps"]));
    Built::module(
        quote!(#burn::nn::CosineSimilarity),
        quote!(#burn::nn::CosineSimilarityConfig::new() #set_axis #set.init()),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn two_matrices_become_a_number_each() {
        let bench = Bench::new("cosine_similarity", "eps = rate");
        assert_eq!(bench.shape("[batch, 4] * [batch, 4]"), "[batch]");
        assert_eq!(
            bench.init("[batch, 4] * [batch, 4]"),
            "burn :: nn :: CosineSimilarityConfig :: new () . with_eps (self . rate) . init ()"
        );
        let bench = Bench::new("cosine_similarity", "batch");
        assert_eq!(bench.shape("[batch, 4] * [batch, 4]"), "[4]");
        assert!(
            bench
                .init("[batch, 4] * [batch, 4]")
                .contains("with_dim (0)")
        );
        let bench = Bench::new("pairwise_distance", "p = 1, eps = 0");
        assert_eq!(bench.shape("[batch, seq] * [batch, seq]"), "[batch]");
        assert_eq!(
            bench.init("[batch, 4] * [batch, 4]"),
            "burn :: nn :: PairwiseDistanceConfig :: new () . with_p (1f64) . with_eps (0f64) . init ()"
        );
    }

    #[test]
    fn their_faults() {
        let fault = |input| Bench::new("pairwise_distance", "").fault(input);
        assert_eq!(
            fault("[batch, 4]"),
            "`pairwise_distance` takes several tensors, but is given one: [batch, 4] [D0318]\n\n\
             \u{20}        = note: layers side by side give several: `(linear, linear) >> pairwise_distance`\n\
             \u{20}        = note: each must have the shape [batch, 4]"
        );
        assert_eq!(
            fault("[batch, 4] * [batch, 4] * [batch, 4]"),
            "`pairwise_distance` takes two tensors, but is given 3: [batch, 4] * [batch, 4] * [batch, 4] \
             [D0318]"
        );
        assert_eq!(
            fault("[batch, 4, 2] * [batch, 4, 2]"),
            "`pairwise_distance` takes [batch, width] twice, but is given [batch, 4, 2] [D0305]"
        );
        assert_eq!(
            fault("Int[batch, 4] * Int[batch, 4]"),
            "`pairwise_distance` takes Float, but is given Int[batch, 4] [D0304]\n\n\
             \u{20}        = note: `embedding` gives a vector of Float for each Int"
        );
    }
}

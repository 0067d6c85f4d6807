//! How near two batches of vectors are: `cosine_similarity`, `pairwise_distance`.

use diagram_core::{Code, Fault, Gives, Product};
use quote::quote;

use diagram_core::Range;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, join};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "cosine_similarity",
        &[
            Parameter::new("axis", ParameterKind::Axis, "the axis of the vectors")
                .aliases(&["dim"])
                .positional()
                .default("1"),
            float("eps", Range::NOT_NEGATIVE, "the least norm").default("1e-8"),
        ],
        cosine_similarity,
    )
    .giving(Gives::Signed)
    .of_several()
    .rule("Float `[b, width]` * `[b, width]` to `[b]`"),
    Layer::new(
        "pairwise_distance",
        &[
            float("p", Range::POSITIVE, "the exponent of the norm").default("2.0"),
            float("eps", Range::ANY, "what is added to every difference").default("1e-6"),
        ],
        pairwise_distance,
    )
    .giving(Gives::NotNegative)
    .of_several()
    .rule("Float `[b, width]` * `[b, width]` to `[b]`"),
];

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

/// x · y / (‖x‖ ‖y‖) along an axis.
fn cosine_similarity(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    two_matrices(arguments.of(), site)?;
    let axis = arguments.axis("axis", site.input).unwrap_or(Ok(1))?;
    let set_axis = (axis != 1).then(|| quote!(.with_dim(0)));
    let (burn, set) = (site.burn, arguments.setters(&["eps"]));
    Ok(Built::module(
        without(site, axis),
        quote!(#burn::nn::CosineSimilarity),
        quote!(#burn::nn::CosineSimilarityConfig::new() #set_axis #set.init()),
    ))
}

/// ‖x − y + eps‖ₚ along the last axis.
fn pairwise_distance(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    two_matrices(arguments.of(), site)?;
    let (burn, set) = (site.burn, arguments.setters(&["p", "eps"]));
    Ok(Built::module(
        without(site, 1),
        quote!(#burn::nn::PairwiseDistance),
        quote!(#burn::nn::PairwiseDistanceConfig::new() #set.init()),
    ))
}

fn without(site: &Site<'_>, axis: usize) -> diagram_core::Shape {
    let dims = site.input.dims.iter().enumerate();
    let kept = dims.filter(|(at, _)| *at != axis);
    site.input
        .with_dims(kept.map(|(_, dim)| dim.clone()).collect())
}

fn two_matrices(layer: &str, site: &Site<'_>) -> Result<(), Placed> {
    join::alike(layer, site, None)?;
    // error: `cosine_similarity` takes two tensors, but is given 3: [batch, 4] * [batch, 4] * [batch, 4]
    // [D0318]
    if site.inputs.len() != 2 {
        let (count, all) = (site.inputs.len(), Product(site.inputs.to_vec()));
        let message = format!("`{layer}` takes two tensors, but is given {count}: {all}");
        return Err(site.fault(Fault::new(Code::Factors, message)));
    }
    site.takes_float(layer)?;
    if site.input.rank() != 2 {
        return Err(site.wrong_rank(layer, "[batch, width] twice"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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
             \u{20}        = note: several stand before it in `(f, g) >> pairwise_distance`"
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

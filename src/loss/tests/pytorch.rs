//! Values beside those of `PyTorch`.

use super::*;

/// What `tests/losses/values.py` prints.
const PYTORCH: &str = "
mse 0.528309535
mse_sum 1.584928604
l1 0.662781612
lp_3 0.449278434
huber 0.251677440
smooth_l1 0.359539200
poisson_nll 2.167337944
poisson_nll_full 4.593789238
poisson_nll_rate -0.154850551
gaussian_nll 0.455264957
gaussian_nll_full 1.374203490
binary_cross_entropy 0.574631240
binary_cross_entropy_logits 0.574631240
hinge_embedding 0.632264093
soft_margin 1.183095212
margin_ranking 0.391566370
cross_entropy 3.174352322
cross_entropy_smoothing 3.037467743
cross_entropy_weights 3.032175469
cross_entropy_both 2.876442157
cross_entropy_pad 3.298385234
cross_entropy_ignore 2.869983469
cross_entropy_ignore_all 2.732978992
soft_cross_entropy 0.882563756
soft_cross_entropy_both 1.327472343
multi_margin 2.035512454
multi_margin_2 6.384773115
kl 0.241860011
kl_normal 4.548044135
cosine 0.147191609
cosine_embedding 0.453300626
triplet 6.292157910
triplet_margin 2.353981353
triplet_margin_3 2.205982740
info_nce 0.570583064
info_nce_inside 0.856705551
barlow_twins 0.134858778
variance 0.224691726
covariance 1.500528206
ctc 2.262939709";

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn values_are_those_of_pytorch() {
    let positive = || t().abs() + 0.1;
    let counts = || (t().abs() * 3.0).floor();
    let signs = || Tensor::<1, Int>::from_data([1, -1, -1, 1], &device());
    let weights = [0.5, 2.0, 1.5];
    let soft = || sigmoid(t());
    let by = |settings| cross_entropy_by(p(), classes(), 1, settings);
    let weighted = |settings| {
        let values = by(settings);
        let counts = class_counts(&classes(), settings.weights, &[], &values);
        mean_by(values, counts)
    };
    let plain = CrossEntropy::default();
    let smoothed = CrossEntropy {
        smoothing: 0.1,
        ..plain
    };
    let heavy = CrossEntropy {
        weights: &weights,
        ..plain
    };
    let padded = || {
        let values = cross_entropy(p(), classes());
        let counts = class_counts(&classes(), &[], &[1], &values);
        mean_by(only(values, counts.clone().bool()), counts)
    };
    let targets = Tensor::<2, Int>::from_data([[1, 2, 2], [3, 1, 0]], &device());
    let lengths = |lengths: [i64; 2]| Tensor::<1, Int>::from_data(lengths, &device());
    let ours: Vec<(&str, Tensor<1>)> = vec![
        ("mse", mse(p(), t()).mean()),
        ("mse_sum", sum_within::<2, 1>(mse(p(), t())).mean()),
        ("l1", l1(p(), t()).mean()),
        ("lp_3", lp(p(), t(), 3.0).mean()),
        ("huber", huber(p(), t(), 0.7).mean()),
        ("smooth_l1", smooth_l1(p(), t(), 0.7).mean()),
        (
            "poisson_nll",
            poisson_nll(p(), counts(), true, false, 1e-8).mean(),
        ),
        (
            "poisson_nll_full",
            poisson_nll(p(), counts().int(), true, true, 1e-8).mean(),
        ),
        (
            "poisson_nll_rate",
            poisson_nll(positive(), counts(), false, false, 1e-8).mean(),
        ),
        (
            "gaussian_nll",
            gaussian_nll(p(), t(), positive(), 1e-6, false).mean(),
        ),
        (
            "gaussian_nll_full",
            gaussian_nll(p(), t(), positive(), 1e-6, true).mean(),
        ),
        (
            "binary_cross_entropy",
            binary_cross_entropy(sigmoid(p()), soft(), false, 0.0, &[]).mean(),
        ),
        (
            "binary_cross_entropy_logits",
            binary_cross_entropy(p(), soft(), true, 0.0, &[]).mean(),
        ),
        (
            "hinge_embedding",
            hinge_embedding(p().abs(), each(), 1.0).mean(),
        ),
        ("soft_margin", soft_margin(p(), each()).mean()),
        (
            "margin_ranking",
            margin_ranking(p(), t(), each().float(), 0.3).mean(),
        ),
        ("cross_entropy", cross_entropy(p(), classes()).mean()),
        ("cross_entropy_smoothing", by(smoothed).mean()),
        ("cross_entropy_weights", weighted(heavy)),
        (
            "cross_entropy_both",
            weighted(CrossEntropy {
                smoothing: 0.1,
                ..heavy
            }),
        ),
        ("cross_entropy_pad", padded()),
        ("cross_entropy_ignore", classes::ignoring(p(), plain)),
        (
            "cross_entropy_ignore_all",
            classes::ignoring(p(), classes::BOTH),
        ),
        (
            "soft_cross_entropy",
            soft_cross_entropy(p(), classes::shares(), 1, 0.0, &[]).mean(),
        ),
        (
            "soft_cross_entropy_both",
            soft_cross_entropy(p(), classes::shares(), 1, 0.1, &weights).mean(),
        ),
        ("multi_margin", multi_margin(p(), classes(), 1.0, 1).mean()),
        (
            "multi_margin_2",
            multi_margin(p(), classes(), 0.8, 2).mean(),
        ),
        ("kl", kl(p(), t(), 2.0).mean()),
        ("kl_normal", kl_normal(p(), t()).mean()),
        ("cosine", cosine(p(), t()).mean()),
        (
            "cosine_embedding",
            cosine_embedding(p(), t(), signs(), 0.2).mean(),
        ),
        ("triplet", triplet(p(), q(), t(), 1.0).mean()),
        (
            "triplet_margin",
            triplet_margin(p(), q(), t(), 1.0, 2.0).mean(),
        ),
        (
            "triplet_margin_3",
            triplet_margin(p(), q(), t(), 1.0, 3.0).mean(),
        ),
        ("info_nce", info_nce(p(), t(), 0.5, false)),
        ("info_nce_inside", info_nce(p(), t(), 0.5, true)),
        ("barlow_twins", barlow_twins(p(), t(), 0.005)),
        ("variance", variance(p() * 0.3_f64.sqrt())),
        ("covariance", covariance(p())),
        (
            "ctc",
            ctc(
                log_softmax(wave([5, 2, 4], 0.0), 2),
                targets,
                lengths([5, 4]),
                lengths([3, 2]),
                0,
                false,
            )
            .mean(),
        ),
    ];
    let theirs: Vec<_> = PYTORCH.lines().skip(1).collect();
    assert_eq!(ours.len(), theirs.len());
    for ((name, ours), line) in ours.into_iter().zip(theirs) {
        let (known, theirs) = line.split_once(' ').unwrap();
        let (ours, theirs) = (value(ours), theirs.parse::<f64>().unwrap());
        assert_eq!(name, known);
        let tolerance = 2e-6 * theirs.abs().max(1.0);
        assert!(
            (ours - theirs).abs() < tolerance,
            "`{name}` is {ours}, not {theirs}"
        );
    }
}

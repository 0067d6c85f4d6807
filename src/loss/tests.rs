//! Values of losses, and the edges of what they take.

use burn::tensor::activation::{log_softmax, sigmoid};
use burn::tensor::{Bool, Device, Int, Tensor};

use super::*;

mod classes;
mod pytorch;

fn device() -> Device {
    Device::default().autodiff()
}

fn value(tensor: Tensor<1>) -> f64 {
    assert_eq!(tensor.dims(), [1]);
    f64::from(tensor.into_scalar::<f32>())
}

/// Entries that anyone can make: scale · sin(1.7 i + phase), in order.
fn wave<const D: usize>(shape: [usize; D], phase: f64) -> Tensor<D> {
    let count = u32::try_from(shape.iter().product::<usize>()).unwrap();
    let entries: Vec<f64> = (0..count)
        .map(|i| 2.0 * (1.7 * f64::from(i) + phase).sin())
        .collect();
    Tensor::<1>::from_data(entries.as_slice(), &device()).reshape(shape)
}

fn p() -> Tensor<2> {
    wave([4, 3], 0.0)
}

fn t() -> Tensor<2> {
    wave([4, 3], 0.5)
}

fn q() -> Tensor<2> {
    wave([4, 3], 1.1)
}

fn classes() -> Tensor<1, Int> {
    Tensor::from_data([2, 0, 1, 1], &device())
}

fn each() -> Tensor<2, Int> {
    let signs = [[1, -1, 1], [-1, -1, 1], [1, 1, -1], [-1, 1, -1]];
    Tensor::from_data(signs, &device())
}

#[test]
fn known_values() {
    let device = device();
    let close = |ours: Tensor<1>, expected: f64| {
        let ours = value(ours);
        assert!((ours - expected).abs() < 1e-5, "{ours} is not {expected}");
    };
    // InfoNCE of equal similarities: ln N; with each side's own others, ln(2N − 1).
    for count in [1_u32, 2, 7] {
        let same = || Tensor::<2>::ones([count as usize, 5], &device);
        let count = f64::from(count);
        close(info_nce(same(), same() * 3.0, 0.07, false), count.ln());
        close(
            info_nce(same(), same(), 0.5, true),
            (2.0 * count - 1.0).ln(),
        );
    }
    let squares = value(mse(p(), t()).mean());
    close(l2(p(), t()).mean(), squares);
    close(cosine(p(), p() * 2.0).mean(), 0.0);
    close(cosine(p(), p().neg()).mean(), 2.0);
    close(kl(p(), p(), 3.0).mean(), 0.0);
    close(kl_normal(p().zeros_like(), p().zeros_like()).mean(), 0.0);
    close(triplet(p(), p(), p(), 0.3).mean(), 0.3);
    close(barlow_twins(p(), p(), 0.0), 0.0);
    let probabilities = burn::tensor::activation::softmax(p(), 1);
    let settings = CrossEntropy {
        probabilities: true,
        ..CrossEntropy::default()
    };
    let expected = value(cross_entropy(p(), classes()).mean());
    close(
        cross_entropy_by(probabilities, classes(), 1, settings).mean(),
        expected,
    );
}

#[test]
fn metrics_count() {
    let device = device();
    let logits = Tensor::<2>::from_data([[3.0, 2.0, 1.0], [0.0, 5.0, 4.0]], &device);
    let classes = || Tensor::<1, Int>::from_data([1, 0], &device);
    for (k, expected) in [(1, 0.0), (2, 0.5), (3, 1.0), (9, 1.0)] {
        let share = value(top_k(logits.clone(), classes(), k, 1).mean());
        assert!((share - expected).abs() < 1e-6, "{k}: {share}");
    }
    let turned = logits.clone().transpose();
    assert!((value(top_k(turned.clone(), classes(), 2, 0).mean()) - 0.5).abs() < 1e-6);
    assert!(value(accuracy_along(turned, classes(), 0).mean()).abs() < 1e-6);
}

/// All entries of the gradients by some tensors are finite, and what is lost is too.
fn finite(name: &str, loss: &Tensor<1>, of: &[Tensor<2>]) {
    assert!(value(loss.clone()).is_finite(), "`{name}` is not finite");
    let gradients = loss.backward();
    for tensor in of {
        let Some(gradient) = tensor.grad(&gradients) else {
            continue;
        };
        let entries = gradient.into_data().try_to_vec::<f32>().unwrap();
        let all = entries.iter().all(|entry| entry.is_finite());
        assert!(all, "the gradient of `{name}` is {entries:?}");
    }
}

/// Every loss of two or three matrices, on these.
fn all_on(make: &dyn Fn() -> [Tensor<2>; 3]) {
    type Named = (&'static str, fn([Tensor<2>; 3]) -> Tensor<1>);
    let losses: Vec<Named> = vec![
        ("mse", |[a, b, _]| mse(a, b).mean()),
        ("l1", |[a, b, _]| l1(a, b).mean()),
        ("lp", |[a, b, _]| lp(a, b, 1.5).mean()),
        ("huber", |[a, b, _]| huber(a, b, 0.5).mean()),
        ("smooth_l1", |[a, b, _]| smooth_l1(a, b, 0.5).mean()),
        ("gaussian_nll", |[a, b, c]| {
            gaussian_nll(a, b, c, 1e-6, true).mean()
        }),
        ("binary_cross_entropy", |[a, b, _]| {
            binary_cross_entropy(a, sigmoid(b).detach(), true, 0.0, &[]).mean()
        }),
        ("soft_margin", |[a, b, _]| {
            soft_margin(a, b.sign().detach()).mean()
        }),
        ("hinge_embedding", |[a, b, _]| {
            hinge_embedding(a, b.sign().detach(), 1.0).mean()
        }),
        ("margin_ranking", |[a, b, c]| {
            margin_ranking(a, b, c.sign().detach(), 1.0).mean()
        }),
        ("kl", |[a, b, _]| kl(a, b, 0.5).mean()),
        ("cosine", |[a, b, _]| cosine(a, b).mean()),
        ("triplet", |[a, b, c]| triplet(a, b, c, 1.0).mean()),
        ("triplet_margin", |[a, b, c]| {
            triplet_margin(a, b, c, 1.0, 2.0).mean()
        }),
        ("triplet_margin_1", |[a, b, c]| {
            triplet_margin(a, b, c, 1.0, 1.0).mean()
        }),
        ("triplet_margin_3", |[a, b, c]| {
            triplet_margin(a, b, c, 1.0, 3.0).mean()
        }),
        ("info_nce", |[a, b, _]| info_nce(a, b, 0.07, false)),
        ("info_nce_inside", |[a, b, _]| info_nce(a, b, 0.07, true)),
        ("barlow_twins", |[a, b, _]| barlow_twins(a, b, 0.005)),
        ("variance", |[a, _, _]| variance(a)),
        ("covariance", |[a, _, _]| covariance(a)),
    ];
    for (name, loss) in losses {
        let ends = make().map(Tensor::require_grad);
        finite(name, &loss(ends.clone()), &ends);
    }
}

#[test]
fn large_entries_are_safe() {
    let large = |phase| wave([4, 3], phase).sign() * 1e4;
    all_on(&|| [large(0.0), large(0.5), large(1.1)]);
    let logits = || (wave([4, 3], 0.0).sign() * 1e4).require_grad();
    for smoothing in [0.0, 0.1] {
        let ends = logits();
        let settings = CrossEntropy {
            smoothing,
            ..CrossEntropy::default()
        };
        let loss = cross_entropy_by(ends.clone(), classes(), 1, settings).mean();
        finite("cross_entropy", &loss, &[ends]);
    }
    let ends = logits();
    finite(
        "multi_margin",
        &multi_margin(ends.clone(), classes(), 1.0, 2).mean(),
        &[ends],
    );
    let ends = logits();
    finite(
        "cross_entropy",
        &cross_entropy(ends.clone(), classes()).mean(),
        &[ends],
    );
}

#[test]
fn equal_points_and_zeros_are_safe() {
    all_on(&|| [p(), p(), p()]);
    let zeros = || p().zeros_like();
    all_on(&|| [zeros(), zeros(), zeros()]);
    let ends = zeros().require_grad();
    let signs = Tensor::<1, Int>::from_data([1, -1, -1, 1], &device());
    let loss = cosine_embedding(ends.clone(), ends.clone(), signs, 0.0).mean();
    finite("cosine_embedding", &loss, &[ends]);
    // Probabilities of 0 and 1.
    let sure = Tensor::<2>::from_data([[0.0, 1.0]], &device()).require_grad();
    let target = Tensor::<2, Int>::from_data([[1, 0]], &device());
    let loss = binary_cross_entropy(sure.clone(), target, false, 0.0, &[]).mean();
    assert!(value(loss).is_finite());
    // The gradient by a logit of 0 is that of the sigmoid.
    let logit = Tensor::<1>::from_data([0.0], &device()).require_grad();
    let yes = Tensor::<1>::from_data([1.0], &device());
    let loss = binary_cross_entropy(logit.clone(), yes, true, 0.0, &[]);
    let gradient = logit.grad(&loss.backward()).unwrap().into_scalar::<f32>();
    assert!((gradient + 0.5).abs() < 1e-6, "{gradient}");
}

#[test]
fn a_batch_of_one_is_safe() {
    let one = |phase| wave([1, 3], phase);
    all_on(&|| [one(0.0), one(0.5), one(1.1)]);
}

#[test]
fn masks_and_weights() {
    let device = device();
    let mask = |mask: [bool; 4]| Tensor::<1, Bool>::from_data(mask, &device);
    let rows = |wanted: [i64; 2]| {
        let rows = Tensor::<1, Int>::from_data(wanted, &device);
        mse(p().select(0, rows.clone()), t().select(0, rows)).mean()
    };
    let masked = mean_where(mse(p(), t()), mask([true, false, false, true]));
    assert!((value(masked) - value(rows([0, 3]))).abs() < 1e-6);
    // A mask that leaves nothing, over values that are no numbers.
    let broken = (p() / 0.0).require_grad();
    let nothing = mean_where(mse(broken.clone(), t()), mask([false; 4]));
    assert!(value(nothing).abs() < 1e-9);
    let nothing = mean_where(kl(p(), t(), 1.0), mask([false; 4]));
    assert!(value(nothing).abs() < 1e-9);
    // The mean stays over all units, and no gradient passes the weights.
    let weights = Tensor::<1>::from_data([2.0, 0.0, 0.0, 2.0], &device).require_grad();
    let ends = p().require_grad();
    let loss = weighted(mse(ends.clone(), t()), weights.clone()).mean();
    assert!((value(loss.clone()) - value(rows([0, 3]))).abs() < 1e-6);
    let gradients = loss.backward();
    assert!(weights.grad(&gradients).is_none() && ends.grad(&gradients).is_some());
    // Classes that all are padding.
    let values = cross_entropy(p(), classes());
    let counts = class_counts(&classes(), &[], &[0, 1, 2], &values);
    assert!(value(mean_by(only(values, counts.clone().bool()), counts)).abs() < 1e-9);
}

#[test]
fn a_loss_is_the_mean_over_all_its_units() {
    let logits = || wave([2, 2, 3], 0.0);
    let target = || wave([2, 2, 3], 0.5);
    let row = |of: Tensor<3>, at: usize| -> Tensor<2> {
        let rows = of.reshape([4, 3]);
        rows.slice([at..at + 1, 0..3])
    };
    let labels = [2, 0, 0, 1];
    let of = |index: usize| Tensor::<1, Int>::from_data([labels[index]], &device());
    let all = Tensor::<1, Int>::from_data(labels, &device()).reshape([2, 2]);
    let mean = |each: &dyn Fn(usize) -> f64| (0..4).map(each).sum::<f64>() / 4.0;
    let same = |whole: Tensor<1>, each: &dyn Fn(usize) -> f64| {
        let (whole, parts) = (value(whole), mean(each));
        assert!((whole - parts).abs() < 1e-5, "{whole} is not {parts}");
    };
    same(cross_entropy(logits(), all.clone()).mean(), &|at| {
        value(cross_entropy(row(logits(), at), of(at)))
    });
    let turned = logits().permute([0, 2, 1]);
    same(
        cross_entropy_along(turned.clone(), all.clone(), 1).mean(),
        &|at| value(cross_entropy(row(logits(), at), of(at))),
    );
    same(accuracy_along(turned, all.clone(), 1).mean(), &|at| {
        value(accuracy(row(logits(), at), of(at)))
    });
    same(multi_margin(logits(), all, 1.0, 1).mean(), &|at| {
        value(multi_margin(row(logits(), at), of(at), 1.0, 1))
    });
    same(kl(logits(), target(), 2.0).mean(), &|at| {
        value(kl(row(logits(), at), row(target(), at), 2.0).mean())
    });
    same(kl_normal(logits(), target()).mean(), &|at| {
        value(kl_normal(row(logits(), at), row(target(), at)).mean())
    });
    same(cosine(logits(), target()).mean(), &|at| {
        value(cosine(row(logits(), at), row(target(), at)).mean())
    });
}

#[test]
fn the_transducer_counts_every_alignment() {
    // Two steps of time and one label, all classes alike: two alignments of three classes each.
    let device = device();
    let logits = Tensor::<4>::zeros([1, 2, 2, 3], &device).require_grad();
    let targets = Tensor::<2, Int>::from_data([[1]], &device);
    let length = |length: i64| Tensor::<1, Int>::from_data([length], &device);
    let loss = rnnt(logits.clone(), targets, length(2), length(1), 0, true);
    let expected = 3.0 * 3.0_f64.ln() - 2.0_f64.ln();
    assert!((value(loss.clone()) - expected).abs() < 1e-5);
    let gradient = logits.grad(&loss.backward()).unwrap();
    let entries = gradient.into_data().try_to_vec::<f32>().unwrap();
    assert!(entries.iter().all(|entry| entry.is_finite()), "{entries:?}");
}

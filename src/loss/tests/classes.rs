//! Classes that are ignored, probabilities as targets, and metrics of what is no number.

use burn::tensor::activation::softmax;

use super::*;

/// Weights and smoothing together.
pub(super) const BOTH: CrossEntropy<'static> = CrossEntropy {
    smoothing: 0.1,
    weights: &[0.5, 2.0, 1.5],
    probabilities: false,
};

/// The cell of `cross_entropy(ignore = -100)`, of which two units are ignored.
pub(super) fn ignoring(logits: Tensor<2>, settings: CrossEntropy<'_>) -> Tensor<1> {
    let classes = Tensor::from_data([2, -100, 1, -100], &device());
    cell(logits, &classes, settings)
}

/// The cell of `cross_entropy(ignore = -100)`, as the macro writes it.
fn cell(logits: Tensor<2>, classes: &Tensor<1, Int>, settings: CrossEntropy<'_>) -> Tensor<1> {
    let ignored = [-100];
    let values = cross_entropy_by(logits, known_classes(classes, &ignored), 1, settings);
    let counts = class_counts(classes, settings.weights, &ignored, &values);
    mean_by(only(values, counts.clone().bool()), counts)
}

/// Probabilities.
pub(super) fn shares() -> Tensor<2> {
    softmax(t(), 1)
}

fn entries<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// What `tests/losses/values.py` prints of gradients.
const PYTORCH: &str = "
cross_entropy_ignore by p 0.056391 0.409784 -0.466174 0.000000 0.000000 0.000000 0.020177 -0.476239 0.456062 0.000000 0.000000 0.000000
cross_entropy_ignore_all by p 0.043036 0.328293 -0.371329 0.000000 0.000000 0.000000 0.017529 -0.507084 0.489554 0.000000 0.000000 0.000000
soft_cross_entropy_both by p 0.000216 -0.001833 0.001618 0.000743 -0.171490 0.170748 0.009017 -0.037963 0.028946 0.187504 -0.023497 -0.164007";

#[test]
fn gradients_are_those_of_pytorch() {
    type Loss = fn(Tensor<2>) -> Tensor<1>;
    let ours: [(&str, Loss); 3] = [
        ("cross_entropy_ignore", |p| {
            ignoring(p, CrossEntropy::default())
        }),
        ("cross_entropy_ignore_all", |p| ignoring(p, BOTH)),
        ("soft_cross_entropy_both", |p| {
            soft_cross_entropy(p, shares(), 1, 0.1, BOTH.weights).mean()
        }),
    ];
    let theirs: Vec<_> = PYTORCH.lines().skip(1).collect();
    assert_eq!(ours.len(), theirs.len());
    for ((name, loss), line) in ours.into_iter().zip(theirs) {
        let (known, theirs) = line.split_once(" by p ").unwrap();
        assert_eq!(name, known);
        let at = p().require_grad();
        let ours = entries(at.grad(&loss(at.clone()).backward()).unwrap());
        let theirs: Vec<f32> = theirs.split(' ').map(|one| one.parse().unwrap()).collect();
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert!(
                (ours - theirs).abs() < 2e-6,
                "`{name}`: {ours} is not {theirs}"
            );
        }
    }
}

#[test]
fn where_all_classes_are_ignored_the_cell_is_0() {
    let all = Tensor::<1, Int>::from_data([-100; 4], &device());
    for settings in [CrossEntropy::default(), BOTH] {
        let at = p().require_grad();
        let loss = cell(at.clone(), &all, settings);
        assert!(value(loss.clone()).abs() < 1e-9);
        let gradient = entries(at.grad(&loss.backward()).unwrap());
        assert!(gradient.iter().all(|entry| *entry == 0.0), "{gradient:?}");
    }
}

#[test]
fn probabilities_lie_on_any_axis_and_gradients_reach_them() {
    let whole = value(soft_cross_entropy(p(), shares(), 1, 0.1, BOTH.weights).mean());
    let turned = soft_cross_entropy(p().transpose(), shares().transpose(), 0, 0.1, BOTH.weights);
    assert_eq!(turned.dims(), [4, 1]);
    assert!((value(turned.mean()) - whole).abs() < 1e-6);
    // Of one class alone it is the cross-entropy.
    let one = classes().one_hot::<2>(3).float();
    let ours = value(soft_cross_entropy(p(), one, 1, 0.0, &[]).mean());
    assert!((ours - value(cross_entropy(p(), classes()).mean())).abs() < 1e-6);
    // By a target it is −log softmax(logits), divided by the number of units.
    let target = shares().require_grad();
    let loss = soft_cross_entropy(p(), target.clone(), 1, 0.0, &[]).mean();
    let ours = entries(target.grad(&loss.backward()).unwrap());
    let theirs = entries(log_softmax(p(), 1) / -4.0);
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!((ours - theirs).abs() < 1e-6, "{ours} is not {theirs}");
    }
}

#[test]
fn metrics_of_what_is_no_number_are_none() {
    let nan = f32::NAN;
    let rows = [
        [nan, 2.0, 1.0],
        [0.0, 5.0, nan],
        [nan; 3],
        [0.0, 5.0, f32::INFINITY],
    ];
    let logits = Tensor::<2>::from_data(rows, &device());
    let classes = || Tensor::<1, Int>::from_data([0, 1, 2, 2], &device());
    let turned = logits.clone().transpose();
    for values in [
        accuracy(logits.clone(), classes()),
        accuracy_along(turned.clone(), classes(), 0),
        top_k(logits, classes(), 1, 1),
        top_k(turned, classes(), 1, 0),
    ] {
        let values = entries(values);
        assert!(values[..3].iter().all(|value| value.is_nan()), "{values:?}");
        assert!((values[3] - 1.0).abs() < 1e-6, "{values:?}");
    }
    // What does not count is no matter.
    let mask = Tensor::<1, Bool>::from_data([false, false, false, true], &device());
    let logits = Tensor::<2>::from_data(rows, &device());
    let share = mean_where(accuracy(logits, classes()), mask);
    assert!((value(share) - 1.0).abs() < 1e-6);
}

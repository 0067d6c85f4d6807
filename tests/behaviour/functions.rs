//! Functions and closures as morphisms.

use std::sync::atomic::{AtomicUsize, Ordering};

use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::Distribution;
use diagrammatic::diagram;
use diagrammatic::diagram_core::Definition;

use crate::common::{compare, device, entries, numbers, scalar};

mod augment {
    use super::*;

    /// Adds noise of a generic rank.
    pub(super) fn noise<const D: usize>(x: Tensor<D>) -> Tensor<D> {
        let noise = Tensor::random(x.shape(), Distribution::Normal(0.0, 1.0), &x.device());
        x + noise
    }

    /// What it is given, and its double.
    pub(super) fn double(x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        (x.clone(), x * 2.0)
    }

    pub(super) fn no_rows(x: Tensor<2>) -> Tensor<2> {
        x.narrow(0, 0, 1)
    }
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

fn counted(x: Tensor<2>) -> Tensor<2> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    augment::noise(x)
}

diagram! {
    /// Two views of a point, by functions and closures.
    pub(crate) Views(gain: f64 = 3.0, power: i32 = 2, times: usize = 1, name: String = "x".to_owned()) {
        dyn batch;

        data Point: [batch, 3];
        Code: [batch, 3];

        Point --left--> Point;
        Point --right--> Point;
        Point --encode--> Code;
        Code * Code --merge--> Code;
        Code --split--> Code * Code;

        left = fn augment::noise::<2>;
        right = fn augment::noise;
        encode = linear;
        merge = |a, b| {
            let grown = a * gain;
            if name == "x" { grown + b.powi_scalar(power).repeat_dim(0, times) } else { grown }
        };
        split = fn augment::double;
        merged = split >> merge;

        near: encode(left(Point)) ~ encode(right(Point));
        watch seen: encode(left(Point)) ~ encode(Point) by mse;
    }
}

fn agree(generated: &Tensor<2>, by_hand: &Tensor<2>) {
    let named = |tensor: &Tensor<2>| numbers([("value", tensor.clone())]);
    compare(&named(generated), &named(by_hand)).expect("they agree");
}

fn point() -> Tensor<2> {
    Tensor::from_data([[1.0, 2.0, 3.0], [-1.0, 0.5, 0.0]], &device())
}

#[test]
fn a_closure_reads_hyper_parameters_when_it_is_called() {
    let mut model = ViewsConfig::new().init(&device());
    let x = point();
    let by_hand = x.clone() * 3.0 + (x.clone() * 2.0).powi_scalar(2);
    agree(&model.merged(x.clone()), &by_hand);
    model.hyper.gain = -1.0;
    let by_hand = -x.clone() + x.clone() * x.clone();
    agree(&model.merge(x.clone(), x), &by_hand);
}

#[test]
fn a_function_has_no_field_and_stands_in_the_diagram_as_written() {
    let model = ViewsConfig::new().init(&device());
    assert_eq!(model.num_params(), 12);
    let diagram = Views::diagram();
    let text = |name: &str| {
        let mut all = diagram.morphisms.iter();
        let morphism = all.find(|morphism| morphism.name == name).expect("drawn");
        match &morphism.definition {
            Definition::Function(function) => function.to_string(),
            other => panic!("`{name}` is {other:?}"),
        }
    };
    assert_eq!(text("left"), "fn augment::noise::<2>");
    assert!(text("merge").starts_with("|a, b|"));
    assert!(diagram.to_string().contains("= fn augment::double"));
}

#[test]
fn two_functions_are_two_draws_in_training_and_validation() {
    let model = ViewsConfig::new().init(&device());
    let loss = model.loss(ViewsBatch { point: point() });
    assert!(scalar(&loss.near) > 0.0);
    // Each call draws anew, in validation as well.
    let valid = model.valid();
    let seen = || scalar(&valid.evaluate(ViewsBatch { point: point() }).seen);
    let (first, second) = (seen(), seen());
    assert!(first > 0.0 && second > 0.0 && (first - second).abs() > 1e-6);
}

diagram! {
    Counting {
        dyn batch;
        data Point: [batch, 3];
        Point --shake--> Point;
        Point --encode--> Point;
        shake = fn counted;
        encode = linear;
        once: encode(shake(Point)) ~ Point;
        twice: (shake >> encode) ~ shake;
    }
}

#[test]
fn equal_terms_are_one_call_and_gradients_pass() {
    let mut model = CountingConfig::new().init(&device());
    let batch = CountingBatch { point: point() };
    let loss = model.loss(batch);
    assert_eq!(CALLS.load(Ordering::Relaxed), 1);
    let before = entries(&model.encode.linear_1.weight.val());
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    model = SgdConfig::new().init().step(0.1, model, gradients);
    assert_ne!(entries(&model.encode.linear_1.weight.val()), before);
}

diagram! {
    Wrong {
        dyn batch;
        data Point: [batch, 3];
        Point --cut--> Point;
        Point --encode--> Point;
        cut = fn augment::no_rows;
        encode = linear;
        encode(cut(Point)) ~ Point;
    }
}

#[test]
fn what_a_function_returns_has_the_size_that_is_drawn() {
    let model = WrongConfig::new().init(&device());
    let error = model
        .try_loss(WrongBatch { point: point() })
        .expect_err("one row");
    let text = error.to_string();
    assert!(
        text.contains("`cut`") && text.contains("[batch, 3]"),
        "{text}"
    );
}

//! Values that one can look up, through a diagram.

use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{device, labels, scalar};

/// Logits come as data, so that a test can choose them.
#[derive(Module, Debug)]
struct Identity {
    #[module(skip)]
    name: &'static str,
}

impl Identity {
    fn forward(&self, logits: Tensor<2>) -> Tensor<2> {
        assert!(!self.name.is_empty());
        logits
    }
}

diagram! {
    Known(temperature: f64 = 1.0) {
        dyn batch;

        Logits: [batch, 3];
        data Given, Wanted: Logits;
        data Class: Int[batch];

        Logits --student--> Logits;
        Logits --teacher--> Logits;

        student = Identity;
        teacher = frozen Identity;

        soft: student(Given) ~ teacher(Wanted) by kl(temperature) weight 0.5;
        hot: student(Given) ~ Wanted by kl(temperature = 4.0) weight 0.5;
        hard: student(Given) ~ Class by cross_entropy;
        error: student(Given) ~ teacher(Wanted) by mse;
        watch accuracy: student(Given) ~ Class by accuracy;
    }
}

fn known(temperature: f64) -> Known {
    let identity = |name| Identity { name };
    let modules = KnownModules {
        student: identity("student"),
        teacher: identity("teacher"),
    };
    let config = KnownConfig::new().with_temperature(temperature);
    config.init(modules, &device())
}

fn batch(given: [f32; 3], wanted: [f32; 3], class: i64) -> KnownBatch {
    let row = |row| Tensor::from_data([row], &device());
    KnownBatch {
        given: row(given),
        wanted: row(wanted),
        class: labels(&[class]),
    }
}

fn close(value: &Tensor<1>, expected: f32) {
    let value = scalar(value);
    assert!((value - expected).abs() < 2e-6, "{value} is not {expected}");
}

#[test]
fn distillation_at_a_temperature() {
    let loss = known(4.0).loss(batch([1.0, 2.0, 3.0], [3.0, 1.0, 0.0], 2));
    close(&loss.soft, 2.154_541);
    close(&loss.hot, 2.154_541);
    close(&loss.hard, 0.407_606);
    close(&loss.error, 14.0 / 3.0);
    close(&loss.total, 2.154_541 + 0.407_606 + 14.0 / 3.0);
}

#[test]
fn divergence_of_two_distributions() {
    let logarithms = |p: [f32; 3]| p.map(f32::ln);
    let (p, q) = (logarithms([0.1, 0.6, 0.3]), logarithms([0.2, 0.3, 0.5]));
    close(&known(1.0).loss(batch(q, p, 0)).soft, 0.193_326);
    close(&known(1.0).loss(batch(p, p, 0)).soft, 0.0);
}

#[test]
fn accuracy_is_a_share() {
    let model = known(1.0);
    let evaluate = |class| model.evaluate(batch([1.0, 2.0, 3.0], [0.0; 3], class));
    close(&evaluate(2).accuracy, 1.0);
    close(&evaluate(1).accuracy, 0.0);
    let names: Vec<_> = evaluate(2).iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["accuracy"]);
}

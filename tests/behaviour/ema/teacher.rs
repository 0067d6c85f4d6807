//! A mean teacher (Tarvainen 2017), and the same by hand.

use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::softmax;
use diagrammatic::diagram;

use super::{assert_near, flip, shift};
use crate::common::{affine, copies, device, entries, labels, random, scalar};

diagram! {
    /// Mean teacher (Tarvainen 2017): two streams of unequal batch.
    pub(crate) MeanTeacher(ramp: f64 = 0.5, decay: f64 = 0.8) {
        dyn batch, many;

        Image: [batch, 6];
        Logits: [batch, 4];
        Chances: [batch, 4];
        data Labelled: Image;
        data Label: Int[batch];
        data Plain: Image[batch = many];

        Image --jitter--> Image <--shake-- Image;
        Image --student--> Logits <--teacher-- Image;
        Logits --chances--> Chances;

        jitter  = fn flip;
        shake   = fn shift;
        chances = softmax(1);
        student = linear;
        teacher = ema(student, decay);

        known:  student(jitter(Labelled)) ~ Label by cross_entropy;
        steady: student(jitter(Plain)) >> chances ~ teacher(shake(Plain)) >> chances weight ramp;
    }
}

/// The regime by hand, on tensors: each step's total, and both sets of weights after the last.
#[test]
fn a_mean_teacher_is_what_one_would_write() {
    let mut model = MeanTeacherConfig::new().init(&device());
    let (mut weight, mut bias) = copies(&model.student.linear_1);
    let (mut slow_weight, mut slow_bias) = (weight.clone().inner(), bias.clone().inner());
    let mut optimizer = SgdConfig::new().init();
    for (step, decay) in [0.8, 0.8, 0.3, 1.0].into_iter().enumerate() {
        let batch = MeanTeacherBatch {
            labelled: random([3, 6]),
            label: labels(&[3, 1, 0]),
            plain: random([7, 6]),
        };
        // A schedule is an assignment.
        model.hyper.decay = decay;

        let logits = affine(flip(batch.labelled.clone()), &weight, &bias);
        let known = burn::nn::loss::CrossEntropyLossConfig::new()
            .init(&device())
            .forward(logits, batch.label.clone());
        let plain = affine(flip(batch.plain.clone()), &weight, &bias);
        let slow = affine(shift(batch.plain.clone().inner()), &slow_weight, &slow_bias);
        let steady = (softmax(plain, 1) - softmax(slow, 1)).square().mean();
        let total = known + steady * 0.5;

        let loss = model.loss(batch);
        let (value, expected) = (scalar(&loss.total), scalar(&total));
        assert!(
            (value - expected).abs() < 1e-5,
            "step {step}: {value} is not {expected}"
        );

        let gradients = total.backward();
        let change = |tensor: &Tensor<2>| tensor.grad(&gradients).expect("a gradient") * 0.1;
        weight = (weight.clone().inner() - change(&weight))
            .autodiff()
            .require_grad();
        let change = bias.grad(&gradients).expect("a gradient") * 0.1;
        bias = (bias.inner() - change).autodiff().require_grad();
        slow_weight = slow_weight * decay + weight.clone().inner() * (1.0 - decay);
        slow_bias = slow_bias * decay + bias.clone().inner() * (1.0 - decay);

        let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
        model = optimizer.step(0.1, model, gradients);
        model.update_averages();
    }
    assert_near(
        &entries(&model.student.linear_1.weight.val()),
        &entries(&weight),
    );
    assert_near(
        &entries(&model.teacher.linear_1.weight.val()),
        &entries(&slow_weight),
    );
    let slow = super::super::common::bias(model.teacher.linear_1.bias.as_ref());
    assert_near(&entries(&slow), &entries(&slow_bias));
}

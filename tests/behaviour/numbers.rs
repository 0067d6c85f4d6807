//! Numbers on one side of a cell.

use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{device, entries, gradients_of, random, scalar};

diagram! {
    /// A judge that tells what is drawn from what is made, by least squares (Mao 2017).
    pub(crate) Judged {
        dyn batch;

        data Image: [batch, 6];
        Score: [batch, 1];

        Image --make--> Image;
        Image --judge--> Score;
        make = linear;
        judge = linear;

        truth: judge(Image) ~ 1;
        spot: -0.5 ~ judge(stop(make)) by l1;
        fool: judge(make) ~ 1;
    }
}

#[test]
fn a_number_is_a_constant_of_the_other_side() {
    let model = JudgedConfig::new().init(&device());
    let image = random([5, 6]);
    let loss = model.loss(JudgedBatch {
        image: image.clone(),
    });
    let mean = |values: Vec<f32>| values.iter().sum::<f32>() / 5.0;
    let made = model.judge(model.make(image.clone()));
    let square = |score: &f32| (score - 1.0) * (score - 1.0);
    let truth = entries(&model.judge(image)).iter().map(square).collect();
    let fool = entries(&made).iter().map(square).collect();
    let spot = entries(&made)
        .iter()
        .map(|score| (score + 0.5).abs())
        .collect();
    for (value, by_hand) in [(&loss.truth, truth), (&loss.fool, fool), (&loss.spot, spot)] {
        assert!((scalar(value) - mean(by_hand)).abs() < 1e-5);
    }
    // Gradients pass on the side of the path.
    let gradients = gradients_of(&model, &loss.truth.backward());
    let reached: Vec<_> = gradients.iter().map(|(path, _)| path.as_str()).collect();
    assert!(reached.iter().all(|path| path.starts_with("judge")) && reached.len() == 2);
}

/// 1 where two numbers are equal, for each unit.
fn same<const D: usize>(left: Tensor<D, Int>, right: Tensor<D, Int>) -> Tensor<D> {
    left.equal(right).float()
}

/// 1 where two truths are equal, for each unit.
fn alike(left: Tensor<1, Bool>, right: Tensor<1, Bool>) -> Tensor<1> {
    left.equal(right).float()
}

diagram! {
    /// Numbers as classes, and beside Int and Bool.
    Classed(classes: usize = 4) {
        dyn batch;
        where classes >= 4;

        data Image: [batch, 6];
        data Label: Int[batch];
        data Kept: Bool[batch];
        Logits: [batch, classes];
        Map: [batch, 3, 2];

        Image --name--> Logits;
        Image --spread--> Map;
        name = linear;
        spread = reshape[batch, 3, 2];

        last: name ~ 2 by cross_entropy;
        ahead: name ~ 3 by multi_margin(margin = learned(0.5));
        yes: name ~ 1 by binary_cross_entropy(logits = true);
        watch along: spread ~ 1 by cross_entropy(axis = 1);
        watch most: name ~ 0.0 by accuracy;
        watch ones: 1 ~ Label by self::same;
        watch kept: Kept ~ 1 by self::alike;
    }
}

#[test]
fn a_number_is_of_the_kind_that_the_loss_takes() {
    let device = device();
    let model = ClassedConfig::new().init(&device);
    let image = random([3, 6]);
    let batch = ClassedBatch {
        image: image.clone(),
        label: Tensor::from_data([1, 0, 1], &device),
        kept: Tensor::from_data([true, false, false], &device),
    };
    let (loss, evaluation) = (model.loss(batch.clone()), model.evaluate(batch));
    let logits = model.name(image.clone());
    let chance = |logits: Tensor<2>, class: usize| {
        let chances = burn::tensor::activation::log_softmax(logits, 1);
        chances.slice([0..3, class..class + 1]).mean().neg()
    };
    let yes = burn::tensor::activation::sigmoid(logits.clone())
        .log()
        .neg()
        .mean();
    let ahead: f32 = entries(&logits)
        .chunks(4)
        .flat_map(|unit| {
            let others = unit.iter().take(3);
            others.map(|other| (0.5 + other - unit[3]).max(0.0))
        })
        .sum();
    let largest = logits.clone().argmax(1).equal_elem(0).float().mean();
    let spread = burn::tensor::activation::log_softmax(image.reshape([3, 3, 2]), 1);
    let along = spread.slice([0..3, 1..2, 0..2]).mean().neg();
    for (value, by_hand) in [
        (loss.last, scalar(&chance(logits, 2))),
        (loss.ahead, ahead / (3.0 * 4.0)),
        (loss.yes, scalar(&yes)),
        (evaluation.along, scalar(&along)),
        (evaluation.most, scalar(&largest)),
        (evaluation.ones, 2.0 / 3.0),
        (evaluation.kept, 1.0 / 3.0),
    ] {
        assert!(
            (scalar(&value) - by_hand).abs() < 1e-5,
            "{value} is not {by_hand}"
        );
    }
}

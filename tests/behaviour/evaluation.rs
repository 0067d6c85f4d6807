//! `evaluate` evaluates, whatever the devices of model and batch; what a cell of weight 0 records.

use burn::prelude::*;
use burn::tensor::TensorData;
use burn::train::InferenceStep;
use diagrammatic::diagram;

use crate::common::{device, entries, gradients_of, labels, random};

diagram! {
    /// What tells training from evaluation: dropout, noise and running statistics.
    pub(crate) Moody(side: f64 = 0.0) {
        dyn batch;
        data Image: [batch, 6];
        data Label: Int[batch];
        Feature: [batch, 32];
        Scores: [batch, 3];
        Code: [batch, 4];

        Image --trunk--> Feature --head--> Scores;
        Feature --project--> Code;
        trunk = linear >> batch_norm >> relu >> gaussian_noise(0.5) >> dropout(0.5);
        head = linear;
        project = linear(8) >> batch_norm >> linear;

        fit: trunk >> head ~ Label by cross_entropy;
        apart: minimize trunk >> project by variance weight side;
        watch accuracy: trunk >> head ~ Label by accuracy;
        watch margin: trunk >> head ~ Label by multi_margin;
    }
}

fn batch(plain: bool) -> MoodyBatch {
    let batch = MoodyBatch {
        image: random([64, 6]),
        label: labels(&(0..64).map(|index| index % 3).collect::<Vec<_>>()),
    };
    if plain {
        MoodyBatch {
            image: batch.image.inner(),
            label: batch.label.inner(),
        }
    } else {
        batch
    }
}

fn statistics(model: &Moody) -> Vec<TensorData> {
    let norms = [&model.trunk.batch_norm_1, &model.project.batch_norm_1];
    let both = norms.map(|norm| {
        [
            norm.running_mean.value_sync(),
            norm.running_var.value_sync(),
        ]
    });
    both.into_iter().flatten().map(Tensor::into_data).collect()
}

#[test]
fn evaluation_neither_draws_nor_moves_nor_records() {
    let model = MoodyConfig::new().init(&device());
    let _ = model.loss(batch(false)); // so that running statistics are not those of the start
    let before = statistics(&model);
    for plain in [false, true] {
        let batch = batch(plain);
        let expected = model.valid().evaluate(batch.clone());
        for _ in 0..3 {
            let evaluation = model.evaluate(batch.clone());
            assert_eq!(evaluation.margin.to_data(), expected.margin.to_data());
            assert_eq!(evaluation.accuracy.to_data(), expected.accuracy.to_data());
            assert!(!evaluation.margin.is_autodiff());
        }
        // So does a step of validation, whose model Burn's learner has from `valid`.
        let step = |model: &Moody| InferenceStep::step(model, batch.clone());
        let (ours, expected) = (step(&model), step(&model.valid()));
        for ((name, value), (_, expected)) in ours.iter().zip(expected.iter()) {
            assert_eq!(value.to_data(), expected.to_data(), "{name}");
        }
        assert_eq!(statistics(&model), before);
    }
    let training = model.loss(batch(false)).fit;
    assert_ne!(entries(&training), entries(&model.loss(batch(false)).fit));
}

/// It has the value, makes the draws and moves the statistics that it would.
#[test]
fn a_cell_of_weight_0_is_evaluated_without_a_record() {
    let device = device();
    let mut model = MoodyConfig::new()
        .with_side(0.5)
        .init(&device)
        .valid()
        .train();
    let mut other = MoodyConfig::new().init(&device);
    other = other.load_record(model.clone().into_record());
    let batch = batch(false);
    device.seed(7);
    let on = model.loss(batch.clone());
    device.seed(7);
    let off = other.loss(batch.clone());
    assert_eq!(on.apart.to_data(), off.apart.to_data());
    assert_eq!(on.fit.to_data(), off.fit.to_data());
    assert_eq!(statistics(&model), statistics(&other));
    assert!(off.fit.is_tracked() && !off.apart.is_tracked() && on.apart.is_tracked());
    let gradients = gradients_of(&other, &off.total.backward());
    assert!(
        gradients
            .iter()
            .all(|(path, _)| !path.starts_with("project"))
    );

    // What is shared with a cell that counts has its gradient of that cell alone.
    device.seed(7);
    let alone = gradients_of(&model, &model.loss(batch.clone()).fit.backward());
    model.hyper.side = 0.0;
    device.seed(7);
    let both = gradients_of(&model, &model.loss(batch).total.backward());
    assert_eq!(alone, both);
}

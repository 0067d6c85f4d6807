//! The gradients of each cell alone.

use burn::module::{Module, ParamId};
use burn::optim::GradientsParams;
use diagrammatic::diagram;

use crate::common::{device, entries, labels, random};

diagram! {
    /// Two tasks on one trunk with running statistics, one of them weighed by what is learned.
    pub(crate) Tasks {
        dyn batch;
        data Image: [batch, 6];
        data Depth: [batch, 2];
        data Label: Int[batch];
        Feature: [batch, 8];
        Scores: [batch, 3];

        Image --trunk--> Feature --measure--> Depth;
        Feature --segment--> Scores;
        trunk = linear >> batch_norm >> relu;
        measure = linear;
        segment = linear;

        depth: trunk >> measure ~ Depth weight 0.25;
        class: trunk >> segment ~ Label by cross_entropy weight learned(0.5);
        trunk >> measure ~ Depth by l1;
        off: minimize trunk weight 0.0;
    }
}

fn batch() -> TasksBatch {
    TasksBatch {
        image: random([8, 6]),
        depth: random([8, 2]),
        label: labels(&[0, 1, 2, 0, 1, 2, 0, 1]),
    }
}

fn of<const D: usize>(gradients: &GradientsParams, id: ParamId) -> Option<Vec<f32>> {
    gradients.get::<D>(id).map(|gradient| entries(&gradient))
}

fn assert_sum<const D: usize>(all: &[GradientsParams], total: &GradientsParams, id: ParamId) {
    let mut found = all.iter().filter_map(|gradients| of::<D>(gradients, id));
    let first = found.next().expect("some cell has a gradient");
    let sum = found.fold(first, |sum, other| {
        let both = sum.iter().zip(other);
        both.map(|(one, other)| one + other).collect()
    });
    let total = of::<D>(total, id).expect("so has the total");
    for (one, other) in sum.iter().zip(&total) {
        let close = (one - other).abs() <= 1e-5 * other.abs().max(1.0);
        assert!(close, "{one} is not {other}");
    }
}

#[test]
fn they_add_up_to_those_of_the_total() {
    let model = TasksConfig::new().init(&device());
    let batch = batch();
    let total = model.loss(batch.clone()).total.backward();
    let total = GradientsParams::from_grads(total, &model);
    let TasksGradients {
        depth, class, off, ..
    } = model.gradients(batch.clone());
    assert!(off.is_empty(), "a cell that is off");
    let (trunk, head) = (&model.trunk.linear_1.weight, &model.segment.linear_1.weight);
    assert!(of::<2>(&depth, head.id).is_none() && of::<2>(&class, head.id).is_some());
    let weight = model.learned.class_weight.log.id;
    assert!(of::<1>(&class, weight).is_some() && of::<1>(&depth, weight).is_none());

    let all: Vec<_> = model.gradients(batch).into_iter().collect();
    let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
    let third = "trunk >> measure ~ Depth by l1";
    assert_eq!(names, ["depth", "class", third, "off"]);
    let all: Vec<_> = all.into_iter().map(|(_, gradients)| gradients).collect();
    assert_sum::<2>(&all, &total, trunk.id);
    assert_sum::<2>(&all, &total, head.id);
    assert_sum::<1>(&all, &total, weight);
}

/// They are asked of a model, and leave it as it is; what `loss` moves, it moves once.
#[test]
fn running_statistics_stay() {
    let device = device();
    let model = TasksConfig::new().init(&device);
    let record = model.clone().into_record();
    let other = TasksConfig::new().init(&device).load_record(record);
    let batch = batch();
    let statistics = |model: &Tasks| {
        let norm = &model.trunk.batch_norm_1;
        [
            norm.running_mean.value_sync().into_data(),
            norm.running_var.value_sync().into_data(),
        ]
    };
    let before = statistics(&model);
    let _ = model.gradients(batch.clone());
    assert_eq!(statistics(&model), before);

    let _ = model.loss(batch.clone());
    let _ = model.gradients(batch.clone());
    let _ = other.loss(batch);
    assert_ne!(statistics(&model), before);
    assert_eq!(statistics(&model), statistics(&other));
}

#[test]
fn what_is_not_trained_has_none() {
    let model = TasksConfig::new().init(&device()).valid();
    let error = model.try_gradients(batch()).expect_err("no gradients");
    assert!(error.to_string().contains("`Tasks`"), "{error}");
}

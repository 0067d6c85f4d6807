//! Burn's evaluator on a generated model.

use burn::prelude::*;
use diagrammatic::train::{checked, evaluator};

use super::recorder::Recorder;
use super::{Directory, batches, loader};
use crate::common::{Distillation, DistillationConfig, distillation, scalar};

#[test]
fn the_evaluator_reports_every_cell_and_watch() {
    let directory = Directory::new("evaluator");
    let model = distillation(&DistillationConfig::new()).valid();
    let recorder = Recorder::default();
    let result = evaluator::<Distillation>(&directory.0, Distillation::diagram())
        .renderer(Box::new(recorder.clone()))
        .build(model.clone())
        .eval("test", loader(0));
    assert!(result.error.is_none(), "{:?}", result.error);

    for (index, batch) in batches(&loader(0)).into_iter().enumerate() {
        let loss = model.loss(batch.clone());
        let values = [
            ("Loss", loss.total),
            ("soft", loss.soft),
            ("hard", loss.hard),
            ("accuracy", model.evaluate(batch).accuracy),
        ];
        for (name, value) in values {
            let reported = recorder.of("test", name)[index];
            let difference = (reported - f64::from(scalar(&value))).abs();
            assert!(difference <= 1e-6, "{name}: {reported} is not {value}");
        }
    }
}

#[test]
fn a_bad_batch_ends_an_evaluation_with_its_error() {
    let directory = Directory::new("bad-evaluation");
    let model = distillation(&DistillationConfig::new()).valid();
    let result = evaluator::<Distillation>(&directory.0, Distillation::diagram())
        .renderer(Box::new(Recorder::default()))
        .build(model)
        .eval("test", checked(loader(3)));
    let error = result.error.expect("the evaluation stops").to_string();
    assert!(error.contains("5 (of `Label`) [D0801]"), "{error}");
}

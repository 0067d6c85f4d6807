//! Generic diagrams: const generics as dims, types in the caller's modules.

use burn::nn::LinearConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::train::{InferenceStep, TrainStep};
use diagrammatic::prelude::*;

use crate::common::device;

diagram! {
    /// As many classes as its type says.
    pub Classifier<const CLASSES: usize, const SIDE: usize>(rate: f64 = 0.0, hidden: usize = 8) {
        dyn batch;
        where SIDE >= 2;

        data Image: [batch, 1, SIDE, SIDE];
        data Label: Int[batch];
        Feature: [batch, CLASSES * SIDE];
        Logits: [batch, CLASSES] by cross_entropy;

        Image --trunk--> Feature --head--> Logits;
        trunk = flatten >> linear(hidden) >> relu >> linear;
        head = dropout(rate) >> reshape[batch, SIDE, CLASSES] >> mean(1) >> linear;
        model = trunk >> head;

        fit: model ~ Label;
        watch accuracy: model ~ Label by accuracy;
    }
}

fn batch<const SIDE: usize>(images: usize, device: &Device) -> ClassifierBatch {
    ClassifierBatch {
        image: Tensor::random(
            [images, 1, SIDE, SIDE],
            burn::tensor::Distribution::Default,
            device,
        ),
        label: Tensor::zeros([images], device),
    }
}

#[test]
fn a_model_knows_its_generics() {
    let model = ClassifierConfig::new().init::<3, 4>(&device());
    assert_eq!(model.head.linear_1.weight.dims(), [3, 3]);
    // Or from the type that is asked for.
    let other: Classifier<5, 4> = ClassifierConfig::new().with_hidden(2).init(&device());
    assert_eq!(other.trunk.linear_2.weight.dims(), [2, 20]);
    let logits = other.model(Tensor::ones([2, 1, 4, 4], &device()));
    assert_eq!(logits.dims(), [2, 5]);
}

#[test]
#[should_panic(expected = "`trunk` takes `Image`: axis 2 is `SIDE` = 4, but is given 5")]
fn its_methods_check_by_them() {
    let model = ClassifierConfig::new().init::<3, 4>(&device());
    let _ = model.trunk(Tensor::ones([2, 1, 5, 5], &device()));
}

#[test]
fn a_batch_knows_no_generics_and_the_loss_does() {
    let model: Classifier<3, 4> = ClassifierConfig::new().init(&device());
    assert!(batch::<6>(2, &device()).check().is_ok());
    let error = model
        .try_loss(batch::<6>(2, &device()))
        .expect_err("another size");
    assert_eq!(
        error.to_string().lines().next(),
        Some("`Image`: axis 2 is `SIDE` = 4, but the batch has 6 [D0804]")
    );
    let mut uneven = batch::<6>(2, &device());
    uneven.image = Tensor::ones([2, 1, 6, 7], &device());
    assert!(uneven.check().is_err());
}

#[test]
fn a_part_is_built_with_the_generics_that_it_names() {
    let device = device();
    let mut model = ClassifierConfig::new().init::<3, 4>(&device);
    model.head = ClassifierConfig::new().init_head::<3, 4>(&device);
    assert_eq!(model.head.linear_1.weight.dims(), [3, 3]);
    assert!(model.try_loss(batch::<4>(2, &device)).is_ok());
}

#[test]
fn the_diagram_is_one_for_all_values() {
    assert!(std::ptr::eq(
        Classifier::<3, 4>::diagram(),
        Classifier::<5, 2>::diagram()
    ));
    assert!(std::ptr::eq(
        Classifier::<3, 4>::diagram(),
        ClassifierConfig::diagram()
    ));
    let text = ClassifierConfig::diagram().to_string();
    let header =
        "Classifier<const CLASSES: usize, const SIDE: usize>(rate: f64 = 0.0, hidden: usize = 8)\n";
    assert!(text.starts_with(header), "{text}");
    assert!(text.contains("Logits   [batch, CLASSES]"), "{text}");
    assert_eq!(ClassifierConfig::diagram().constants, ["SIDE", "CLASSES"]);
}

#[test]
fn it_trains_saves_and_loads() {
    let device = device().autodiff();
    let mut model: Classifier<2, 3> = ClassifierConfig::new().init(&device);
    let batch = batch::<3>(4, &device);
    let first = model.loss(batch.clone()).total.into_scalar::<f32>();
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..20 {
        let output = TrainStep::step(&model, batch.clone());
        model = TrainStep::optimize(model, &mut optimizer, 0.05.into(), output.grads);
    }
    let last = model.loss(batch.clone()).total.into_scalar::<f32>();
    assert!(last < first, "{first} to {last}");
    let record = model.clone().into_record();
    let again: Classifier<2, 3> = model.config().init(&device);
    let again = again.load_record(record);
    let _ = InferenceStep::step(&again.valid(), batch.clone());
    let loss = again.loss(batch).total.into_scalar::<f32>();
    assert!((loss - last).abs() < 1e-6);
}

diagram! {
    /// A type in a module that the caller brings.
    pub(crate) Over<Inner: Module, const WIDTH: usize> {
        dyn batch;
        data Given: [batch, WIDTH];
        Given --f--> Given --g--> Given;
        f = frozen Outer<Inner>;
        g = linear;
        fit: f >> g ~ Given;
    }
}

/// Any module, applied by a function of its own.
#[derive(Module, Debug)]
pub(crate) struct Outer<Inner: Module> {
    inner: Inner,
    factor: usize,
}

impl<Inner: Module> Outer<Inner> {
    pub(crate) fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        input * f64::from(u32::try_from(self.factor).expect("small"))
    }
}

#[test]
fn types_go_where_they_are_named() {
    let device = device().autodiff();
    let inner = LinearConfig::new(2, 2).init(&device);
    let modules = OverModules {
        f: Outer { inner, factor: 3 },
    };
    let model = OverConfig::new().init::<_, 4>(modules, &device);
    let given = Tensor::ones([2, 4], &device);
    assert_eq!(
        model.f(given.clone()).into_data(),
        (given.clone() * 3.0).into_data()
    );
    let loss = model.loss(OverBatch { given });
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    // The frozen module gets none.
    assert_eq!(gradients.len(), 2);
}

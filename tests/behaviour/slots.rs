//! Slots: morphisms that are any module with the right map.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, SgdConfig};
use burn::train::TrainStep;
use diagrammatic::prelude::*;

use crate::common::device;

diagram! {
    /// A head on whatever trunk it is given.
    pub Classifier<const CLASSES: usize>(rate: f64 = 0.0) {
        dyn batch;

        data Image: [batch, 1, 4, 4];
        data Label: Int[batch];
        // An object may be named as the type is.
        Trunk: [batch, 6];
        Logits: [batch, CLASSES] by cross_entropy;

        Image --trunk--> Trunk --head--> Logits;
        trunk = _;
        head = dropout(rate) >> linear;
        model = trunk >> head;

        fit: model ~ Label;
    }
}

#[derive(Module, Debug)]
struct Flat {
    linear: Linear,
}

impl Flat {
    fn of(width: usize, device: &Device) -> Self {
        Flat {
            linear: LinearConfig::new(16, width).init(device),
        }
    }
}

impl Map<Tensor<4>> for Flat {
    type Output = Tensor<2>;

    fn apply(&self, image: Tensor<4>) -> Tensor<2> {
        self.linear.forward(image.flatten(1, 3))
    }
}

#[derive(Module, Debug)]
struct Windows {
    convolution: Conv2d,
}

impl Map<Tensor<4>> for Windows {
    type Output = Tensor<2>;

    fn apply(&self, image: Tensor<4>) -> Tensor<2> {
        let windows: Tensor<3> = self.convolution.forward(image).flatten(2, 3);
        windows.mean_dim(2).squeeze_dim(2)
    }
}

impl Windows {
    fn new(device: &Device) -> Self {
        Windows {
            convolution: Conv2dConfig::new([1, 6], [2, 2]).init(device),
        }
    }
}

fn batch(device: &Device) -> ClassifierBatch {
    let distribution = burn::tensor::Distribution::Default;
    ClassifierBatch {
        image: Tensor::random([3, 1, 4, 4], distribution, device),
        label: Tensor::from_data([0, 1, 1], device),
    }
}

/// Builds, trains for a step and loads what was saved, with any trunk.
fn trains<Trunk: ClassifierTrunk>(trunk: Trunk) {
    let device = device().autodiff();
    let config = ClassifierConfig::new();
    let mut model: Classifier<2, Trunk> = config.init(ClassifierModules { trunk }, &device);
    let batch = batch(&device);
    let first = model.loss(batch.clone()).total;
    let gradients = first.backward();
    let trained = GradientsParams::from_grads(gradients, &model);
    // A weight and a bias each.
    assert_eq!(trained.len(), 4);
    let untrained = model.clone();
    let mut optimizer = SgdConfig::new().init();
    let output = TrainStep::step(&model, batch.clone());
    model = TrainStep::optimize(model, &mut optimizer, 0.1.into(), output.grads);
    let last: f32 = model.loss(batch.clone()).total.into_scalar();
    assert!(last < untrained.loss(batch.clone()).total.into_scalar::<f32>());
    let again = untrained.load_record(model.clone().into_record());
    assert!((again.loss(batch.clone()).total.into_scalar::<f32>() - last).abs() < 1e-6);
    assert_eq!(model.trunk(batch.image.clone()).dims(), [3, 6]);
    let generics = Classifier::<2, Trunk>::diagram().generics.iter();
    let generics: Vec<_> = generics.map(ToString::to_string).collect();
    assert_eq!(generics, ["const CLASSES: usize", "Trunk"]);
    let group = model.params_of([ClassifierMorphism::Trunk]);
    let model = model.freeze_group(group);
    let gradients = model.loss(batch).total.backward();
    assert_eq!(GradientsParams::from_grads(gradients, &model).len(), 2);
}

#[test]
fn one_diagram_trains_with_two_trunks() {
    let device = device().autodiff();
    trains(Flat::of(6, &device));
    trains(Windows::new(&device));
}

#[test]
fn the_types_are_inferred_from_what_is_passed() {
    let trunk = Flat::of(6, &device());
    let modules = ClassifierModules { trunk };
    let model = ClassifierConfig::new().init::<3, _>(modules, &device());
    let logits = model.model(Tensor::ones([2, 1, 4, 4], &device()));
    assert_eq!(logits.dims(), [2, 3]);
}

#[test]
fn sizes_are_checked_at_the_call() {
    let trunk = Flat::of(5, &device());
    let modules = ClassifierModules { trunk };
    let model: Classifier<3, _> = ClassifierConfig::new().init(modules, &device());
    let error = model.try_loss(batch(&device())).expect_err("another size");
    assert_eq!(
        error.to_string().lines().next(),
        Some("`trunk` ends in `Trunk`: axis 1 is 6, but its module gives 5 [D0802]")
    );
}

diagram! {
    /// One type for two slots, one of them frozen, and slots of other arities.
    pub Twins<Reader> {
        dyn batch, words;

        data Text: Int[batch, words];
        data Present: Bool[batch, words];
        data Answer: [batch, 4];
        Code: [batch, 4];
        Scale: [1];

        Text * Present --student--> Code;
        Text * Present --teacher--> Code;
        Code --answer--> Answer * Scale;
        student = Reader;
        teacher = frozen Reader;
        answer = _;

        student(Text, Present) ~ teacher(Text, Present);
        answered: answer(student(Text, Present)).Answer ~ Answer;
    }
}

#[derive(Module, Debug)]
struct Counts {
    linear: Linear,
}

impl Map<(Tensor<2, Int>, Tensor<2, Bool>)> for Counts {
    type Output = Tensor<2>;

    fn apply(&self, (text, present): (Tensor<2, Int>, Tensor<2, Bool>)) -> Tensor<2> {
        let sum = (text * present.int()).float().sum_dim(1);
        self.linear.forward(sum)
    }
}

#[derive(Module, Debug)]
struct Same;

impl Map<Tensor<2>> for Same {
    type Output = (Tensor<2>, Tensor<1>);

    fn apply(&self, code: Tensor<2>) -> Self::Output {
        let scale = code.clone().mean();
        (code, scale)
    }
}

#[test]
fn a_type_of_the_header_may_fill_several() {
    let device = device().autodiff();
    let counts = || Counts {
        linear: LinearConfig::new(1, 4).init(&device),
    };
    let modules = TwinsModules {
        student: counts(),
        teacher: counts(),
        answer: Same,
    };
    let model: Twins<Counts, Same> = TwinsConfig::new().init(modules, &device);
    let loss = model.loss(TwinsBatch {
        text: Tensor::from_data([[1, 2, 3], [4, 5, 6]], &device),
        present: Tensor::from_data([[true, true, false], [true, false, false]], &device),
        answer: Tensor::ones([2, 4], &device),
    });
    let gradients = loss.total.backward();
    assert!(model.student.linear.weight.val().grad(&gradients).is_some());
    assert!(model.teacher.linear.weight.val().grad(&gradients).is_none());
}

diagram! {
    /// Slots that are defined in another order than drawn, one of them adapted.
    pub Tuned {
        dyn batch;

        data Given: [batch, 4];
        data Wanted: [batch, 2];
        Code: [batch, 3];

        Given --read--> Code --write--> Wanted;
        write = frozen _;
        read = _;
        lora read(rank = 1);

        fit: read >> write ~ Wanted;
    }
}

#[derive(Module, Debug)]
struct Straight<const TO: usize> {
    linear: Linear,
}

impl<const TO: usize> Straight<TO> {
    fn new(from: usize, device: &Device) -> Self {
        let linear = LinearConfig::new(from, TO).init(device);
        Straight { linear }
    }
}

#[signature([b, n] -> [b, TO])]
impl<const TO: usize> Map<Tensor<2>> for Straight<TO> {
    type Output = Tensor<2>;

    fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        self.linear.forward(x)
    }
}

#[test]
fn slots_are_frozen_and_adapted_as_modules_are() {
    let device = device().autodiff();
    let modules = TunedModules {
        read: Straight::new(4, &device),
        write: Straight::new(3, &device),
    };
    let model: Tuned<Straight<3>, Straight<2>> = TunedConfig::new().init(modules, &device);
    let generics = TunedConfig::diagram().generics.iter();
    let generics: Vec<_> = generics.map(ToString::to_string).collect();
    assert_eq!(generics, ["Read", "Write"]);
    let loss = model.loss(TunedBatch {
        given: Tensor::ones([5, 4], &device),
        wanted: Tensor::ones([5, 2], &device),
    });
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    // The two factors of one matrix.
    assert_eq!(gradients.len(), 2);
}

//! The diagram of the README, and the same by hand.

use diagrammatic::{burn, diagram};

use burn::module::Module;
use burn::nn::loss::{CrossEntropyLossConfig, KLDivLossConfig, Reduction};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Distribution, Int, Tensor};

use super::{Model, Trainer};

const BATCH: usize = 64;

#[derive(Module, Debug)]
struct Teacher {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl Teacher {
    fn new(device: &Device) -> Self {
        Teacher {
            first: LinearConfig::new(64, 256).init(device),
            second: LinearConfig::new(256, 256).init(device),
            last: LinearConfig::new(256, 10).init(device),
        }
    }

    fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let hidden = relu(self.first.forward(image.flatten::<2>(1, 3)));
        let hidden = relu(self.second.forward(hidden));
        self.last.forward(hidden)
    }
}

diagram! {
    /// Knowledge distillation: a small student agrees with a frozen teacher and with the labels.
    Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;                              // the caller's own Burn module
        student = flatten >> linear(hidden) >> relu >> linear; // last width follows from Logits

        soft: student ~ teacher by kl(temperature) weight 0.7;
        hard: student ~ Label   by cross_entropy   weight 0.3;

        watch accuracy: student ~ Label by accuracy;
    }
}

impl Model for Distillation {
    type Batch = DistillationBatch;

    fn total(&self, batch: DistillationBatch) -> Tensor<1> {
        self.loss(batch).total
    }
}

#[derive(Module, Debug)]
struct Student {
    first: Linear,
    last: Linear,
}

impl Student {
    fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let hidden = relu(self.first.forward(image.flatten::<2>(1, 3)));
        self.last.forward(hidden)
    }
}

#[derive(Module, Debug)]
struct ByHand {
    teacher: Teacher,
    student: Student,
    temperature: f64,
}

impl Model for ByHand {
    type Batch = (Tensor<4>, Tensor<1, Int>);

    fn total(&self, (image, label): Self::Batch) -> Tensor<1> {
        let device = image.device();
        let student = self.student.forward(image.clone());
        let teacher = self.teacher.forward(image);
        let soft = KLDivLossConfig::new().with_log_target(true).init().forward(
            log_softmax(student.clone() / self.temperature, 1),
            log_softmax(teacher / self.temperature, 1),
            Reduction::BatchMean,
        );
        let soft = soft * self.temperature.powi(2);
        let hard = CrossEntropyLossConfig::new()
            .init(&device)
            .forward(student, label);
        soft * 0.7 + hard * 0.3
    }
}

/// Both on the same weights and the same batch.
pub(super) fn models(device: &Device) -> (Trainer<impl Model>, Trainer<impl Model>) {
    let teacher = Teacher::new(device);
    let generated = DistillationConfig::new().init(DistillationModules { teacher }, device);
    let by_hand = ByHand {
        teacher: generated.teacher.clone(),
        student: Student {
            first: generated.student.linear_1.clone(),
            last: generated.student.linear_2.clone(),
        },
        temperature: 4.0,
    };
    let image = Tensor::random([BATCH, 1, 8, 8], Distribution::Default, device);
    let label = Tensor::random([BATCH], Distribution::Uniform(0.0, 10.0), device);
    let batch = DistillationBatch {
        image: image.clone(),
        label: label.clone(),
    };
    (
        Trainer::new(generated, batch),
        Trainer::new(by_hand, (image, label)),
    )
}

//! The models, as diagrams, and the experiment, as functions.

#[path = "../common/labelled.rs"]
mod labelled;
#[path = "report.rs"]
pub(crate) mod report;
#[path = "../common/setting.rs"]
mod setting;

use std::path::{Path, PathBuf};

use diagrammatic::{burn, diagram};

use burn::data::dataloader::batcher::Batcher;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

pub(crate) use setting::Result;
use setting::Setting;
use setting::digits::Digit;

/// How many labelled samples the student has where labels are few.
pub(crate) const FEW: usize = 50;
/// The class that the student never sees where one is withheld.
pub(crate) const WITHHELD: u8 = 3;

const HIDDEN: usize = 20;
const LEARNING_RATE: f64 = 1e-2;

/// The teacher: an ordinary Burn module, 64-256-256-10.
#[derive(Module, Debug)]
pub(crate) struct Teacher {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl Teacher {
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            first: LinearConfig::new(64, 256).init(device),
            second: LinearConfig::new(256, 256).init(device),
            last: LinearConfig::new(256, 10).init(device),
        }
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let hidden = relu(self.first.forward(image.flatten::<2>(1, 3)));
        let hidden = relu(self.second.forward(hidden));
        self.last.forward(hidden)
    }
}

diagram! {
    /// The teacher agrees with the labels.
    pub(crate) Supervised {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;

        teacher = Teacher;

        fit: teacher ~ Label by cross_entropy;

        watch accuracy: teacher ~ Label by accuracy;
    }

    /// Knowledge distillation: a small student agrees with a frozen teacher and with the labels.
    pub(crate) Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
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

/// How a model does on the test part, and how long its training took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Score {
    pub(crate) accuracy: f64,
    /// The share of the withheld class's digits that it recognises.
    pub(crate) recall: f64,
    pub(crate) seconds: f64,
}

/// One student trained twice, from the same first weights and on the same samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) alone: Score,
    pub(crate) distilled: Score,
}

/// What one seed gives.
pub(crate) struct Outcome {
    pub(crate) teacher: Score,
    pub(crate) few: Comparison,
    pub(crate) withheld: Comparison,
    /// The distilled student that never saw the withheld class.
    pub(crate) model: Distillation,
}

impl Outcome {
    /// What distillation adds to the accuracy where labels are few.
    pub(crate) fn gain(&self) -> f64 {
        self.few.distilled.accuracy - self.few.alone.accuracy
    }
}

/// The experiment, with all that chance decides drawn from one seed.
pub(crate) struct Experiment {
    setting: Setting,
}

impl Experiment {
    /// `epochs` is the length of every training; what is saved goes into `directory`.
    pub(crate) fn new(seed: u64, epochs: usize, directory: &Path) -> Result<Self> {
        let setting = Setting::new(seed, epochs, directory)?;
        Ok(Self { setting })
    }

    /// Trains the teacher, then every student.
    pub(crate) fn run(&self) -> Result<Outcome> {
        let train = &self.setting.split.train;
        let few = labelled::balanced(train, FEW);
        let known = without(train, WITHHELD);

        let (teacher, score) = self.teacher(train)?;
        let (few, _) = self.compare(&teacher, &few, &format!("{FEW} labels"))?;
        let (withheld, model) = self.compare(&teacher, &known, &format!("no {WITHHELD}"))?;
        Ok(Outcome {
            teacher: score,
            few,
            withheld,
            model,
        })
    }

    fn teacher(&self, samples: &[Digit]) -> Result<(Teacher, Score)> {
        self.setting.restart();
        let modules = SupervisedModules {
            teacher: Teacher::new(&self.setting.device),
        };
        let model = SupervisedConfig::new().init(modules, &self.setting.device);
        let (train, valid) = labelled::loaders(&self.setting, ToBatch, samples);
        let training =
            Supervised::training(&self.setting.directory, train, valid, &self.setting.device);

        let (model, seconds) = self
            .setting
            .launch(training, model, "teacher", LEARNING_RATE)?;
        let score = self.score(seconds, |batch| model.evaluate(batch).accuracy);
        Ok((model.teacher, score))
    }

    fn compare(
        &self,
        teacher: &Teacher,
        samples: &[Digit],
        regime: &str,
    ) -> Result<(Comparison, Distillation)> {
        // Without the soft cell the diagram is a student that learns from labels alone.
        let mut model = self.untrained(teacher);
        model.weights.soft = 0.0;
        model.weights.hard = 1.0;
        let (_, alone) = self.student(model, samples, &format!("{regime}, alone"))?;

        let model = self.untrained(teacher);
        let (model, distilled) = self.student(model, samples, &format!("{regime}, distilled"))?;
        Ok((Comparison { alone, distilled }, model))
    }

    fn untrained(&self, teacher: &Teacher) -> Distillation {
        self.setting.restart();
        let modules = DistillationModules {
            teacher: teacher.clone(),
        };
        DistillationConfig::new()
            .with_hidden(HIDDEN)
            .init(modules, &self.setting.device)
    }

    fn student(
        &self,
        model: Distillation,
        samples: &[Digit],
        label: &str,
    ) -> Result<(Distillation, Score)> {
        let (train, valid) = labelled::loaders(&self.setting, ToBatch, samples);
        let training =
            Distillation::training(&self.setting.directory, train, valid, &self.setting.device);

        let (model, seconds) = self.setting.launch(training, model, label, LEARNING_RATE)?;
        let score = self.score(seconds, |batch| model.evaluate(batch).accuracy);
        Ok((model, score))
    }

    /// Recall on a class is accuracy on its digits.
    fn score<B>(&self, seconds: f64, accuracy: impl Fn(B) -> Tensor<1>) -> Score
    where
        ToBatch: Batcher<Digit, B>,
    {
        let on = |digits| accuracy(ToBatch.batch(digits, &self.setting.device)).into_scalar();
        Score {
            accuracy: on(self.setting.split.test.clone()),
            recall: on(only(&self.setting.split.test, WITHHELD)),
            seconds,
        }
    }

    /// Saves the student, loads it into a fresh model and compares what both say of the test part.
    pub(crate) fn save_and_reload(&self, model: &Distillation) -> Result<PathBuf> {
        let file = self.setting.directory.join("student.bpk");
        model.student.clone().save_file(&file)?;

        let mut fresh = self.untrained(&model.teacher);
        fresh.student = fresh.student.try_load_file(&file)?;

        let (image, _) = labelled::tensors(&self.setting.split.test, &self.setting.device);
        let saved = model.student(image.clone()).into_data();
        let loaded = fresh.student(image).into_data();
        if saved == loaded {
            return Ok(file);
        }
        // error: the student loaded from `…` predicts otherwise than the one saved
        let file = file.display();
        Err(
            format!("the student loaded from `{file}` predicts otherwise than the one saved")
                .into(),
        )
    }
}

/// Makes the batches of both diagrams.
#[derive(Clone)]
struct ToBatch;

impl Batcher<Digit, SupervisedBatch> for ToBatch {
    fn batch(&self, digits: Vec<Digit>, device: &Device) -> SupervisedBatch {
        let (image, label) = labelled::tensors(&digits, device);
        SupervisedBatch { image, label }
    }
}

impl Batcher<Digit, DistillationBatch> for ToBatch {
    fn batch(&self, digits: Vec<Digit>, device: &Device) -> DistillationBatch {
        let (image, label) = labelled::tensors(&digits, device);
        DistillationBatch { image, label }
    }
}

/// The digits of every class but one.
fn without(digits: &[Digit], class: u8) -> Vec<Digit> {
    let others = digits.iter().filter(|digit| digit.class != class);
    others.cloned().collect()
}

/// The digits of one class.
fn only(digits: &[Digit], class: u8) -> Vec<Digit> {
    let those = digits.iter().filter(|digit| digit.class == class);
    those.cloned().collect()
}

//! What Burn does that a user would not expect, and that a generated model spares him.

use std::sync::{Arc, Mutex};

use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::SgdConfig;
use burn::prelude::*;
use burn::train::{ExecutionStrategy, Learner, LearningResult, MultiDeviceOptim, TrainStep};
use diagrammatic::diagram;

use crate::common::{BATCH, device, entries, random};
use crate::learner::Directory;

/// A temperature whose path has what a file name may not have.
pub(crate) const HEAT: f64 = 2.0;

#[derive(Module, Debug)]
pub(crate) struct Noisy {
    linear: Linear,
    dropout: Dropout,
}

impl Noisy {
    fn new(device: &Device) -> Self {
        Noisy {
            linear: LinearConfig::new(6, 4).init(device),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.linear.forward(self.dropout.forward(x))
    }
}

diagram! {
    pub(crate) Trapped {
        dyn batch;

        data Image: [batch, 6];
        Logits: [batch, 4];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Noisy;
        student = Noisy;

        student ~ teacher by kl(temperature = crate::traps::HEAT);
        student(Image) ~ teacher(Image) by kl(temperature = crate::traps::HEAT);
        second: student ~ teacher by kl(temperature = 3.0) weight HEAT;
    }
}

fn model() -> Trapped {
    model_on(&device())
}

fn model_on(device: &Device) -> Trapped {
    let (teacher, student) = (Noisy::new(device), Noisy::new(device));
    TrappedConfig::new().init(TrappedModules { teacher, student }, device)
}

/// Where dropout is drawn, two calls differ.
fn differ(call: impl Fn() -> f32) -> bool {
    let first = call();
    (0..5).any(|_| (call() - first).abs() > 1e-6)
}

/// Burn's dropout does nothing on an input without gradients. Without lifting, a batch made on the
/// plain device would train without dropout.
#[test]
fn a_plain_batch_is_trained_with_dropout() {
    let model = model();
    let image = random([BATCH, 6]).inner();
    assert!(!image.is_autodiff());
    let loss = |model: &Trapped| {
        let image = image.clone();
        model
            .loss(TrappedBatch { image })
            .second
            .into_scalar::<f32>()
    };
    assert!(differ(|| loss(&model)));
    let step = || {
        let image = image.clone();
        let item = TrainStep::step(&model, TrappedBatch { image }).item;
        item.get("second")
            .expect("a cell")
            .clone()
            .into_scalar::<f32>()
    };
    assert!(differ(step));

    // A method takes its input as it is, and a model in validation stays without gradients.
    let method = || entries(&model.student(image.clone()))[0];
    assert!(!differ(method));
    let valid = model.valid();
    assert!(!differ(|| loss(&valid)));
    let total = valid
        .loss(TrappedBatch {
            image: image.clone(),
        })
        .total;
    assert!(!total.is_autodiff());
}

/// Burn refuses an operation on tensors of two strategies, and itself lifts to the default one: the
/// frozen teacher and the plain batch are to follow the student.
#[test]
fn gradient_checkpointing_covers_what_is_frozen_and_a_plain_batch() {
    let model = model_on(&Device::default().autodiff().gradient_checkpointing());
    let image = random([BATCH, 6]).inner();
    let loss = || {
        let image = image.clone();
        model.loss(TrappedBatch { image })
    };
    assert!(differ(|| loss().second.into_scalar::<f32>()));
    let gradients = loss().total.backward();
    assert!(model.student.linear.weight.val().grad(&gradients).is_some());
    assert!(model.teacher.linear.weight.val().grad(&gradients).is_none());
}

#[derive(Clone)]
struct Stack {
    /// The devices that batches were asked for.
    seen: Arc<Mutex<Vec<Device>>>,
}

impl Batcher<f32, TrappedBatch> for Stack {
    fn batch(&self, items: Vec<f32>, device: &Device) -> TrappedBatch {
        self.seen.lock().expect("no panic").push(device.clone());
        let rows: Vec<Tensor<1>> = items
            .iter()
            .map(|item| Tensor::from_data([*item, 1.0, 2.0, -*item, 0.5, 1.0], device))
            .collect();
        TrappedBatch {
            image: Tensor::stack(rows, 0),
        }
    }
}

fn train(
    name: &str,
    model: Trapped,
    device: &Device,
    strategy: Option<ExecutionStrategy>,
) -> (LearningResult<Trapped>, Vec<Device>, Directory) {
    let directory = Directory::new(name);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let loader = || {
        let batcher = Stack {
            seen: Arc::clone(&seen),
        };
        let items = InMemDataset::new((0..8_u8).map(f32::from).collect());
        DataLoaderBuilder::new(batcher).batch_size(2).build(items)
    };
    let training = Trapped::training(&directory.0, loader(), loader(), device).num_epochs(1);
    let training = match strategy {
        Some(strategy) => training.with_training_strategy(strategy.into()),
        None => training,
    };
    let result = training.launch(Learner::new(model, SgdConfig::new().init(), 0.1));
    let seen = seen.lock().expect("no panic").clone();
    (result, seen, directory)
}

/// The device has a mark, by which it is told from the one that a loader would use by itself.
#[test]
fn the_learner_uses_the_device_that_is_given() {
    let marked = Device::default().autodiff().gradient_checkpointing();
    let strategy = |device: &Device| device.gradient_checkpointing_strategy();
    assert_ne!(strategy(&marked), strategy(&Device::default().autodiff()));
    let (result, seen, _directory) = train("device", model_on(&marked), &marked, None);
    assert!(result.error.is_none(), "{:?}", result.error);
    let training: Vec<_> = seen.iter().filter(|device| device.is_autodiff()).collect();
    assert!(!training.is_empty());
    assert!(
        training
            .iter()
            .all(|device| strategy(device) == strategy(&marked))
    );
}

/// Cells without a name are reported as they are written, here with `::`, `~` and blanks; on a `/`, or
/// two metrics of one name, the learner would abort.
#[test]
fn the_learner_runs_on_cells_without_names() {
    let (result, _, directory) = train("names", model(), &Device::default(), None);
    assert!(result.error.is_none(), "{:?}", result.error);
    let files = std::fs::read_dir(directory.0.join("train/epoch-1")).expect("logs");
    let mut files: Vec<_> = files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("a text")
        })
        .collect();
    files.sort();
    let expected = [
        "Loss.log",
        "second.log",
        "student(Image)_~_teacher(Image)_by_kl(temperature_=_crate--traps--HEAT).log",
        "student_~_teacher_by_kl(temperature_=_crate--traps--HEAT).log",
    ];
    assert_eq!(files, expected);
}

/// Sharded, Burn's learner calls `optimize_multi`. Without it beside `optimize`, the teacher that was
/// assigned would move.
#[test]
fn several_devices_leave_what_is_frozen() {
    for optim in [
        MultiDeviceOptim::OptimMainDevice,
        MultiDeviceOptim::OptimSharded,
    ] {
        let mut model = model();
        model.teacher = model.student.clone();
        let before = entries(&model.student.linear.weight.val());
        let devices = vec![Device::default(), Device::default()];
        let strategy = ExecutionStrategy::multi(devices, optim);
        let (result, _, _directory) = train("several", model, &Device::default(), Some(strategy));
        assert!(result.error.is_none(), "{:?}", result.error);
        assert_eq!(entries(&result.model.teacher.linear.weight.val()), before);
        assert_ne!(entries(&result.model.student.linear.weight.val()), before);
    }
}

/// Burn's learner moves such a model to a device with gradients, where it still asks for none, and would
/// go on without training it.
#[test]
#[should_panic(
    expected = "nothing in `Trapped` can be trained: no parameter asks for a gradient [D0806]"
)]
fn a_model_without_gradients_is_not_trained_in_silence() {
    let _ = train("plain", model().valid(), &Device::default(), None);
}

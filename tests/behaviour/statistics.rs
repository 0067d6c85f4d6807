//! Running statistics in records and copies: Burn hands on an update with the next one, so that a record taken
//! right after a step is one update behind, unless something asks for it before.

use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use burn::store::ModuleRecord;
use diagrammatic::diagram;

use crate::common::{device, entries};

diagram! {
    Normed {
        dyn batch;
        data Image: [batch, 4];
        data Target: [batch, 2];
        Image --model--> Target;
        model = linear(3) >> batch_norm >> linear;
        fit: model ~ Target;
    }
}

diagram! {
    /// Copies of a module that the caller brings: one frozen, one averaged, one adapted.
    Copies {
        dyn batch;
        data Image: [batch, 3];
        Code: [batch, 3];
        Image --teacher--> Code;
        Image --base--> Code;
        Image --target--> Code;
        Image --tuned--> Code;
        teacher = frozen Body;
        base = Body;
        target = ema(base, decay = 0.9);
        tuned = lora(Body, rank = 1);
        base ~ teacher;
        base ~ target;
        tuned ~ teacher;
    }
}

#[derive(Module, Debug)]
struct Body {
    linear: burn::nn::Linear,
    norm: burn::nn::BatchNorm,
}

impl Body {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.norm.forward(self.linear.forward(input))
    }
}

fn batch(step: u8) -> NormedBatch {
    let entry = |at: u8| f32::from(at.wrapping_mul(53) ^ step.wrapping_mul(29)) / 64.0;
    let image: Vec<_> = (0..12).map(entry).collect();
    let target: Vec<_> = (12..18).map(entry).collect();
    let device = device();
    NormedBatch {
        image: Tensor::<1>::from_data(image.as_slice(), &device).reshape([3, 4]),
        target: Tensor::<1>::from_data(target.as_slice(), &device).reshape([3, 2]),
    }
}

fn step(model: Normed, optimizer: &mut ModuleOptimizer, number: u8) -> Normed {
    let loss = model.loss(batch(number));
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    optimizer.step(0.1, model, gradients)
}

/// Every number of the model, with its statistics as they will be.
fn numbers(model: &Normed) -> Vec<Vec<f32>> {
    let model = model.valid();
    let norm = &model.model.batch_norm_1;
    vec![
        entries(&model.model.linear_1.weight.val()),
        entries(&norm.gamma.val()),
        entries(&norm.running_mean.value()),
        entries(&norm.running_var.value()),
        entries(&model.model.linear_2.weight.val()),
    ]
}

fn loaded(record: ModuleRecord) -> Normed {
    let model = NormedConfig::new().init(&device());
    model.load_record(record)
}

#[test]
fn a_record_of_the_model_for_validation_goes_on_bit_for_bit() {
    let mut optimizer = AdamConfig::new().init();
    let mut model = NormedConfig::new().init(&device());
    for number in 0..3 {
        model = step(model, &mut optimizer, number);
    }

    let mut resumed_optimizer = AdamConfig::new().init().load_record(optimizer.to_record());
    let mut resumed = loaded(model.valid().into_record());
    assert_eq!(numbers(&resumed), numbers(&model));
    for number in 3..6 {
        model = step(model, &mut optimizer, number);
        resumed = step(resumed, &mut resumed_optimizer, number);
    }
    assert_eq!(numbers(&resumed), numbers(&model));
}

#[test]
fn to_ask_for_a_record_changes_no_training() {
    let start = NormedConfig::new().init(&device());
    let _ = start.clone().into_record();
    let trained = |asks: bool| {
        let mut optimizer = AdamConfig::new().init();
        let mut model = loaded(start.clone().into_record());
        for number in 0..4 {
            model = step(model, &mut optimizer, number);
            if asks {
                let _ = model.valid().into_record();
            }
        }
        numbers(&model)
    };
    assert_eq!(trained(true), trained(false));
}

/// If this fails, Burn records running statistics in step, and the page on training need not speak of it.
#[test]
fn a_record_of_the_model_itself_is_one_update_behind() {
    let model = NormedConfig::new().init(&device());
    let model = step(model, &mut AdamConfig::new().init(), 0);
    let record = model.clone().into_record();
    let (behind, whole) = (numbers(&loaded(record)), numbers(&model));
    assert_ne!(behind[2..4], whole[2..4]);
    assert_eq!(behind[2], [0.0; 3], "none of its updates");
}

/// If this fails, Burn drops what a module keeps aside when it loads, and the page on training need not speak of it.
#[test]
fn an_update_kept_aside_hides_what_is_loaded() {
    let step = |model| step(model, &mut AdamConfig::new().init(), 0);
    let fresh = NormedConfig::new().init(&device());
    let record = || fresh.valid().into_record();
    let trained = step(NormedConfig::new().init(&device()));
    let hidden = trained.load_record(record());
    assert_ne!(numbers(&hidden)[2], [0.0; 3], "as in the record");

    let trained = step(NormedConfig::new().init(&device()));
    let _ = trained.valid();
    let shown = trained.load_record(record());
    assert_eq!(numbers(&shown), numbers(&fresh));
}

#[test]
fn copies_of_a_module_that_was_just_trained_have_its_statistics() {
    let device = device();
    let body = Body {
        linear: burn::nn::LinearConfig::new(3, 3).init(&device),
        norm: burn::nn::BatchNormConfig::new(3).init(&device),
    };
    let image = Tensor::<2>::from_data([[1.0, 2.0, 3.0], [-1.0, 0.5, 4.0]], &device);
    let _ = body.forward(image);
    let modules = CopiesModules {
        teacher: body.clone(),
        base: body.clone(),
        tuned: body.clone(),
    };
    let model = CopiesConfig::new().init(modules, &device);
    let expected = entries(&body.norm.running_mean.value_sync());
    assert_ne!(expected, [0.0; 3]);
    for (name, copy) in [
        ("teacher", &model.teacher),
        ("target", &model.target),
        ("tuned", &model.tuned),
    ] {
        assert_eq!(entries(&copy.norm.running_mean.value()), expected, "{name}");
    }
}

//! What the README shows is what there is: its code compiles and runs here, its picture and its error
//! are real output.

#![allow(unreachable_pub, reason = "the diagram is public, as in the README")]

use std::sync::Arc;

use diagrammatic::{burn, diagram};

use burn::data::dataloader::DataLoader;
use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use burn::train::Learner;

const README: &str = include_str!("../README.md");
const SOURCE: &str = include_str!("readme.rs");

/// The caller's own module.
#[derive(Module, Debug)]
pub struct Teacher {
    linear: Linear,
}

impl Teacher {
    /// From images to logits.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.linear.forward(image.flatten::<2>(1, 3))
    }
}

// README shows:
diagram! {
    /// Knowledge distillation: a small student agrees with a frozen teacher and with the labels.
    pub Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
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
// until here

#[derive(Clone)]
struct Zeros;

impl Batcher<(), DistillationBatch> for Zeros {
    fn batch(&self, items: Vec<()>, device: &Device) -> DistillationBatch {
        batch(items.len(), device)
    }
}

fn batch(samples: usize, device: &Device) -> DistillationBatch {
    DistillationBatch {
        image: Tensor::ones([samples, 1, 8, 8], device),
        label: Tensor::zeros([samples], device),
    }
}

fn teacher(device: &Device) -> Teacher {
    Teacher {
        linear: LinearConfig::new(64, 10).init(device),
    }
}

#[test]
fn the_model_trains_by_the_learner() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    let teacher = teacher(&device);
    let loader = || -> Arc<dyn DataLoader<DistillationBatch>> {
        DataLoaderBuilder::new(Zeros)
            .batch_size(4)
            .build(InMemDataset::new(vec![(); 8]))
    };
    let (train, valid) = (loader(), loader());
    // The README trains into a folder of the current directory.
    std::env::set_current_dir(env!("CARGO_TARGET_TMPDIR"))?;
    // README shows:
    let model = DistillationConfig::new().init(DistillationModules { teacher }, &device);
    let training = Distillation::training("target/run", train, valid, &device).num_epochs(2);
    let result = training.launch(Learner::new(model, AdamConfig::new().init(), 1e-3));
    if let Some(error) = result.error {
        return Err(error.into());
    }
    let model = result.model;
    // until here
    let image = Tensor::ones([4, 1, 8, 8], &Device::flex());
    assert_eq!(model.student(image).dims(), [4, 10]);
    Ok(())
}

#[test]
fn the_model_trains_in_a_loop() {
    let device = Device::flex().autodiff();
    let modules = DistillationModules {
        teacher: teacher(&device),
    };
    let mut model = DistillationConfig::new().init(modules, &device);
    let mut optimizer = AdamConfig::new().init();
    let batch = batch(4, &device);
    let before = model.loss(batch.clone()).total.into_scalar::<f32>();
    for batch in [batch.clone(), batch.clone()] {
        // README shows:
        let loss = model.loss(batch); // loss.total, loss.soft, loss.hard
        let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
        model = optimizer.step(1e-3, model, gradients);
        // until here
    }
    assert!(model.loss(batch).total.into_scalar::<f32>() < before);
}

#[test]
fn the_code_of_the_readme_is_the_code_above() {
    let (start, end) = ("// README shows:\n", "// until here\n");
    let parts: Vec<_> = SOURCE.split(start).skip(1).collect();
    assert_eq!(parts.len(), 3);
    for part in parts {
        let (code, _) = part.split_once(end).unwrap();
        let indent = code.len() - code.trim_start_matches(' ').len();
        let lines = code
            .lines()
            .map(|line| line.get(indent..).unwrap_or_default());
        let code = lines.collect::<Vec<_>>().join("\n");
        assert!(
            README.contains(code.trim_end()),
            "not in the README:\n{code}"
        );
    }
}

#[test]
fn the_picture_is_drawn_by_the_library() {
    let picture = Distillation::diagram().mermaid();
    assert!(
        README.contains(&format!("```mermaid\n{picture}```")),
        "{picture}"
    );
}

#[test]
fn the_error_is_what_the_compiler_says() {
    let case = "cases/a_fault_does_not_drown_the_rest.rs";
    let error = include_str!("ui/cases/a_fault_does_not_drown_the_rest.stderr");
    let error = error.replace(case, "src/main.rs");
    // The README shows the first error of several.
    let (error, _) = error.split_once("\nerror").unwrap();
    assert!(README.contains(&format!("```text\n{error}```")), "{error}");
}

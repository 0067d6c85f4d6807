use std::path::PathBuf;
use std::sync::Mutex;

use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::SgdConfig;
use burn::tensor::Int;
use burn::train::{Learner, LearningResult, TrainOutput};
use diagram_core::{
    Call, Cell, CellRole, Datum, Kind, Measure, Number, Object, ObjectId, Scalar, Shape, Weight,
};

use burn::train::metric::{Metric, MetricAttributes};

use super::*;
use crate::loss::{accuracy, cross_entropy, mse};
use crate::shape::check_batch;

const NAMES: &[&str] = &["Loss", "hard", "model ~ zero by mse", "hits"];

#[derive(Clone, Debug)]
struct Digits {
    image: Tensor<2>,
    label: Tensor<1, Int>,
}

impl Batch for Digits {
    fn check(&self) -> Result<(), DiagramError> {
        let sizes: &[&[usize]] = &[&self.image.dims(), &self.label.dims()];
        check_batch(&diagram(), &[], sizes).map(|_| ())
    }
}

#[derive(Module, Debug)]
struct Model {
    linear: Linear,
}

impl Model {
    fn values(&self, batch: &Digits) -> Vec<Tensor<1>> {
        let logits = self.linear.forward(batch.image.clone());
        let hard = cross_entropy(logits.clone(), batch.label.clone()).mean();
        let soft = mse(logits.clone(), logits.zeros_like()).mean();
        vec![
            hard.clone() + soft.clone(),
            hard,
            soft,
            accuracy(logits, batch.label.clone()).mean(),
        ]
    }
}

impl TrainStep for Model {
    type Input = Digits;
    type Output = StepOutput;

    fn step(&self, batch: Digits) -> TrainOutput<StepOutput> {
        let mut values = self.values(&batch);
        values.truncate(3);
        let gradients = values[0].backward();
        TrainOutput::new(
            self,
            gradients,
            StepOutput::new(NAMES, values, batch.label.dims()[0]),
        )
    }
}

impl InferenceStep for Model {
    type Input = Digits;
    type Output = StepOutput;

    fn step(&self, batch: Digits) -> StepOutput {
        StepOutput::new(NAMES, self.values(&batch), batch.label.dims()[0])
    }
}

#[derive(Clone)]
struct Stack {
    labels_lost: usize,
}

impl Batcher<([f32; 2], i64), Digits> for Stack {
    fn batch(&self, items: Vec<([f32; 2], i64)>, device: &Device) -> Digits {
        let (images, labels): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        let count = images.len();
        let image = Tensor::<1>::from_data(images.concat().as_slice(), device).reshape([count, 2]);
        let labels = &labels[..count - self.labels_lost];
        Digits {
            image,
            label: Tensor::from_data(labels, device),
        }
    }
}

fn cell(name: Option<&str>, text: &str, role: CellRole) -> Cell {
    Cell {
        name: name.map(str::to_owned),
        text: text.to_owned(),
        ends: Vec::new(),
        loss: Measure::Loss(Call::new("mse")),
        limits: Vec::new(),
        weight: Weight::Scalar(Scalar::Number(Number::ONE)),
        mask: None,
        role,
    }
}

fn diagram() -> Diagram {
    let batch = || diagram_core::Dim::symbol("batch");
    let object = |name: &str, kind, dims| Object {
        name: name.to_owned(),
        shape: Shape { kind, dims },
        default_loss: None,
    };
    let datum = |name: &str, id| Datum {
        name: name.to_owned(),
        field: name.to_lowercase(),
        space: ObjectId(id).into(),
    };
    Diagram {
        dynamics: vec!["batch".to_owned()],
        objects: vec![
            object(
                "Image",
                Kind::Float,
                vec![batch(), diagram_core::Dim::Literal(2)],
            ),
            object("Label", Kind::Int, vec![batch()]),
        ],
        data: vec![datum("Image", 0), datum("Label", 1)],
        cells: vec![
            cell(Some("hits"), "model ~ Label", CellRole::Watched),
            cell(Some("hard"), "model ~ Label", CellRole::Trained),
            cell(None, "model ~ zero", CellRole::Trained),
        ],
        ..Diagram::default()
    }
}

fn loader(labels_lost: usize) -> Arc<dyn DataLoader<Digits>> {
    let items = (0_u8..16).map(|i| ([f32::from(i % 2), f32::from(i % 3)], i64::from(i % 2)));
    let items = InMemDataset::new(items.collect());
    DataLoaderBuilder::new(Stack { labels_lost })
        .batch_size(8)
        .build(items)
}

/// A directory of this test alone, removed with it.
struct Directory(PathBuf);

impl Directory {
    fn new(test: &str) -> Self {
        let name = format!("diagrammatic-{test}-{}", std::process::id());
        Directory(std::env::temp_dir().join(name))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn train(
    directory: &Directory,
    train: Arc<dyn DataLoader<Digits>>,
    device: &Device,
) -> (Model, LearningResult<Model>) {
    let model = Model {
        linear: LinearConfig::new(2, 2).init(&device.clone().autodiff()),
    };
    // Initialised here, so that the clone below has its values whatever the learner does.
    let model = model.valid().train();
    let result = training::<Model, Digits>(
        &directory.0,
        train,
        loader(0),
        device,
        &diagram(),
        &["hits"],
    )
    .num_epochs(2)
    .with_default_checkpointers()
    .launch(Learner::new(model.clone(), SgdConfig::new().init(), 0.1));
    (model, result)
}

fn weight(model: &Model) -> Vec<f32> {
    model.linear.weight.val().into_data().try_to_vec().unwrap()
}

#[test]
fn the_learner_trains_and_writes_a_metric_a_cell_and_a_watch() {
    for (test, device) in [
        ("plain", Device::default()),
        ("autodiff", Device::default().autodiff()),
    ] {
        let directory = Directory::new(test);
        let (before, result) = train(&directory, loader(0), &device);
        assert!(result.error.is_none(), "{:?}", result.error);
        assert_ne!(weight(&before), weight(&result.model));
        for epoch in ["epoch-1", "epoch-2"] {
            for split in ["train", "valid"] {
                for metric in ["Loss", "hard", "model_~_zero_by_mse"] {
                    let file = directory
                        .0
                        .join(split)
                        .join(epoch)
                        .join(format!("{metric}.log"));
                    let text = std::fs::read_to_string(&file).unwrap_or_default();
                    let first = text.lines().next().and_then(|line| line.split(',').next());
                    let value = first.and_then(|number| number.parse::<f64>().ok());
                    assert!(
                        value.is_some_and(f64::is_finite),
                        "{}: {text}",
                        file.display()
                    );
                }
            }
            assert!(
                directory
                    .0
                    .join("valid")
                    .join(epoch)
                    .join("hits.log")
                    .exists()
            );
            assert!(
                !directory
                    .0
                    .join("train")
                    .join(epoch)
                    .join("hits.log")
                    .exists()
            );
        }
        assert!(!directory.0.join("experiment.log").exists());
    }
}

#[test]
fn a_bad_batch_ends_training_with_an_error_that_names_the_data() {
    let directory = Directory::new("bad");
    let (before, result) = train(&directory, loader(3), &Device::default());
    let error = result.error.expect("training stops");
    assert!(
        error
            .to_string()
            .contains("`batch` cannot be both 8 (of `Image`) and 5 (of `Label`) [D0801]"),
        "{error}"
    );
    assert_eq!(weight(&before), weight(&result.model));
}

#[test]
fn metrics_have_names_of_their_own_that_are_file_names() {
    let mut diagram = diagram();
    let long = "encoder >> ".repeat(40);
    diagram.cells = vec![
        cell(Some("Loss"), "a ~ b", CellRole::Trained),
        cell(None, "a/b ~ c", CellRole::Trained),
        cell(None, "a/b ~ c", CellRole::Trained),
        cell(Some("hits"), "a ~ c", CellRole::Watched),
        cell(Some(&long), "a ~ c", CellRole::Watched),
        cell(Some("hard_Hits"), "a ~ c", CellRole::Watched),
        cell(Some("hard hits"), "a ~ c", CellRole::Watched),
        cell(Some(&"ж".repeat(90)), "a ~ c", CellRole::Watched),
    ];
    let Metrics { trained, watched } = Metrics::of(&diagram, &["hits"]);
    let names: Vec<_> = trained
        .iter()
        .map(|metric| metric.name().to_string())
        .collect();
    assert_eq!(
        names,
        ["Loss", "Loss 2", "a-b ~ c by mse", "a-b ~ c by mse 2"]
    );
    assert_eq!(
        watched
            .iter()
            .map(|metric| metric.index)
            .collect::<Vec<_>>(),
        [4, 5, 6, 7, 8]
    );
    let better = |metric: &CellMetric| match metric.attributes() {
        MetricAttributes::Numeric(attributes) => attributes.higher_is_better,
        MetricAttributes::None => panic!("a numeric metric"),
    };
    assert_eq!(
        watched.iter().map(better).collect::<Vec<_>>(),
        [true, false, false, false, false]
    );
    let names: Vec<_> = watched.iter().map(Metric::name).collect();
    assert!(!names[1].contains('>'), "{}", names[1]);
    // One file where blanks are written as `_` and case does not count.
    assert_eq!([names[2].as_str(), &names[3]], ["hard_Hits", "hard hits 2"]);
    // 90 letters of two bytes each.
    assert_eq!(*names[4].as_str(), "ж".repeat(50));
    assert!(names.iter().all(|name| name.len() <= 100), "{names:?}");
}

#[test]
fn a_step_output_keeps_no_graph() {
    let device = Device::default().autodiff();
    let value = Tensor::<1>::from_data([2.0], &device).require_grad() * 3.0;
    let output = StepOutput::new(NAMES, vec![value.clone(), value], 4);
    assert!(output.iter().all(|(_, value)| !value.is_autodiff()));
    let hard = output
        .get("hard")
        .map(|value| value.clone().into_scalar::<f32>());
    assert_eq!(hard, Some(6.0));
    assert!(output.get("hits").is_none());
    assert_eq!(output.batch(), 4);
}

/// A batch that records how it is checked.
#[derive(Clone, Debug)]
struct Asked(Arc<Mutex<Vec<&'static str>>>);

impl Batch for Asked {
    fn check(&self) -> Result<(), DiagramError> {
        self.0.lock().expect("a list").push("whole");
        Ok(())
    }

    fn check_at_hand(&self) -> Result<(), DiagramError> {
        self.0.lock().expect("a list").push("at hand");
        Ok(())
    }
}

impl Batcher<(), Asked> for Asked {
    fn batch(&self, _items: Vec<()>, _device: &Device) -> Asked {
        self.clone()
    }
}

#[test]
fn a_device_is_waited_for_once_an_epoch_unless_every_batch_is_to_be_checked() {
    let loader = |asked: &Asked| {
        let items = InMemDataset::new(vec![(); 3]);
        DataLoaderBuilder::new(asked.clone())
            .batch_size(1)
            .build(items)
    };
    let asked_of = |asked: &Asked, loader: &dyn DataLoader<Asked>| {
        for _ in 0..2 {
            assert!(loader.iter().all(|batch| batch.is_ok()));
        }
        asked.0.lock().expect("a list").clone()
    };
    let asked = Asked(Arc::default());
    let failure = Arc::new(Failure::of(Interrupter::new()));
    let training = Checked::of_training(loader(&asked), &failure);
    let epoch = ["whole", "at hand", "at hand"];
    assert_eq!(asked_of(&asked, &training), [epoch, epoch].concat());

    let asked = Asked(Arc::default());
    let every = checked(loader(&asked));
    assert_eq!(asked_of(&asked, every.as_ref()), ["whole"; 6]);
}

//! The generated type is a Burn module like any other.

use burn::module::{ModuleVisitor, Param, ParamGroup};
use burn::prelude::*;
use burn::store::ModuleRecord;

use crate::common::{
    BATCH, Distillation, DistillationConfig, device, distillation, distillation_batch, entries,
    random, scalar,
};

/// The path of every float parameter.
fn paths(model: &Distillation) -> Vec<String> {
    #[derive(Default)]
    struct Paths {
        stack: Vec<String>,
        found: Vec<String>,
    }

    impl ModuleVisitor for Paths {
        fn visit_float<const D: usize>(&mut self, _parameter: &Param<Tensor<D>>) {
            self.found.push(self.stack.join("."));
        }

        fn enter_module(&mut self, name: &str, _container: &str) {
            self.stack.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.stack.pop();
        }
    }

    let mut paths = Paths::default();
    model.visit(&mut paths);
    paths.found
}

#[test]
fn field_names_are_record_paths() {
    let model = distillation(&DistillationConfig::new());
    let expected = [
        "teacher.linear.weight",
        "teacher.linear.bias",
        "student.linear_1.weight",
        "student.linear_1.bias",
        "student.linear_2.weight",
        "student.linear_2.bias",
    ];
    assert_eq!(paths(&model), expected);
    assert_eq!(
        model.num_params(),
        64 * 10 + 10 + 64 * 32 + 32 + 32 * 10 + 10
    );
    assert_eq!(model.student.num_params(), 64 * 32 + 32 + 32 * 10 + 10);
}

fn file(name: &str) -> std::path::PathBuf {
    let name = format!("diagrammatic-{name}-{}.bpk", std::process::id());
    std::env::temp_dir().join(name)
}

#[test]
fn a_model_is_saved_and_loaded() {
    let model = distillation(&DistillationConfig::new());
    let batch = distillation_batch();
    let path = file("model");
    model
        .clone()
        .save_file(&path)
        .expect("a file in the temporary directory");
    let fresh = distillation(&DistillationConfig::new());
    let total = |model: &Distillation| scalar(&model.loss(batch.clone()).total);
    assert!((total(&fresh) - total(&model)).abs() > 1e-6);
    let loaded = fresh.try_load_file(&path);
    let record = ModuleRecord::load(&path).expect("the file was saved");
    let loaded = loaded.expect("it loads");
    assert_eq!(record.len(), 6);
    assert!((total(&loaded) - total(&model)).abs() <= 0.0);
    assert!(
        !loaded.teacher.linear.weight.is_require_grad(),
        "still frozen"
    );
    assert!(loaded.student.linear_1.weight.is_require_grad());

    let narrow = distillation(&DistillationConfig::new().with_hidden(5));
    let error = narrow.try_load_record(record).map(|_| ()).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("student.linear_1.weight: shape mismatch"),
        "{error}"
    );
    // A record is read when it is used.
    std::fs::remove_file(&path).expect("the file was saved");
}

#[test]
fn a_part_is_saved_alone() {
    let model = distillation(&DistillationConfig::new());
    let student = ParamGroup::ids_from_module(model.student.clone());
    let record = model.clone().into_record_group(student);
    assert_eq!(record.len(), 4);
    let other = distillation(&DistillationConfig::new());
    let teacher = entries(&other.teacher.linear.weight.val());
    let other = other
        .try_load_record(record.allow_partial(true))
        .expect("a part");
    let weight = |model: &Distillation| entries(&model.student.linear_1.weight.val());
    assert_eq!(weight(&other), weight(&model));
    assert_eq!(entries(&other.teacher.linear.weight.val()), teacher);
}

#[test]
fn it_goes_to_validation_and_back() {
    let model = distillation(&DistillationConfig::new());
    let image = || random([BATCH, 1, 8, 8]).inner();
    let valid = model.valid();
    assert!(!valid.student(image()).is_autodiff());
    let trained = valid.train();
    assert!(trained.student(image()).is_tracked());
    assert!(!trained.teacher(image()).is_tracked());
}

#[test]
fn it_is_frozen_as_a_whole() {
    let model = distillation(&DistillationConfig::new());
    let total = model.loss(distillation_batch()).total;
    assert!(total.is_tracked());
    let total = model.freeze().loss(distillation_batch()).total;
    assert!(!total.is_tracked());
}

#[test]
fn it_moves_between_devices_and_threads() {
    let model = distillation(&DistillationConfig::new());
    assert!(model.devices().contains(&device()));
    let moved = model.clone().to_device(&device()).fork(&device());
    let batch = distillation_batch();
    let expected = scalar(&model.loss(batch.clone()).total);
    let total = std::thread::spawn(move || scalar(&moved.loss(batch).total));
    let total = total.join().expect("a model can be sent");
    assert!((total - expected).abs() <= 0.0);
}

#[test]
fn it_prints_its_parts() {
    let model = distillation(&DistillationConfig::new().with_hidden(4));
    let text = model.to_string();
    for part in [
        "Distillation {",
        "teacher: Teacher {",
        "student: DistillationStudent {",
        "linear_1: Linear {d_input: 64, d_output: 4, bias: true, params: 260}",
        "hyper: DistillationHyper { temperature: 4.0 }",
        "weights: DistillationWeights { soft: 0.7, hard: 0.3 }",
        "params: 960",
    ] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
}

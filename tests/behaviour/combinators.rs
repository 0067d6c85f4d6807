//! `residual` and `repeat` against the same model by hand.

use burn::module::{ModuleVisitor, Param};
use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{device, entries, random};

diagram! {
    pub(crate) Tower(depth: usize = 2) {
        dyn batch;

        data Given, Wanted: Code;
        Code: [batch, 4];
        data Image: [batch, 1, 8, 8];
        data Small: [batch, 2, 2, 2];

        Code --student--> Code;
        student = linear(4) >> repeat(depth, residual(linear(6) >> tanh >> residual(linear) >> linear) >> dropout(0.5))
            >> repeat(3, linear >> repeat(2, tanh >> linear));

        Image --shrink--> Small;
        shrink = repeat(2, conv2d(2, kernel = 2, stride = 2));

        student(Given) ~ Wanted;
        shrink ~ Small;
    }
}

fn close<const D: usize>(left: &Tensor<D>, right: &Tensor<D>, within: f32) {
    assert_eq!(left.dims(), right.dims());
    for (left, right) in entries(left).into_iter().zip(entries(right)) {
        assert!((left - right).abs() <= within, "{left} is not {right}");
    }
}

fn tower(depth: usize) -> Tower {
    TowerConfig::new().with_depth(depth).init(&device())
}

fn paths(model: &Tower) -> Vec<String> {
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

/// The student by hand; dropout is off on a plain input.
fn by_hand(model: &Tower, given: Tensor<2>) -> Tensor<2> {
    let student = &model.student;
    let mut x = student.linear_1.forward(given);
    for copy in &student.repeat_1 {
        let inner = copy.linear_1.forward(x.clone()).tanh();
        let inner = inner.clone() + copy.linear_2.forward(inner);
        x = x + copy.linear_3.forward(inner);
    }
    for copy in &student.repeat_2 {
        x = copy.linear_1.forward(x);
        for deeper in &copy.repeat_1 {
            x = deeper.linear_1.forward(x.tanh());
        }
    }
    x
}

#[test]
fn values_and_gradients_are_those_of_the_model_by_hand() {
    let model = tower(3).valid();
    let given = random([5, 4]);
    let expected = by_hand(&model, given.clone().inner());
    close(&model.student(given.clone().inner()), &expected, 1e-6);

    // Trained, without its dropout.
    let mut model = tower(3);
    for copy in &mut model.student.repeat_1 {
        copy.dropout_1.prob = 0.0;
    }
    let gradients = model.student(given.clone()).powi_scalar(2).sum().backward();
    let by_hand = by_hand(&model, given).powi_scalar(2).sum().backward();
    for copy in &model.student.repeat_1 {
        for layer in [&copy.linear_1, &copy.linear_2, &copy.linear_3] {
            let ours = layer.weight.val().grad(&gradients).expect("a gradient");
            let theirs = layer.weight.val().grad(&by_hand).expect("a gradient");
            close(&ours, &theirs, 1e-5);
        }
    }
    let deepest = &model.student.repeat_2[2].repeat_1[1].linear_1.weight;
    let ours = deepest.val().grad(&gradients).expect("a gradient");
    close(&ours, &deepest.val().grad(&by_hand).expect("one"), 1e-5);
}

#[test]
fn every_copy_has_weights_of_its_own() {
    let (small, large) = (tower(1), tower(4));
    let (linear, residual) = (4 * 4 + 4, (4 * 6 + 6) + (6 * 6 + 6) + (6 * 4 + 4));
    let fixed = linear + 3 * (linear + 2 * linear);
    assert_eq!(small.student.num_params(), fixed + residual);
    assert_eq!(large.student.num_params(), fixed + 4 * residual);
    let (first, second) = (&large.student.repeat_1[0], &large.student.repeat_1[1]);
    let weights = |layer: &burn::nn::Linear| entries(&layer.weight.val());
    assert_ne!(weights(&first.linear_1), weights(&second.linear_1));
    let paths = paths(&large);
    for path in [
        "student.linear_1.weight",
        "student.repeat_1.0.linear_1.weight",
        "student.repeat_1.3.linear_3.bias",
        "student.repeat_2.2.repeat_1.1.linear_1.bias",
        "shrink.conv2d_2.weight",
    ] {
        assert!(paths.iter().any(|known| known == path), "{path}: {paths:?}");
    }
}

#[test]
fn copies_of_changing_shape_are_unrolled() {
    let model = tower(1);
    assert_eq!(model.shrink.conv2d_1.weight.dims(), [2, 1, 2, 2]);
    assert_eq!(model.shrink.conv2d_2.weight.dims(), [2, 2, 2, 2]);
    let image = random([3, 1, 8, 8]);
    let expected = model.shrink.conv2d_1.forward(image.clone());
    let expected = model.shrink.conv2d_2.forward(expected);
    let given = model.shrink(image);
    assert_eq!(given.dims(), [3, 2, 2, 2]);
    assert_eq!(entries(&given), entries(&expected));
}

#[test]
fn copies_are_saved_and_loaded() {
    let name = format!("diagrammatic-combinators-{}.bpk", std::process::id());
    let path = std::env::temp_dir().join(name);
    let model = tower(2);
    model.clone().save_file(&path).expect("a file");
    let fresh = tower(2);
    let given = random([2, 4]).inner();
    let value = |model: &Tower| entries(&model.valid().student(given.clone()));
    assert_ne!(value(&fresh), value(&model));
    let loaded = fresh.try_load_file(&path).expect("it loads");
    assert_eq!(value(&loaded), value(&model));
    std::fs::remove_file(&path).expect("the file was saved");
}

#[test]
fn no_copies_are_an_error_of_init() {
    let error = TowerConfig::new().with_depth(0).try_init(&device());
    let error = error.expect_err("no copies").to_string();
    assert!(
        error.starts_with("the copies in `repeat(depth, residual(linear(6)")
            && error.ends_with("of `student` are `depth` = 0, and there is at least 1 [D0203]"),
        "{error}"
    );
}

#[test]
fn steps_are_nested_as_data() {
    use diagrammatic::diagram_core::{Combinator, Definition};
    let diagram = Tower::diagram();
    let steps = |index: usize| match &diagram.morphisms[index].definition {
        Definition::Layers { steps, .. } => steps.clone(),
        other => panic!("{other:?}"),
    };
    let student = steps(0);
    assert_eq!(student.len(), 3);
    assert!(
        matches!(student[1].as_combinator(), Some(Combinator::Repeat { copies }) if copies.to_string() == "depth")
    );
    let residual = &student[1].inner[0];
    assert_eq!(residual.as_combinator(), Some(&Combinator::Residual));
    assert_eq!(residual.inner[0].to_string(), "linear(6)");
    let shrink = steps(1);
    assert_eq!(
        shrink[0].as_combinator(),
        Some(&Combinator::Unrolled { copies: 2 })
    );
    let shapes: Vec<_> = shrink[0]
        .inner
        .iter()
        .map(|step| step.output.to_string())
        .collect();
    assert_eq!(shapes, ["[batch, 2, 4, 4]", "[batch, 2, 2, 2]"]);
}

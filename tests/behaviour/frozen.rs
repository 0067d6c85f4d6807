//! What is frozen never changes, and freezing it leaves the caller's own clones as they are.

use burn::module::list_param_ids;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{BATCH, device, entries, gradients_of, random};

/// A module with everything that a training mode changes.
#[derive(Module, Debug)]
struct Net {
    linear: Linear,
    norm: BatchNorm,
    dropout: Dropout,
}

impl Net {
    fn new() -> Self {
        Net {
            linear: LinearConfig::new(6, 4).init(&device()),
            norm: BatchNormConfig::new(4).init(&device()),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.dropout
            .forward(self.norm.forward(self.linear.forward(x)))
    }

    /// Every number in it.
    fn state(&self) -> Vec<f32> {
        let statistics = [&self.norm.running_mean, &self.norm.running_var];
        let mut state = entries(&self.linear.weight.val());
        state.extend(entries(&self.norm.gamma.val()));
        for statistic in statistics {
            state.extend(entries(&statistic.value_sync()));
        }
        state
    }
}

diagram! {
    Imitation {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];

        Image --teacher--> Code;
        Image --student--> Code;

        teacher = frozen Net;
        student = Net;

        student ~ teacher;
    }
}

fn batch() -> ImitationBatch {
    ImitationBatch {
        image: random([BATCH, 6]),
    }
}

fn step(model: Imitation, optimizer: &mut ModuleOptimizer) -> Imitation {
    let gradients = model.loss(batch()).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    optimizer.step(0.1, model, gradients)
}

#[test]
fn a_frozen_module_is_never_in_training_mode() {
    let (teacher, student) = (Net::new(), Net::new());
    let model = ImitationConfig::new().init(ImitationModules { teacher, student }, &device());
    for model in [model.clone(), model.clone().train(), model.valid().train()] {
        let (image, before) = (batch().image, model.teacher.state());
        let first = model.teacher(image.clone()).into_data();
        assert_eq!(
            first,
            model.teacher(image.clone()).into_data(),
            "no dropout"
        );
        assert_eq!(model.teacher.state(), before, "no new statistics");
        // The student, in the same call, has both.
        let before = model.student.state();
        let first = model.student(image.clone()).into_data();
        assert_ne!(first, model.student(image).into_data());
        assert_ne!(model.student.state(), before);
    }
}

/// A student that starts as a clone of its teacher shares the ids of its parameters, and an optimiser
/// tells parameters apart by those.
#[test]
fn a_teacher_never_moves_though_the_student_is_its_clone() {
    for initialised in [false, true] {
        let net = Net::new();
        if initialised {
            net.state();
        }
        let (teacher, student) = (net.clone(), net.clone());
        let config = ImitationConfig::new();
        let mut model = config.init(ImitationModules { teacher, student }, &device());
        let (teacher, student) = (model.teacher.state(), model.student.state());
        assert_eq!(teacher, student);
        let mut optimizer = AdamConfig::new().init();
        for _ in 0..3 {
            model = step(model, &mut optimizer);
        }
        assert_eq!(model.teacher.state(), teacher);
        assert_ne!(model.student.state(), student);
        let ids = list_param_ids(&model.student);
        let weight = &model.teacher.linear.weight;
        assert!(!ids.contains(&weight.id));
    }
}

#[test]
fn only_the_student_has_gradients() {
    let (teacher, student) = (Net::new(), Net::new());
    let model = ImitationConfig::new().init(ImitationModules { teacher, student }, &device());
    let gradients = model.loss(batch()).total.backward();
    let paths: Vec<_> = gradients_of(&model, &gradients)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert!(paths.len() >= 3, "{paths:?}");
    assert!(
        paths.iter().all(|path| path.starts_with("student.")),
        "{paths:?}"
    );
}

#[test]
fn the_clone_that_the_caller_kept_is_not_frozen() {
    for initialised in [false, true] {
        let mine = Net::new();
        if initialised {
            mine.state();
        }
        let (teacher, student) = (mine.clone(), Net::new());
        let model = ImitationConfig::new().init(ImitationModules { teacher, student }, &device());
        assert_eq!(model.teacher.state(), mine.state());
        assert!(mine.linear.weight.is_require_grad());
        let x = batch().image;
        let gradients = mine.forward(x.clone()).square().sum().backward();
        assert!(mine.linear.weight.val().grad(&gradients).is_some());
        assert_ne!(
            mine.forward(x.clone()).into_data(),
            mine.forward(x).into_data()
        );
        assert_ne!(
            model.teacher.state(),
            mine.state(),
            "mine has new statistics"
        );
    }
}

diagram! {
    Parts {
        dyn batch;

        data Image: [batch, 2, 3];
        Code: [batch, 4];
        data Target: [batch, 2];

        Image --features--> Code --middle--> Code --head--> Target;

        features = frozen flatten >> linear >> dropout(0.5);
        middle = linear >> dropout(0.5);
        head = linear;

        frozen middle;

        features >> middle >> head ~ Target;
    }
}

#[test]
fn layers_are_frozen_before_a_chain_and_by_an_item() {
    let model = PartsConfig::new().init(&device());
    let batch = || PartsBatch {
        image: random([BATCH, 2, 3]),
        target: random([BATCH, 2]),
    };
    let x = batch().image;
    let twice = [0, 1].map(|_| model.middle(model.features(x.clone())).into_data());
    assert_eq!(twice[0], twice[1], "no dropout");

    let gradients = model.loss(batch()).total.backward();
    let paths: Vec<_> = gradients_of(&model, &gradients)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(paths, ["head.linear_1.weight", "head.linear_1.bias"]);

    let state = |model: &Parts| {
        let layers = [&model.features.linear_1, &model.middle.linear_1];
        (
            layers.map(|layer| entries(&layer.weight.val())),
            entries(&model.head.linear_1.weight.val()),
        )
    };
    let before = state(&model);
    let gradients = GradientsParams::from_grads(gradients, &model);
    let after = state(&AdamConfig::new().init().step(0.1, model, gradients));
    assert_eq!(before.0, after.0);
    assert_ne!(before.1, after.1);
}

#[test]
fn gradients_pass_through_what_is_frozen() {
    let model = PartsConfig::new().init(&device());
    let x = random([BATCH, 2, 3]).require_grad();
    let gradients = model.features(x.clone()).square().sum().backward();
    assert!(x.grad(&gradients).is_some());
}

/// Without `freeze_as_drawn` each of these would train the teacher.
#[test]
fn what_is_drawn_frozen_is_restored() {
    let model = || {
        let (teacher, student) = (Net::new(), Net::new());
        ImitationConfig::new().init(ImitationModules { teacher, student }, &device())
    };
    let assigned = |mut model: Imitation| {
        let mine = Net::new();
        model.teacher = mine.clone();
        let model = model.freeze_as_drawn();
        assert!(
            mine.linear.weight.is_require_grad(),
            "the caller's clone is not frozen"
        );
        model
    };
    let restored = [
        model().unfreeze().freeze_as_drawn(),
        model().set_require_grad(true).freeze_as_drawn(),
        model().valid().unfreeze().freeze_as_drawn().train(),
        model()
            .apply_lora(burn::module::Lora::new(2, 4.0))
            .freeze_as_drawn(),
        assigned(model()),
    ];
    for model in restored {
        let before = model.teacher.state();
        let x = batch().image;
        let twice = [0, 1].map(|_| model.teacher(x.clone()).into_data());
        assert_eq!(twice[0], twice[1], "no dropout");
        assert!(!model.teacher(x.clone()).is_tracked());
        assert!(model.student(x).is_tracked());
        let model = step(model, &mut AdamConfig::new().init());
        assert_eq!(model.teacher.state(), before);
    }
    // What the diagram does not freeze stays as it is.
    let frozen = model().freeze().freeze_as_drawn();
    assert!(!frozen.student(batch().image).is_tracked());
}

/// Without the question that the loss asks first, the teacher would get gradients and dropout.
#[test]
fn a_loss_never_trains_what_is_drawn_frozen() {
    let (teacher, student) = (Net::new(), Net::new());
    let model = ImitationConfig::new().init(ImitationModules { teacher, student }, &device());
    let model = model.unfreeze();
    let before = model.teacher.state();
    let gradients = model.loss(batch()).total.backward();
    let paths = gradients_of(&model, &gradients).into_iter();
    let paths: Vec<_> = paths.map(|(path, _)| path).collect();
    assert!(
        paths.iter().all(|path| path.starts_with("student.")),
        "{paths:?}"
    );
    assert!(paths.len() >= 3, "{paths:?}");
    assert_eq!(model.teacher.state(), before);
}

/// Burn gives a gradient to the first parameter that has its id. Without the learner's step that
/// freezes as drawn, the teacher, which stands first, would move in place of the student.
#[test]
fn the_learners_step_never_moves_an_assigned_clone() {
    use burn::optim::MultiGradientsParams;
    use burn::train::TrainStep;

    for several in [false, true] {
        let (teacher, student) = (Net::new(), Net::new());
        let config = ImitationConfig::new();
        let mut model = config.init(ImitationModules { teacher, student }, &device());
        model.teacher = model.student.clone();
        let mut optimizer = AdamConfig::new().init();
        let before = (model.teacher.state(), model.student.state());
        for _ in 0..2 {
            let gradients = TrainStep::step(&model, batch()).grads;
            model = if several {
                let mut all = MultiGradientsParams::default();
                all.grads.push((gradients, device()));
                model.optimize_multi(&mut optimizer, 0.1.into(), all)
            } else {
                model.optimize(&mut optimizer, 0.1.into(), gradients)
            };
        }
        assert_eq!(entries(&model.teacher.linear.weight.val()), before.0[..24]);
        assert_ne!(entries(&model.student.linear.weight.val()), before.1[..24]);
    }
}

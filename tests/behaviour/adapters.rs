//! Of what `lora` adapts only the adapters are trained, and adapting it leaves the caller's own clones as
//! they are.

use burn::module::{Lora, list_param_ids};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use burn::train::TrainStep;
use diagrammatic::diagram;

use crate::common::{BATCH, device, entries, gradients_of, random};

/// A module with everything that a training mode changes.
#[derive(Module, Debug)]
pub(crate) struct Net {
    pub(crate) linear: Linear,
    norm: BatchNorm,
    dropout: Dropout,
}

impl Net {
    fn new() -> Self {
        Net::on(&device())
    }

    pub(crate) fn on(device: &Device) -> Self {
        Net {
            linear: LinearConfig::new(6, 4).init(device),
            norm: BatchNormConfig::new(4).init(device),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.dropout.forward(self.features(x))
    }

    pub(crate) fn features(&self, x: Tensor<2>) -> Tensor<2> {
        self.norm.forward(self.linear.forward(x))
    }

    /// Every number in it but those of adapters.
    pub(crate) fn state(&self) -> Vec<f32> {
        let mut state = entries(&self.linear.weight.base());
        state.extend(entries(&self.linear.bias.as_ref().unwrap().val()));
        state.extend(entries(&self.norm.gamma.val()));
        for statistic in [&self.norm.running_mean, &self.norm.running_var] {
            state.extend(entries(&statistic.value_sync()));
        }
        state
    }

    /// The numbers of its adapter: its two factors.
    fn factors(&self) -> [Vec<f32>; 2] {
        let adapter = self.linear.weight.adapter().expect("an adapter");
        [&adapter.a, &adapter.b].map(|factor| entries(&factor.val()))
    }
}

diagram! {
    /// Fine-tuning by low-rank adapters.
    Tuning {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];
        data Target: [batch, 2];

        Image --net--> Code --head--> Target;

        net = lora(Net, rank = 2, alpha = 6.0);
        head = linear;

        fit: net >> head ~ Target;
    }
}

const FACTORS: [&str; 2] = ["net.linear.weight.lora.a", "net.linear.weight.lora.b"];

fn tuning(net: Net) -> Tuning {
    TuningConfig::new().init(TuningModules { net }, &device())
}

fn batch() -> TuningBatch {
    TuningBatch {
        image: random([BATCH, 6]),
        target: random([BATCH, 2]),
    }
}

fn step(model: Tuning, optimizer: &mut ModuleOptimizer) -> Tuning {
    let gradients = model.loss(batch()).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    optimizer.step(0.1, model, gradients)
}

fn learner_step(model: Tuning, optimizer: &mut ModuleOptimizer) -> Tuning {
    let gradients = TrainStep::step(&model, batch()).grads;
    model.optimize(optimizer, 0.1.into(), gradients)
}

#[test]
fn only_the_adapters_move() {
    for step in [step, learner_step] {
        let net = Net::new();
        let base = net.state();
        let mut model = tuning(net);
        assert_eq!(model.net.state(), base);
        let (factors, head) = (
            model.net.factors(),
            entries(&model.head.linear_1.weight.val()),
        );
        assert!(factors[1].iter().all(|entry| *entry == 0.0));
        let mut optimizer = AdamConfig::new().init();
        for _ in 0..3 {
            model = step(model, &mut optimizer);
        }
        assert_eq!(model.net.state(), base, "bit for bit");
        for (after, before) in model.net.factors().iter().zip(&factors) {
            assert_ne!(after, before);
        }
        assert_ne!(entries(&model.head.linear_1.weight.val()), head);
    }
}

#[test]
fn it_starts_as_its_base_without_dropout_and_is_scaled_by_alpha() {
    let net = Net::new();
    let x = random([BATCH, 6]);
    let base = net.valid().forward(x.clone().inner());
    let model = tuning(net);
    let first = model.net(x.clone());
    assert_eq!(
        entries(&first),
        entries(&base),
        "no dropout, no new statistics"
    );
    assert_eq!(entries(&model.net(x)), entries(&first));

    let model = step(
        step(model, &mut AdamConfig::new().init()),
        &mut AdamConfig::new().init(),
    );
    let weight = &model.net.linear.weight;
    let adapter = weight.adapter().expect("an adapter");
    assert_eq!((adapter.a.dims(), adapter.b.dims()), ([6, 2], [2, 4]));
    let by_hand = weight.base() + adapter.a.val().matmul(adapter.b.val()) * 3.0;
    assert_eq!(entries(&weight.val()), entries(&by_hand));
}

#[test]
fn only_adapters_and_head_have_gradients() {
    let model = tuning(Net::new());
    let gradients = model.loss(batch()).total.backward();
    let paths: Vec<_> = gradients_of(&model, &gradients)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let expected = [
        &FACTORS[..],
        &["head.linear_1.weight", "head.linear_1.bias"],
    ];
    assert_eq!(paths, expected.concat());
}

#[test]
fn the_clone_that_the_caller_kept_stays_as_it_is() {
    for initialised in [false, true] {
        let mine = Net::new();
        if initialised {
            mine.state();
        }
        let model = tuning(mine.clone());
        assert_eq!(model.net.state(), mine.state());
        assert!(mine.linear.weight.adapter().is_none());
        assert!(!list_param_ids(&model.net).contains(&mine.linear.weight.id));
        let x = batch().image;
        let gradients = mine.forward(x.clone()).square().sum().backward();
        assert!(mine.linear.weight.val().grad(&gradients).is_some());
        let twice = [0, 1].map(|_| mine.forward(x.clone()).into_data());
        assert_ne!(twice[0], twice[1], "with dropout");
        assert_ne!(model.net.state(), mine.state(), "mine has new statistics");
    }
}

/// Without the question that the loss asks first, each of these would train the base.
#[test]
fn a_training_step_never_moves_the_base() {
    for step in [step, learner_step] {
        for thaw in [
            Tuning::unfreeze,
            |model: Tuning| model.set_require_grad(true),
            |model: Tuning| model.valid().unfreeze().train(),
        ] {
            let mut model = thaw(tuning(Net::new()));
            let (base, factors) = (model.net.state(), model.net.factors());
            let ids = model
                .net
                .linear
                .weight
                .adapter()
                .map(|adapter| adapter.a.id);
            let mut optimizer = AdamConfig::new().init();
            for _ in 0..2 {
                model = step(model, &mut optimizer);
            }
            assert_eq!(model.net.state(), base);
            for (after, before) in model.net.factors().iter().zip(&factors) {
                assert_ne!(after, before);
            }
            let after = model
                .net
                .linear
                .weight
                .adapter()
                .map(|adapter| adapter.a.id);
            assert_eq!(after, ids, "the optimiser knows them still");
        }
    }
}

#[test]
fn what_is_drawn_adapted_is_restored() {
    let trained = || {
        let mut optimizer = AdamConfig::new().init();
        step(tuning(Net::new()), &mut optimizer)
    };
    for thaw in [
        Tuning::unfreeze,
        |model: Tuning| model.set_require_grad(true),
        |model: Tuning| model.valid().unfreeze().train(),
    ] {
        let model = trained();
        let factors = model.net.factors();
        let model = thaw(model).freeze_as_drawn();
        assert_eq!(model.net.factors(), factors);
        assert!(!model.net.linear.weight.base().is_require_grad());
        let adapter = model.net.linear.weight.adapter().expect("an adapter");
        assert!(adapter.a.is_require_grad() && adapter.b.is_require_grad());
        let x = batch().image;
        let twice = [0, 1].map(|_| model.net(x.clone()).into_data());
        assert_eq!(twice[0], twice[1], "no dropout");
    }
    // What was frozen by hand stays so.
    let model = trained().freeze().freeze_as_drawn();
    let adapter = model.net.linear.weight.adapter().expect("an adapter");
    assert!(!adapter.a.is_require_grad());
}

#[test]
fn an_assigned_module_is_given_adapters_when_it_is_frozen_as_drawn() {
    let mut model = tuning(Net::new());
    let mine = Net::new();
    model.net = mine.clone();
    let error = model.try_loss(batch()).expect_err("no adapters");
    assert_eq!(
        error.to_string(),
        "`net` is trained by its adapters, and the module assigned to it has none [D0809]\n\n         \
         = help: call `freeze_as_drawn()` on the model after the assignment"
    );
    // It is no error where nothing is trained.
    assert!(model.valid().try_loss(batch_without_gradients()).is_ok());
    let model = step(model.freeze_as_drawn(), &mut AdamConfig::new().init());
    assert_eq!(model.net.state(), mine.state());
    assert!(mine.linear.weight.is_require_grad());
    assert!(model.net.factors()[1].iter().any(|entry| *entry != 0.0));
}

fn batch_without_gradients() -> TuningBatch {
    let TuningBatch { image, target } = batch();
    TuningBatch {
        image: image.inner(),
        target: target.inner(),
    }
}

#[test]
fn adapters_merge_into_the_weights_for_inference() {
    let mut optimizer = AdamConfig::new().init();
    let model = step(step(tuning(Net::new()), &mut optimizer), &mut optimizer);
    let batch = batch_without_gradients();
    let merged = model.valid().materialize();
    assert!(merged.net.linear.weight.adapter().is_none());
    let losses = [model.valid(), merged.clone()].map(|model| model.loss(batch.clone()).total);
    let [one, other] = losses.map(|loss| loss.into_scalar::<f32>());
    assert!(
        (one - other).abs() <= 1e-6 * one.abs().max(1.0),
        "{one} {other}"
    );

    // A module with adapters of its own brings them as weights.
    let net = model.net.clone();
    let x = random([BATCH, 6]);
    let before = entries(&model.net(x.clone()));
    let again = tuning(net);
    assert_eq!(again.net.factors()[1], vec![0.0; 8]);
    assert_eq!(entries(&again.net(x)), before);
    assert_eq!(again.num_params(), model.num_params());
}

#[test]
fn a_record_brings_base_and_adapters_back() {
    let mut optimizer = AdamConfig::new().init();
    let model = step(step(tuning(Net::new()), &mut optimizer), &mut optimizer);
    let other = tuning(Net::new());
    assert_ne!(other.net.state(), model.net.state());
    let loaded = other.load_record(model.clone().into_record());
    assert_eq!(loaded.net.state(), model.net.state());
    assert_eq!(loaded.net.factors(), model.net.factors());
    let x = random([BATCH, 6]);
    assert_eq!(entries(&loaded.net(x.clone())), entries(&model.net(x)));
    let (base, factors) = (loaded.net.state(), loaded.net.factors());
    let loaded = step(loaded, &mut optimizer);
    assert_eq!(loaded.net.state(), base);
    assert_ne!(loaded.net.factors(), factors);
}

#[test]
fn the_factors_are_parameters_of_their_morphism() {
    let model = tuning(Net::new());
    // Weight, bias, gamma, beta, two statistics; factors of 6 × 2 and 2 × 4.
    let net = 24 + 4 + 4 * 4 + 12 + 8;
    assert_eq!(model.num_params(), net + 8 + 2);
    let group = model.params_of([TuningMorphism::Net]);
    for path in FACTORS {
        assert!(group.matches(&burn::module::ParamId::new(), Some(path)));
    }
    let adapter = model.net.linear.weight.adapter().expect("an adapter");
    assert!(group.matches(&adapter.a.id, None));
    let head = model.params_of([TuningMorphism::Head]);
    assert!(!head.matches(&adapter.a.id, None));
}

#[test]
fn the_text_and_the_picture_say_so() {
    let text = Tuning::diagram().to_string();
    assert!(
        text.contains("= lora(Net, rank = 2, alpha = 6.0)"),
        "{text}"
    );
    let picture = Tuning::diagram().mermaid();
    assert!(picture.contains("net (lora)"), "{picture}");
}

#[test]
fn gradient_checkpointing_covers_adapters() {
    let device = Device::default().autodiff().gradient_checkpointing();
    let net = Net::on(&device);
    let base = net.state();
    let model = TuningConfig::new().init(TuningModules { net }, &device);
    let model = step_on(model, &device).unfreeze();
    let model = step_on(model, &device).freeze_as_drawn();
    let model = step_on(model, &device);
    assert_eq!(model.net.state(), base);
    assert!(model.net.factors()[1].iter().any(|entry| *entry != 0.0));
}

fn step_on(model: Tuning, device: &Device) -> Tuning {
    let TuningBatch { image, target } = batch_without_gradients();
    let batch = TuningBatch {
        image: Tensor::from_data(image.into_data(), device),
        target: Tensor::from_data(target.into_data(), device),
    };
    let gradients = model.loss(batch).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    AdamConfig::new().init().step(0.1, model, gradients)
}

#[test]
fn a_model_without_gradients_is_adapted_too() {
    let plain = Device::default();
    let net = Net::on(&plain);
    let base = net.state();
    let model = TuningConfig::new().init(TuningModules { net }, &plain);
    let model = step(model.train(), &mut AdamConfig::new().init());
    assert_eq!(model.net.state(), base);
    assert!(model.net.factors()[1].iter().any(|entry| *entry != 0.0));
}

diagram! {
    Flat {
        dyn batch;

        data Image: [batch, 4];
        data Code: [batch, 4];

        Image --net--> Code;

        net = lora(BatchNorm, rank = 2);

        fit: net ~ Code;
    }
}

#[test]
fn a_module_without_matrices_is_an_error() {
    let net = BatchNormConfig::new(4).init(&device());
    let error = FlatConfig::new().try_init(FlatModules { net }, &device());
    assert_eq!(
        error.expect_err("nothing to adapt").to_string(),
        "`net` has nothing to adapt: no parameter of its module has rank 2 [D0415]\n\n         \
         = note: Burn adapts matrices, such as those of `Linear` and `Embedding`"
    );
}

/// Burn's own adapters of what the model was built with are no adapters of the diagram's.
#[test]
fn adapters_by_burn_are_merged() {
    let net = Net::new().apply_lora(Lora::new(3, 1.0));
    let model = tuning(net);
    let adapter = model.net.linear.weight.adapter().expect("an adapter");
    assert_eq!(adapter.a.dims(), [6, 2]);
}

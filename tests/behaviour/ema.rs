//! An average follows what it averages, after every step, and is never trained.

use burn::config::Config;
use burn::module::{ParamId, list_param_ids};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::train::TrainStep;
use diagrammatic::diagram;

use crate::common::{BATCH, device, entries, gradients_of, random};

mod kinds;
mod learner;
mod teacher;

use teacher::{MeanTeacher, MeanTeacherConfig};

/// A module with everything that a training mode changes.
#[derive(Module, Debug)]
pub(crate) struct Encoder {
    linear: Linear,
    norm: BatchNorm,
    dropout: Dropout,
}

/// What builds one.
#[derive(Config, Debug)]
pub(crate) struct EncoderConfig {
    width: usize,
}

impl EncoderConfig {
    pub(crate) fn init(&self, device: &Device) -> Encoder {
        Encoder {
            linear: LinearConfig::new(6, self.width).init(device),
            norm: BatchNormConfig::new(self.width).init(device),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }
}

impl Encoder {
    pub(crate) fn forward(&self, view: Tensor<2>) -> Tensor<2> {
        self.dropout.forward(self.features(view))
    }

    pub(crate) fn features(&self, view: Tensor<2>) -> Tensor<2> {
        self.norm.forward(self.linear.forward(view))
    }

    /// Every parameter.
    fn parameters(&self) -> Vec<f32> {
        let mut all = entries(&self.linear.weight.val());
        all.extend(entries(&self.linear.bias.as_ref().expect("a bias").val()));
        all.extend(entries(&self.norm.gamma.val()));
        all.extend(entries(&self.norm.beta.val()));
        all
    }

    fn statistics(&self) -> Vec<f32> {
        let both = [&self.norm.running_mean, &self.norm.running_var];
        both.map(|one| entries(&one.value_sync())).concat()
    }
}

fn flip(image: Tensor<2>) -> Tensor<2> {
    image.flip([1])
}

fn shift(image: Tensor<2>) -> Tensor<2> {
    image * 0.5 + 0.25
}

diagram! {
    /// Bootstrap your own latent (Grill 2020). The average is drawn before what it averages, and its field
    /// stands first.
    pub(crate) Byol(width: usize = 4) {
        dyn batch;

        data Image: [batch, 6];
        View: [batch, 6];
        Projection: [batch, width];

        Image --left--> View <--right-- Image;
        View --target--> Projection <--online-- View;
        Projection --predict--> Projection;

        left    = fn flip;
        right   = fn shift;
        online  = Encoder: EncoderConfig::new(width);
        target  = ema(online, decay = 0.9);
        predict = linear(5) >> relu >> linear;

        there: left  >> online >> predict ~ right >> target by cosine weight 2.0;
        back:  right >> online >> predict ~ left  >> target by cosine weight 2.0;
    }
}

fn byol() -> Byol {
    ByolConfig::new().init(&device())
}

fn byol_batch() -> ByolBatch {
    ByolBatch {
        image: random([BATCH, 6]),
    }
}

/// One entry of an average, after a step.
fn moved(own: f32, other: f32, decay: f32) -> f32 {
    decay * own + (1.0 - decay) * other
}

fn assert_near(values: &[f32], expected: &[f32]) {
    assert_eq!(values.len(), expected.len());
    for (value, expected) in values.iter().zip(expected) {
        assert!(
            (value - expected).abs() <= 1e-6 * expected.abs().max(1.0),
            "{value} is not {expected}"
        );
    }
}

/// Burn's step, and then the averages.
fn step(model: Byol, optimizer: &mut ModuleOptimizer) -> Byol {
    let loss = model.loss(byol_batch());
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    let mut model = optimizer.step(0.1, model, gradients);
    model.update_averages();
    model
}

/// The step that is generated for Burn's learner.
fn generated_step(model: Byol, optimizer: &mut ModuleOptimizer) -> Byol {
    let gradients = TrainStep::step(&model, byol_batch()).grads;
    model.optimize(optimizer, 0.1.into(), gradients)
}

#[test]
fn exactly_what_should_move_has_moved() {
    for step in [step, generated_step] {
        let mut model = byol();
        assert_eq!(model.target.parameters(), model.online.parameters());
        assert_eq!(model.target.statistics(), model.online.statistics());
        let mut by_hand = model.target.parameters();
        let mut optimizer = AdamConfig::new().init();
        for _ in 0..4 {
            let before = model.clone();
            model = step(model, &mut optimizer);
            assert_ne!(model.online.parameters(), before.online.parameters());
            let predict = [&model, &before].map(|it| entries(&it.predict.linear_1.weight.val()));
            assert_ne!(predict[0], predict[1]);
            for (own, other) in by_hand.iter_mut().zip(model.online.parameters()) {
                *own = moved(*own, other, 0.9);
            }
            assert_near(&model.target.parameters(), &by_hand);
            assert_eq!(model.target.statistics(), model.online.statistics());
        }
        assert_ne!(by_hand, model.online.parameters());
    }
}

/// Several devices: Burn's learner then calls another function.
#[test]
fn a_step_of_sharded_gradients_moves_it_too() {
    use burn::optim::MultiGradientsParams;

    let model = byol();
    let before = model.target.parameters();
    let gradients = TrainStep::step(&model, byol_batch()).grads;
    let mut all = MultiGradientsParams::default();
    all.grads.push((gradients, device()));
    let model = model.optimize_multi(&mut SgdConfig::new().init(), 0.1.into(), all);
    assert_ne!(model.target.parameters(), before);
}

/// Another objective's step, or one whose cells all have the weight 0.
#[test]
fn a_step_that_moves_nothing_of_it_leaves_the_average() {
    let mut optimizer = SgdConfig::new().init();
    let apart = generated_step(byol(), &mut optimizer);
    let [target, online] = [&apart.target, &apart.online].map(Encoder::parameters);
    assert_ne!(target, online);
    // No parameter has a gradient in it.
    let still = apart.clone();
    let still = still.optimize(&mut optimizer, 0.1.into(), GradientsParams::new());
    assert_eq!(still.target.parameters(), target);
    // One parameter has: the averages of the others stay.
    let weight = &apart.online.linear.weight;
    let mut gradients = GradientsParams::new();
    gradients.register(weight.id, weight.val().inner().ones_like());
    let model = apart
        .clone()
        .optimize(&mut optimizer, 0.1.into(), gradients);
    let first = |part: &Encoder| entries(&part.linear.weight.val());
    assert_ne!(first(&model.target), first(&apart.target));
    let rest = |part: &Encoder| part.parameters()[first(part).len()..].to_vec();
    assert_eq!(rest(&model.target), rest(&apart.target));
    // In a loop of the user's own, the call says that all have moved.
    let mut all = apart.clone();
    all.update_averages();
    assert_ne!(rest(&all.target), rest(&apart.target));
}

#[test]
fn it_takes_no_gradients_and_lets_them_through() {
    let model = byol();
    let gradients = model.loss(byol_batch()).total.backward();
    let paths = gradients_of(&model, &gradients);
    let paths: Vec<_> = paths.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths.len(), 8, "{paths:?}");
    let trained = |path: &&str| path.starts_with("online.") || path.starts_with("predict.");
    assert!(paths.iter().all(trained), "{paths:?}");

    let view = random([BATCH, 6]);
    assert!(
        !model.target(view.clone()).is_tracked(),
        "nothing is recorded"
    );
    let view = view.require_grad();
    let gradients = model.target(view.clone()).square().sum().backward();
    assert!(view.grad(&gradients).is_some());
}

/// An optimiser gives a gradient to the first parameter that has its id.
#[test]
fn its_parameters_have_ids_of_their_own() {
    let statistics = |encoder: &Encoder| -> Vec<ParamId> {
        let mut ids = list_param_ids(&encoder.norm);
        let own = [&encoder.norm.gamma, &encoder.norm.beta].map(|one| one.id);
        ids.retain(|id| !own.contains(id));
        ids
    };
    let model = byol();
    let online = list_param_ids(&model.online);
    let shared = list_param_ids(&model.target).into_iter();
    let shared: Vec<_> = shared.filter(|id| online.contains(id)).collect();
    assert_eq!(
        shared,
        statistics(&model.online),
        "which no optimiser moves"
    );

    let group = model.params_of([ByolMorphism::Target]);
    assert!(group.matches(&model.target.linear.weight.id, None));
    assert!(!group.matches(&model.online.linear.weight.id, None));
    let each = model.online.num_params();
    assert_eq!(model.num_params(), 2 * each + model.predict.num_params());
}

#[test]
fn it_is_in_the_mode_of_what_it_averages() {
    let model = byol();
    let view = random([64, 6]);
    let draws = |model: &Byol| {
        let twice = [0, 1].map(|_| model.target(view.clone()).into_data());
        twice[0] != twice[1]
    };
    assert!(draws(&model), "dropout");
    assert!(!draws(&model.valid()));
    assert!(draws(&model.valid().train()));
    assert!(!draws(&model.clone().freeze()));

    let mut frozen = model;
    frozen.online = frozen.online.freeze();
    let before = frozen.target.parameters();
    frozen.update_averages();
    assert!(!draws(&frozen));
    assert_eq!(frozen.target.parameters(), before);
}

/// Without the question that a loss and a step ask first, each of these would train the average.
#[test]
fn it_is_never_trained_whatever_was_done_to_it() {
    let assigned = |mut model: Byol| {
        model.target = model.online.clone();
        model
    };
    let spoilt = [
        byol().unfreeze(),
        byol().set_require_grad(true),
        assigned(byol()),
    ];
    for model in spoilt {
        let gradients = model.loss(byol_batch()).total.backward();
        let paths = gradients_of(&model, &gradients);
        // A clone shares its tensors, and with them the gradients, so it is not asked.
        let shared = model.target.linear.weight.id == model.online.linear.weight.id;
        assert!(shared || paths.iter().all(|(path, _)| !path.starts_with("target.")));

        let restored = model.clone().freeze_as_drawn();
        assert!(!restored.target(byol_batch().image).is_tracked());
        for model in [model, restored] {
            let before = (model.target.parameters(), model.online.parameters());
            let model = generated_step(model, &mut SgdConfig::new().init());
            let online = model.online.parameters();
            assert_ne!(online, before.1);
            let expected = before.0.iter().zip(&online);
            let expected: Vec<_> = expected.map(|(own, of)| moved(*own, *of, 0.9)).collect();
            assert_near(&model.target.parameters(), &expected);
        }
    }
}

#[test]
fn the_average_is_saved_and_restored_with_the_model() {
    let mut optimizer = AdamConfig::new().init();
    let mut model = byol();
    model.decays.target = 0.75;
    for _ in 0..3 {
        model = step(model, &mut optimizer);
    }
    assert_ne!(model.target.parameters(), model.online.parameters());
    let bytes = model.clone().into_record().into_bytes().expect("bytes");
    let record = burn::store::ModuleRecord::from_bytes(bytes).expect("a record");

    let config = model.config();
    assert!((config.decays.target - 0.75).abs() < f64::EPSILON);
    let text = burn::config::config_to_json(&config);
    let config = ByolConfig::load_binary(text.as_bytes()).expect("a configuration");
    let loaded = config.init(&device()).load_record(record);
    assert_eq!(loaded.target.parameters(), model.target.parameters());
    assert_eq!(loaded.target.statistics(), model.target.statistics());
    let ids = |model: &Byol| [&model.target, &model.online].map(|it| it.linear.weight.id);
    assert_eq!(ids(&loaded), ids(&model));

    // Both go on alike, the optimiser's states with them.
    let batch = byol_batch();
    let [one, other] = [model, loaded].map(|model| {
        let model = model.set_dropout(0.0);
        let gradients = TrainStep::step(&model, batch.clone()).grads;
        model.optimize(&mut optimizer.clone(), 0.1.into(), gradients)
    });
    assert_eq!(one.target.parameters(), other.target.parameters());
    assert_eq!(one.online.parameters(), other.online.parameters());
}

impl Byol {
    /// Without draws.
    fn set_dropout(mut self, prob: f64) -> Self {
        self.online.dropout = DropoutConfig::new(prob).init();
        self.target.dropout = DropoutConfig::new(prob).init();
        self
    }
}

/// Nothing can tell that the call was forgotten; `TrainStep::optimize` makes it.
#[test]
fn without_the_call_it_stays_what_it_was() {
    let model = byol();
    let before = model.target.parameters();
    let loss = model.loss(byol_batch());
    let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
    let model = SgdConfig::new().init().step(0.1, model, gradients);
    assert_eq!(model.target.parameters(), before);
}

#[test]
fn a_decay_that_is_none_is_named() {
    let text = |name: &str, decay: &str| {
        format!("the decay of `{name}` is {decay}, and a decay is a number from 0 to 1 [D0312]")
    };
    let mut config = ByolConfig::new();
    config.decays.target = 1.5;
    let error = config.try_init(&device()).expect_err("a decay above 1");
    assert_eq!(error.to_string(), text("target", "1.5"));
    let config = MeanTeacherConfig::new().with_decay(-0.5);
    let error = config.try_init(&device()).expect_err("a negative decay");
    assert_eq!(error.to_string(), text("teacher", "-0.5"));

    let mut model = byol();
    model.decays.target = f64::NAN;
    model.online.linear = LinearConfig::new(6, 4).init(&device());
    let before = model.target.parameters();
    let error = model.try_update_averages().expect_err("no number");
    assert_eq!(error.to_string(), text("target", "NaN"));
    assert_eq!(model.target.parameters(), before);
    let mut model = MeanTeacherConfig::new().init(&device());
    model.hyper.decay = 2.0;
    let error = model.try_update_averages().expect_err("a decay above 1");
    assert_eq!(error.to_string(), text("teacher", "2"));
}

#[test]
#[should_panic(expected = "`target` is the average of `online`, but has other parameters [D0810]")]
fn another_module_in_one_of_the_fields_is_named() {
    let mut model = byol();
    model.online = EncoderConfig::new(5).init(&device());
    model.update_averages();
}

#[test]
fn the_diagram_shows_it() {
    let text = Byol::diagram().to_string();
    assert!(text.contains("= ema(online, decay = 0.9)"), "{text}");
    let text = MeanTeacher::diagram().to_string();
    assert!(text.contains("= ema(student, decay = decay)"), "{text}");
    let text = MeanTeacher::diagram().plan().to_string();
    for line in [
        "v7 = teacher(v6)                   Logits[batch = many] [many, 4]  no gradient",
        "teacher  averaged  28 parameters",
        "averaged  28 parameters\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = Byol::diagram().mermaid();
    assert!(
        text.contains("View -- \"target (ema)\" --> Projection"),
        "{text}"
    );
}

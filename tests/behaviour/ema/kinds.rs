//! Averages of every kind of module.

use burn::module::{ModuleVisitor, Param};
use burn::optim::{GradientsParams, SgdConfig};
use burn::train::TrainStep;
use diagrammatic::prelude::*;

use super::{Encoder, EncoderConfig, assert_near, moved};
use crate::common::{BATCH, device, entries, random};

const SLOW: f64 = 0.75;

diagram! {
    pub(crate) Kinds<Own>(width: usize = 3, tau: f64 = 0.5) {
        dyn batch, many;

        data Image: [batch, 6];
        data Further: Image[batch = many];
        Code: [batch, 4];
        Token: [1, 4];

        () --token--> Token;
        () --slow_token--> Token;
        Image --layers--> Code <--slow_layers-- Image;
        Image --passed--> Code <--slow_passed-- Image;
        Image --slot--> Code <--slow_slot-- Image;
        Image --own--> Code <--slow_own-- Image;
        Image --adapted--> Code <--slow_adapted-- Image;
        Image --inner--> Code <--slow_inner-- Image;
        Code * Token --add_token--> Code;

        token = parameter;
        layers = linear(width) >> relu >> repeat(2, linear) >> linear;
        passed = Encoder;
        slot = _;
        own = Own;
        adapted = lora(Encoder: EncoderConfig::new(4), rank = 2);
        inner = passed.features;
        add_token = |code, token| code + token;

        slow_token = ema(token, decay = 0.25);
        slow_layers = ema(layers, decay = crate::ema::kinds::SLOW);
        slow_passed = ema(passed, decay = SLOW);
        slow_slot = ema(slot, decay = tau);
        slow_own = ema(own, decay = 0);
        slow_adapted = ema(adapted, decay = 0.5);
        slow_inner = slow_passed.features;
        slow_path = slow_layers;

        layers(Further) ~ slow_path(Further) weight 2.0;
        passed(Image) ~ slow_passed(Image);
        slot(Image) ~ slow_slot(Image) weight 3.0;
        own(Image) ~ slow_own(Image);
        adapted(Image) ~ slow_adapted(Image);
        inner(Image) ~ slow_inner(Image);
        add_token(layers(Image), token) ~ slow_layers(Image);
        watch apart: add_token(slow_layers(Image), slow_token) ~ slow_layers(Image);
    }
}

impl Map<Tensor<2>> for Encoder {
    type Output = Tensor<2>;

    fn apply(&self, view: Tensor<2>) -> Tensor<2> {
        self.forward(view)
    }
}

/// Every number in a module, running statistics among them.
fn values<M: Module>(module: &M) -> Vec<f32> {
    struct All(Vec<f32>);
    impl ModuleVisitor for All {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(entries(&param.val()));
        }
    }
    let mut all = All(Vec::new());
    // `valid` brings running statistics up to date.
    module.valid().visit(&mut all);
    all.0
}

type Model = Kinds<Encoder, Encoder>;

fn batch() -> KindsBatch {
    KindsBatch {
        image: random([BATCH, 6]),
        further: random([2, 6]),
    }
}

#[test]
fn each_follows_its_own() {
    let encoder = || EncoderConfig::new(4).init(&device());
    let modules = KindsModules {
        passed: encoder(),
        slot: encoder(),
        own: encoder(),
    };
    let mut model: Model = KindsConfig::new().init(modules, &device());
    let pairs = |model: &Model| {
        let layers = |layers: &KindsLayers| values(layers);
        [
            (values(&model.slow_token), values(&model.token), 0.25),
            (layers(&model.slow_layers), layers(&model.layers), 0.75),
            (
                model.slow_passed.parameters(),
                model.passed.parameters(),
                0.75,
            ),
            (model.slow_slot.parameters(), model.slot.parameters(), 0.5),
            (values(&model.slow_own), values(&model.own), 0.0),
        ]
    };
    let factors = |encoder: &Encoder| {
        let adapter = encoder.linear.weight.adapter().expect("an adapter");
        [&adapter.a, &adapter.b].map(|factor| entries(&factor.val()))
    };
    for (slow, own, _) in pairs(&model) {
        assert_eq!(slow, own);
    }
    assert_eq!(factors(&model.slow_adapted), factors(&model.adapted));
    let base = entries(&model.adapted.linear.weight.base());

    let mut optimizer = SgdConfig::new().init();
    for _ in 0..3 {
        let before = pairs(&model);
        let slow_factors = factors(&model.slow_adapted);
        let gradients = TrainStep::step(&model, batch()).grads;
        model = model.optimize(&mut optimizer, 0.1.into(), gradients);
        for ((slow, own, _), (slow_now, own_now, decay)) in before.iter().zip(pairs(&model)) {
            assert_ne!(own, &own_now);
            let expected = slow.iter().zip(&own_now);
            let expected: Vec<_> = expected.map(|(a, b)| moved(*a, *b, decay)).collect();
            assert_near(&slow_now, &expected);
        }
        let own = factors(&model.adapted);
        for ((now, slow), own) in factors(&model.slow_adapted)
            .iter()
            .zip(&slow_factors)
            .zip(&own)
        {
            let expected = slow.iter().zip(own).map(|(a, b)| moved(*a, *b, 0.5));
            assert_near(now, &expected.collect::<Vec<_>>());
        }
        assert_eq!(values(&model.slow_own), values(&model.own));
        assert_eq!(model.slow_passed.statistics(), model.passed.statistics());
        let slow_base = entries(&model.slow_adapted.linear.weight.base());
        assert_eq!(slow_base, base, "bit for bit");
    }
    assert!(model.slow_adapted.linear.weight.adapter().is_some());
}

#[test]
fn methods_are_those_of_the_average() {
    let encoder = || EncoderConfig::new(4).init(&device());
    let modules = KindsModules {
        passed: encoder(),
        slot: encoder(),
        own: encoder(),
    };
    let mut model: Model = KindsConfig::new().init(modules, &device());
    model.passed = encoder();
    model = model.valid();
    let image = random([BATCH, 6]).inner();
    let [inner, slow] = [model.inner(image.clone()), model.slow_inner(image.clone())];
    assert_ne!(entries(&inner), entries(&slow));
    assert_eq!(
        entries(&slow),
        entries(&model.slow_passed.features(image.clone()))
    );
    assert_eq!(
        entries(&model.slow_path(image.clone())),
        entries(&model.slow_layers.forward(image))
    );
    assert_eq!(entries(&model.slow_token()), entries(&model.token()));
    let decays = [
        model.decays.slow_token,
        model.decays.slow_layers,
        model.decays.slow_own,
    ];
    assert_eq!(decays.map(|decay| decay.to_string()), ["0.25", "0.75", "0"]);
    let names: Vec<_> = KindsMorphism::ALL.iter().map(|one| one.name()).collect();
    assert!(names.contains(&"slow_passed") && !names.contains(&"slow_inner"));
}

diagram! {
    /// What is never trained may stand behind what is, in a path that trains it.
    Behind {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 6];

        Image --see--> Code --read--> Code;
        Code --slow--> Code;

        see = linear;
        read = linear;
        slow = ema(read, decay = 0.5);

        see >> slow ~ see >> read;
    }
}

#[test]
fn gradients_pass_through_it_to_what_stands_before() {
    let model = BehindConfig::new().init(&device());
    let image = random([BATCH, 6]);
    let total = model.slow(model.see(image)).square().mean();
    let gradients = GradientsParams::from_grads(total.backward(), &model);
    assert_eq!(gradients.len(), 2, "of `see`");
    let before = entries(&model.see.linear_1.weight.val());
    let model = SgdConfig::new().init().step(0.1, model, gradients);
    assert_ne!(entries(&model.see.linear_1.weight.val()), before);
}

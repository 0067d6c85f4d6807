//! Adapters of layers, of a module by configuration and of its methods, and on quantized matrices.

use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;
use burn::train::TrainStep;
use diagrammatic::diagram;

use crate::adapters::Net;
use crate::common::{BATCH, device, entries, gradients_of, random};

diagram! {
    Guided(rank: usize = 2, strength: f64 = 5.0) {
        dyn batch;

        data Image: [batch, 6];
        data Code: [batch, 4];
        Hidden: [batch, 3];

        Image --net--> Code;
        Image --guide--> Code;
        Image --inner--> Hidden --outer--> Code;

        net = lora(Net: NetConfig, rank, alpha = strength);
        guide = net.features;
        inner = linear >> dropout(0.5);
        outer = linear;
        lora inner(rank = rank - 1);
        lora outer(2, quantized = true);

        guide ~ Code;
        inner >> outer ~ Code;
    }
}

struct NetConfig;

impl NetConfig {
    #[expect(clippy::unused_self, reason = "as Burn's configurations are called")]
    fn init(&self, device: &Device) -> Net {
        Net::on(device)
    }
}

fn guided_batch() -> GuidedBatch {
    GuidedBatch {
        image: random([BATCH, 6]),
        code: random([BATCH, 4]),
    }
}

#[test]
fn methods_follow_their_module_and_layers_are_adapted_by_an_item() {
    let mut model = GuidedConfig::new().init(&device());
    let adapter = model.net.linear.weight.adapter().expect("an adapter");
    assert_eq!((adapter.a.dims(), adapter.scale), ([6, 2], 2.5));
    let adapter = model.inner.linear_1.weight.adapter().expect("an adapter");
    // No alpha: the scale is 1.
    assert_eq!((adapter.a.dims(), adapter.scale), ([6, 1], 1.0));
    let gradients = model.loss(guided_batch()).total.backward();
    let paths = gradients_of(&model, &gradients)
        .into_iter()
        .map(|(path, _)| path);
    let paths: Vec<_> = paths.collect();
    assert_eq!(paths.len(), 6, "{paths:?}");
    assert!(
        paths.iter().all(|path| path.contains(".weight.lora.")),
        "{paths:?}"
    );

    let x = random([BATCH, 6]);
    let twice = [0, 1].map(|_| model.inner(x.clone()).into_data());
    assert_eq!(twice[0], twice[1], "no dropout");
    let base = |model: &Guided| {
        (
            model.net.state(),
            entries(&model.inner.linear_1.weight.base()),
            entries(&model.outer.linear_1.weight.base().dequantize()),
            entries(&model.outer.linear_1.bias.as_ref().unwrap().val()),
        )
    };
    let before = base(&model);
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..2 {
        let gradients = model.loss(guided_batch()).total.backward();
        let gradients = GradientsParams::from_grads(gradients, &model);
        model = optimizer.step(0.1, model, gradients);
    }
    assert_eq!(base(&model), before);
    let adapter = model.outer.linear_1.weight.adapter().expect("an adapter");
    assert!(entries(&adapter.b.val()).iter().any(|entry| *entry != 0.0));
}

#[test]
fn a_rank_of_0_is_an_error() {
    let error = GuidedConfig::new().with_rank(0).try_init(&device());
    let error = error.expect_err("a rank is at least 1");
    assert_eq!(
        error.to_string(),
        "the rank of the adapters of `net` is `rank` = 0, and a rank is at least 1 [D0203]"
    );
    let error = GuidedConfig::new().with_rank(1).try_init(&device());
    let error = error.expect_err("a rank is at least 1");
    assert!(
        error.to_string().contains("`inner` is `rank - 1` = 0"),
        "{error}"
    );
}

diagram! {
    Quantized {
        dyn batch;

        data Image: [batch, 64];
        data Code: [batch, 32];

        Image --net--> Code;

        net = linear(48) >> batch_norm >> gelu >> linear;
        lora net(rank = 4, quantized = true);

        fit: net ~ Code;
    }
}

fn quantized_batch() -> QuantizedBatch {
    QuantizedBatch {
        image: random([BATCH, 64]),
        code: random([BATCH, 32]),
    }
}

#[test]
fn quantized_matrices_are_near_and_stay() {
    use burn::tensor::DType;

    let config = QuantizedConfig::new();
    let plain = config.init_net(&device());
    let mut model = config.init(&device());
    model.net = plain.clone();
    let mut model = model.freeze_as_drawn();
    let layers = |model: &Quantized| {
        let layers = [&model.net.linear_1.weight, &model.net.linear_2.weight];
        layers.map(burn::module::Param::base)
    };
    assert!(
        layers(&model)
            .iter()
            .all(|base| matches!(base.dtype(), DType::QFloat(_)))
    );
    assert_eq!(model.net.batch_norm_1.gamma.val().dtype(), DType::F32);

    // Eight bits: each weight is within half a step of 2 / 254 of the largest of its matrix.
    let given = [&plain.linear_1.weight, &plain.linear_2.weight];
    for (base, weight) in layers(&model).iter().zip(given) {
        let (base, weight) = (entries(&base.clone().dequantize()), entries(&weight.val()));
        let largest = weight
            .iter()
            .fold(0.0_f32, |all, entry| all.max(entry.abs()));
        let off = base
            .iter()
            .zip(&weight)
            .map(|(one, other)| (one - other).abs());
        let off = off.fold(0.0, f32::max);
        assert!(
            off > 0.0 && off <= 1.01 * largest / 254.0,
            "{off} of {largest}"
        );
    }
    let x = random([BATCH, 64]);
    let (one, other) = (
        model.net(x.clone()),
        plain.valid().forward(x.inner()).autodiff(),
    );
    let error = (one - other.clone())
        .square()
        .mean()
        .sqrt()
        .into_scalar::<f32>();
    let size = other.square().mean().sqrt().into_scalar::<f32>();
    assert!(error > 0.0 && error < 0.02 * size, "{error} of {size}");

    let before = layers(&model).map(|base| base.into_data());
    let mut optimizer = AdamConfig::new().init();
    for round in 0..3 {
        if round == 1 {
            model = model.unfreeze();
        }
        let gradients = TrainStep::step(&model, quantized_batch()).grads;
        model = model.optimize(&mut optimizer, 0.01.into(), gradients);
    }
    assert_eq!(layers(&model).map(|base| base.into_data()), before);
    let adapter = model.net.linear_2.weight.adapter().expect("an adapter");
    assert!(entries(&adapter.b.val()).iter().any(|entry| *entry != 0.0));

    let loaded = config
        .init(&device())
        .load_record(model.clone().into_record());
    let x = random([BATCH, 64]);
    assert_eq!(entries(&loaded.net(x.clone())), entries(&model.net(x)));
    assert_eq!(layers(&loaded).map(|base| base.into_data()), before);
}

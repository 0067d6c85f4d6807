//! Scalars that are trained: arguments of losses, and weights.

use burn::module::ParamGroup;
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::train::{InferenceStep, TrainStep};
use diagrammatic::{Learned, diagram, loss};

use crate::common::{compare, device, entries, gradients_of, random, scalar};

mod losses {
    use burn::prelude::*;

    /// Both ends apart by a number that is learned.
    pub(super) fn shifted(one: Tensor<2>, other: Tensor<2>, shift: Tensor<1>) -> Tensor<2> {
        (one - other - shift.reshape([1, 1])).square()
    }
}

diagram! {
    /// Images and captions in one embedding, as far apart as a learned temperature says.
    pub(crate) Clip {
        dyn batch;
        data Image: [batch, 6];
        data Caption: [batch, 4];
        Embedding: [batch, 5];

        Image --look--> Embedding <--read-- Caption;
        look = linear;
        read = linear;

        pair: look ~ read by info_nce(temperature = learned(0.07));
        look ~ read by huber(delta = learned(0.5)) weight 0.5;
        look ~ read by self::losses::shifted(learned(2));
    }
}

fn clip_batch() -> ClipBatch {
    ClipBatch {
        image: random([7, 6]),
        caption: random([7, 4]),
    }
}

fn close(one: f32, other: f32) {
    assert!(
        (one - other).abs() <= 1e-5 * other.abs().max(1.0),
        "{one} is not {other}"
    );
}

#[test]
fn arguments_of_losses() {
    let device = device();
    let model = ClipConfig::new().init(&device);
    let batch = clip_batch();
    let loss = model.loss(batch.clone());
    let (one, other) = (model.look(batch.image), model.read(batch.caption));
    let plain = |temperature| {
        scalar(&loss::info_nce(
            one.clone(),
            other.clone(),
            temperature,
            false,
        ))
    };
    close(scalar(&loss.pair), plain(0.07));
    let (near, shifted) = (
        loss::huber(one.clone(), other.clone(), 0.5).mean(),
        (one.clone() - other.clone() - 2.0).square().mean(),
    );
    let total = scalar(&loss.pair) + 0.5 * scalar(&near) + scalar(&shifted);
    close(scalar(&loss.total), total);

    // The gradient of a logarithm: d/dT · T, by a difference on either side.
    let gradients = loss.pair.backward();
    let gradient = model.learned.pair_temperature.log.val().grad(&gradients);
    let gradient = scalar(&gradient.expect("a temperature is trained"));
    let step = 1e-2_f64;
    let (up, down) = (plain(0.07 * step.exp()), plain(0.07 * (-step).exp()));
    let difference = (up - down) / 0.02;
    assert!(
        (gradient - difference).abs() < 0.02 * difference.abs(),
        "{gradient} is not {difference}"
    );
}

#[test]
fn they_are_fields_that_are_trained_saved_and_moved() {
    let device = device();
    let mut model = ClipConfig::new().init(&device);
    let starts = [
        &model.learned.pair_temperature,
        &model.learned.look_read_delta,
        &model.learned.look_read_argument_1,
    ];
    let starts = starts.map(|learned| scalar(&learned.value()));
    for (start, expected) in starts.into_iter().zip([0.07, 0.5, 2.0]) {
        close(start, expected);
    }
    let untrained = model.clone().valid();

    let mut optimizer = SgdConfig::new().init();
    let output = TrainStep::step(&model, clip_batch());
    model = optimizer.step(0.1, model, output.grads);
    let moved = [
        &model.learned.pair_temperature,
        &model.learned.look_read_delta,
        &model.learned.look_read_argument_1,
    ];
    for (learned, start) in moved.into_iter().zip(starts) {
        let now = scalar(&learned.value());
        assert!(now > 0.0 && (now - start).abs() > 1e-6, "{now} was {start}");
    }

    let plain = model.valid();
    assert!(!plain.learned.look_read_delta.value().is_autodiff());
    let batch = clip_batch();
    let loss = InferenceStep::step(&plain, batch.clone());
    assert_eq!(
        loss.get("pair").map(entries),
        Some(entries(&plain.loss(batch).pair))
    );

    let loaded = untrained.load_record(model.clone().into_record());
    for (one, other) in [
        (
            &loaded.learned.pair_temperature,
            &model.learned.pair_temperature,
        ),
        (
            &loaded.learned.look_read_delta,
            &model.learned.look_read_delta,
        ),
    ] {
        assert_eq!(entries(&one.value()), entries(&other.value()));
    }
    let group = ParamGroup::ids_from_module(model.learned.clone());
    let trained = ClipConfig::new().init(&device);
    assert_eq!(trained.learned.num_params(), 3);
    let frozen = model.freeze_group(group);
    assert!(!frozen.learned.look_read_delta.log.is_require_grad());
    assert!(frozen.look.linear_1.weight.is_require_grad());
}

diagram! {
    /// Two tasks, each weighed by how sure the model is of it.
    pub(crate) Weighted {
        dyn batch;
        data Image: [batch, 6];
        data Depth: [batch, 2];
        data Label: Int[batch];
        Feature: [batch, 5];
        Scores: [batch, 3];

        Image --trunk--> Feature --measure--> Depth;
        Feature --segment--> Scores;
        trunk = linear >> relu;
        measure = linear;
        segment = linear;

        depth: trunk >> measure ~ Depth by l1 weight learned;
        class: trunk >> segment ~ Label by cross_entropy weight learned(0.25);
        small: minimize trunk weight 0.01;
    }
}

fn weighted_batch() -> WeightedBatch {
    WeightedBatch {
        image: random([4, 6]),
        depth: random([4, 2]),
        label: crate::common::labels(&[0, 2, 1, 1]),
    }
}

/// Kendall, Gal and Cipolla 2018: exp(−s) · d + s / 2 with s = log σ².
#[test]
fn weights_are_those_of_uncertain_tasks() {
    let model = WeightedConfig::new().init(&device());
    let loss = model.loss(weighted_batch());
    let (depth, class) = (scalar(&loss.depth), scalar(&loss.class));
    let s = -0.25_f32.ln();
    let uncertain = depth + (-s).exp() * class + s / 2.0;
    close(scalar(&loss.total), uncertain + 0.01 * scalar(&loss.small));

    // d total / d log w = w · d − 1/2.
    let gradients = gradients_of(&model.learned, &loss.total.backward());
    let expected = [
        ("depth_weight.log", depth - 0.5),
        ("class_weight.log", 0.25 * class - 0.5),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), vec![value]));
    compare(&gradients, &expected.to_vec()).expect("the gradients of the logarithms");
}

/// At its best the weight is 1 / (2 · value).
#[test]
fn a_weight_settles() {
    let device = device();
    let mut weight = Learned::new(1.0, &device);
    let mut optimizer = SgdConfig::new().init();
    let value = Tensor::<1>::from_data([4.0], &device);
    for _ in 0..200 {
        let total = weight.weigh(value.clone());
        let gradients = GradientsParams::from_grads(total.backward(), &weight);
        weight = optimizer.step(0.1, weight, gradients);
    }
    close(scalar(&weight.value()), 0.125);
}

diagram! {
    /// A gradient that is multiplied by a scalar of the model.
    pub(crate) Scaled {
        dyn batch;
        data Image: [batch, 6];
        data Target: [batch, 2];
        Feature: [batch, 5];
        Image --embed--> Feature --judge--> Target;
        embed = linear;
        judge = linear;

        told: judge(scale(embed, learned(0.25))) ~ Target;
        against: judge(reverse(embed, learned(2))) ~ Target;
        plain: embed >> judge ~ Target;
    }
}

#[test]
fn gradients_are_multiplied_by_what_the_model_has() {
    let device = device();
    let mut model = ScaledConfig::new().init(&device);
    let batch = ScaledBatch {
        image: random([4, 6]),
        target: random([4, 2]),
    };
    let gradients = |model: &Scaled| {
        let of = model.gradients(batch.clone());
        [of.told, of.against, of.plain].map(|cell| {
            let learned = &model.learned;
            for multiple in [&learned.told_embed_scale, &learned.against_embed_reverse] {
                let scalar = cell.get::<1>(multiple.log.id);
                assert!(scalar.is_none(), "no value depends on it");
            }
            let gradient = cell.get::<2>(model.embed.linear_1.weight.id);
            gradient.expect("a gradient")
        })
    };
    let times = |one: &Tensor<2>, other: &Tensor<2>, multiple: f64| {
        let off = one.clone() - other.clone() * multiple;
        close(off.abs().max().into_scalar(), 0.0);
    };
    let [told, against, plain] = gradients(&model);
    times(&told, &plain, 0.25);
    times(&against, &plain, -2.0);
    model.learned.told_embed_scale = Learned::new(3.0, &device);
    let [told, against, plain] = gradients(&model);
    times(&told, &plain, 3.0);
    times(&against, &plain, -2.0);
}

mod before {
    use super::*;

    diagram! {
        /// Scalars of a cell without a name.
        pub(super) Nameless {
            dyn batch;
            data Image: [batch, 6];
            data Caption: [batch, 4];
            Embedding: [batch, 5];

            Image --look--> Embedding <--read-- Caption;
            look = linear;
            read = linear;

            look ~ read by huber(delta = learned(0.5)) weight learned(2);
        }
    }
}

mod after {
    use super::*;

    diagram! {
        /// The same, behind another cell and a further scalar.
        pub(super) Nameless {
            dyn batch;
            data Image: [batch, 6];
            data Caption: [batch, 4];
            Embedding: [batch, 5];

            Image --look--> Embedding <--read-- Caption;
            look = linear;
            read = linear;

            scale(look, learned(0.5)) ~ stop(read) by l1 weight learned;
            look ~ read weight learned(2) by huber(delta = learned(0.5));
        }
    }
}

/// The names in a record follow from the cell, so a record finds its scalars where the diagram has grown.
#[test]
fn a_record_finds_them_after_a_cell_is_added() {
    let device = device();
    let mut old = before::NamelessConfig::new().init(&device);
    old.learned.look_read_delta = Learned::new(0.25, &device);
    old.learned.look_read_weight = Learned::new(3.0, &device);
    let new = after::NamelessConfig::new().init(&device);
    let new = new.load_record(old.into_record().allow_partial(true));
    close(scalar(&new.learned.look_read_delta.value()), 0.25);
    close(scalar(&new.learned.look_read_weight.value()), 3.0);
    close(scalar(&new.learned.look_scale.value()), 0.5);
    let added = &new.learned.scale_look_stop_read_weight;
    close(scalar(&added.value()), 1.0);
}

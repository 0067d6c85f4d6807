//! `scale` and `reverse`: the value stays, the gradient is multiplied.

use std::sync::atomic::{AtomicUsize, Ordering};

use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{Numbers, affine, compare, copies, device, entries, gradients_of, random};

static CALLS: AtomicUsize = AtomicUsize::new(0);

fn counted(x: Tensor<2>) -> Tensor<2> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    x
}

diagram! {
    /// Domain-adversarial training (Ganin 2015): features that a judge cannot tell apart.
    pub(crate) Adversarial(strength: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 3];
        data Domain: [batch, 2];
        Feature: [batch, 4];
        data Wanted: Feature;

        Image --embed--> Feature --pass--> Feature --judge--> Domain;
        embed = linear;
        pass = fn counted;
        judge = linear;
        seen = embed >> pass;

        told: judge(reverse(seen(Image), strength)) ~ Domain;
        fit: scale(seen(Image), 3) ~ Wanted;
        held: judge(scale(seen(Image), 0)) ~ Domain weight 0;
    }
}

fn batch() -> AdversarialBatch {
    AdversarialBatch {
        image: random([5, 3]),
        domain: random([5, 2]),
        wanted: random([5, 4]),
    }
}

/// The losses and the gradients by hand, where the two paths give the embedding gradients times these.
fn by_hand(
    model: &Adversarial,
    batch: &AdversarialBatch,
    told: f32,
    fit: f32,
) -> (Numbers, Numbers) {
    let (embed, judge) = (&model.embed.linear_1, &model.judge.linear_1);
    let gradient = |path: &str, of: &Tensor<2>, by: &burn::tensor::Gradients| {
        (path.to_owned(), entries(&of.grad(by).expect("a gradient")))
    };
    let mse = |left: Tensor<2>, right: &Tensor<2>| (left - right.clone()).square().mean();
    let (e, e_bias) = copies(embed);
    let (j, j_bias) = copies(judge);
    let seen = || affine(batch.image.clone(), &e, &e_bias);
    let told_loss = mse(affine(seen(), &j, &j_bias), &batch.domain);
    let fit_loss = mse(seen(), &batch.wanted);
    let losses = vec![
        ("told".to_owned(), entries(&told_loss)),
        ("fit".to_owned(), entries(&fit_loss)),
    ];
    let (of_told, of_fit) = (told_loss.backward(), fit_loss.backward());
    let part = |by| e.grad(by).expect("a gradient");
    let of_embed = part(&of_told) * told + part(&of_fit) * fit;
    let gradients = vec![
        ("embed.linear_1.weight".to_owned(), entries(&of_embed)),
        gradient("judge.linear_1.weight", &j, &of_told),
    ];
    (losses, gradients)
}

#[test]
fn the_value_stays_and_the_gradient_is_multiplied() {
    let mut model = AdversarialConfig::new().init(&device());
    for strength in [0.5, 2.0] {
        model.hyper.strength = f64::from(strength);
        let batch = batch();
        let (losses, gradients) = by_hand(&model, &batch, -strength, 3.0);
        let before = CALLS.load(Ordering::Relaxed);
        let loss = model.loss(batch);
        // Whatever becomes of its gradient, it is evaluated once.
        assert_eq!(CALLS.load(Ordering::Relaxed), before + 1);
        let generated = vec![
            ("told".to_owned(), entries(&loss.told)),
            ("fit".to_owned(), entries(&loss.fit)),
        ];
        compare(&generated, &losses).expect("the values agree");
        assert_eq!(
            entries(&loss.held),
            entries(&loss.told),
            "a value is kept bit for bit"
        );
        let mut of_model = gradients_of(&model, &loss.total.backward());
        of_model.retain(|(path, _)| path.ends_with("weight"));
        compare(&of_model, &gradients).expect("the gradients agree");
    }
}

#[test]
fn a_plain_value_is_left_as_it_is() {
    let model = AdversarialConfig::new().init(&device()).valid();
    let plain = Device::default();
    let loss = model.loss(AdversarialBatch {
        image: Tensor::full([1, 3], f32::INFINITY, &plain),
        domain: Tensor::zeros([1, 2], &plain),
        wanted: Tensor::zeros([1, 4], &plain),
    });
    assert!(!loss.fit.is_autodiff());
}

const MULTIPLE: f64 = 0.5;

mod rates {
    pub(super) const FIT: f64 = 3.0;
}

diagram! {
    /// Gradients multiplied by Rust constants, and by a hyper-parameter that is spelt as a number.
    Fixed(inf: f64 = 2.0) {
        dyn batch;

        data Image: [batch, 3];
        Feature: [batch, 4];
        data Wanted: Feature;

        Image --embed--> Feature;
        embed = linear;

        plain: embed ~ Wanted;
        back: reverse(embed, MULTIPLE) ~ Wanted;
        more: scale(embed, rates::FIT) ~ Wanted;
        less: scale(embed, -self::rates::FIT) ~ Wanted;
        named: scale(embed, inf) ~ Wanted;
    }
}

#[test]
fn constants_multiply_gradients() {
    let model = FixedConfig::new().init(&device());
    let batch = FixedBatch {
        image: random([5, 3]),
        wanted: random([5, 4]),
    };
    // The cells share what they evaluate, and a graph is gone when its gradients are taken.
    let gradients = |cell: fn(FixedLoss) -> Tensor<1>| {
        gradients_of(&model, &cell(model.loss(batch.clone())).backward())
    };
    let plain = gradients(|loss| loss.plain);
    let multiplied = [
        (gradients(|loss| loss.back), -0.5),
        (gradients(|loss| loss.more), 3.0),
        (gradients(|loss| loss.less), -3.0),
        (gradients(|loss| loss.named), 2.0),
    ];
    for (gradients, by) in multiplied {
        let by_hand = plain.iter().map(|(path, values)| {
            let values = values.iter().map(|value| value * by);
            (path.clone(), values.collect())
        });
        let by_hand: Numbers = by_hand.collect();
        assert_eq!(by_hand.len(), 2);
        compare(&gradients, &by_hand).expect("the gradient is multiplied");
    }
}

#[test]
fn infinite_values_are_left_too() {
    let device = device();
    let masked = Tensor::<1>::from_data([f32::NEG_INFINITY, 1.0, f32::INFINITY], &device);
    let masked = masked.require_grad();
    let scaled = diagrammatic::__private::scale_gradient(masked.clone(), -2.0);
    assert_eq!(entries(&scaled), [f32::NEG_INFINITY, 1.0, f32::INFINITY]);
    let gradients = scaled.sum().backward();
    let gradient = masked.grad(&gradients).expect("a gradient");
    assert_eq!(entries(&gradient), [0.0, -2.0, 0.0]);
}

//! The generated loss, every cell and every gradient, against hand-written Burn code on copied weights.

use burn::prelude::*;
use burn::tensor::activation::{gelu, log_softmax, relu, sigmoid, softmax, tanh};
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use diagrammatic::diagram;

use crate::common::{
    BATCH, Distillation, DistillationBatch, DistillationConfig, Numbers, affine, assert_agree,
    bias, compare, copies, copy, device, distillation, distillation_batch, gradient, gradients_of,
    labels, nudged, numbers, random,
};

/// −log softmax at the class, averaged.
fn cross_entropy(logits: Tensor<2>, classes: Tensor<1, Int>) -> Tensor<1> {
    let width = logits.dims()[1];
    let chosen = classes.one_hot::<2>(width).float();
    (log_softmax(logits, 1) * chosen).sum_dim(1).mean().neg()
}

/// T² · KL of the target from the prediction, averaged over the rows.
fn divergence(prediction: Tensor<2>, target: Tensor<2>, temperature: f64) -> Tensor<1> {
    let log_p = log_softmax(target / temperature, 1);
    let log_q = log_softmax(prediction / temperature, 1);
    let rows = (log_p.clone().exp() * (log_p - log_q)).sum_dim(1);
    rows.mean() * temperature.powi(2)
}

fn distillation_by_hand(
    model: &Distillation,
    batch: &DistillationBatch,
    nudge: f32,
) -> (Numbers, Numbers) {
    let (first, second) = (&model.student.linear_1, &model.student.linear_2);
    let (w1, b1) = (nudged(&first.weight, nudge), bias(first.bias.as_ref()));
    let (w2, b2) = copies(second);
    let (w, b) = copies(&model.teacher.linear);
    let image = batch.image.clone().flatten::<2>(1, 3);
    let target = affine(image.clone(), &w, &b);
    let student = affine(relu(affine(image, &w1, &b1)), &w2, &b2);
    let soft = divergence(student.clone(), target.detach(), 4.0);
    let hard = cross_entropy(student, batch.label.clone());
    let total = soft.clone() * 0.7 + hard.clone() * 0.3;
    let gradients = total.backward();
    (
        numbers([("total", total), ("soft", soft), ("hard", hard)]),
        vec![
            gradient("student.linear_1.weight", &w1, &gradients),
            gradient("student.linear_1.bias", &b1, &gradients),
            gradient("student.linear_2.weight", &w2, &gradients),
            gradient("student.linear_2.bias", &b2, &gradients),
        ],
    )
}

#[test]
fn distillation_is_what_one_would_write() {
    let model = distillation(&DistillationConfig::new().with_hidden(7));
    let batch = distillation_batch();
    let loss = model.loss(batch.clone());
    let values = numbers([
        ("total", loss.total.clone()),
        ("soft", loss.soft),
        ("hard", loss.hard),
    ]);
    let gradients = gradients_of(&model, &loss.total.backward());
    let by_hand = distillation_by_hand(&model, &batch, 0.0);
    assert_agree((&values, &gradients), (&by_hand.0, &by_hand.1));

    let perturbed = distillation_by_hand(&model, &batch, 1e-3);
    assert!(compare(&values, &perturbed.0).is_err());
    assert!(compare(&gradients, &perturbed.1).is_err());
}

diagram! {
    /// A convolutional network whose trunk two heads share.
    pub(crate) Vision(channels: usize = 3, rate: f64 = 0.25, softness: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 2, 6, 6];
        Scores: [batch, 3];
        data Target: Scores;
        data Label: Int[batch];
        Features: [batch, channels + 1, 2, 2];

        Image --trunk--> Features;
        Features --grade--> Scores <--classify-- Features;

        trunk = conv2d(channels, kernel = 3, padding = 1) >> gelu >> max_pool2d(2)
            >> conv2d(channels + 1, kernel = 2) >> tanh;
        grade = flatten >> linear >> softmax(1);
        classify = flatten >> linear(2 * channels) >> sigmoid >> dropout(rate) >> linear;

        grades: trunk >> grade ~ Target by mse weight 2.0;
        classes: classify(trunk(Image)) ~ Label by cross_entropy weight softness;
        watch correct: trunk >> classify ~ Label by accuracy;
    }
}

/// The same network on tensors; its dropout is off (`tests/dropout.rs` has it on).
fn vision_by_hand(model: &Vision, batch: &VisionBatch, nudge: f32) -> (Numbers, Numbers) {
    let convolution = |x, weight: &Tensor<4>, bias: &Tensor<1>, padding| {
        let options = ConvOptions::new([1, 1], [padding; 2], [1, 1], 1);
        conv2d(x, weight.clone(), Some(bias.clone()), options)
    };
    let (first, second) = (&model.trunk.conv2d_1, &model.trunk.conv2d_2);
    let (k1, c1) = (nudged(&first.weight, nudge), bias(first.bias.as_ref()));
    let (k2, c2) = (copy(&second.weight), bias(second.bias.as_ref()));
    let (gw, gb) = copies(&model.grade.linear_1);
    let (w1, b1) = copies(&model.classify.linear_1);
    let (w2, b2) = copies(&model.classify.linear_2);

    let pooling = MaxPoolOptions::new([2, 2]).with_stride([2, 2]);
    let x = gelu(convolution(batch.image.clone(), &k1, &c1, 1));
    let x = tanh(convolution(max_pool2d(x, pooling), &k2, &c2, 0));
    let features = x.flatten::<2>(1, 3);
    let grades = softmax(affine(features.clone(), &gw, &gb), 1);
    let grades = (grades - batch.target.clone()).powi_scalar(2).mean();
    let x = sigmoid(affine(features, &w1, &b1));
    let classes = cross_entropy(affine(x, &w2, &b2), batch.label.clone());
    let total = grades.clone() * 2.0 + classes.clone() * 0.5;
    let gradients = total.backward();
    (
        numbers([("total", total), ("grades", grades), ("classes", classes)]),
        vec![
            gradient("trunk.conv2d_1.weight", &k1, &gradients),
            gradient("trunk.conv2d_1.bias", &c1, &gradients),
            gradient("trunk.conv2d_2.weight", &k2, &gradients),
            gradient("trunk.conv2d_2.bias", &c2, &gradients),
            gradient("grade.linear_1.weight", &gw, &gradients),
            gradient("grade.linear_1.bias", &gb, &gradients),
            gradient("classify.linear_1.weight", &w1, &gradients),
            gradient("classify.linear_1.bias", &b1, &gradients),
            gradient("classify.linear_2.weight", &w2, &gradients),
            gradient("classify.linear_2.bias", &b2, &gradients),
        ],
    )
}

#[test]
fn a_convolutional_network_is_what_one_would_write() {
    let config = VisionConfig::new().with_rate(0.0);
    let model = config.init(&device());
    let batch = VisionBatch {
        image: random([BATCH, 2, 6, 6]),
        target: random([BATCH, 3]),
        label: labels(&[0, 2, 1, 1, 0, 2]),
    };
    let loss = model.loss(batch.clone());
    let values = numbers([
        ("total", loss.total.clone()),
        ("grades", loss.grades),
        ("classes", loss.classes),
    ]);
    let gradients = gradients_of(&model, &loss.total.backward());
    let by_hand = vision_by_hand(&model, &batch, 0.0);
    assert_agree((&values, &gradients), (&by_hand.0, &by_hand.1));

    let perturbed = vision_by_hand(&model, &batch, 1e-2);
    assert!(compare(&values, &perturbed.0).is_err());
    assert!(compare(&gradients, &perturbed.1).is_err());
}

diagram! {
    /// An autoencoder, through composites, applications and a cell without a name.
    pub(crate) Autoencoder(latent: usize = 3, sharpness: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 8];
        Latent: [batch, latent];

        Image --encoder--> Latent --decoder--> Image;

        encoder = linear >> tanh;
        decoder = linear(2 * latent - 1) >> relu >> linear;
        rebuild = encoder >> decoder;
        twice = rebuild >> rebuild;

        encoder >> decoder ~ Image;
        stable: decoder(encoder(decoder(encoder(Image)))) ~ Image weight sharpness;
        code: twice >> encoder ~ encoder by mse weight 0.1;
    }
}

fn autoencoder_by_hand(model: &Autoencoder, image: &Tensor<2>, nudge: f32) -> (Numbers, Numbers) {
    let e = &model.encoder.linear_1;
    let (d1, d2) = (&model.decoder.linear_1, &model.decoder.linear_2);
    let (we, be) = (nudged(&e.weight, nudge), bias(e.bias.as_ref()));
    let (w1, b1) = copies(d1);
    let (w2, b2) = copies(d2);
    let encode = |x: &Tensor<2>| tanh(affine(x.clone(), &we, &be));
    let decode = |z: &Tensor<2>| affine(relu(affine(z.clone(), &w1, &b1)), &w2, &b2);
    let error =
        |one: &Tensor<2>, other: &Tensor<2>| (one.clone() - other.clone()).powi_scalar(2).mean();
    let latent = encode(image);
    let once = decode(&latent);
    let twice = decode(&encode(&once));
    let unnamed = error(&once, image);
    let stable = error(&twice, image);
    let code = error(&encode(&twice), &latent);
    let total = unnamed.clone() + stable.clone() * 0.5 + code.clone() * 0.1;
    let gradients = total.backward();
    (
        numbers([
            ("total", total),
            ("encoder >> decoder ~ Image by mse", unnamed),
            ("stable", stable),
            ("code", code),
        ]),
        vec![
            gradient("encoder.linear_1.weight", &we, &gradients),
            gradient("encoder.linear_1.bias", &be, &gradients),
            gradient("decoder.linear_1.weight", &w1, &gradients),
            gradient("decoder.linear_1.bias", &b1, &gradients),
            gradient("decoder.linear_2.weight", &w2, &gradients),
            gradient("decoder.linear_2.bias", &b2, &gradients),
        ],
    )
}

#[test]
fn an_autoencoder_is_what_one_would_write() {
    let model = AutoencoderConfig::new().init(&device());
    let image = random([BATCH, 8]);
    let loss = model.loss(AutoencoderBatch {
        image: image.clone(),
    });
    let cells = loss.iter().map(|(name, value)| (name, value.clone()));
    let values = numbers([("total", loss.total.clone())].into_iter().chain(cells));
    let gradients = gradients_of(&model, &loss.total.backward());
    let by_hand = autoencoder_by_hand(&model, &image, 0.0);
    assert_agree((&values, &gradients), (&by_hand.0, &by_hand.1));

    let perturbed = autoencoder_by_hand(&model, &image, 1e-2);
    assert!(compare(&values, &perturbed.0).is_err());
    assert!(compare(&gradients, &perturbed.1).is_err());
}

#[test]
fn composites_are_methods() {
    let model = AutoencoderConfig::new().init(&device());
    let image = random([BATCH, 8]);
    let once = model.decoder(model.encoder(image.clone()));
    let same = |one: Tensor<2>, other: Tensor<2>| one.into_data() == other.into_data();
    assert!(same(model.rebuild(image.clone()), once.clone()));
    assert!(same(model.twice(image), model.rebuild(once)));
}

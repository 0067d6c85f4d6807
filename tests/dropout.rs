//! Dropout against hand-written Burn code. Draws come from one stream of the process, so this program
//! has one test.

use burn::nn::DropoutConfig;
use burn::prelude::*;
use burn::tensor::activation::relu;
use diagrammatic::diagram;

diagram! {
    Noisy(rate: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 8];
        data Target: [batch, 4];

        Image --model--> Target;

        model = linear(16) >> relu >> dropout(rate) >> linear;

        fit: model ~ Target;
        same: model ~ Target weight 0.5;
    }
}

#[test]
fn one_application_makes_one_draw_in_training_only() {
    let device = Device::default().autodiff();
    // Weights are drawn when they are first used; `valid` uses them.
    let noisy = NoisyConfig::new().init(&device).valid().train();
    let random = |width| Tensor::random([5, width], burn::tensor::Distribution::Default, &device);
    let batch = NoisyBatch {
        image: random(8),
        target: random(4),
    };
    let by_hand = |noisy: &Noisy, seed| {
        device.seed(seed);
        let x = relu(noisy.model.linear_1.forward(batch.image.clone()));
        let x = DropoutConfig::new(0.5).init().forward(x);
        let x = noisy.model.linear_2.forward(x) - batch.target.clone();
        x.square().mean().into_scalar::<f32>()
    };
    let generated = |noisy: &Noisy, seed| {
        device.seed(seed);
        let loss = noisy.loss(batch.clone());
        let [fit, same] = [loss.fit, loss.same].map(|cell| cell.into_scalar::<f32>().to_bits());
        assert_eq!(fit, same, "two cells share one application, so one draw");
        f32::from_bits(fit)
    };
    for seed in [1, 2, 3] {
        let (one, other) = (generated(&noisy, seed), by_hand(&noisy, seed));
        assert!((one - other).abs() <= 1e-6, "{one} is not {other}");
    }
    assert!((generated(&noisy, 1) - generated(&noisy, 2)).abs() > 1e-6);
    let valid = noisy.valid();
    assert!((generated(&valid, 1) - generated(&valid, 2)).abs() <= 0.0);
    assert!((generated(&valid, 1) - by_hand(&noisy, 1)).abs() > 1e-6);
}

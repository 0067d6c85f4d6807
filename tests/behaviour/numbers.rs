//! Numbers on one side of a cell.

use diagrammatic::diagram;

use crate::common::{device, entries, gradients_of, random, scalar};

diagram! {
    /// A judge that tells what is drawn from what is made, by least squares (Mao 2017).
    pub(crate) Judged {
        dyn batch;

        data Image: [batch, 6];
        Score: [batch, 1];

        Image --make--> Image;
        Image --judge--> Score;
        make = linear;
        judge = linear;

        truth: judge(Image) ~ 1;
        spot: -0.5 ~ judge(stop(make)) by l1;
        fool: judge(make) ~ 1;
    }
}

#[test]
fn a_number_is_a_constant_of_the_other_side() {
    let model = JudgedConfig::new().init(&device());
    let image = random([5, 6]);
    let loss = model.loss(JudgedBatch {
        image: image.clone(),
    });
    let mean = |values: Vec<f32>| values.iter().sum::<f32>() / 5.0;
    let made = model.judge(model.make(image.clone()));
    let square = |score: &f32| (score - 1.0) * (score - 1.0);
    let truth = entries(&model.judge(image)).iter().map(square).collect();
    let fool = entries(&made).iter().map(square).collect();
    let spot = entries(&made)
        .iter()
        .map(|score| (score + 0.5).abs())
        .collect();
    for (value, by_hand) in [(&loss.truth, truth), (&loss.fool, fool), (&loss.spot, spot)] {
        assert!((scalar(value) - mean(by_hand)).abs() < 1e-5);
    }
    // Gradients pass on the side of the path.
    let gradients = gradients_of(&model, &loss.truth.backward());
    let reached: Vec<_> = gradients.iter().map(|(path, _)| path.as_str()).collect();
    assert!(reached.iter().all(|path| path.starts_with("judge")) && reached.len() == 2);
}

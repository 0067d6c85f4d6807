//! Cells by every form of loss: units, masks, weights that are paths, penalties, functions of the user's.

use burn::tensor::{Bool, Int, Tensor};
use diagrammatic::prelude::*;

use crate::common::device;

/// What a user brings.
mod mine {
    use burn::tensor::Tensor;

    /// One value a row.
    pub(super) fn cross(prediction: Tensor<2>, target: Tensor<2>, lambda: f64) -> Tensor<1> {
        (prediction - target)
            .square()
            .sum_dim(1)
            .squeeze_dim::<1>(1)
            * lambda
    }

    /// One value a batch.
    pub(super) fn whole(prediction: Tensor<2>, target: Tensor<2>) -> Tensor<1> {
        (prediction - target).abs().max()
    }

    /// Of the wrong shape.
    pub(super) fn broken(prediction: Tensor<2>, _: Tensor<2>) -> Tensor<1> {
        prediction.sum_dim(0).squeeze_dim::<1>(0)
    }
}

diagram! {
    Units(lambda: f64 = 2.0) {
        dyn batch, seq;
        data Words: [batch, seq, 3];
        data Next: Int[batch, seq];
        data Real: Bool[batch, seq];
        data Trust: [batch];
        Logits: [batch, seq, 4];
        Words --speak--> Logits;
        speak = linear(4);

        all:      speak ~ Next by cross_entropy;
        real:     speak ~ Next by cross_entropy mask Real;
        trusted:  speak ~ Next by cross_entropy weight Trust;
        both:     speak ~ Next by cross_entropy mask Real weight Trust;
        padded:   speak ~ Next by cross_entropy(pad_tokens = [0], weights = [1, 2, 1, 3]) mask Real;
        smooth:   speak ~ Next by cross_entropy(smoothing = 0.1);
        watch right: speak ~ Next by accuracy mask Real;
        watch near:  speak ~ Next by top_k(2);
        watch wonder: speak ~ Next by perplexity mask Real;
    }
}

fn words() -> UnitsBatch {
    let device = device();
    UnitsBatch {
        words: Tensor::<1, Int>::arange(0..18, &device)
            .float()
            .reshape([2, 3, 3])
            .sin(),
        next: Tensor::from_data([[0, 1, 3], [2, 2, 0]], &device),
        real: Tensor::from_data([[true, true, false], [true, false, false]], &device),
        trust: Tensor::from_data([0.5, 2.0], &device),
    }
}

fn number(tensor: &Tensor<1>) -> f64 {
    assert_eq!(tensor.dims(), [1]);
    f64::from(tensor.clone().into_scalar::<f32>())
}

#[track_caller]
fn close(ours: &Tensor<1>, expected: f64) {
    let ours = number(ours);
    let tolerance = 1e-5 * expected.abs().max(1.0);
    assert!(
        (ours - expected).abs() < tolerance,
        "{ours} is not {expected}"
    );
}

#[test]
fn masks_and_weights_say_how_units_count() {
    let model = UnitsConfig::new().init(&device());
    let batch = words();
    let logits = model.speak(batch.words.clone());
    let probabilities = burn::tensor::activation::log_softmax(logits.clone(), 2);
    let each: Vec<f32> = probabilities
        .gather(2, batch.next.clone().unsqueeze_dim(2))
        .neg()
        .into_data()
        .try_to_vec()
        .unwrap();
    let each: Vec<f64> = each.into_iter().map(f64::from).collect();
    let loss = model.loss(batch.clone());
    close(&loss.all, each.iter().sum::<f64>() / 6.0);
    close(&loss.real, (each[0] + each[1] + each[3]) / 3.0);
    let weighted = 0.5 * (each[0] + each[1] + each[2]) + 2.0 * (each[3] + each[4] + each[5]);
    close(&loss.trusted, weighted / 6.0);
    close(
        &loss.both,
        (0.5 * (each[0] + each[1]) + 2.0 * each[3]) / 3.0,
    );
    // Class 0 is padding; classes 1 and 2 count 2 and 1.
    close(&loss.padded, (2.0 * each[1] + each[3]) / 3.0);
    let evaluation = model.evaluate(batch.clone());
    close(
        &evaluation.wonder,
        ((each[0] + each[1] + each[3]) / 3.0).exp(),
    );

    // A mask that leaves nothing, over words that are no numbers.
    let nothing = UnitsBatch {
        words: batch.words / 0.0,
        real: batch.real.zeros_like(),
        ..words()
    };
    let loss = model.loss(nothing);
    close(&loss.real, 0.0);
    close(&loss.padded, 0.0);
    assert!(number(&loss.all).is_nan());
}

diagram! {
    Penalties(margin: f64 = 0.5, lambda: f64 = 2.0, count: usize = 3) {
        dyn batch;
        Point: [batch, 3] by mine::cross(2.0);
        data Anchor, Positive, Negative: Point;
        data Given: Bool[batch];
        data Sign: Int[batch];
        Code: [batch, 2] by self::mine::cross(lambda);
        Spread: [batch, 2];
        Score: [batch, 1];
        Point --embed--> Code;
        Point --encode--> Code * Spread;
        Code --judge--> Score;
        embed = linear(2);
        encode = (linear(2), linear(2));
        judge = linear(1);

        rank:    minimize (embed(Anchor), embed(Positive), embed(Negative)) by triplet(margin);
        prior:   minimize encode(Anchor) by kl_normal mask Given;
        spread:  minimize embed(Anchor) by variance;
        score:   minimize embed(Anchor) >> judge mask Given;
        alike:   minimize (embed(Anchor), embed(Positive), Sign) by cosine_embedding(margin = 0.1);
        summed:  embed(Anchor) ~ embed(Positive) by mse(reduce = sum);
        metric:  embed(Anchor) ~ embed(Positive);
        mine:    embed(Anchor) ~ embed(Positive) by mine::cross(0.5) mask Given;
        whole:   embed(Anchor) ~ embed(Positive) by mine::whole;
        pairs:   embed(Anchor) ~ embed(Positive) by info_nce(temperature = 0.5, inside = true);
    }
}

fn points() -> PenaltiesBatch {
    let device = device();
    let points = |phase: f64| {
        let entries = Tensor::<1, Int>::arange(0..12, &device).float();
        (entries * 1.7 + phase).sin().reshape([4, 3])
    };
    PenaltiesBatch {
        anchor: points(0.0),
        positive: points(0.5),
        negative: points(1.1),
        given: Tensor::<1, Bool>::from_data([true, false, true, true], &device),
        sign: Tensor::from_data([1, -1, 1, -1], &device),
    }
}

#[test]
fn penalties_and_functions_are_what_they_say() {
    let model = PenaltiesConfig::new().init(&device());
    let batch = points();
    let code = |point: Tensor<2>| model.embed(point);
    let (anchor, positive, negative) = (
        code(batch.anchor.clone()),
        code(batch.positive.clone()),
        code(batch.negative.clone()),
    );
    let rows = Tensor::<1, Int>::from_data([0, 2, 3], &device());
    let given = |tensor: Tensor<2>| tensor.select(0, rows.clone());
    let loss = model.loss(batch.clone());
    let apart =
        |one: &Tensor<2>, other: &Tensor<2>| (one.clone() - other.clone()).square().sum_dim(1);
    let rank = apart(&anchor, &positive) - apart(&anchor, &negative) + 0.5;
    close(&loss.rank, number(&rank.clamp_min(0.0).mean()));
    let (mean, log) = model.encode(batch.anchor);
    let prior = log.clone().exp() + mean.square() - log - 1.0;
    close(&loss.prior, number(&(given(prior.sum_dim(1)) * 0.5).mean()));
    let score = model.judge(anchor.clone());
    close(&loss.score, number(&given(score).mean()));
    let squares = apart(&anchor, &positive);
    close(&loss.summed, number(&squares.clone().mean()));
    close(&loss.metric, 2.0 * number(&squares.clone().mean()));
    close(&loss.mine, 0.5 * number(&given(squares).mean()));
    let largest = (anchor.clone() - positive.clone()).abs().max();
    close(&loss.whole, number(&largest));
    let pairs = diagrammatic::loss::info_nce(anchor.clone(), positive, 0.5, true);
    close(&loss.pairs, number(&pairs));
    close(&loss.spread, number(&diagrammatic::loss::variance(anchor)));
    assert!(number(&loss.alike).is_finite());
    assert!(loss.total.is_tracked());
}

diagram! {
    Broken {
        dyn batch;
        data Point: [batch, 3];
        Code: [batch, 2];
        Point --embed--> Code;
        Point --other--> Code;
        embed = linear(2);
        other = linear(2);
        embed ~ other by mine::broken;
    }
}

#[test]
fn a_function_that_gives_other_values_is_an_error() {
    let model = BrokenConfig::new().init(&device());
    let batch = BrokenBatch {
        point: points().anchor,
    };
    let error = model.try_loss(batch).unwrap_err().to_string();
    assert_eq!(
        error,
        "the values of `mine::broken` have the sizes [2], which are no leading ones of its first end [4, 2] [D0802]"
    );
}

//! Arguments of losses that are hyper-parameters of any type, or constants.

use burn::tensor::{Int, Tensor};
use diagrammatic::loss;
use diagrammatic::prelude::*;

use crate::common::device;

mod mine {
    use burn::tensor::Tensor;

    /// One value a row, by arguments of several types.
    pub(super) fn scaled(
        prediction: Tensor<2>,
        target: Tensor<2>,
        times: usize,
        factor: f32,
        squared: bool,
    ) -> Tensor<1> {
        let apart = prediction - target;
        let each = if squared { apart.square() } else { apart.abs() };
        let times = f64::from(u32::try_from(times).unwrap());
        each.sum_dim(1).squeeze_dim::<1>(1) * times * f64::from(factor)
    }
}

/// Classes of padding, of other types than `usize`.
const PAD: u8 = 0;
mod words {
    pub(super) const UNKNOWN: i32 = 3;
}

diagram! {
    Arguments(
        k: usize = 2,
        b: usize = 3,
        lenient: bool = true,
        inside: bool = true,
        raw: bool = true,
        times: usize = 3,
        factor: f32 = 0.5,
        squared: bool = true
    ) {
        dyn batch, time, length;
        data Row: [batch, 4];
        data Other: Row;
        data Class: Int[batch];
        data Yes: Bool[batch, 4];
        data Heard: [time, batch, 4];
        data Said: Int[batch, length];
        data Times, Lengths: Int[batch];
        Logits: [batch, 4];
        Letters: [time, batch, 4];

        Row --see--> Logits;
        Heard --hear--> Letters;
        see = linear;
        hear = linear >> log_softmax(2);

        ctc:    minimize (Heard >> hear, Said, Times, Lengths) by ctc(blank = b, zero_infinity = lenient);
        pairs:  see(Row) ~ see(Other) by info_nce(temperature = 0.5, inside);
        yes:    see(Row) ~ Yes by binary_cross_entropy(logits = raw);
        own:    see(Row) ~ see(Other) by mine::scaled(times, factor, squared);
        mean:   see(Row) ~ Class by cross_entropy(logits = raw);
        padded: see(Row) ~ Class by cross_entropy(pad_tokens = [PAD, words::UNKNOWN]);
        watch near: see(Row) ~ Class by top_k(k);
    }
}

fn batch() -> ArgumentsBatch {
    let device = device();
    let wave = |count: i64, phase: f64| {
        let entries = Tensor::<1, Int>::arange(0..count, &device).float();
        (entries * 1.7 + phase).sin()
    };
    ArgumentsBatch {
        row: wave(16, 0.0).reshape([4, 4]),
        other: wave(16, 0.5).reshape([4, 4]),
        class: Tensor::from_data([1, 0, 3, 2], &device),
        yes: wave(16, 1.1).reshape([4, 4]).greater_elem(0.0),
        heard: wave(48, 0.2).reshape([3, 4, 4]),
        // Equal letters stand apart by a blank, so the last three have no alignment with three steps.
        said: Tensor::from_data([[0, 1, 0], [2, 0, 0], [1, 2, 0], [1, 1, 2]], &device),
        times: Tensor::from_data([3, 3, 2, 3], &device),
        lengths: Tensor::from_data([2, 1, 2, 3], &device),
    }
}

#[track_caller]
fn equal(ours: &Tensor<1>, theirs: Tensor<1>) {
    let number = |tensor: Tensor<1>| tensor.into_scalar::<f32>();
    let (ours, theirs) = (number(ours.clone()), number(theirs));
    assert!(
        (ours - theirs).abs() < 1e-5 && ours != 0.0,
        "{ours} is not {theirs}"
    );
}

#[test]
fn hyper_parameters_of_any_type_are_arguments_of_losses() {
    for (squared, k) in [(true, 2), (false, 4)] {
        let config = ArgumentsConfig::new().with_squared(squared).with_k(k);
        let model = config.init(&device());
        let given = batch();
        let (row, other) = (model.see(given.row.clone()), model.see(given.other.clone()));
        let loss = model.loss(given.clone());
        let heard = model.hear(given.heard);
        let ctc = loss::ctc(heard, given.said, given.times, given.lengths, 3, true);
        equal(&loss.ctc, ctc.mean());
        equal(
            &loss.pairs,
            loss::info_nce(row.clone(), other.clone(), 0.5, true),
        );
        let yes = loss::binary_cross_entropy(row.clone(), given.yes, true, 0.0, &[]);
        equal(&loss.yes, yes.mean());
        equal(
            &loss.own,
            mine::scaled(row.clone(), other, 3, 0.5, squared).mean(),
        );
        let each = loss::cross_entropy(row.clone(), given.class.clone());
        equal(&loss.mean, each.clone().mean());
        // The classes 0 and 3 do not count.
        let (first, last) = (each.clone().narrow(0, 0, 1), each.narrow(0, 3, 1));
        equal(&loss.padded, (first + last) / 2.0);
        let near = loss::top_k(row, given.class, k, 1).mean();
        equal(&model.evaluate(batch()).near, near);
    }
}

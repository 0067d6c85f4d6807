//! Sequences of several lengths, and weights per unit: what data of these may hold.

use burn::module::Param;
use burn::prelude::*;
use burn::tensor::TensorData;
use diagrammatic::diagram_core::Code;
use diagrammatic::{diagram, loss};

use crate::batch::{panic_text, text};
use crate::common::{device, entries, labels, random, scalar};

diagram! {
    /// Sounds and what is said in them, with blanks that a hyper-parameter and a number give.
    Hearing(quiet: usize = 4) {
        dyn batch, time, length;

        data Heard: [time, batch, 3];
        data Said: Int[batch, length];
        data Times, Lengths: Int[batch];
        Letters: [time, batch, 5];
        Joint: [batch, time, length + 1, 5];
        data Guess: Joint;

        Heard --hear--> Letters;
        hear = linear >> log_softmax(2);
        Joint --judge--> Joint;
        judge = linear;

        heard: minimize (hear, Said, Times, Lengths) by ctc(blank = quiet);
        judged: minimize (judge(Guess), Said, Times, Lengths) by rnnt(blank = quiet);
    }
}

/// Two samples of four steps, with targets of at most three letters.
fn hearing_batch(said: [[i64; 3]; 2], times: [i64; 2], lengths: [i64; 2]) -> HearingBatch {
    let said = TensorData::new(said.concat(), [2, 3]);
    HearingBatch {
        heard: random([4, 2, 3]),
        said: Tensor::from_data(said, &device()),
        times: labels(&times),
        lengths: labels(&lengths),
        guess: random([2, 4, 4, 5]),
    }
}

const SAID: [[i64; 3]; 2] = [[0, 1, 2], [3, 4, 4]];

/// What is said of a batch: by every call of a model, and by the batch unless it takes the model's sizes.
#[track_caller]
fn said(batch: &HearingBatch, known_alone: bool) -> String {
    let model = HearingConfig::new().init(&device());
    let said = text(model.try_loss(batch.clone()));
    assert_eq!(text(model.valid().try_loss(batch.clone())), said);
    assert_eq!(panic_text(|| drop(model.loss(batch.clone()))), said);
    if known_alone {
        assert_eq!(text(batch.check()), said);
        let at_hand = diagrammatic::train::Batch::check_at_hand(batch);
        assert_eq!(text(at_hand), said);
    } else {
        assert_eq!(batch.check(), Ok(()));
    }
    said
}

#[test]
fn lengths_in_their_range_have_the_values_of_burn() {
    use burn::nn::loss::{CTCLossConfig, RNNTLossConfig};

    let model = HearingConfig::new().init(&device());
    // The shortest and the longest; behind its end, a target holds any class.
    let batch = hearing_batch(SAID, [4, 1], [3, 0]);
    assert_eq!(batch.check(), Ok(()));
    let given = batch.clone();
    let ctc = CTCLossConfig::new().with_blank(4).init();
    let ctc = ctc.forward(
        model.hear(given.heard),
        given.said.clone(),
        given.times.clone(),
        given.lengths.clone(),
    );
    let ctc = ctc / Tensor::from_data([3.0, 1.0], &device());
    let rnnt = RNNTLossConfig::new().with_blank(4).init();
    let rnnt = rnnt.forward(
        model.judge(given.guess),
        given.said,
        given.times,
        given.lengths,
    );
    let loss = model.loss(batch);
    assert_eq!(entries(&loss.heard), entries(&ctc.mean()));
    assert_eq!(entries(&loss.judged), entries(&rnnt.mean()));
    assert!(scalar(&loss.total).is_finite());
}

#[test]
fn a_length_beyond_its_axis_is_named_with_its_place() {
    for (times, value, at) in [([4, 5], 5, 1), ([0, 4], 0, 0), ([4, -2], -2, 1)] {
        assert_eq!(
            said(&hearing_batch(SAID, times, [3, 1]), true),
            format!(
                "`Times` holds {value} at [{at}], but the input lengths of `heard` are 1 to 4 [D0807]\n\n         \
                 = note: `Times` : Int[batch] is [2]\n         \
                 = note: `time` = 4"
            )
        );
    }
    for (lengths, value, at) in [([3, 4], 4, 1), ([-1, 1], -1, 0)] {
        assert_eq!(
            said(&hearing_batch(SAID, [4, 4], lengths), true),
            format!(
                "`Lengths` holds {value} at [{at}], but the target lengths of `heard` are 0 to 3 [D0807]\n\n         \
                 = note: `Lengths` : Int[batch] is [2]\n         \
                 = note: `length` = 3"
            )
        );
    }
}

#[test]
fn a_letter_that_there_is_not_is_named_with_its_place() {
    // Burn reads what stands behind the end of a target too.
    for (letters, value) in [([0, 1, 5], 5), ([0, 1, -1], -1)] {
        assert_eq!(
            said(&hearing_batch([letters, [0, 1, 2]], [4, 4], [2, 3]), true),
            format!(
                "`Said` holds {value} at [0, 2], but the classes of `heard` are 0 to 4 [D0807]\n\n         \
                 = note: `Said` : Int[batch, length] is [2, 3]"
            )
        );
    }
}

#[test]
fn a_blank_within_a_target_is_named_with_its_place() {
    assert_eq!(
        said(&hearing_batch(SAID, [4, 4], [3, 2]), false),
        "`Said` holds 4 at [1, 1], within its length, but 4 is the blank of `heard` [D0807]\n\n         \
         = note: `Said` : Int[batch, length] is [2, 3]\n         \
         = note: `Lengths` holds 2 at [1]"
    );
    // At the end of another model's blank it is a letter.
    let other = HearingConfig::new().with_quiet(3).init(&device());
    let batch = hearing_batch([[0, 1, 2], [4, 0, 3]], [4, 4], [3, 2]);
    assert!(other.try_loss(batch).is_ok());
}

#[test]
fn a_target_that_needs_more_steps_has_no_finite_loss() {
    let model = HearingConfig::new().init(&device());
    let batch = hearing_batch(SAID, [4, 2], [1, 1]);
    assert!(model.loss(batch).check().is_ok());
    // Two letters in one step.
    let loss = model.loss(hearing_batch([[0, 1, 2], [0, 1, 4]], [4, 1], [3, 2]));
    assert!(scalar(&loss.heard).is_infinite());
    let error = loss.check().unwrap_err();
    assert_eq!(error.code(), Code::NotFinite);
}

#[test]
fn a_length_beyond_its_axis_has_no_value() {
    let device = device();
    let log_probs = burn::tensor::activation::log_softmax(random([4, 3, 5]), 2);
    let targets = Tensor::<2, Int>::from_data([[1, 2], [1, 2], [1, 2]], &device);
    let values = |times: [i64; 3], lengths: [i64; 3]| {
        let (times, lengths) = (labels(&times), labels(&lengths));
        entries(&loss::ctc(
            log_probs.clone(),
            targets.clone(),
            times,
            lengths,
            0,
            true,
        ))
    };
    let good = values([4, 4, 4], [2, 2, 2]);
    for (times, lengths) in [
        ([4, 5, 4], [2, 2, 2]),
        ([4, 0, 4], [2, 2, 2]),
        ([4, 4, 4], [2, 3, 2]),
        ([4, 4, 4], [2, -1, 2]),
    ] {
        let bad = values(times, lengths);
        assert!(bad[1].is_nan(), "{bad:?}");
        assert_eq!(([bad[0]], [bad[2]]), ([good[0]], [good[2]]));
    }
    let guess = random([3, 4, 3, 5]);
    let judged = |times: [i64; 3], lengths: [i64; 3]| {
        let (times, lengths) = (labels(&times), labels(&lengths));
        entries(&loss::rnnt(
            guess.clone(),
            targets.clone(),
            times,
            lengths,
            0,
            true,
        ))
    };
    let (good, bad) = (judged([4; 3], [2; 3]), judged([4, 0, 5], [2, 2, 2]));
    assert!(good.iter().all(|value| value.is_finite()), "{good:?}");
    assert_eq!(bad[..1], good[..1]);
    assert!(bad[1].is_nan() && bad[2].is_nan(), "{bad:?}");
}

diagram! {
    /// Tags of words, of which some count more than others.
    Trusting {
        dyn batch, seq;

        data Word: [batch, seq, 3];
        data Tag: Int[batch, seq];
        data Trust: [batch];
        data Care: [batch, seq];
        Logits: [batch, seq, 4];
        Sureness: [batch, seq];

        Word --tag--> Logits;
        Word --sure--> Sureness;
        tag = linear;
        sure = linear(1) >> squeeze(2);
        frozen sure;

        tags: tag ~ Tag by cross_entropy weight Trust;
        tag ~ Tag by cross_entropy weight stop(Care);
        own: tag ~ Tag by cross_entropy weight sure;
    }
}

fn trusting_batch(trust: [f32; 3], care: [[f32; 2]; 3]) -> TrustingBatch {
    let tags = TensorData::new(vec![0_i64, 1, 2, 3, 1, 0], [3, 2]);
    TrustingBatch {
        word: random([3, 2, 3]),
        tag: Tensor::from_data(tags, &device()),
        trust: Tensor::from_data(trust, &device()),
        care: Tensor::from_data(care, &device()),
    }
}

#[test]
fn weights_that_are_data_are_not_negative() {
    let model = TrustingConfig::new().init(&device());
    let care = [[1.0, 0.0], [2.0, 0.5], [0.0, 3.0]];
    let good = trusting_batch([0.0, 0.5, 7.0], care);
    assert_eq!(good.check(), Ok(()));
    let each = loss::cross_entropy(model.tag(good.word.clone()), good.tag.clone());
    let weighed = each * good.trust.clone().unsqueeze_dim::<2>(1);
    let loss = model.loss(good);
    assert_eq!(entries(&loss.tags), entries(&weighed.mean()));

    let said = |batch: TrustingBatch| {
        let said = text(model.try_loss(batch.clone()));
        assert_eq!(text(model.valid().try_loss(batch.clone())), said);
        assert_eq!(text(batch.check()), said);
        said
    };
    for (trust, shown) in [(-0.5, "-0.5"), (f32::NAN, "NaN"), (f32::INFINITY, "inf")] {
        assert_eq!(
            said(trusting_batch([1.0, 0.0, trust], care)),
            format!(
                "`Trust` holds {shown} at [2] and weighs `tags`, but a weight is a finite number of at least 0 \
                 [D0404]\n\n         \
                 = note: `Trust` : [batch] is [3]"
            )
        );
    }
    let care = [[1.0, 0.0], [2.0, -2.0], [0.0, 3.0]];
    assert_eq!(
        said(trusting_batch([1.0; 3], care)),
        "`Care` holds -2 at [1, 1] and weighs `tag ~ Tag by cross_entropy`, but a weight is a finite number of at \
         least 0 [D0404]\n\n         \
         = note: `Care` : [batch, seq] is [3, 2]"
    );
}

/// What a model computes is its own: reading it back would wait for the device at every step.
#[test]
fn weights_that_are_computed_are_not_checked() {
    let mut model = TrustingConfig::new().init(&device());
    let bias = Tensor::full([1], -50.0, &device());
    model.sure.linear_1.bias = Some(Param::from_tensor(bias).set_require_grad(false));
    let batch = trusting_batch([1.0; 3], [[1.0; 2]; 3]);
    let loss = model.try_loss(batch).unwrap();
    assert!(scalar(&loss.own) < 0.0);
}

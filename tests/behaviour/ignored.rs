//! Classes that are ignored, and probabilities as targets.

use burn::tensor::{Int, Tensor};
use diagrammatic::loss::{self, CrossEntropy};
use diagrammatic::prelude::*;

use crate::common::device;

const UNKNOWN: i32 = -100;

diagram! {
    Ignoring {
        dyn batch, seq;
        data Words: [batch, seq, 3];
        data Next: Int[batch, seq];
        data Real: Bool[batch, seq];
        data Trust: [batch];
        data Share: [batch, seq, 4];
        Logits: [batch, seq, 4];
        Words --speak--> Logits;
        speak = linear(4);

        plain: speak ~ Next by cross_entropy(ignore = -100);
        every: speak ~ Next by cross_entropy(
            ignore = [UNKNOWN, -1],
            pad_tokens = 0,
            weights = [1, 2, 1, 3],
            smoothing = 0.1
        ) mask Real weight Trust;
        soft:  speak ~ Share by soft_cross_entropy mask Real;
        heavy: speak ~ Share by soft_cross_entropy(smoothing = 0.1, weights = [1, 2, 1, 3]);
        watch right:  speak ~ Next by accuracy(ignore = UNKNOWN) mask Real;
        watch near:   speak ~ Next by top_k(2, ignore = UNKNOWN);
        watch wonder: speak ~ Next by perplexity(ignore = UNKNOWN);
    }
}

fn batch(next: [[i32; 3]; 2]) -> IgnoringBatch {
    let device = device();
    let wave = |count: i64| Tensor::<1, Int>::arange(0..count, &device).float().sin();
    IgnoringBatch {
        words: wave(18).reshape([2, 3, 3]),
        next: Tensor::from_data(next, &device),
        real: Tensor::from_data([[true, true, false], [true, true, true]], &device),
        trust: Tensor::from_data([0.5, 2.0], &device),
        share: burn::tensor::activation::softmax(wave(24).reshape([2, 3, 4]), 2),
    }
}

/// The third unit is masked; of the others one is padding and one unknown.
fn usual() -> IgnoringBatch {
    batch([[3, 0, 2], [-100, 1, 2]])
}

/// Some units of a tensor `[2, 3, n]`, in a row.
fn units<const N: usize>(of: Tensor<3>, at: [i64; N]) -> Tensor<2> {
    let width = of.dims()[2];
    let rows = Tensor::<1, Int>::from_data(at, &of.device());
    of.reshape([6, width]).select(0, rows)
}

#[track_caller]
fn close(ours: &Tensor<1>, theirs: Tensor<1>) {
    let number = |tensor: Tensor<1>| tensor.into_scalar::<f32>();
    let (ours, theirs) = (number(ours.clone()), number(theirs));
    assert!((ours - theirs).abs() < 1e-5, "{ours} is not {theirs}");
}

#[test]
fn units_of_an_ignored_class_do_not_count() {
    let device = device();
    let model = IgnoringConfig::new().init(&device);
    let given = usual();
    let logits = model.speak(given.words.clone());
    let classes = |classes: &[i32]| Tensor::<1, Int>::from_data(classes, &device);
    let known = [0, 1, 2, 4, 5];
    let (rows, of) = (units(logits.clone(), known), classes(&[3, 0, 2, 1, 2]));
    let loss = model.loss(given.clone());
    let each = loss::cross_entropy(rows.clone(), of.clone());
    close(&loss.plain, each.clone().mean());
    // Padding and the mask leave the units 0, 4 and 5.
    let settings = CrossEntropy {
        smoothing: 0.1,
        weights: &[1.0, 2.0, 1.0, 3.0],
        ..CrossEntropy::default()
    };
    let left = units(logits.clone(), [0, 4, 5]);
    let values = loss::cross_entropy_by(left, classes(&[3, 1, 2]), 1, settings);
    let trust = Tensor::<1>::from_data([0.5, 2.0, 2.0], &device);
    close(&loss.every, (values * trust).sum() / (3.0 + 2.0 + 1.0));

    let watched = model.evaluate(given.clone());
    let (real, real_classes) = (units(logits.clone(), [0, 1, 4, 5]), classes(&[3, 0, 1, 2]));
    close(&watched.right, loss::accuracy(real, real_classes).mean());
    close(&watched.near, loss::top_k(rows, of, 2, 1).mean());
    close(&watched.wonder, each.mean().exp());

    let share = |at: [i64; 5]| units(given.share.clone(), at);
    let at = [0, 1, 3, 4, 5];
    let soft = loss::soft_cross_entropy(units(logits.clone(), at), share(at), 1, 0.0, &[]);
    close(&loss.soft, soft.mean());
    let heavy = loss::soft_cross_entropy(logits, given.share, 2, 0.1, &[1.0, 2.0, 1.0, 3.0]);
    close(&loss.heavy, heavy.mean());
}

#[test]
fn where_all_are_ignored_the_cell_is_0() {
    let model = IgnoringConfig::new().init(&device());
    let given = batch([[-100; 3]; 2]);
    given.check().unwrap();
    let loss = model.loss(given.clone());
    let zero = || Tensor::<1>::zeros([1], &device());
    close(&loss.plain, zero());
    close(&loss.every, zero());
    let watched = model.evaluate(given);
    close(&watched.right, zero());
    close(&watched.near, zero());
    close(&watched.wonder, zero() + 1.0);
}

#[test]
fn what_is_ignored_passes_the_check_of_entries_and_nothing_else_does() {
    usual().check().unwrap();
    // `plain` does not ignore -1, and no cell ignores 4.
    for (entry, cell) in [(-1, "plain"), (4, "plain")] {
        let error = batch([[3, 0, entry], [1, 1, 1]]).check().unwrap_err();
        let text = error.to_string();
        let expected = format!(
            "`Next` holds {entry} at [0, 2], but the classes of `{cell}` are 0 to 3 [D0807]"
        );
        assert!(text.starts_with(&expected), "{text}");
    }
    let model = IgnoringConfig::new().init(&device());
    let error = model.try_loss(batch([[3, 0, -2], [1, 1, 1]])).unwrap_err();
    assert!(error.to_string().contains("holds -2"), "{error}");
}

diagram! {
    Mixed(vocabulary: usize = 6) {
        dyn batch;
        data Word: Int[batch];
        Logits: [batch, 4];
        Word --see--> Logits;
        see = embedding(vocabulary, 8) >> linear;
        first: see ~ Word by cross_entropy(ignore = [4, 9]);
        other: see ~ Word by cross_entropy(ignore = [4, 5]);
    }
}

#[test]
fn every_reader_of_a_datum_is_asked() {
    let model = MixedConfig::new().init(&device());
    let batch = |word: i64| MixedBatch {
        word: Tensor::from_data([0, word], &device()),
    };
    for word in [0, 3, 4] {
        model.try_loss(batch(word)).unwrap();
    }
    for (word, text) in [
        (
            5,
            "`Word` holds 5 at [1], but the classes of `first` are 0 to 3 [D0807]",
        ),
        (
            9,
            "`Word` holds 9 at [1], but the classes of `other` are 0 to 3 [D0807]",
        ),
        (
            -1,
            "`Word` holds -1 at [1], but the classes of `first` are 0 to 3 [D0807]",
        ),
    ] {
        let error = model.try_loss(batch(word)).unwrap_err().to_string();
        assert!(error.starts_with(text), "{error}");
    }
}

diagram! {
    Read(vocabulary: usize = 6) {
        dyn batch;
        data Word: Int[batch];
        Logits: [batch, 4];
        Word --see--> Logits;
        see = embedding(vocabulary, 8) >> linear;
        fit: see ~ Word by cross_entropy(ignore = [-1, 5]);
    }
}

#[test]
fn an_embedding_ignores_nothing() {
    let model = ReadConfig::new().init(&device());
    let batch = |word: i64| ReadBatch {
        word: Tensor::from_data([0, word], &device()),
    };
    model.try_loss(batch(5)).unwrap();
    let error = model.try_loss(batch(-1)).unwrap_err().to_string();
    let text =
        "`Word` holds -1 at [1], but the vectors of `embedding(vocabulary, 8)` in `see` are 0 to 5";
    assert!(error.starts_with(text), "{error}");
}

//! Values that only run time knows: arguments that hyper-parameters give, and entries that stand for
//! classes or vectors.

use burn::prelude::*;
use burn::tensor::{IntDType, TensorData};
use diagrammatic::diagram;
use diagrammatic::diagram_core::Code;

use crate::batch::{panic_text, text};
use crate::common::{
    DistillationBatch, DistillationConfig, DistillationModules, Teacher, device, distillation,
    distillation_batch, labels, random,
};

/// What is said of a batch of these labels: by the batch, and by every call of a model.
fn said(classes: &[i64]) -> String {
    let batch = DistillationBatch {
        image: random([classes.len(), 1, 8, 8]),
        label: labels(classes),
    };
    let said = text(batch.check());
    let model = distillation(&DistillationConfig::new());
    assert_eq!(text(model.try_loss(batch.clone())), said);
    assert_eq!(text(model.try_evaluate(batch.clone())), said);
    assert_eq!(text(model.valid().try_loss(batch.clone())), said);
    assert_eq!(panic_text(|| drop(model.loss(batch.clone()))), said);
    let at_hand = diagrammatic::train::Batch::check_at_hand(&batch);
    assert_eq!(text(at_hand), said);
    said
}

#[test]
fn a_class_that_there_is_not_is_named_with_its_place() {
    assert_eq!(
        said(&[3, 0, 4, 10]),
        "`Label` holds 10 at [3], but the classes of `hard` are 0 to 9 [D0807]\n\n         \
         = note: `Label` : Int[batch] is [4]"
    );
    assert_eq!(
        said(&[-100, 1]),
        "`Label` holds -100 at [0], but the classes of `hard` are 0 to 9 [D0807]\n\n         \
         = note: `Label` : Int[batch] is [2]"
    );
}

#[test]
fn classes_counted_from_1_are_recognised() {
    let said = said(&[1, 10, 3]);
    assert!(said.starts_with("`Label` holds 10 at [1]"), "{said}");
    assert!(
        said.ends_with("= help: count from 0: these seem to be counted from 1"),
        "{said}"
    );
}

#[test]
fn classes_of_any_type_of_integers_are_read() {
    for dtype in [IntDType::I64, IntDType::I32, IntDType::U8] {
        let with = |classes: [i64; 6]| DistillationBatch {
            label: labels(&classes).cast(dtype),
            ..distillation_batch()
        };
        assert_eq!(with([0, 1, 2, 3, 4, 9]).label.dtype(), dtype.into());
        assert_eq!(with([0, 1, 2, 3, 4, 9]).check(), Ok(()));
        let error = text(with([0, 1, 2, 3, 4, 11]).check());
        assert!(error.starts_with("`Label` holds 11 at [5]"), "{error}");
    }
}

diagram! {
    /// Text, one token after the other, at a vocabulary that the configuration gives.
    Speaker(vocabulary: usize = 7, window: usize = 3) {
        dyn batch, seq;

        Token: Int[batch, seq];
        data Prefix, Next: Token;
        Vector: [batch, seq, 4];
        Logits: [batch, seq, vocabulary];

        Token --embed--> Vector --speak--> Logits;
        embed = embedding(window + 4);
        speak = linear;

        embed(Prefix) >> speak ~ Next by cross_entropy;
    }
}

fn speaker_batch(prefix: [[i64; 3]; 2], next: [[i64; 3]; 2]) -> SpeakerBatch {
    let tokens = |tokens: [[i64; 3]; 2]| {
        let data = TensorData::new(tokens.concat(), [2, 3]);
        Tensor::from_data(data, &device())
    };
    SpeakerBatch {
        prefix: tokens(prefix),
        next: tokens(next),
    }
}

#[test]
fn entries_are_checked_against_the_sizes_of_the_model() {
    let model = SpeakerConfig::new().init(&device());
    let good = [[0, 1, 2], [3, 4, 5]];
    assert!(model.try_loss(speaker_batch(good, [[6; 3]; 2])).is_ok());
    let beyond = [[0, 1, 2], [3, 7, 5]];
    let batch = speaker_batch(good, beyond);
    assert_eq!(
        text(model.try_loss(batch.clone())),
        "`Next` holds 7 at [1, 1], but the classes of `embed(Prefix) >> speak ~ Next by cross_entropy` are \
         0 to 6 [D0807]\n\n         \
         = note: `Next` : Int[batch, seq] is [2, 3]\n         \
         = note: `vocabulary` = 7"
    );
    assert_eq!(batch.check(), Ok(()), "a batch alone knows no vocabulary");
    assert_eq!(
        text(model.try_loss(speaker_batch(beyond, good))),
        "`Prefix` holds 7 at [1, 1], but the vectors of `embedding(window + 4)` in `embed` are 0 to 6 \
         [D0807]\n\n         \
         = note: `Prefix` : Int[batch, seq] is [2, 3]\n         \
         = note: `window + 4` = 7"
    );
}

diagram! {
    /// An argument of each kind that a hyper-parameter can give.
    Settings(rate: f64 = 0.5, small: f64 = 0.001, pace: f64 = 0.1, groups: usize = 2, sharp: f64 = 1.0, wide: f64 = 1.0) {
        dyn batch;
        where 8 % groups == 0;

        data X: [batch, 8];
        data Y: [batch, 8];

        X --f--> Y;
        X --g--> Y;
        f = repeat(2, linear(8) >> dropout(rate)) >> batch_norm(epsilon = small, momentum = pace);
        g = linear(8) >> group_norm(groups) >> softplus(beta = sharp);

        Point: [8];
        () --point--> Point;
        point = frozen parameter(initializer = normal(std = wide));

        f ~ Y;
        g ~ Y;
    }
}

#[test]
fn an_argument_out_of_its_range_builds_nothing() {
    let said = |config: SettingsConfig| text(config.try_init(&device()));
    let config = SettingsConfig::new;
    assert!(config().try_init(&device()).is_ok());
    for (rate, shown) in [(1.5, "1.5"), (1.0, "1"), (-0.1, "-0.1"), (f64::NAN, "NaN")] {
        assert_eq!(
            said(config().with_rate(rate)),
            format!(
                "`dropout(rate)` of `f`: `prob` must be at least 0 and less than 1, but `rate` is {shown} \
                 [D0312]"
            )
        );
    }
    let norm = "`batch_norm(epsilon = small, momentum = pace)` of `f`";
    assert_eq!(
        said(config().with_small(0.0)),
        format!("{norm}: `epsilon` must be greater than 0, but `small` is 0 [D0312]")
    );
    assert_eq!(
        said(config().with_pace(1.25)),
        format!("{norm}: `momentum` must be from 0 to 1, but `pace` is 1.25 [D0312]")
    );
    assert_eq!(
        said(config().with_sharp(-0.0)),
        "`softplus(beta = sharp)` of `g`: `beta` must be other than 0, but `sharp` is -0 [D0312]"
    );
    assert_eq!(
        said(config().with_wide(-1.0)),
        "`parameter(initializer = normal(std = wide))` of `point`: `std` must be at least 0, but `wide` is -1 \
         [D0312]"
    );
    // A fact says more than the range does.
    assert_eq!(
        said(config().with_groups(3)),
        "`8 % groups == 0` does not hold: `groups` = 3 [D0805]"
    );
    let config = config().with_rate(1.5);
    let said = panic_text(|| drop(config.init(&device())));
    assert!(said.ends_with("but `rate` is 1.5 [D0312]"), "{said}");
    assert_eq!(panic_text(|| drop(config.init_f(&device()))), said);
}

diagram! {
    /// Sizes that no shape shows.
    Windows(window: usize = 3, stride: usize = 1, padding: usize = 1) {
        dyn batch;

        data X: [batch, 4, 6, 6];

        X --f--> X;
        X --g--> X;
        f = local_response_norm(window - 2) >> conv2d(kernel = 1);
        g = conv2d(4, kernel = 3, stride = stride, padding = padding) >> flatten >> linear(144)
            >> reshape[batch, 4, 6, 6];

        f ~ X;
        g ~ X;
    }
}

#[test]
fn a_size_out_of_its_range_builds_nothing() {
    let said = |config: WindowsConfig| text(config.try_init(&device()));
    assert!(WindowsConfig::new().try_init(&device()).is_ok());
    assert_eq!(
        said(WindowsConfig::new().with_window(2)),
        "`local_response_norm(window - 2)` of `f`: `size` must be at least 1, but `window - 2` is 0 [D0312]"
    );
    assert_eq!(
        said(WindowsConfig::new().with_stride(0)),
        "`stride` is 0, but sizes `conv2d(4, kernel = 3, stride = stride, padding = padding)` of `g`, and a \
         size is at least 1 [D0203]"
    );
}

#[test]
fn an_argument_of_a_loss_may_leave_its_range_while_training() {
    let message = "`kl(temperature)` of `soft`: `temperature` must be greater than 0, but `temperature` is 0 \
                   [D0312]";
    let cold = DistillationConfig::new().with_temperature(0.0);
    let teacher = Teacher::new(&device());
    let error = cold
        .try_init(DistillationModules { teacher }, &device())
        .expect_err("no temperature");
    assert_eq!(error.to_string(), message);
    assert_eq!(error.code(), Code::ArgumentRange);

    let mut model = distillation(&DistillationConfig::new());
    assert!(model.try_loss(distillation_batch()).is_ok());
    model.hyper.temperature = 0.0;
    assert_eq!(text(model.try_loss(distillation_batch())), message);
    assert!(
        model.try_evaluate(distillation_batch()).is_ok(),
        "no watch uses it"
    );
}

#[test]
fn a_loss_that_is_not_finite_names_its_first_cell() {
    let mut model = distillation(&DistillationConfig::new());
    let mut loss = model.loss(distillation_batch());
    assert_eq!(loss.check(), Ok(()));
    loss.soft = loss.soft.zeros_like();
    loss.hard = loss.hard.zeros_like().div_scalar(0.0);
    loss.total = loss.soft.clone() + loss.hard.clone();
    assert_eq!(
        text(loss.check()),
        "the loss is NaN: of its cells, `hard` is the first that is not finite [D0808]\n\n         \
         = note: `soft` = 0, `hard` = NaN\n         \
         = note: running statistics (`batch_norm`) may be spoiled by this batch\n         \
         = help: go on from a record of before, and look at the data with `check()` of the batch"
    );
    model.weights.hard = 1e300;
    let loss = model.loss(distillation_batch());
    let said = text(loss.check());
    assert!(
        said.starts_with(
            "the loss is inf: its cells are finite, and their weighted sum is too large [D0808]"
        ),
        "{said}"
    );
}

//! Facts are used by the macro and checked at run time.

use diagrammatic::DiagramError;
use diagrammatic::prelude::*;

use crate::common::device;

diagram! {
    /// `heads * (hidden / heads)` is `hidden`, and so is what the halves make up: by the facts alone.
    pub Folded(hidden: usize = 8, heads: usize = 2) {
        dyn batch, side;
        where hidden % heads == 0;
        where side % 2 == 0, side >= 4;

        data Image: [batch, 1, side, side];
        data Flat: [batch, side * side];
        data Code: [batch, heads * (hidden / heads)];

        Image --fold--> Flat;
        Code --widen--> Code;
        fold = conv2d(4, kernel = 2, stride = 2) >> flatten;
        widen = linear(hidden) >> relu;

        fold ~ Flat;
        widen ~ Code;
    }
}

fn text(error: &DiagramError) -> String {
    error.to_string()
}

#[test]
fn facts_over_hyper_parameters_are_checked_when_a_model_is_built() {
    let config = FoldedConfig::new().with_hidden(30).with_heads(4);
    let error = config.try_init(&device()).expect_err("30 in 4 parts");
    assert_eq!(
        text(&error),
        "`hidden % heads == 0` does not hold: `hidden` = 30, `heads` = 4 [D0805]"
    );
    assert!(config.with_hidden(32).try_init(&device()).is_ok());
}

#[test]
fn facts_with_dynamic_dims_are_checked_at_the_call() {
    let device = device();
    let model = FoldedConfig::new().init(&device);
    let batch = |side: usize| FoldedBatch {
        image: Tensor::ones([3, 1, side, side], &device),
        flat: Tensor::ones([3, side * side], &device),
        code: Tensor::ones([3, 8], &device),
    };
    assert!(batch(6).check().is_ok());
    assert!(model.try_loss(batch(6)).is_ok());
    for (side, broken) in [(5, "`side % 2 == 0`"), (2, "`side >= 4`")] {
        let expected = format!("{broken} does not hold: `side` = {side} [D0805]");
        assert_eq!(text(&batch(side).check().expect_err("a fact")), expected);
        let error = model.try_loss(batch(side)).expect_err("a fact");
        assert_eq!(text(&error), expected);
        assert!(matches!(error, DiagramError::BrokenFact { .. }));
    }
    // A call that does not bind `side` does not ask for it.
    assert_eq!(model.widen(Tensor::ones([2, 8], &device)).dims(), [2, 8]);
    assert_eq!(
        model.fold(Tensor::ones([2, 1, 6, 6], &device)).dims(),
        [2, 36]
    );
}

#[test]
#[should_panic(expected = "`side % 2 == 0` does not hold: `side` = 7")]
fn a_method_refuses_what_breaks_a_fact() {
    let model = FoldedConfig::new().init(&device());
    let _ = model.fold(Tensor::ones([2, 1, 7, 7], &device()));
}

#[test]
fn facts_are_part_of_the_text() {
    let text = Folded::diagram().to_string();
    let line = "\n  where hidden % heads == 0, side % 2 == 0, side >= 4\n";
    assert!(text.contains(line), "{text}");
}

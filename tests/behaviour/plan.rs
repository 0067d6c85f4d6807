//! What a loss evaluates: the plan as text, and of what no gradient is recorded.

use std::cell::Cell;

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::activation::softmax;
use diagrammatic::diagram;

use crate::common::{Distillation, device, labels, random};

#[test]
fn a_plan_prints_itself() {
    assert_eq!(
        Distillation::diagram().plan().to_string(),
        "\
plan of Distillation
  evaluated, in order
    v1 = student(Image)                    Logits [batch, 10]
    v2 = teacher(Image)                    Logits [batch, 10]  no gradient
    soft: kl(temperature) of v1, v2        weight 0.7
    hard: cross_entropy of v1, Label       weight 0.3
    watch accuracy: accuracy of v1, Label
  morphisms
    student  trained  75 * hidden + 10 parameters  74 * batch * hidden multiply-adds a call
    teacher  frozen  those of a `Teacher`
  in all
    trained  75 * hidden + 10 parameters
    frozen   those of your own modules
    a call   74 * batch * hidden multiply-adds, and what your own code does
"
    );
}

thread_local! {
    static RECORDED: Cell<Option<bool>> = const { Cell::new(None) };
}

/// How sure a model is, and whether that is on record.
fn sure(logits: Tensor<2>) -> Tensor<1> {
    RECORDED.set(Some(logits.is_tracked()));
    softmax(logits, 1)
        .max_dim(1)
        .squeeze_dim::<1>(1)
        .greater_equal_elem(0.4)
        .float()
}

#[derive(Module, Debug)]
struct Judge {
    linear: Linear,
}

impl Judge {
    fn forward(&self, logits: Tensor<2>) -> Tensor<2> {
        RECORDED.set(Some(logits.is_tracked()));
        self.linear.forward(logits)
    }
}

diagram! {
    /// Labels where there are some, and guesses where a model is sure of them (Sohn 2020).
    Guesses(width: usize = 7) {
        dyn batch, many;
        Image: [batch, 6];
        Logits: [batch, 4];
        Class: Int[batch];
        Sure: [batch];
        data Labelled: Image;
        data Label: Class;
        data Weak, Strong: Image[batch = many];

        Image --model--> Logits --guess--> Class;
        Logits --sure--> Sure;
        Image --unused--> Logits;
        frozen unused;
        model = linear(width) >> relu >> linear;
        guess = |logits| logits.argmax(1).squeeze_dim(1);
        sure = fn sure;
        unused = linear;

        known: model(Labelled) ~ Label by cross_entropy;
        guessed: model(Strong) ~ model(Weak) >> guess by cross_entropy weight model(Weak) >> sure;
    }
}

#[test]
fn what_no_cell_needs_is_not_in_the_plan() {
    assert_eq!(
        Guesses::diagram().plan().to_string(),
        "\
plan of Guesses
  evaluated, in order
    v1 = model(Labelled)               Logits [batch, 4]
    known: cross_entropy of v1, Label  weight 1.0
    v2 = model(Strong)                 Logits[batch = many] [many, 4]
    v3 = model(Weak)                   Logits[batch = many] [many, 4]  no gradient
    v4 = guess(v3)                     Class[batch = many] Int[many]  no gradient
    v5 = sure(v3)                      Sure[batch = many] [many]  no gradient
    guessed: cross_entropy of v2, v4   weight model(Weak) >> sure
  morphisms
    model  trained  11 * width + 4 parameters  10 * batch * width multiply-adds a call
    guess  no weights
    sure   no weights
  in all
    trained  11 * width + 4 parameters
    a call   10 * batch * width + 20 * many * width multiply-adds, and what your own code does
  not evaluated
    unused
"
    );
}

#[test]
fn what_only_weighs_is_not_on_record() {
    let model = GuessesConfig::new().init(&device());
    let loss = model.loss(GuessesBatch {
        labelled: random([3, 6]),
        label: labels(&[0, 3, 1]),
        weak: random([5, 6]),
        strong: random([5, 6]),
    });
    assert_eq!(RECORDED.take(), Some(false));
    assert!(loss.guessed.is_tracked());
}

diagram! {
    /// A frozen judge of what a model says, once with a gradient and once behind a `stop`.
    Judged {
        dyn batch;
        data Image: [batch, 6];
        Logits: [batch, 4];
        Image --model--> Logits --judge--> Logits;
        model = linear;
        judge = frozen Judge;

        good: minimize judge(model);
        steady: model ~ stop(again(judge(model)));
    }
}

#[test]
fn what_is_frozen_records_where_its_gradient_is_wanted() {
    let device = device();
    let judge = Judge {
        linear: LinearConfig::new(4, 4).init(&device),
    };
    let model = JudgedConfig::new().init(JudgedModules { judge }, &device);
    let batch = JudgedBatch {
        image: random([3, 6]),
    };
    let loss = model.loss(batch);
    // The judge that was last is behind `stop`.
    assert_eq!(RECORDED.take(), Some(false));
    let gradients = loss.good.backward();
    let weight = model.model.linear_1.weight.val();
    assert!(weight.grad(&gradients).is_some());
    let plan = Judged::diagram().plan().to_string();
    let steps = "\
    v1 = model(Image)        Logits [batch, 4]
    v2 = judge(v1)           Logits [batch, 4]
    good: mean of v2         weight 1.0
    v3 = again model(Image)  Logits [batch, 4]  no gradient
    v4 = again judge(v3)     Logits [batch, 4]  no gradient
    v5 = stop(v4)            Logits [batch, 4]  no gradient
    steady: mse of v1, v5    weight 1.0
";
    assert!(plan.contains(steps), "{plan}");
}

//! Bad batches, arguments, modules and hyper-parameters: the errors name what is wrong, in these words.

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use diagrammatic::{DiagramError, diagram};

use crate::common::DistillationModules;
use crate::common::{
    DistillationBatch, DistillationConfig, Teacher, device, distillation, distillation_batch,
    labels, random,
};

/// What a panic says.
pub(crate) fn panic_text(call: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
    panic.downcast_ref::<String>().expect("a text").clone()
}

pub(crate) fn text<T>(result: Result<T, DiagramError>) -> String {
    result.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_good_batch_passes() {
    assert_eq!(distillation_batch().check(), Ok(()));
    assert_eq!(
        diagrammatic::train::Batch::check(&distillation_batch()),
        Ok(())
    );
    let model = distillation(&DistillationConfig::new());
    assert!(model.try_loss(distillation_batch()).is_ok());
    assert!(model.try_evaluate(distillation_batch()).is_ok());
}

#[test]
fn sizes_that_disagree_name_both_data() {
    let batch = DistillationBatch {
        image: random([32, 1, 8, 8]),
        label: labels(&[0; 16]),
    };
    let expected = "`batch` cannot be both 32 (of `Image`) and 16 (of `Label`) [D0801]\n\n         \
                    = note: `Image` : [batch, 1, 8, 8] is [32, 1, 8, 8]\n         \
                    = note: `Label` : Int[batch]       is [16]";
    let model = distillation(&DistillationConfig::new());
    assert_eq!(text(batch.check()), expected);
    assert_eq!(text(model.try_loss(batch.clone())), expected);
    assert_eq!(text(model.try_evaluate(batch.clone())), expected);
    assert_eq!(panic_text(|| drop(model.loss(batch.clone()))), expected);
    assert_eq!(panic_text(|| drop(model.evaluate(batch))), expected);
}

#[test]
fn a_wrong_extent_names_the_axis() {
    let image = random([6, 1, 8, 7]);
    let batch = DistillationBatch {
        image,
        ..distillation_batch()
    };
    let expected = "`Image`: axis 3 is 8, but the batch has 7 [D0804]\n\n         \
                    = note: `Image` : [batch, 1, 8, 8] is [6, 1, 8, 7]\n         \
                    = note: `batch` = 6";
    assert_eq!(text(batch.check()), expected);
}

#[test]
fn an_empty_batch_is_an_error() {
    let batch = DistillationBatch {
        image: random([0, 1, 8, 8]),
        label: labels(&[]),
    };
    let expected = "`Image` is empty: axis 0, drawn as `batch`, is 0 [D0803]\n\n         \
                    = note: `Image` : [batch, 1, 8, 8] is [0, 1, 8, 8]";
    assert_eq!(text(batch.check()), expected);
}

#[test]
fn a_method_checks_its_argument() {
    let model = distillation(&DistillationConfig::new());
    let expected = "`student` takes `Image`: axis 1 is 1, but is given 3 [D0804]\n\n         \
                    = note: `Image` : [batch, 1, 8, 8] is [6, 3, 8, 8]\n         \
                    = note: `batch` = 6";
    let image = random([6, 3, 8, 8]);
    assert_eq!(panic_text(|| drop(model.student(image))), expected);
}

#[test]
fn a_hyper_parameter_of_0_builds_nothing() {
    let config = DistillationConfig::new().with_hidden(0);
    let modules = || DistillationModules {
        teacher: Teacher::new(&device()),
    };
    let expected =
        "`hidden` is 0, but sizes `linear(hidden)` of `student`, and a size is at least 1 [D0203]";
    assert_eq!(text(config.try_init(modules(), &device())), expected);
    assert_eq!(
        panic_text(|| drop(config.init(modules(), &device()))),
        expected
    );
}

/// A module that ends in as many classes as it was made with.
#[derive(Module, Debug)]
struct Any {
    linear: Linear,
}

impl Any {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.linear.forward(x)
    }
}

diagram! {
    Sized(width: usize = 4, classes: usize) {
        dyn batch, many;

        data Code: [batch, width];
        data Far: [many, 2 * width];
        data Class: Int[many];
        Logits: [many, classes];
        data Target: [batch, classes];

        Far --far--> Logits;
        Code --near--> Target;

        far = Any;
        near = linear(width + 1) >> linear;
        watch right: far ~ Class by accuracy;
        near ~ Target weight 0.0;
        hard: far ~ Class by cross_entropy;
    }
}

fn sized(config: &SizedConfig, classes: usize) -> Sized {
    let linear = LinearConfig::new(2 * config.width, classes).init(&device());
    let far = Any { linear };
    config.init(SizedModules { far }, &device())
}

fn sized_batch(width: usize, far: usize) -> SizedBatch {
    SizedBatch {
        code: random([3, width]),
        far: random([2, far]),
        class: labels(&[0, 1]),
        target: random([3, 5]),
    }
}

#[test]
fn a_datum_may_have_a_size_that_the_configuration_gives() {
    let model = sized(&SizedConfig::new(5), 5);
    assert!(model.try_loss(sized_batch(4, 8)).is_ok());
    assert_eq!(
        sized_batch(3, 6).check(),
        Ok(()),
        "a batch alone knows no model"
    );
    let expected = "`Code`: axis 1 is `width` = 4, but the batch has 3 [D0804]\n\n         \
                    = note: `Code` : [batch, width] is [3, 3]\n         \
                    = note: `batch` = 3, `width` = 4";
    assert_eq!(text(model.try_loss(sized_batch(3, 6))), expected);
    let expected = "`Far`: axis 1 is `2 * width` = 8, but the batch has 9 [D0804]\n\n         \
                    = note: `Far` : [many, 2 * width] is [2, 9]\n         \
                    = note: `many` = 2, `width` = 4";
    assert_eq!(text(model.try_loss(sized_batch(4, 9))), expected);
    assert_eq!(
        text(sized_batch(4, 9).check()),
        expected,
        "the data disagree already"
    );
}

#[test]
fn a_module_that_returns_another_shape_is_named() {
    let model = sized(&SizedConfig::new(5), 6);
    let expected = "`far` ends in `Logits`: axis 1 is `classes` = 5, but its module gives 6 [D0802]\n\n         \
                    = note: `Logits` : [many, classes]\n         \
                    = note: `far`    : [2, 6]\n         \
                    = note: `many` = 2, `classes` = 5";
    assert_eq!(text(model.try_loss(sized_batch(4, 8))), expected);
    assert_eq!(panic_text(|| drop(model.far(random([2, 8])))), expected);
}

#[test]
fn errors_have_codes() {
    let batch = DistillationBatch {
        label: labels(&[1, 2]),
        ..distillation_batch()
    };
    let error = batch.check().unwrap_err();
    assert_eq!(
        error.code(),
        diagrammatic::diagram_core::Code::BatchDisagrees
    );
}

diagram! {
    /// One morphism of two arguments, and one whose argument has a dim twice.
    Pairs {
        dyn batch, side;

        data Left: [batch, 4];
        data Right: [batch, 4];
        data Grid: [side, side];
        Both: [batch, 8];
        Square: [side, side];

        Left * Right --join--> Both;
        Grid --turn--> Square;
        join = concat(1);
        turn = relu;

        watch size: turn ~ turn;
    }
}

#[test]
fn arguments_that_give_one_dim_two_values_are_named() {
    let model = PairsConfig::new().init(&device());
    assert_eq!(model.join(random([3, 4]), random([3, 4])).dims(), [3, 8]);
    assert_eq!(
        panic_text(|| drop(model.join(random([3, 4]), random([2, 4])))),
        "`batch` cannot be both 3 (of `Left`) and 2 (of `Right`) in the arguments of `join` [D0303]\n\n         \
         = note: `Left`  : [batch, 4] is [3, 4]\n         \
         = note: `Right` : [batch, 4] is [2, 4]"
    );
    assert_eq!(
        panic_text(|| drop(model.turn(random([3, 2])))),
        "`side` cannot be both 3 (axis 0 of `Grid`) and 2 (axis 1 of `Grid`) in the arguments of `turn` \
         [D0303]\n\n         \
         = note: `Grid` : [side, side] is [3, 2]\n         \
         = note: `Grid` : [side, side] is [3, 2]"
    );
}

//! Layers and data that do not fit what a model was built with are errors that name them.

use burn::nn::LinearConfig;
use burn::prelude::*;
use burn::tensor::DType;
use diagrammatic::diagram;

use crate::batch::text;
use crate::common::{device, random};

diagram! {
    pub(crate) Fitting(width: usize = 4) {
        dyn batch;
        data Image: [batch, 6];
        data Label: Int[batch];
        data Wanted: Scores;
        data Trust: [batch];
        Code: [batch, width];
        Scores: [batch, 3];

        Image --embed--> Code --name--> Scores;
        Code --slow--> Scores;
        embed = linear(8) >> relu >> linear;
        name = linear;
        slow = ema(name, decay = 0.9);

        fit: embed >> name ~ Wanted weight Trust;
        watch accuracy: embed >> slow ~ Label by accuracy;
    }
}

fn model() -> Fitting {
    FittingConfig::new().init(&device())
}

fn batch() -> FittingBatch {
    FittingBatch {
        image: random([5, 6]),
        label: Tensor::zeros([5], &device()),
        wanted: random([5, 3]),
        trust: Tensor::ones([5], &device()),
    }
}

#[test]
fn an_assigned_layer_of_another_width_is_named() {
    let mut model = model();
    model.embed.linear_2 = LinearConfig::new(8, 5).init(&device());
    let expected = "`linear_2.weight` of `embed` is [8, 5], but was built as [8, 4] [D0812]\n\n         \
                    = help: `init_embed` of the model's configuration builds a module that fits";
    assert_eq!(text(model.try_loss(batch())), expected);
    assert_eq!(text(model.try_evaluate(batch())), expected);
    assert_eq!(text(model.try_gradients(batch())), expected);
    model.embed = model.config().init_embed(&device());
    assert!(model.try_loss(batch()).is_ok());

    model.slow.linear_1 = LinearConfig::new(3, 3).init(&device());
    let said = text(model.try_evaluate(batch()));
    assert!(
        said.starts_with("`linear_1.weight` of `slow` is [3, 3], but was built as [4, 3] [D0812]"),
        "{said}"
    );
}

#[test]
fn layers_that_fit_may_be_assigned_loaded_and_adapted() {
    let mut model = model();
    model.embed.linear_1 = LinearConfig::new(6, 8).init(&device());
    assert!(model.try_loss(batch()).is_ok());
    model.name.linear_1 = LinearConfig::new(4, 3).with_bias(false).init(&device());
    assert!(model.try_loss(batch()).is_ok());
    let other = self::model().load_record(self::model().into_record());
    assert!(other.try_loss(batch()).is_ok());
    let adapted = self::model().apply_lora(burn::module::Lora::new(2, 4.0));
    assert!(adapted.try_loss(batch()).is_ok());
    let mut adapted = adapted;
    adapted.embed.linear_2 = LinearConfig::new(8, 5).init(&device());
    let said = text(adapted.try_loss(batch()));
    assert!(
        said.starts_with("`linear_2.weight` of `embed` is [8, 5]"),
        "{said}"
    );
}

#[test]
fn a_model_prints_its_configuration() {
    let model = model();
    let expected = format!("config: {:?}", model.config());
    assert!(model.to_string().contains(&expected), "{model}");
}

#[test]
fn data_of_another_type_of_number_are_named() {
    let model = model();
    let double = |tensor: Tensor<2>| tensor.cast(DType::F64);
    let batches = [
        (
            "Image",
            "embed",
            FittingBatch {
                image: double(batch().image),
                ..batch()
            },
        ),
        (
            "Wanted",
            "name",
            FittingBatch {
                wanted: double(batch().wanted),
                ..batch()
            },
        ),
        (
            "Trust",
            "name",
            FittingBatch {
                trust: batch().trust.cast(DType::F64),
                ..batch()
            },
        ),
    ];
    for (datum, morphism, batch) in batches {
        let expected = format!(
            "`{datum}` is F64, but the parameters of `{morphism}` are F32 [D0813]\n\n         \
             = help: `.cast(burn::tensor::DType::F32)` gives the tensor that type"
        );
        // Before and after the parameters are there.
        assert_eq!(text(model.try_loss(batch.clone())), expected);
        assert_eq!(text(model.valid().try_loss(batch)), expected);
    }
}

#[test]
fn data_that_are_not_finite_are_named_with_their_place() {
    for (value, shown) in [
        (f32::NAN, "NaN"),
        (f32::INFINITY, "inf"),
        (f32::NEG_INFINITY, "-inf"),
    ] {
        let image = batch().image.slice_fill([3..4, 2..3], value);
        let bad = FittingBatch { image, ..batch() };
        let expected = format!("`Image` holds {shown} at [3, 2] [D0814]");
        assert_eq!(text(bad.check()), expected);
        assert_eq!(text(diagrammatic::train::Batch::check(&bad)), expected);
    }
    assert_eq!(batch().check(), Ok(()));
}

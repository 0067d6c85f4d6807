//! Constants as dims: rustc knows their values, and so does the run time.

use burn::config::Config;
use diagrammatic::prelude::*;
use diagrammatic::{Diagram, DiagramError};

use crate::common::device;

const CLASSES: usize = 5;

mod sizes {
    pub(super) const SIDE: usize = 8;
    pub(super) const DEPTH: usize = 3;
}

diagram! {
    /// Halves an image, and reads it as `CLASSES` numbers.
    pub Classifier(hidden: usize = 6) {
        dyn batch;
        where sizes::SIDE % 2 == 0;

        data Image: [batch, 1, sizes::SIDE, sizes::SIDE];
        data Label: Int[batch];
        Small: [batch, 4, sizes::SIDE / 2, crate::constants::sizes::SIDE / 2];
        Logits: [batch, CLASSES];

        Image --halve--> Small --read--> Logits;
        () --start--> Start;
        Start: [CLASSES, sizes::SIDE];
        start = frozen parameter;
        // The two paths to one constant are two names: that they are equal is asked of rustc.
        halve = conv2d(4, kernel = 2, stride = 2);
        read = reshape[batch, 4 * sizes::SIDE / 2, sizes::SIDE / 2] >> mean(2) >> linear(CLASSES)
            >> repeat(sizes::DEPTH, residual(linear)) >> tanh^sizes::DEPTH >> linear(hidden) >> linear;
        model = halve >> read;

        fit: model ~ Label by cross_entropy;
    }
}

fn batch(images: usize, side: usize) -> ClassifierBatch {
    ClassifierBatch {
        image: Tensor::ones([images, 1, side, side], &device()),
        label: Tensor::zeros([images], &device()),
    }
}

#[test]
fn constants_size_parameters_and_axes() {
    let model = ClassifierConfig::new().init(&device());
    assert_eq!(model.read.linear_1.weight.dims(), [16, CLASSES]);
    assert_eq!(model.read.repeat_1.len(), sizes::DEPTH);
    assert_eq!(model.start().dims(), [CLASSES, sizes::SIDE]);
    assert_eq!(model.read.linear_3.weight.dims(), [6, CLASSES]);
    let image = Tensor::ones([2, 1, sizes::SIDE, sizes::SIDE], &device());
    assert_eq!(model.model(image).dims(), [2, CLASSES]);
    assert!(model.try_loss(batch(3, sizes::SIDE)).is_ok());
}

#[test]
fn a_constant_is_no_field_of_the_configuration() {
    let text = burn::config::config_to_json(&ClassifierConfig::new());
    assert!(text.contains("hidden") && !text.contains("SIDE"), "{text}");
    let again = ClassifierConfig::load_binary(text.as_bytes()).expect("a configuration");
    assert_eq!(again.hidden, 6);
}

#[test]
fn a_batch_alone_knows_the_constants() {
    let error = batch(3, 9).check().expect_err("another size");
    assert!(matches!(error, DiagramError::WrongSize { .. }));
    assert_eq!(
        error.to_string().lines().next(),
        Some("`Image`: axis 2 is `sizes::SIDE` = 8, but the batch has 9 [D0804]")
    );
    assert!(batch(3, sizes::SIDE).check().is_ok());
}

#[test]
#[should_panic(expected = "`halve` takes `Image`: axis 2 is `sizes::SIDE` = 8, but is given 4")]
fn a_method_knows_the_constants() {
    let model = ClassifierConfig::new().init(&device());
    let _ = model.halve(Tensor::ones([2, 1, 4, 4], &device()));
}

#[test]
fn the_diagram_names_its_constants() {
    let diagram = Classifier::diagram();
    let names = [
        "sizes::SIDE",
        "crate::constants::sizes::SIDE",
        "CLASSES",
        "sizes::DEPTH",
    ];
    assert_eq!(diagram.constants, names);
    let text = diagram.to_string();
    assert!(text.contains("Logits  [batch, CLASSES]"), "{text}");
    let json = serde_json::to_string(diagram).expect("JSON");
    let again: Diagram = serde_json::from_str(&json).expect("a diagram");
    assert_eq!(&again, diagram);
}

#[test]
fn a_constant_may_be_local() {
    const WIDTH: usize = 2 * CLASSES;
    diagram! {
        Local {
            dyn batch;
            data Given, Wanted: Numbers;
            Numbers: [batch, WIDTH];
            Numbers --f--> Numbers;
            f = linear(WIDTH / 2) >> relu >> linear;
            fit: f(Given) ~ Wanted;
        }
    }
    let model = LocalConfig::new().init(&device());
    assert_eq!(model.f.linear_1.weight.dims(), [10, 5]);
    let given = Tensor::ones([3, WIDTH], &device());
    let wanted = given.clone();
    assert!(model.try_loss(LocalBatch { given, wanted }).is_ok());
}

mod anew {
    //! Constants as sizes of data and of what a method is told.

    use super::{Tensor, device, diagram};

    const WAYS: usize = 3;
    const SHOTS: usize = 4;

    diagram! {
        pub Prototypes {
            dyn queries;
            Image: [queries, 8];
            Code: [queries, 2];
            Scores: [queries, WAYS];
            data Query: Image;
            data Class: Int[queries];
            data Support: Image[queries = WAYS * SHOTS];
            data Known: Int[12];
            Image --embed--> Code --score--> Scores;
            embed = linear;
            score = linear(12) >> linear;
            fit: score(embed(Query)) ~ Class by cross_entropy;
            // 12 samples against `WAYS * SHOTS`, which rustc compares.
            support: score(embed(Support)) ~ Known by cross_entropy;
        }
    }

    #[test]
    fn an_object_may_be_at_the_size_of_a_constant() {
        let model = PrototypesConfig::new().init(&device());
        let batch = |support: usize| PrototypesBatch {
            query: Tensor::ones([5, 8], &device()),
            class: Tensor::zeros([5], &device()),
            support: Tensor::ones([support, 8], &device()),
            known: Tensor::zeros([12], &device()),
        };
        assert!(model.try_loss(batch(12)).is_ok());
        let error = batch(10).check().expect_err("another number");
        assert_eq!(
            error.to_string().lines().next(),
            Some("`Support`: axis 0 is `WAYS * SHOTS` = 12, but the batch has 10 [D0804]")
        );
        assert_eq!(Prototypes::diagram().facts.asserted().len(), 1);
    }
}

//! Weights, hyper-parameters and the configuration.

use burn::config::Config;

use crate::common::{
    Distillation, DistillationConfig, compare, device, distillation, distillation_batch,
    gradients_of, scalar,
};
use crate::common::{DistillationModules, Teacher};

fn close(one: f32, other: f32) {
    assert!(
        (one - other).abs() <= 1e-6 * other.abs().max(1.0),
        "{one} is not {other}"
    );
}

#[test]
fn weights_are_read_at_every_call() {
    let mut model = distillation(&DistillationConfig::new());
    let batch = distillation_batch();
    let loss = model.loss(batch.clone());
    let (soft, hard) = (scalar(&loss.soft), scalar(&loss.hard));
    close(scalar(&loss.total), 0.7 * soft + 0.3 * hard);

    model.weights.soft = 0.0;
    let loss = model.loss(batch.clone());
    close(scalar(&loss.soft), soft);
    close(scalar(&loss.total), 0.3 * hard);

    model.weights.hard = 1.0;
    let loss = model.loss(batch.clone());
    assert_eq!(
        loss.total.to_data(),
        loss.hard.to_data(),
        "a weight of 1 is none"
    );
    let gradients = gradients_of(&model, &loss.total.backward());
    let alone = gradients_of(&model, &model.loss(batch.clone()).hard.backward());
    compare(&gradients, &alone).expect("a cell that is off adds no gradient");

    model.weights.hard = 0.0;
    let loss = model.loss(batch);
    assert!(scalar(&loss.total).abs() <= 0.0);
    // A step of a loop by hand goes on as that of the learner does: nothing is trained.
    assert!(gradients_of(&model, &loss.total.backward()).is_empty());
}

#[test]
fn hyper_parameters_are_read_at_every_call() {
    let mut model = distillation(&DistillationConfig::new());
    let mut batch = distillation_batch();
    // Far from where every temperature gives the same.
    batch.image = batch.image * 5.0;
    let soft = |model: &Distillation| scalar(&model.loss(batch.clone()).soft);
    let at_4 = soft(&model);
    model.hyper.temperature = 1.0;
    let at_1 = soft(&model);
    assert!((at_4 - at_1).abs() > 1e-3, "{at_4} and {at_1}");
    model.hyper.temperature = 4.0;
    close(soft(&model), at_4);

    let teacher = Teacher::new(&device());
    let config = DistillationConfig::new().with_temperature(1.0);
    let mut other = config.init(DistillationModules { teacher }, &device());
    other.teacher = model.teacher.clone();
    other.student = model.student.clone();
    close(soft(&other), at_1);
}

#[test]
fn the_configuration_has_defaults_and_setters() {
    let config = DistillationConfig::new();
    assert_eq!(config.hidden, 32);
    let floats = [config.temperature, config.weights.soft, config.weights.hard];
    assert_eq!(format!("{floats:?}"), "[4.0, 0.7, 0.3]");
    assert_eq!(
        format!("{config:?}"),
        format!("{:?}", DistillationConfig::default())
    );

    let mut weights = config.weights.clone().with_soft(0.1);
    weights.hard = 0.9;
    let config = config
        .with_hidden(5)
        .with_temperature(2.0)
        .with_weights(weights);
    let model = distillation(&config);
    assert_eq!(model.student.linear_1.weight.dims(), [64, 5]);
    assert_eq!(format!("{:?}", model.config()), format!("{config:?}"));
}

#[test]
fn config_gives_the_present_values_back() {
    let mut model = distillation(&DistillationConfig::new().with_hidden(3));
    model.hyper.temperature = 2.5;
    model.weights.soft = 0.25;
    let config = model.config();
    assert_eq!(config.hidden, 3);
    let floats = [config.temperature, config.weights.soft, config.weights.hard];
    assert_eq!(format!("{floats:?}"), "[2.5, 0.25, 0.3]");
}

/// Without the check the total would be as wrong as the weight, or not a number, and nothing would say
/// which cell it was.
#[test]
fn a_weight_that_is_none_is_named() {
    let batch = distillation_batch();
    for (weight, text) in [(-0.5, "-0.5"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let mut model = distillation(&DistillationConfig::new());
        model.weights.hard = weight;
        let error = model.try_loss(batch.clone()).map(|_| ()).unwrap_err();
        let expected = format!(
            "the weight of `hard` is {text}, and a weight is a finite number of at least 0 [D0404]"
        );
        assert_eq!(error.to_string(), expected);
        assert!(
            model.try_evaluate(batch.clone()).is_ok(),
            "a watch has no weight"
        );
    }
}

#[test]
fn the_present_configuration_survives_json() {
    let mut model = distillation(&DistillationConfig::new().with_hidden(3));
    model.hyper.temperature = 2.5;
    model.weights.soft = 0.25;
    let text = model.config().to_string();
    let read = DistillationConfig::load_binary(text.as_bytes()).expect("what it wrote");
    assert_eq!(format!("{read:?}"), format!("{:?}", model.config()));
    let rebuilt = distillation(&read);
    assert_eq!(rebuilt.student.linear_1.weight.dims(), [64, 3]);
    let floats = [rebuilt.hyper.temperature, rebuilt.weights.soft];
    assert_eq!(format!("{floats:?}"), "[2.5, 0.25]");
}

#[test]
fn the_configuration_is_saved_and_loaded() {
    let mut config = DistillationConfig::new().with_hidden(9);
    config.weights.hard = 0.125;
    let path =
        std::env::temp_dir().join(format!("diagrammatic-config-{}.json", std::process::id()));
    config
        .save(&path)
        .expect("a file in the temporary directory");
    let loaded = DistillationConfig::load(&path);
    std::fs::remove_file(&path).expect("the file was saved");
    assert_eq!(
        format!("{:?}", loaded.expect("it loads")),
        format!("{config:?}")
    );
    let expected = "{\n  \"hidden\": 9,\n  \"temperature\": 4.0,\n  \"weights\": {\n    \"soft\": 0.7,\n    \"hard\": 0.125\n  }\n}";
    assert_eq!(config.to_string(), expected);
}

//! A configuration is saved with finite numbers only.

use std::io::ErrorKind;
use std::path::PathBuf;

use burn::config::Config;
use burn::prelude::*;
use diagrammatic::diagram;

diagram! {
    Numbers(width: usize = 2, temperature: f64 = 4.0, strict: bool = true) {
        dyn batch;
        data Image: [batch, 4];
        data Target: [batch, 2];
        Image --online--> Target;
        Image --target--> Target;
        online = linear(width) >> relu >> linear;
        target = ema(online, decay = 0.9);
        fit: online ~ Target weight 0.5;
        steady: online ~ target by kl(temperature);
    }
}

/// A file of this test alone, removed with it.
struct File(PathBuf);

impl File {
    fn new(test: &str) -> Self {
        let name = format!("diagrammatic-saving-{test}-{}.json", std::process::id());
        File(std::env::temp_dir().join(name))
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).expect("a file")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn every_number_that_is_not_finite_is_refused_by_its_name() {
    let file = File::new("refused");
    NumbersConfig::new().save(&file.0).expect("it is saved");
    let before = file.text();
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for field in [
            "temperature",
            "weights.fit",
            "weights.steady",
            "decays.target",
        ] {
            let mut config = NumbersConfig::new();
            let number = match field {
                "temperature" => &mut config.temperature,
                "weights.fit" => &mut config.weights.fit,
                "weights.steady" => &mut config.weights.steady,
                _ => &mut config.decays.target,
            };
            *number = value;
            let error = config.save(&file.0).expect_err("it is refused");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let expected = format!(
                "`{field}` is {value}, and a configuration is saved with finite numbers only [D0811]"
            );
            assert_eq!(error.to_string(), expected);
            assert_eq!(file.text(), before, "the file is as it was");
        }
    }
}

/// As a schedule leaves it in a model.
#[test]
fn the_numbers_of_a_model_are_refused() {
    let file = File::new("model");
    let mut model = NumbersConfig::new().init(&Device::default());
    model.weights.fit = f64::NAN;
    let error = model.config().save(&file.0).expect_err("it is refused");
    assert!(
        error.to_string().starts_with("`weights.fit` is NaN"),
        "{error}"
    );
    assert!(!file.0.exists());

    model.weights.fit = 0.25;
    model.config().save(&file.0).expect("it is saved");
    let loaded = NumbersConfig::load(&file.0).expect("it is loaded");
    assert!((loaded.weights.fit - 0.25).abs() < f64::EPSILON);
}

#[test]
fn weights_and_decays_alone_are_refused_too() {
    let file = File::new("parts");
    let mut weights = NumbersWeights::new();
    weights.fit = f64::INFINITY;
    let error = weights.save(&file.0).expect_err("it is refused");
    assert!(error.to_string().starts_with("`fit` is inf,"), "{error}");
    let mut decays = NumbersDecays::new();
    decays.target = f64::NAN;
    assert!(decays.save(&file.0).is_err());
    assert!(!file.0.exists());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_of_the_system() {
    let nowhere = std::env::temp_dir().join("diagrammatic-no-such-directory/config.json");
    let error = NumbersConfig::new()
        .save(nowhere)
        .expect_err("no directory");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

//! Saving and reading a configuration.

use std::io;
use std::path::Path;

use burn::config::{Config, config_to_json};

use crate::error::DiagramError;

mod fields;

pub use fields::{One, read_fields, write_fields};

/// Saves a configuration. `numbers` are its numbers, by field.
///
/// # Errors
///
/// The first value that is infinite or not a number, before anything is written. Otherwise the errors of writing
/// the file.
pub fn save_config<C: Config>(config: &C, numbers: &[(&str, f64)], file: &Path) -> io::Result<()> {
    if let Some((field, value)) = numbers.iter().find(|(_, value)| !value.is_finite()) {
        let error = DiagramError::NotSavable {
            field: (*field).to_owned(),
            value: value.to_string(),
        };
        return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
    }
    std::fs::write(file, config_to_json(config))
}

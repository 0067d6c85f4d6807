//! Rules about the numbers of a diagram: weights, factors of gradients, and learned scalars.

use crate::diagram::HyperType;
use crate::fault::{Code, Fault};
use crate::scalar::Number;

/// A watched cell has no weight.
// error: a watch has no weight: it is not trained [D0404]
#[must_use]
pub fn weight_of_a_watch() -> Fault {
    Fault::new(Code::BadWeight, "a watch has no weight: it is not trained")
}

/// A weight is at least 0. `text` is the number as written.
// error: a weight cannot be negative, but is -0.5 [D0404]
#[must_use]
pub fn negative_weight(text: &str) -> Fault {
    let message = format!("a weight cannot be negative, but is {text}");
    Fault::new(Code::BadWeight, message).help("a weight of 0 turns the cell off")
}

/// A weight that a hyper-parameter gives is a number.
// error: `hidden` cannot be a weight: it is of type `usize`, and a weight is of type `f64` [D0404]
#[must_use]
pub fn weight_of_type(name: &str, ty: &HyperType) -> Fault {
    let message =
        format!("`{name}` cannot be a weight: it is of type `{ty}`, and a weight is of type `f64`");
    Fault::new(Code::BadWeight, message)
}

/// A hyper-parameter that multiplies gradients is a number. `word` is `scale` or `reverse`.
// error: `scale` takes a number, like `0.5`, but is given `hidden` of type `usize` [D0311]
#[must_use]
pub fn multiple_of_type(word: &str, name: &str, ty: &HyperType) -> Fault {
    let message =
        format!("`{word}` takes a number, like `0.5`, but is given `{name}` of type `{ty}`");
    Fault::new(Code::ArgumentType, message).help(format!("declare it as `{name}: f64`"))
}

/// The first value of a learned scalar is positive. `text` is the number as written.
// error: what is learned starts at a number greater than 0, not at `0` [D0312]
#[must_use]
pub fn learned_start(text: &str) -> Fault {
    let message = format!("what is learned starts at a number greater than 0, not at `{text}`");
    Fault::new(Code::ArgumentRange, message)
}

/// The number from which a scalar is learned is positive.
///
/// # Errors
///
/// It is not.
pub fn learnable_from(start: Number) -> Result<(), Fault> {
    if start.get() > 0.0 {
        Ok(())
    } else {
        Err(learned_start(&start.to_string()))
    }
}

/// Nothing is learned in a watched cell.
// error: `temperature` of a watch cannot be learned: a watch is not trained [D0311]
#[must_use]
pub fn learned_in_a_watch(argument: &str) -> Fault {
    let message = format!("`{argument}` of a watch cannot be learned: a watch is not trained");
    Fault::new(Code::ArgumentType, message)
}

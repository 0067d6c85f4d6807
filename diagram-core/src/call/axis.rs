//! Axes of shapes, as arguments name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dim::Dim;
use crate::fault::{Code, Fault, nearest};
use crate::shape::Shape;

/// An axis, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// Its number, from 0; negative numbers are no axes.
    Number(i64),
    /// The dim that stands alone on it.
    Dim(String),
}

impl fmt::Display for Axis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Axis::Number(number) => number.fmt(out),
            Axis::Dim(name) => out.write_str(name),
        }
    }
}

impl Axis {
    /// The axis of a shape with this number of axes, if it has one.
    pub(super) fn of(&self, shape: &Shape, layer: &str, count: usize) -> Result<usize, Fault> {
        match self {
            Axis::Number(number) => {
                let axis = usize::try_from(*number).ok();
                // error: `softmax` has no axis 2 in [batch, 10]: its axes are 0 to 1 [D0314]
                axis.filter(|axis| *axis < count).ok_or_else(|| {
                    let last = count.saturating_sub(1);
                    let message = format!(
                        "`{layer}` has no axis {number} in {shape}: its axes are 0 to {last}"
                    );
                    // Counted from the end, as Burn allows.
                    let back = usize::try_from(number.unsigned_abs()).ok();
                    let back = back.filter(|_| *number < 0);
                    let help = back.and_then(|back| count.checked_sub(back));
                    Fault::new(Code::AxisRange, message)
                        .maybe_help(help.map(|axis| format!("`{layer}({axis})`")))
                })
            }
            Axis::Dim(name) => {
                let is_it = |dim: &Dim| matches!(dim, Dim::Symbol(symbol) if symbol == name);
                let mut found = shape.dims.iter().enumerate().filter(|(_, dim)| is_it(dim));
                match (found.next(), found.next()) {
                    (Some((axis, _)), None) => Ok(axis),
                    // error: `softmax` has several axes `seq` in [batch, seq, seq] [D0314]
                    (Some((axis, _)), Some(_)) => {
                        let message = format!("`{layer}` has several axes `{name}` in {shape}");
                        let help = format!("give its number: `{layer}({axis})`");
                        Err(Fault::new(Code::AxisRange, message).help(help))
                    }
                    // error: `softmax` has no axis `sqe` in [batch, seq] [D0314]
                    (None, _) => {
                        let message = format!("`{layer}` has no axis `{name}` in {shape}");
                        let symbols = shape.dims.iter().filter_map(|dim| match dim {
                            Dim::Symbol(symbol) => Some(symbol.as_str()),
                            _ => None,
                        });
                        let help = nearest(name, symbols);
                        Err(Fault::new(Code::AxisRange, message)
                            .maybe_help(help.map(|near| format!("did you mean `{near}`?"))))
                    }
                }
            }
        }
    }
}

//! The items that generated code names. No other code may name them: no part of this module is a stable interface.

pub use burn;
pub use burn::tensor::{Bool, Device, Int, Tensor};
pub use diagram_core;
pub use diagram_macros::resume;

pub use crate::__items as items;
pub use crate::adapters::Adapters;
pub use crate::average::{Moved, check_decays};
pub use crate::built::Built;
pub use crate::config::{One, read_fields, save_config, write_fields};
pub use crate::constant::{Class, Piece, assert};
pub use crate::diagram::WrittenDiagram;
pub use crate::entries::{check_data, check_entries, entries, entries_at_hand};
pub use crate::error::DiagramError;
pub use crate::field::FieldModule;
pub use crate::gradient::scale_gradient;
pub use crate::learned::Learned;
pub use crate::loss;
pub use crate::map::Map;
pub use crate::message::Message;
pub use crate::module::{Owners, Parameters, lift};
pub use crate::passes::Passes;
pub use crate::recording::{Recording, evaluating, recorded_if};
pub use crate::shape::{
    Bindings, check_arguments, check_batch, check_hypers, check_output, rebind,
};
pub use crate::signature::{Drawn, Stated, agree};
pub use crate::train::{Batch, StepOutput, train_step, training};
pub use crate::values::{check_finite, check_losses, check_ranges};

use crate::loss::Scalar as _;

/// No item. `diagram!` starts with it, so that in the place of an expression the error of rustc is about `diagram!`,
/// and not about the items that follow.
#[macro_export]
#[doc(hidden)]
macro_rules! __a_diagram_is_items {
    () => {};
}
pub use __a_diagram_is_items as a_diagram_is_items;

/// The names that generated code imports by a glob. Burn's derives name `burn`. A glob of this one name can
/// stand in one module several times, whereas a plain import could not.
pub mod names {
    pub use burn;
}

/// The result of a generated function that is not public.
pub type Checked<T> = Result<T, DiagramError>;

/// The value, or the panic that the short form of a fallible function documents.
///
/// # Panics
///
/// If there is an error, with its text.
#[track_caller]
pub fn or_panic<T>(result: Result<T, DiagramError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// The body of functions of a diagram with faults. It is never run, because the compile error stands beside it.
///
/// # Panics
///
/// Always.
pub fn not_expanded() -> ! {
    unreachable!("a diagram with a fault does not compile")
}

/// The sum of the values of the cells, each times its weight. A weight of 1 costs nothing, and a weight of 0
/// leaves its cell out. If no cell is left, the total is 0, and its backward pass reaches nothing.
#[must_use]
pub fn weighted_total(cells: &[(&Tensor<1>, f64)]) -> Tensor<1> {
    let weighted = cells
        .iter()
        .filter(|(_, weight)| *weight != 0.0)
        .map(|(value, weight)| weight.times((*value).clone()));
    let total = weighted.reduce(|total, value| total + value);
    total.unwrap_or_else(|| match cells.first() {
        Some((value, _)) if value.is_autodiff() => {
            Tensor::zeros([1], &value.device()).require_grad()
        }
        Some((value, _)) => Tensor::zeros([1], &value.device()),
        None => Tensor::zeros([1], &Device::default()),
    })
}

/// Checks the weights of cells, by cell.
///
/// # Errors
///
/// The first weight that is negative, infinite or not a number.
pub fn check_weights(cells: &[(&str, f64)]) -> Result<(), DiagramError> {
    match cells
        .iter()
        .find(|(_, weight)| !(0.0..f64::INFINITY).contains(weight))
    {
        None => Ok(()),
        Some((cell, weight)) => Err(DiagramError::BadWeight {
            cell: (*cell).to_owned(),
            weight: weight.to_string(),
        }),
    }
}

/// The values of a function of the user. Its first end has these sizes, and its mask or weight has this rank.
///
/// # Errors
///
/// The axes of the values are not leading axes of the end, or are fewer than those of the mask. Without a mask or
/// weight, the values may also be of shape `[1]`.
pub fn own_values<const V: usize>(
    function: &str,
    end: &[usize],
    rank: usize,
    values: Tensor<V>,
) -> Result<Tensor<V>, DiagramError> {
    let sizes = values.dims();
    let leading = sizes.iter().eq(end.iter().take(V)) && V >= rank;
    if leading || rank == 0 && sizes.iter().all(|size| *size == 1) {
        return Ok(values);
    }
    Err(DiagramError::WrongValues {
        function: function.to_owned(),
        sizes: sizes.to_vec(),
        end: end.to_vec(),
    })
}

/// The items, unchanged. Attributes above a call of this macro apply to all of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __items {
    ($($items:tt)*) => { $($items)* };
}

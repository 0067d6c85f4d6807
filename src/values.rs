//! The checks of numbers that only run time can make: of arguments that hyper-parameters give, and of losses.

use burn::tensor::Tensor;
use diagram_core::dim::NoValue;
use diagram_core::{Definition, Diagram, Limit, Limited, Step};

use crate::error::{DiagramError, Shaped};
use crate::shape::Bindings;

/// Checks the arguments of layers and losses that hyper-parameters give, before anything is built.
///
/// # Errors
///
/// The first argument that is out of its range.
pub fn check_ranges(
    diagram: &Diagram,
    sizes: &[(&'static str, usize)],
    floats: &[(&'static str, f64)],
) -> Result<(), DiagramError> {
    let sizes = Bindings::new(sizes, 0);
    for morphism in &diagram.morphisms {
        match &morphism.definition {
            Definition::Layers { steps, .. } => Step::try_each(steps, &mut |step| {
                check_limits(step.limits(), &sizes, floats, || {
                    (morphism.name.clone(), step.to_string())
                })
            })?,
            Definition::Parameter {
                initializer,
                limits,
            } => check_limits(limits, &sizes, floats, || {
                let initializer = initializer.as_ref();
                let drawn = initializer.map(|drawn| format!("parameter(initializer = {drawn})"));
                (
                    morphism.name.clone(),
                    drawn.unwrap_or_else(|| "parameter".to_owned()),
                )
            })?,
            Definition::Module { .. }
            | Definition::Method { .. }
            | Definition::Function(_)
            | Definition::Composite { .. } => {}
        }
    }
    check_cells(diagram, &sizes, floats)
}

/// Checks the arguments of losses that hyper-parameters give. These may change while training.
///
/// # Errors
///
/// The first argument that is out of its range.
pub fn check_losses(diagram: &Diagram, floats: &[(&'static str, f64)]) -> Result<(), DiagramError> {
    check_cells(diagram, &Bindings::new(&[], 0), floats)
}

fn check_cells(
    diagram: &Diagram,
    sizes: &Bindings<'_>,
    floats: &[(&'static str, f64)],
) -> Result<(), DiagramError> {
    diagram.cells.iter().try_for_each(|cell| {
        check_limits(&cell.limits, sizes, floats, || {
            (cell.label(), cell.loss.to_string())
        })
    })
}

/// `site` names the morphism or cell, and the layer or loss.
fn check_limits(
    limits: &[Limit],
    sizes: &Bindings<'_>,
    floats: &[(&str, f64)],
    site: impl Fn() -> (String, String),
) -> Result<(), DiagramError> {
    for limit in limits {
        let value = match &limit.given {
            Limited::Float(name) => match floats.iter().find(|(known, _)| known == name) {
                Some((_, value)) if !limit.range.holds(*value) => Some(value.to_string()),
                _ => continue,
            },
            Limited::Size(dim) => match sizes.evaluate(dim) {
                Ok(value) if !limit.range.holds_whole(value) => Some(value.to_string()),
                Ok(_) | Err(NoValue::Unbound(_)) => continue,
                Err(NoValue::Overflow) => {
                    let (morphism, layer) = site();
                    let what = format!("`{}`", limit.argument);
                    return Err(sizes.too_large(Shaped::Layer { morphism, layer }, what, dim));
                }
                Err(NoValue::DivisionByZero) => None,
            },
        };
        let (of, part) = site();
        return Err(DiagramError::OutOfRange {
            of,
            part,
            limit: Box::new(limit.clone()),
            value,
        });
    }
    Ok(())
}

/// Checks that the total of a loss is a finite number. The total is read back, and the cells only if it is not
/// finite.
///
/// # Errors
///
/// The first cell that is infinite or not a number.
pub fn check_finite<'a>(
    total: &Tensor<1>,
    cells: impl Iterator<Item = (&'static str, &'a Tensor<1>)>,
) -> Result<(), DiagramError> {
    let value = |tensor: &Tensor<1>| tensor.clone().try_into_scalar::<f64>().ok();
    let Some(total) = value(total).filter(|total| !total.is_finite()) else {
        return Ok(());
    };
    let cells = cells.filter_map(|(name, tensor)| Some((name.to_owned(), value(tensor)?)));
    let cells: Vec<(String, f64)> = cells.collect();
    let first = cells.iter().position(|(_, value)| !value.is_finite());
    let shown = |(name, value): (String, f64)| (name, value.to_string());
    Err(DiagramError::NotFinite {
        total: total.to_string(),
        cells: cells.into_iter().map(shown).collect(),
        first,
        checkpoint: None,
    })
}

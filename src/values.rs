//! The checks of values that only run time can make: of arguments that hyper-parameters give, and of the entries
//! of data.

use burn::tensor::{Device, Int, Tensor, TensorData};
use diagram_core::dim::NoValue;
use diagram_core::{Class, Definition, Diagram, IndexRange, Limit, Limited, Step};

use crate::error::{DiagramError, Shaped};
use crate::shape::{self, Bindings};

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

/// The entries of a tensor on any device. The call waits for a device that computes asynchronously.
#[must_use]
pub fn entries<const D: usize>(tensor: &Tensor<D, Int>) -> Option<TensorData> {
    tensor.try_to_data().ok()
}

/// The entries of a tensor if they are in the memory of this process, so that reading them waits for nothing.
#[must_use]
pub fn entries_at_hand<const D: usize>(tensor: &Tensor<D, Int>) -> Option<TensorData> {
    is_at_hand(&tensor.device()).then(|| entries(tensor))?
}

/// Devices are equal whether they record gradients or not.
fn is_at_hand(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    let at_hand = *device == Device::flex();
    #[cfg(not(feature = "flex"))]
    let at_hand = {
        let _ = device;
        false
    };
    at_hand
}

/// Checks that every entry of these data, by their positions, stands for something. A datum that gives no entries
/// is skipped. `constants` are the constants that are ignored as classes.
///
/// # Errors
///
/// The first entry that is too large or negative.
pub fn check_entries(
    diagram: &Diagram,
    sizes: &Bindings<'_>,
    constants: &[(&str, i64)],
    data: &[(usize, &dyn Fn() -> Option<TensorData>)],
) -> Result<(), DiagramError> {
    for (position, read) in data {
        let of_datum = diagram.index_ranges.iter();
        let of_datum = of_datum.filter(|range| range.datum.0 == *position);
        let known: Vec<_> = of_datum
            .filter_map(|range| Known::of(range, sizes, constants))
            .collect();
        if known.is_empty() {
            continue;
        }
        if let Some(data) = read() {
            check_datum(diagram, *position, &known, &data)?;
        }
    }
    Ok(())
}

/// Which numbers may stand in a datum.
struct Known<'a> {
    range: &'a IndexRange,
    count: i64,
    ignored: Vec<i64>,
}

impl<'a> Known<'a> {
    /// What is not known here is not asked.
    fn of(range: &'a IndexRange, sizes: &Bindings<'_>, constants: &[(&str, i64)]) -> Option<Self> {
        let count = sizes.evaluate(&range.count).ok()?;
        let ignored = range.ignored.iter().map(|class| match class {
            Class::Number(number) => Some(*number),
            Class::Constant(path) => {
                let mut constants = constants.iter();
                constants.find_map(|(name, value)| (*name == path.text).then_some(*value))
            }
        });
        Some(Known {
            range,
            count: i64::try_from(count).ok()?,
            ignored: ignored.collect::<Option<_>>()?,
        })
    }

    fn takes(&self, value: i64) -> bool {
        (0..self.count).contains(&value) || self.ignored.contains(&value)
    }
}

fn check_datum(
    diagram: &Diagram,
    position: usize,
    known: &[Known<'_>],
    data: &TensorData,
) -> Result<(), DiagramError> {
    // A value below the smallest number of classes or vectors needs no further check.
    let fewest = known.iter().map(|known| known.count).min().unwrap_or(0);
    let fits =
        |value: i64| (0..fewest).contains(&value) || known.iter().all(|known| known.takes(value));
    // Burn's usual types of integers, without a conversion.
    let all_fit = if let Ok(values) = data.as_slice::<i32>() {
        values.iter().all(|value| fits(i64::from(*value)))
    } else if let Ok(values) = data.as_slice::<i64>() {
        values.iter().all(|value| fits(*value))
    } else {
        data.iter::<i64>().all(fits)
    };
    if all_fit {
        return Ok(());
    }
    let Some((at, value)) = data
        .iter::<i64>()
        .enumerate()
        .find(|(_, value)| !fits(*value))
    else {
        return Ok(());
    };
    let refusing = known.iter().filter(|known| !known.takes(value));
    let Some(Known { range, count, .. }) = refusing.min_by_key(|known| known.count) else {
        return Ok(());
    };
    let sizes = data.shape().to_vec();
    let datum = &diagram.data[position];
    let shape = diagram.shape(&datum.space);
    let from_one = data
        .iter::<i64>()
        .all(|value| (1..=*count).contains(&value));
    Err(DiagramError::NoSuchEntry {
        datum: Box::new(shape::given(&datum.name, position, &shape, &sizes)),
        value,
        index: index(at, &sizes),
        of: diagram.indexed(range),
        extent: range.count.clone(),
        count: *count,
        from_one,
    })
}

/// The index of the element at this place in memory order.
fn index(mut place: usize, sizes: &[usize]) -> Vec<usize> {
    let mut index: Vec<_> = sizes
        .iter()
        .rev()
        .map(|size| {
            let size = (*size).max(1);
            let along = place % size;
            place /= size;
            along
        })
        .collect();
    index.reverse();
    index
}

/// Checks that the entries of a Float datum, by its position, are finite numbers. The call waits for the device.
///
/// # Errors
///
/// The first entry that is not finite.
pub fn check_data<const D: usize>(
    diagram: &Diagram,
    datum: usize,
    tensor: &Tensor<D>,
) -> Result<(), DiagramError> {
    // Only one number is read back if all are finite.
    let all = tensor.clone().is_finite().all().try_into_scalar::<bool>();
    if all.unwrap_or(true) {
        return Ok(());
    }
    let Ok(data) = tensor.try_to_data() else {
        return Ok(());
    };
    let mut entries = data.iter::<f64>().enumerate();
    match entries.find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((place, value)) => Err(DiagramError::DataNotFinite {
            datum: diagram.data[datum].name.clone(),
            value: value.to_string(),
            index: index(place, &tensor.dims()),
        }),
    }
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

//! The checks of the entries of data: classes, lengths, weights, and that numbers are finite.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use burn::tensor::kind::Basic;
use burn::tensor::{Device, Tensor, TensorData};
use diagram_core::{Blank, Cell, Class, DatumId, Diagram, IndexRange, Indexed};

use crate::error::{Allowed, DiagramError, Given};
use crate::shape::{self, Bindings};

/// The position of a datum, and a function that gives its entries. A datum whose function gives none is
/// skipped.
type Read<'a> = (usize, &'a dyn Fn() -> Option<TensorData>);

/// The entries of a tensor on any device. The call waits for a device that computes asynchronously.
#[must_use]
pub fn entries<const D: usize, K: Basic>(tensor: &Tensor<D, K>) -> Option<TensorData> {
    tensor.try_to_data().ok()
}

/// The entries of a tensor if they are in the memory of this process, so that reading them waits for nothing.
#[must_use]
pub fn entries_at_hand<const D: usize, K: Basic>(tensor: &Tensor<D, K>) -> Option<TensorData> {
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

/// Checks that every entry of these data stands for something, and that the entries of data that weigh cells
/// are weights. `constants` are the constants that are ignored as classes.
///
/// # Errors
///
/// The first entry that stands for nothing, and the first that is no weight.
pub fn check_entries(
    diagram: &Diagram,
    sizes: &Bindings<'_>,
    constants: &[(&str, i64)],
    data: &[Read<'_>],
) -> Result<(), DiagramError> {
    // A datum that several checks ask for is read from its device once.
    let mut entries: HashMap<DatumId, TensorData> = HashMap::new();
    for (position, read) in data {
        let datum = DatumId(*position);
        let of_datum = diagram.index_ranges.iter();
        let of_datum = of_datum.filter(|range| range.datum == datum);
        let known: Vec<_> = of_datum
            .filter_map(|range| Known::of(range, sizes, constants))
            .collect();
        let weighed = diagram.weighed_by(datum).next();
        if known.is_empty() && weighed.is_none() {
            continue;
        }
        let Some(values) = read() else {
            continue;
        };
        let checked = Entries {
            diagram,
            position: *position,
            values: &values,
        };
        checked.stand_for_something(&known)?;
        if let Some(cell) = weighed {
            checked.are_weights(&cell.label())?;
        }
        entries.insert(datum, values);
    }
    check_blanks(diagram, sizes, data, entries)
}

/// Checks that no target has a blank within its length, where the lengths are known to be ones.
fn check_blanks(
    diagram: &Diagram,
    sizes: &Bindings<'_>,
    data: &[Read<'_>],
    mut entries: HashMap<DatumId, TensorData>,
) -> Result<(), DiagramError> {
    for range in &diagram.index_ranges {
        let (Indexed::Classes(cell), Some(blank)) = (range.of, &range.blank) else {
            continue;
        };
        // A blank that only the model knows is not asked of a batch alone.
        let Ok(class) = sizes.evaluate(&blank.class) else {
            continue;
        };
        for id in [range.datum, blank.lengths] {
            if let Entry::Vacant(place) = entries.entry(id)
                && let Some((_, read)) = data.iter().find(|(position, _)| *position == id.0)
                && let Some(values) = read()
            {
                place.insert(values);
            }
        }
        let (Some(values), Some(lengths)) =
            (entries.get(&range.datum), entries.get(&blank.lengths))
        else {
            continue;
        };
        let targets = Entries {
            diagram,
            position: range.datum.0,
            values,
        };
        targets.have_no_blank(cell, (blank, class), lengths)?;
    }
    Ok(())
}

/// The numbers that may stand in a datum.
struct Known<'a> {
    range: &'a IndexRange,
    count: i64,
    first: i64,
    last: i64,
    ignored: Vec<i64>,
}

impl<'a> Known<'a> {
    /// The numbers for a range; `None` if its extent or an ignored constant is not known here.
    fn of(range: &'a IndexRange, sizes: &Bindings<'_>, constants: &[(&str, i64)]) -> Option<Self> {
        let count = i64::try_from(sizes.evaluate(&range.count).ok()?).ok()?;
        let ignored = range.ignored.iter().map(|class| match class {
            Class::Number(number) => Some(*number),
            Class::Constant(path) => {
                let mut constants = constants.iter();
                constants.find_map(|(name, value)| (*name == path.text).then_some(*value))
            }
        });
        let (first, last) = range.of.ends(count);
        Some(Known {
            range,
            count,
            first,
            last,
            ignored: ignored.collect::<Option<_>>()?,
        })
    }

    fn takes(&self, value: i64) -> bool {
        (self.first..=self.last).contains(&value) || self.ignored.contains(&value)
    }
}

/// The entries of a datum.
struct Entries<'a> {
    diagram: &'a Diagram,
    position: usize,
    values: &'a TensorData,
}

impl Entries<'_> {
    fn sizes(&self) -> Vec<usize> {
        self.values.shape().to_vec()
    }

    /// The datum, for a message.
    fn given(&self) -> Given {
        let datum = &self.diagram.data[self.position];
        let shape = self.diagram.shape(&datum.space);
        shape::given(&datum.name, self.position, &shape, &self.sizes())
    }

    /// Every entry is in all of these ranges.
    fn stand_for_something(&self, known: &[Known<'_>]) -> Result<(), DiagramError> {
        if known.is_empty() {
            return Ok(());
        }
        // A value in the smallest range needs no further check.
        let first = known.iter().map(|known| known.first).max().unwrap_or(0);
        let last = known.iter().map(|known| known.last).min().unwrap_or(-1);
        let fits = |value: i64| {
            (first..=last).contains(&value) || known.iter().all(|known| known.takes(value))
        };
        let data = self.values;
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
        let mut values = data.iter::<i64>().enumerate();
        let Some((at, value)) = values.find(|(_, value)| !fits(*value)) else {
            return Ok(());
        };
        let refusing = known.iter().filter(|known| !known.takes(value));
        let Some(refusing) = refusing.min_by_key(|known| known.count) else {
            return Ok(());
        };
        let Known {
            range,
            count,
            first,
            last,
            ..
        } = refusing;
        // Lengths are counted from 1 anyway.
        let shifted = 1..=*count;
        let from_one = *last < *count && data.iter::<i64>().all(|value| shifted.contains(&value));
        Err(DiagramError::NoSuchEntry {
            datum: Box::new(self.given()),
            value,
            index: index(at, &self.sizes()),
            allowed: Box::new(Allowed {
                of: self.diagram.indexed(range),
                extent: range.count.clone(),
                count: *count,
                first: *first,
                last: *last,
            }),
            from_one,
        })
    }

    /// Within its length, no sequence has the class that stands for nothing.
    fn have_no_blank(
        &self,
        cell: usize,
        (blank, class): (&Blank, i128),
        lengths: &TensorData,
    ) -> Result<(), DiagramError> {
        let (sizes, class) = (self.sizes(), i64::try_from(class).unwrap_or(i64::MAX));
        let lengths: Vec<i64> = lengths.iter::<i64>().collect();
        let mut values = self.values.iter::<i64>().enumerate();
        let found = values.find_map(|(at, value)| {
            if value != class {
                return None;
            }
            let index = index(at, &sizes);
            let [sample, place] = index.as_slice() else {
                return None;
            };
            let length = *lengths.get(*sample)?;
            let within = i64::try_from(*place).is_ok_and(|place| place < length);
            within.then_some((index, length))
        });
        let Some((index, length)) = found else {
            return Ok(());
        };
        let cell = self.diagram.cells.get(cell);
        Err(DiagramError::BlankEntry {
            datum: Box::new(self.given()),
            value: class,
            index,
            cell: cell.map(Cell::label).unwrap_or_default(),
            lengths: self.diagram.datum(blank.lengths).name.clone(),
            length,
        })
    }

    /// Every entry is a weight.
    fn are_weights(&self, cell: &str) -> Result<(), DiagramError> {
        let is_weight = |value: f64| value.is_finite() && value >= 0.0;
        let mut values = self.values.iter::<f64>().enumerate();
        match values.find(|(_, value)| !is_weight(*value)) {
            None => Ok(()),
            Some((at, value)) => Err(DiagramError::BadUnitWeight {
                datum: Box::new(self.given()),
                value: value.to_string(),
                index: index(at, &self.sizes()),
                cell: cell.to_owned(),
            }),
        }
    }
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

//! Where a loss stands: its ends, and the faults that these may have.

use diagram_core::dim::Facts;
use diagram_core::shape::Difference;
use diagram_core::{Code, Dim, Fault, Kind, Shape, Where, Wrong, check};

use super::typed::{Typed, Unit};

/// Where a loss stands.
pub struct Site<'a> {
    /// The cell's ends, prediction first.
    pub ends: &'a [End],
    /// What is stated of the dims.
    pub facts: &'a Facts,
    /// What the values of the loss are of, by its row.
    pub unit: Unit,
}

/// One end of a cell.
#[derive(Clone, Debug)]
pub struct End {
    /// The path, as written.
    pub text: String,
    /// The object it ends in.
    pub object: String,
    /// That object's shape.
    pub shape: Shape,
    /// Whether it is a datum, as it is declared.
    pub datum: bool,
}

/// What compares two paths is given two.
// error: `mse` compares two paths, `prediction ~ target`, but is given 1 [D0403]
#[must_use]
pub fn compares_two(loss: &str, given: usize) -> Fault {
    let message =
        format!("`{loss}` compares two paths, `prediction ~ target`, but is given {given}");
    Fault::new(Code::LossEnds, message)
}

impl<'a> Site<'a> {
    /// Prediction and target.
    pub(super) fn pair(&self, loss: &str) -> Result<(&'a End, &'a End), Wrong> {
        match self.ends {
            [prediction, target] => Ok((prediction, target)),
            ends => Err((Where::Whole, compares_two(loss, ends.len()))),
        }
    }

    /// A fault of the ends, which are shown one below the other.
    pub(super) fn ends_fault(&self, at: Where, code: Code, message: impl Into<String>) -> Wrong {
        let widest = |width: fn(&End) -> usize| self.ends.iter().map(width).max().unwrap_or(0);
        let text = widest(|end| end.text.chars().count());
        let object = widest(|end| end.object.chars().count());
        let fault = self
            .ends
            .iter()
            .fold(Fault::new(code, message), |fault, end| {
                let pad = |name: &str, width: usize| {
                    let missing = width.saturating_sub(name.chars().count());
                    format!("`{name}`{}", " ".repeat(missing))
                };
                fault.note(format!(
                    "{} : {} {}",
                    pad(&end.text, text),
                    pad(&end.object, object),
                    end.shape
                ))
            });
        (at, fault)
    }

    /// All ends are Float, of one shape.
    pub(super) fn alike(&self, loss: &str) -> Result<(), Wrong> {
        let takes = format!("`{loss}` takes {} Float ends of one shape", self.count());
        // error: `mse` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]
        for (position, end) in self.ends.iter().enumerate() {
            if end.shape.kind != Kind::Float {
                let message = format!("{takes}, but `{}` is {}", end.text, end.shape);
                return Err(self.ends_fault(Where::End(position), Code::LossEnds, message));
            }
        }
        self.of_one_shape(&takes)
    }

    /// All ends are of one shape, the last of them of any kind.
    pub(super) fn with_target(&self, loss: &str, kinds: &[Kind]) -> Result<(), Wrong> {
        let takes = format!("`{loss}` takes {} ends of one shape", self.count());
        let Some((target, others)) = self.ends.split_last() else {
            return Ok(());
        };
        for (position, end) in others.iter().enumerate() {
            if end.shape.kind != Kind::Float {
                // error: `hinge_embedding` takes two ends of one shape, but `Label` is Int[batch], not Float
                // [D0403]
                let message = format!("{takes}, but `{}` is {}, not Float", end.text, end.shape);
                return Err(self.ends_fault(Where::End(position), Code::LossEnds, message));
            }
        }
        if !kinds.contains(&target.shape.kind) {
            let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
            let (text, shape) = (&target.text, &target.shape);
            let message = format!(
                "{takes}, but `{text}` is {shape}, not {}",
                kinds.join(" or ")
            );
            return Err(self.ends_fault(Where::End(others.len()), Code::LossEnds, message));
        }
        self.of_one_shape(&takes)
    }

    fn count(&self) -> &'static str {
        match self.ends.len() {
            0 | 1 => "one",
            2 => "two",
            3 => "three",
            _ => "several",
        }
    }

    /// All ends have the dims of the first.
    fn of_one_shape(&self, takes: &str) -> Result<(), Wrong> {
        let Some((first, others)) = self.ends.split_first() else {
            return Ok(());
        };
        for other in others {
            self.two_of_one_shape(takes, first, other)?;
        }
        Ok(())
    }

    fn two_of_one_shape(&self, takes: &str, prediction: &End, target: &End) -> Result<(), Wrong> {
        // error: `mse` takes two Float ends of one shape, but axis 1 of `encoder` is 64 and of `Image` 784
        // [D0403]
        // error: `mse` takes two Float ends of one shape, but `encoder` has rank 2 and `Image` 4 [D0403]
        let left = &prediction.shape;
        let right = &Shape {
            kind: left.kind,
            dims: target.shape.dims.clone(),
        };
        let difference = left.difference(right, self.facts);
        let message = match &difference {
            None => return Ok(()),
            Some(Difference::Axis { axis, .. }) => {
                match (left.dims.get(*axis), right.dims.get(*axis)) {
                    (Some(ours), Some(theirs)) => format!(
                        "{takes}, but axis {axis} of `{}` is {} and of `{}` {}",
                        prediction.text,
                        ours.quoted(),
                        target.text,
                        theirs.quoted()
                    ),
                    _ => takes.to_owned(),
                }
            }
            Some(Difference::Rank | Difference::Kind) => format!(
                "{takes}, but `{}` has rank {} and `{}` {}",
                prediction.text,
                left.rank(),
                target.text,
                right.rank()
            ),
        };
        let (at, fault) = self.ends_fault(Where::Whole, Code::LossEnds, message);
        let fault = fault.maybe_help(self.equal_where(left, right));
        Err((at, left_to_rustc(fault, difference.as_ref())))
    }

    /// All ends are Float matrices of one shape, the batch first.
    pub(super) fn batches(&self, loss: &str) -> Result<(), Wrong> {
        self.alike(loss)?;
        let mut ends = self.ends.iter().enumerate();
        match ends.find(|(_, end)| end.shape.rank() != 2) {
            None => Ok(()),
            Some((position, end)) => {
                // error: `info_nce` takes vectors [batch, n], but `see` is [batch, 8, 8] [D0403]
                let message = format!(
                    "`{loss}` takes vectors [batch, n], but `{}` is {}",
                    end.text, end.shape
                );
                Err(self.ends_fault(Where::End(position), Code::LossEnds, message))
            }
        }
    }

    /// Whether two dims are known to be equal.
    pub(super) fn equal(&self, one: &Dim, other: &Dim) -> bool {
        let of = |dim: &Dim| Shape::float(vec![dim.clone()]);
        of(one).difference(&of(other), self.facts).is_none()
    }

    /// What to state for two shapes to be equal on the first axis on which they are not.
    pub(super) fn equal_where(&self, left: &Shape, right: &Shape) -> Option<String> {
        let Difference::Axis { axis, .. } = left.difference(right, self.facts)? else {
            return None;
        };
        check::equal_where(self.facts, left.dims.get(axis)?, right.dims.get(axis)?)
    }

    /// A loss whose units are those of its row, on the first end.
    pub(super) fn plain(&self) -> Typed {
        let unit = self.unit;
        let mut units = match self.ends.first() {
            Some(end) if unit != Unit::Batch => end.shape.dims.clone(),
            _ => Vec::new(),
        };
        if unit == Unit::Index {
            units.pop();
        }
        Typed {
            unit,
            units,
            classes: None,
            sequences: None,
        }
    }
}

/// A fault of two shapes, which rustc decides where they differ by constants.
#[must_use]
pub fn left_to_rustc(fault: Fault, difference: Option<&Difference>) -> Fault {
    match difference {
        Some(Difference::Axis { comparison, .. }) => fault.by(comparison),
        Some(Difference::Rank | Difference::Kind) | None => fault,
    }
}

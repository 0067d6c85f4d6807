//! The checks of sizes that only run time can make. They run at every step, so they format nothing until
//! something is wrong, and make no look-up that is longer than a short scan.

use std::borrow::Cow;

use diagram_core::dim::NoValue;
use diagram_core::{Definition, Diagram, Dim, Morphism, MorphismId, Path, Shape, Space, Step};

use crate::error::{DiagramError, Given, Shaped};

mod call;
mod hypers;
#[cfg(test)]
mod tests;

use call::Call;
use hypers::check_elements;
pub use hypers::check_hypers;

/// The values of dims in one call, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings<'a> {
    values: Vec<(&'a str, usize)>,
}

impl<'a> Bindings<'a> {
    /// The values of hyper-parameters and constants, with room for the dynamic dims.
    pub(crate) fn new(known: &[(&'a str, usize)], room: usize) -> Self {
        let mut values = Vec::with_capacity(known.len() + room);
        values.extend_from_slice(known);
        Bindings { values }
    }

    /// The value of a hyper-parameter, constant or dynamic dim, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<usize> {
        self.values
            .iter()
            .find(|(bound, _)| *bound == name)
            .map(|(_, value)| *value)
    }

    /// The value of a dim that the call binds; 0 for any other dim.
    #[must_use]
    pub fn size(&self, name: &str) -> usize {
        self.get(name).unwrap_or_default()
    }

    pub(crate) fn evaluate(&self, dim: &Dim) -> Result<i128, NoValue> {
        dim.size(&|name| self.known(name))
    }

    fn known(&self, name: &str) -> Option<u64> {
        self.get(name).and_then(|value| u64::try_from(value).ok())
    }

    /// Checks every stated fact whose symbols have a value here.
    fn keep(&self, diagram: &Diagram) -> Result<(), DiagramError> {
        for fact in diagram.facts.given() {
            match fact.holds(&|name| self.known(name)) {
                Ok(true) | Err(NoValue::Unbound(_)) => {}
                Ok(false) | Err(NoValue::DivisionByZero | NoValue::Overflow) => {
                    return Err(DiagramError::BrokenFact {
                        fact: fact.clone(),
                        values: self.of([&fact.left, &fact.right]),
                    });
                }
            }
        }
        Ok(())
    }

    /// The value of the only symbol of a dim that has no value yet, by the extent of the axis, if the dim is a linear
    /// function of that symbol. If the extent is not a value of that function, [`allow`](Self::allow) refuses the axis.
    fn solve_for<'d>(&self, dim: &'d Dim, size: usize) -> Option<(&'d str, usize)> {
        let Dim::Binary(..) = dim else { return None };
        let mut open = dim
            .symbols()
            .into_iter()
            .filter(|name| self.get(name).is_none());
        let (name, None) = (open.next()?, open.next()) else {
            return None;
        };
        let at = |value: u64| {
            let known = |symbol: &str| match symbol {
                _ if symbol == name => Some(value),
                _ => self.known(symbol),
            };
            dim.evaluate(&known).ok()
        };
        let (first, slope) = (at(1)?, at(2)?.checked_sub(at(1)?)?);
        let rise = i128::try_from(size).ok()?.checked_sub(first)?;
        let value = rise.checked_div(slope)?.checked_add(1)?.max(1);
        Some((name, usize::try_from(value).ok()?))
    }

    /// Whether an axis may have this extent; a dim without a value allows any.
    fn allow(&self, dim: &Dim, size: usize) -> bool {
        match dim {
            Dim::Symbol(name) => self.get(name).is_none_or(|value| value == size),
            Dim::Literal(_) | Dim::Binary(..) => match self.evaluate(dim) {
                Ok(value) => i128::try_from(size) == Ok(value),
                Err(NoValue::Unbound(_)) => true,
                Err(NoValue::DivisionByZero | NoValue::Overflow) => false,
            },
        }
    }

    /// The error that a number is too large. `what` names the number.
    pub(crate) fn too_large(&self, of: Shaped, what: String, dim: &Dim) -> DiagramError {
        DiagramError::TooLarge {
            of: Box::new(of),
            what,
            dim: dim.clone(),
            values: self.of([dim]),
        }
    }

    /// The values of the symbols in these dims, for a message.
    fn of<'d>(&self, dims: impl IntoIterator<Item = &'d Dim>) -> Vec<(String, usize)> {
        let mut found: Vec<(String, usize)> = Vec::new();
        for symbol in dims.into_iter().flat_map(Dim::symbols) {
            let known = found.iter().any(|(name, _)| name == symbol);
            if let (false, Some(value)) = (known, self.get(symbol)) {
                found.push((symbol.to_owned(), value));
            }
        }
        found
    }
}

/// Checks the data of a batch, one slice of sizes per datum, in order, and gives the dims their values.
///
/// `known` are hyper-parameters of type `usize` and constants. A batch alone knows no model, so some may be missing:
/// such a dim is bound by the first datum that has it alone on an axis, and dims that cannot be computed are not
/// checked.
///
/// # Errors
///
/// Data that disagree with each other or with the drawing, that are empty, that break a fact, or for which the result
/// of a layer would be empty.
pub fn check_batch<'a>(
    diagram: &'a Diagram,
    known: &[(&'static str, usize)],
    sizes: &[&[usize]],
) -> Result<Bindings<'a>, DiagramError> {
    let call = Call {
        diagram,
        morphism: None,
    };
    let bindings = call.bind(known, sizes)?;
    bindings.keep(diagram)?;
    check_layers(diagram, &bindings, |id| {
        let ends = diagram.cells.iter().flat_map(diagram_core::Cell::reads);
        applies(diagram, &ends.collect::<Vec<_>>(), &[], id)
    })?;
    Ok(bindings)
}

/// Checks the arguments of the method of the morphism with this index: the sizes that are passed, because the tensors
/// do not show them, and the sizes of the tensors, one slice per factor of the domain, in order.
///
/// # Errors
///
/// A passed size is 0; otherwise those of [`check_batch`].
pub fn check_arguments<'a>(
    diagram: &'a Diagram,
    morphism: usize,
    hypers: &[(&'static str, usize)],
    told: &[(&'static str, usize)],
    shown: &[&[usize]],
) -> Result<Bindings<'a>, DiagramError> {
    let id = MorphismId(morphism);
    let morphism = diagram.morphism(id);
    let call = Call {
        diagram,
        morphism: Some(morphism),
    };
    let bindings = if told.is_empty() {
        call.bind(hypers, shown)?
    } else {
        call.bind(&further(morphism, hypers, told)?, shown)?
    };
    bindings.keep(diagram)?;
    check_layers(diagram, &bindings, |applied| match &morphism.definition {
        Definition::Composite { paths, .. } => applies(diagram, paths, &morphism.domain, applied),
        Definition::Parameter { .. }
        | Definition::Layers { .. }
        | Definition::Module { .. }
        | Definition::Method { .. }
        | Definition::Function(_) => applied == id,
    })?;
    Ok(bindings)
}

/// Checks the tensors that the caller's module, of the morphism with this index, returned: one slice of sizes per
/// factor of the codomain.
///
/// # Errors
///
/// A shape that differs from the drawing.
pub fn check_output(
    diagram: &Diagram,
    morphism: usize,
    bindings: &Bindings<'_>,
    sizes: &[&[usize]],
) -> Result<(), DiagramError> {
    let morphism = diagram.morphism(MorphismId(morphism));
    for (position, (space, sizes)) in morphism.codomain.iter().zip(sizes).enumerate() {
        let shape = shape_of(diagram, space);
        let same_rank = shape.rank() == sizes.len();
        let mut pairs = shape.dims.iter().zip(*sizes);
        let axis = pairs.position(|(dim, size)| !bindings.allow(dim, *size));
        if same_rank && axis.is_none() {
            continue;
        }
        return Err(DiagramError::WrongOutput {
            morphism: morphism.name.clone(),
            given: Box::new(given(&diagram.space(space), position, &shape, sizes)),
            axis: axis.filter(|_| same_rank),
            values: bindings.of(&shape.dims),
        });
    }
    Ok(())
}

pub(crate) fn given(name: &str, position: usize, shape: &Shape, sizes: &[usize]) -> Given {
    let (name, shape, sizes) = (name.to_owned(), shape.clone(), sizes.to_vec());
    Given {
        name,
        position,
        shape,
        sizes,
    }
}

fn steps(morphism: &Morphism) -> &[Step] {
    match &morphism.definition {
        Definition::Layers { steps, .. } => steps,
        Definition::Parameter { .. }
        | Definition::Module { .. }
        | Definition::Method { .. }
        | Definition::Function(_)
        | Definition::Composite { .. } => &[],
    }
}

fn layer(morphism: &Morphism, step: &Step) -> Shaped {
    Shaped::Layer {
        morphism: morphism.name.clone(),
        layer: step.to_string(),
    }
}

/// Checks the sizes that layers compute from the sizes of a call. It looks up the morphisms that the call needs only
/// if something is wrong.
fn check_layers(
    diagram: &Diagram,
    bindings: &Bindings<'_>,
    needed: impl Fn(MorphismId) -> bool,
) -> Result<(), DiagramError> {
    for (index, morphism) in diagram.morphisms.iter().enumerate() {
        let checked = check_steps(bindings, morphism);
        if checked.is_err() && needed(MorphismId(index)) {
            return checked;
        }
    }
    Ok(())
}

/// Checks the sizes that the layers of one morphism compute from these sizes.
fn check_steps(bindings: &Bindings<'_>, morphism: &Morphism) -> Result<(), DiagramError> {
    Step::try_each(steps(morphism), &mut |step| {
        let mut outputs = step.output.0.iter();
        outputs.try_for_each(|shape| {
            let shaped = || layer(morphism, step);
            check_positive(bindings, shape, &shaped)?;
            let computed = shape.dims.iter().any(|dim| matches!(dim, Dim::Binary(..)));
            if computed {
                check_elements(bindings, shape, &shaped)?;
            }
            Ok(())
        })
    })
}

/// Symbols are positive by the checks of data and hyper-parameters, so only arithmetic can fail.
fn check_positive(
    bindings: &Bindings<'_>,
    shape: &Shape,
    shaped: &dyn Fn() -> Shaped,
) -> Result<(), DiagramError> {
    for (axis, dim) in shape.dims.iter().enumerate() {
        if !matches!(dim, Dim::Binary(..)) {
            continue;
        }
        match bindings.evaluate(dim) {
            Ok(1..) | Err(NoValue::Unbound(_)) => {}
            Err(NoValue::Overflow) => {
                return Err(bindings.too_large(shaped(), format!("axis {axis}"), dim));
            }
            Ok(_) | Err(NoValue::DivisionByZero) => {
                let values = bindings.of([dim]);
                let (shaped, shape) = (shaped(), shape.clone());
                return Err(DiagramError::NotPositive {
                    shaped,
                    shape,
                    axis,
                    values,
                });
            }
        }
    }
    Ok(())
}

/// Whether the evaluation of these paths applies this morphism at the dims of the call. At other dims, [`rebind`]
/// checks it.
fn applies(diagram: &Diagram, ends: &[Path], inputs: &[Space], target: MorphismId) -> bool {
    let applications = diagram.applications(ends, inputs);
    let mut of_target = applications.iter().filter(|one| one.morphism == target);
    of_target.any(|one| one.binding.is_identity())
}

/// The shape of a space, borrowed if no dim is rebound.
fn shape_of<'a>(diagram: &'a Diagram, space: &Space) -> Cow<'a, Shape> {
    if space.dims.is_empty() {
        Cow::Borrowed(&diagram.object(space.object).shape)
    } else {
        Cow::Owned(diagram.shape(space))
    }
}

/// The sizes that are passed to a method, after the hyper-parameters.
fn further(
    morphism: &Morphism,
    hypers: &[(&'static str, usize)],
    told: &[(&'static str, usize)],
) -> Result<Vec<(&'static str, usize)>, DiagramError> {
    match told.iter().find(|(_, size)| *size == 0) {
        None => Ok([hypers, told].concat()),
        Some((name, _)) => Err(DiagramError::ZeroHyper {
            hyper: (*name).to_owned(),
            sizes: Shaped::Morphism(morphism.name.clone()),
        }),
    }
}

/// The values of dims in one application of a morphism in which dims have other meanings than in the call. The facts
/// and the layers of the morphism are checked with these values.
///
/// # Errors
///
/// A fact that they break, or a layer whose result would be empty.
pub fn rebind<'a>(
    diagram: &'a Diagram,
    morphism: usize,
    sizes: &Bindings<'a>,
    values: &[(&'a str, usize)],
) -> Result<Bindings<'a>, DiagramError> {
    let mut bindings = sizes.clone();
    for (name, value) in values {
        match bindings.values.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = *value,
            None => bindings.values.push((name, *value)),
        }
    }
    // Layers rely on a stated fact at the new meaning of its dims, too.
    bindings.keep(diagram)?;
    check_steps(&bindings, diagram.morphism(MorphismId(morphism)))?;
    Ok(bindings)
}

//! The checks of sizes that hyper-parameters determine, before anything is built.

use diagram_core::cost::product;
use diagram_core::dim::NoValue;
use diagram_core::{Combinator, Cost, Diagram, Dim, Morphism, Power, Shape, Step, StepKind, Term};

use super::{Bindings, check_positive, layer, steps};
use crate::error::{DiagramError, Shaped};

/// Checks the hyper-parameters of type `usize`, before anything is built.
///
/// # Errors
///
/// A hyper-parameter that sizes something and is 0, a fact that does not hold, or a computed dim that is not
/// positive at these values.
pub fn check_hypers(
    diagram: &Diagram,
    hypers: &[(&'static str, usize)],
) -> Result<(), DiagramError> {
    let bindings = Bindings::new(hypers, 0);
    for (name, _) in hypers.iter().filter(|(_, value)| *value == 0) {
        let shaped = shapes(diagram)
            .find(|(_, shape)| shape.dims.iter().any(|dim| dim.symbols().contains(name)));
        if let Some((sizes, _)) = shaped {
            let sizes = sizes();
            return Err(DiagramError::ZeroHyper {
                hyper: (*name).to_owned(),
                sizes,
            });
        }
    }
    bindings.keep(diagram)?;
    for (shaped, shape) in shapes(diagram) {
        check_positive(&bindings, shape, &shaped)?;
        check_elements(&bindings, shape, &shaped)?;
    }
    for morphism in &diagram.morphisms {
        Step::try_each(steps(morphism), &mut |step| {
            match &step.kind {
                StepKind::Combinator(
                    Combinator::Repeat { copies } | Combinator::Power { times: copies },
                ) => check_copies(&bindings, morphism, step, copies)?,
                StepKind::Combinator(
                    Combinator::Parallel { .. }
                    | Combinator::Residual
                    | Combinator::Unrolled { .. },
                )
                | StepKind::Layer(_) => {}
            }
            check_weights(&bindings, morphism, step)
        })?;
        if let Some(adapters) = &morphism.adapters {
            check_rank(&bindings, morphism, &adapters.rank)?;
        }
    }
    for term in diagram.paths.terms() {
        if let Term::Power(power, _) = term {
            check_turns(&bindings, diagram, power)?;
        }
    }
    Ok(())
}

/// The largest possible memory, in numbers of four bytes.
const MOST: i128 = isize::MAX as i128 / 4;

/// The elements of a tensor fit in memory, as far as their number is known.
pub(super) fn check_elements(
    bindings: &Bindings<'_>,
    shape: &Shape,
    shaped: &dyn Fn() -> Shaped,
) -> Result<(), DiagramError> {
    let count = shape.dims.iter().try_fold(1_i128, |count, dim| {
        count.checked_mul(bindings.evaluate(dim).unwrap_or(1))
    });
    if count.is_some_and(|count| count <= MOST) {
        return Ok(());
    }
    let what = "the number of elements".to_owned();
    Err(bindings.too_large(shaped(), what, &product(&shape.dims)))
}

/// The weights of a step fit in memory.
fn check_weights(
    bindings: &Bindings<'_>,
    morphism: &Morphism,
    step: &Step,
) -> Result<(), DiagramError> {
    let Some(count) = Cost::of_steps(std::slice::from_ref(step)).parameters else {
        return Ok(());
    };
    match bindings.evaluate(&count) {
        Ok(value) if value > MOST => {}
        Err(NoValue::Overflow) => {}
        Ok(_) | Err(NoValue::Unbound(_) | NoValue::DivisionByZero) => return Ok(()),
    }
    let what = "the number of weights".to_owned();
    Err(bindings.too_large(layer(morphism, step), what, &count))
}

/// A power in a path is at least one application.
fn check_turns(
    bindings: &Bindings<'_>,
    diagram: &Diagram,
    power: &Power,
) -> Result<(), DiagramError> {
    let times = &power.times;
    let applied = || {
        let applied = diagram.paths.applied_within(&power.body).into_iter();
        let names = applied.map(|id| diagram.morphism(id).name.clone());
        names.collect::<Vec<_>>()
    };
    match bindings.evaluate(times) {
        Ok(1..) | Err(NoValue::Unbound(_)) => Ok(()),
        Err(NoValue::Overflow) => {
            let of = Shaped::Morphism(applied().join(" >> "));
            Err(bindings.too_large(of, "the power of it in a path".to_owned(), times))
        }
        Ok(_) | Err(NoValue::DivisionByZero) => Err(DiagramError::NoTurns {
            applied: applied(),
            times: times.clone(),
            values: bindings.of([times]),
        }),
    }
}

/// Adapters have a rank.
fn check_rank(
    bindings: &Bindings<'_>,
    morphism: &Morphism,
    rank: &Dim,
) -> Result<(), DiagramError> {
    match bindings.evaluate(rank) {
        Ok(1..=MOST) | Err(NoValue::Unbound(_)) => Ok(()),
        Ok(1..) | Err(NoValue::Overflow) => {
            let (of, what) = (morphism.name.clone(), "the rank of its adapters".to_owned());
            Err(bindings.too_large(Shaped::Morphism(of), what, rank))
        }
        Ok(_) | Err(NoValue::DivisionByZero) => Err(DiagramError::NoRank {
            morphism: morphism.name.clone(),
            rank: rank.clone(),
            values: bindings.of([rank]),
        }),
    }
}

/// The largest number of copies. Without its weights, a copy takes kilobytes at most.
const COPIES: i128 = MOST >> 14;

/// A `repeat` needs at least one copy.
fn check_copies(
    bindings: &Bindings<'_>,
    morphism: &Morphism,
    step: &Step,
    copies: &Dim,
) -> Result<(), DiagramError> {
    match bindings.evaluate(copies) {
        Ok(1..=COPIES) | Err(NoValue::Unbound(_)) => Ok(()),
        Ok(1..) | Err(NoValue::Overflow) => {
            let what = "the number of copies".to_owned();
            Err(bindings.too_large(layer(morphism, step), what, copies))
        }
        Ok(_) | Err(NoValue::DivisionByZero) => Err(DiagramError::NoCopies {
            morphism: morphism.name.clone(),
            layer: step.to_string(),
            copies: copies.clone(),
            values: bindings.of([copies]),
        }),
    }
}

/// Every shape that a model is built with: objects', then layers'.
fn shapes(diagram: &Diagram) -> impl Iterator<Item = (Box<dyn Fn() -> Shaped + '_>, &Shape)> {
    let objects = diagram.objects.iter().map(|object| {
        let shaped: Box<dyn Fn() -> Shaped> = Box::new(|| Shaped::Object(object.name.clone()));
        (shaped, &object.shape)
    });
    let layers = diagram.morphisms.iter().flat_map(|morphism| {
        let steps = Step::all(steps(morphism)).into_iter();
        let outputs = steps.flat_map(|step| step.output.0.iter().map(move |shape| (step, shape)));
        outputs.map(move |(step, shape)| {
            let shaped: Box<dyn Fn() -> Shaped> = Box::new(|| layer(morphism, step));
            (shaped, shape)
        })
    });
    objects.chain(layers)
}

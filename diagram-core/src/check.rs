//! The typing rules: one function per rule, named after it.
//!
//! A rule decides *whether* something is wrong, and describes it; the macro decides *where* to report it.
//!
//! # Panics
//!
//! A rule panics if a path, a space or an id that it is given is of another diagram.

use crate::diagram::{Diagram, Morphism};
use crate::fault::{Code, Fault, nearest};
use crate::id::{DatumId, MorphismId, ObjectId};
use crate::shape::{Difference, Shape};
use crate::space::{Binding, Misfit, Space};
use crate::spelling::raw;
use applied::{arrow_into, data_of, stand_ins};

mod applied;
mod combinators;
mod data;
mod definitions;
mod facts;
mod names;
mod numbers;
mod paths;
mod powers;
mod scalars;
mod shapes;
mod unfolded;
mod whole;

pub use applied::{Argument, StandIns, argument_count, places};
pub use combinators::{
    copies_keep_the_shape, power_keeps_the_shape, residual_keeps_the_shape, residual_takes,
    takes_a_factor_each, takes_one,
};
pub use data::{channels_last, fixed_batch};
pub use definitions::{
    Methodless, Unaveraged, constant_shape, drawn_as, ends_nowhere, frozen_and_adapted,
    frozen_average, no_methods, nothing_to_adapt, nothing_to_average, nothing_to_freeze,
    starts_nowhere,
};
pub use facts::{agree_where, always_holds, contradiction, equal_where, fact, stated};
pub use names::{
    bound_twice, cell_declared_twice, declared_twice, equal_fields, learned_named_twice,
    names_sizes, no_dim, not_a_size, rebinds,
};
pub use numbers::{Taken, numbers_not_taken};
pub use paths::{
    count, no_factor_at, no_product, path_ends, power_ends_where_it_starts, product_in_path,
    stays_small, too_many_applications,
};
pub use scalars::{
    learnable_from, learned_in_a_watch, learned_start, multiple_of_type, negative_weight,
    weight_of_a_watch, weight_of_type,
};
pub use shapes::{
    LARGEST, deciding_step, extent, flat, layers_end_in_codomain, takes_factor, too_large,
};
pub use unfolded::{short_dims, short_dims_within};
pub use whole::{
    always_zero, dims_are_bound, is_trainable, loose_ends, morphisms_of, nothing_to_train,
    trainable_paths,
};

/// A morphism takes paths that end in the factors of its domain. The result gives its dims their meaning there.
///
/// `text` is the path at a position, as it is written.
///
/// # Errors
///
/// A path ends in another object (two objects of equal shape are two objects), or at dims that the morphism
/// does not take. The error has the position of that path.
pub fn takes(
    diagram: &Diagram,
    morphism: MorphismId,
    ends: &[Space],
    text: &dyn Fn(usize) -> String,
) -> Result<Binding, (usize, Fault)> {
    let taken = &diagram.morphism(morphism).domain;
    let mut pairs = ends.iter().zip(taken).enumerate();
    if let Some((at, (given, taken))) = pairs.find(|(_, (end, taken))| end.object != taken.object) {
        return Err((
            at,
            not_composable(diagram, morphism, &text(at), given, taken),
        ));
    }
    diagram.binding(morphism, ends).map_err(|(at, misfit)| {
        let Some((given, taken)) = ends.get(at).zip(taken.get(at)) else {
            return (at, argument_count(diagram, morphism, ends, None));
        };
        let fault = match misfit {
            Misfit::Axis { comparison, .. } => {
                not_composable(diagram, morphism, &text(at), given, taken).by(&comparison)
            }
            // error: `batch` of `pair` cannot be both `many` and `batch` [D0303]
            Misfit::TwoValues {
                dim,
                first,
                second,
                comparison,
            } => {
                let fault = Fault::new(
                    Code::TwoValues,
                    format!(
                        "`{dim}` of `{}` cannot be both {} and {}",
                        diagram.morphism(morphism).name,
                        first.quoted(),
                        second.quoted()
                    ),
                );
                let taken = (diagram.space(taken), diagram.shape(taken));
                aligned(fault, &[(text(at), diagram.shape(given)), taken]).by(&comparison)
            }
        };
        (at, fault)
    })
}

fn not_composable(
    diagram: &Diagram,
    morphism: MorphismId,
    path: &str,
    given: &Space,
    taken: &Space,
) -> Fault {
    let name = &diagram.morphism(morphism).name;
    let (given_name, taken_name) = (diagram.space(given), diagram.space(taken));
    let (given_shape, taken_shape) = (diagram.shape(given), diagram.shape(taken));
    let equal = diagram.difference(given, taken).is_none();
    // error: `encoder` cannot be followed by `head`: it gives `Latent`, `head` takes `Feature` [D0401]
    let fault = Fault::new(
        Code::NotComposable,
        format!(
            "`{path}` cannot be followed by `{name}`: it gives `{given_name}`, and `{name}` takes \
             `{taken_name}`"
        ),
    );
    let help = (equal && given.object != taken.object).then(|| {
        format!("two objects of equal shape are two objects: draw both arrows at `{given_name}`")
    });
    aligned(
        fault,
        &[(given_name, given_shape), (taken_name, taken_shape)],
    )
    .maybe_help(help)
}

/// Two paths can be compared if they end in one object, at the same dims.
///
/// # Errors
///
/// They end in two objects, or at different dims.
pub fn parallel(
    diagram: &Diagram,
    left: (&str, &Space),
    right: (&str, &Space),
) -> Result<(), Fault> {
    if diagram.same_space(left.1, right.1) {
        return Ok(());
    }
    let (first, second) = (
        diagram.object(left.1.object),
        diagram.object(right.1.object),
    );
    // error: paths cannot be compared: `encoder >> decoder` ends in `Image` [batch, 784], `Label` is Int[batch] [D0402]
    let fault = Fault::new(
        Code::NotParallel,
        format!(
            "paths cannot be compared: {}, {}",
            ends_in(diagram, left),
            ends_in(diagram, right)
        ),
    );
    let (one, other) = (diagram.shape(left.1), diagram.shape(right.1));
    if one.would_broadcast(&other) {
        return Err(fault.note("an axis of size 1 is never stretched to the size of another"));
    }
    Err(match diagram.difference(left.1, right.1) {
        None => fault.help(format!(
            "two objects of equal shape are two objects: declare data of one space, as in `data \
             {second}: {first};`",
            first = first.name,
            second = second.name
        )),
        Some(Difference::Axis { comparison, .. }) if left.1.object == right.1.object => {
            fault.by(&comparison)
        }
        Some(_) => fault,
    })
}

/// "`path` ends in `Object` [shape]", or "`Datum` is [shape]" if the path is that datum.
fn ends_in(diagram: &Diagram, (text, end): (&str, &Space)) -> String {
    let (space, shape) = (diagram.space(end), diagram.shape(end));
    if text == space {
        format!("`{text}` is {shape}")
    } else {
        format!("`{text}` ends in `{space}` {shape}")
    }
}

/// The datum that a morphism is applied to when it stands alone: the one named as its domain.
///
/// # Errors
///
/// The object has no datum of its name; the data of that space are listed.
pub fn datum_of_domain(
    diagram: &Diagram,
    morphism: MorphismId,
    object: ObjectId,
) -> Result<DatumId, Fault> {
    let Morphism {
        name: morphism,
        domain,
        ..
    } = diagram.morphism(morphism);
    let name = &diagram.object(object).name;
    let data = data_of(diagram, object);
    if let Some((id, _)) = data.iter().find(|(_, datum)| *datum == name) {
        return Ok(*id);
    }
    let given = || stand_ins(diagram, domain).map(|given| format!("`{}({given})`", raw(morphism)));
    Err(if data.is_empty() {
        // error: `decoder` alone starts at `Latent`, which has no datum [D0406]
        let message = format!("`{morphism}` alone starts at `{name}`, which has no datum");
        let help = match (arrow_into(diagram, domain), given()) {
            (Some(before), _) => {
                let (before, morphism) = (raw(before), raw(morphism));
                format!("compose it with what ends there: `{before} >> {morphism}`")
            }
            (None, Some(given)) => format!("say what it is applied to: {given}"),
            (None, None) => {
                let shape = &diagram.object(object).shape;
                format!("declare it as one: `data {}: {shape};`", raw(name))
            }
        };
        Fault::new(Code::NoDatum, message).help(help)
    } else {
        // error: `embed` alone starts at `Photo`, whose data are `Anchor`, `Positive` [D0406]
        let choices: Vec<_> = data.iter().map(|(_, datum)| format!("`{datum}`")).collect();
        let choices = choices.join(", ");
        let message = format!("`{morphism}` alone starts at `{name}`, whose data are {choices}");
        let help = given().map(|given| format!("say which: {given}"));
        Fault::new(Code::NoDatum, message).maybe_help(help)
    })
}

/// A name that was not found, with the nearest known name.
#[must_use]
pub fn not_found<'a>(
    code: Code,
    what: &str,
    name: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Fault {
    // error: there is no object `Logtis` [D0101]
    let fault = Fault::new(code, format!("there is no {what} `{name}`"));
    if let Some(near) = nearest(name, candidates.clone()) {
        return fault.help(format!("did you mean `{near}`?"));
    }
    let all: Vec<_> = candidates
        .map(|candidate| format!("`{candidate}`"))
        .collect();
    match all.len() {
        1..=12 => fault.note(format!("there is {}", all.join(", "))),
        _ => fault,
    }
}

fn aligned(fault: Fault, rows: &[(String, Shape)]) -> Fault {
    let width = rows
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0)
        + 2;
    rows.iter().fold(fault, |fault, (name, shape)| {
        fault.note(format!("{:width$} : {shape}", format!("`{name}`")))
    })
}

//! Rules about the arguments of a morphism.

use super::aligned;
use crate::diagram::{Diagram, Morphism};
use crate::fault::{Code, Fault};
use crate::id::{DatumId, MorphismId, ObjectId};
use crate::space::Space;

/// A morphism takes one argument per factor of its domain. `given` are the ends of the arguments, and `written`
/// is the application as it is written, if it is.
#[must_use]
pub fn argument_count(
    diagram: &Diagram,
    morphism: MorphismId,
    given: &[Space],
    written: Option<&str>,
) -> Fault {
    let Morphism { name, domain, .. } = diagram.morphism(morphism);
    let product = |spaces: &[&Space]| {
        let names: Vec<_> = spaces.iter().map(|space| diagram.space(space)).collect();
        names.join(" * ")
    };
    let (count, plural) = (domain.len(), if domain.len() == 1 { "" } else { "s" });
    let all = product(&domain.iter().collect::<Vec<_>>());
    // error: `encoder` takes 1 argument (`Image`), but is given 2 [D0409]
    let takes = format!(
        "`{name}` takes {count} argument{plural} (`{all}`), but is given {}",
        given.len()
    );
    let missing: Option<Vec<_>> = places(domain, given).map(|places| {
        let factors = domain.iter().zip(places);
        let missing = factors.filter(|(_, place)| place.is_none());
        missing.map(|(space, _)| space).collect()
    });
    match (missing, written) {
        (Some(missing), Some(written)) if !missing.is_empty() => {
            // error: `join(Image)` lacks `Text`: `join` takes 2 arguments (`Image * Text`), but is given 1
            // [D0409]
            let message = format!("`{written}` lacks `{}`: {takes}", product(&missing));
            let shapes = missing.into_iter();
            let shapes = shapes.map(|space| (diagram.space(space), diagram.shape(space)));
            aligned(
                Fault::new(Code::ArgumentCount, message),
                &shapes.collect::<Vec<_>>(),
            )
        }
        _ => Fault::new(Code::ArgumentCount, takes),
    }
}

/// The arguments of a morphism, with data or arrows in place of the missing ones: `Image, Text`. `texts` are
/// the given paths, in order.
#[must_use]
pub fn completed(
    diagram: &Diagram,
    morphism: MorphismId,
    given: &[Space],
    texts: &[String],
) -> Option<String> {
    let domain = &diagram.morphism(morphism).domain;
    let factors = places(domain, given)?.into_iter().enumerate();
    let all = factors.map(|(position, place)| match place {
        Some(place) => texts.get(place).map(String::as_str),
        None => stand_in(diagram, domain, position, &|arrow| {
            starts_at_data(diagram, arrow)
        }),
    });
    let all: Vec<_> = all.collect::<Option<_>>()?;
    Some(all.join(", "))
}

/// For each factor of a domain, the path that ends there. `None` if the paths do not end, in order, in factors
/// of it.
fn places(domain: &[Space], given: &[Space]) -> Option<Vec<Option<usize>>> {
    let mut next = given.iter().enumerate().peekable();
    let factors = domain.iter().map(|factor| {
        let found = next.next_if(|(_, end)| end.object == factor.object);
        found.map(|(place, _)| place)
    });
    let factors: Vec<_> = factors.collect();
    next.peek().is_none().then_some(factors)
}

/// Whether an arrow alone is a path: each object of its domain has a datum of that name.
fn starts_at_data(diagram: &Diagram, arrow: &Morphism) -> bool {
    let mut starts = arrow.domain.iter();
    let named = |object| &diagram.object(object).name;
    starts.all(|space| {
        let data = data_of(diagram, space.object);
        data.iter().any(|(_, name)| *name == named(space.object))
    })
}

/// The data of an object, by name.
pub(super) fn data_of(diagram: &Diagram, object: ObjectId) -> Vec<(DatumId, &String)> {
    let data = diagram.data.iter().enumerate();
    data.filter(|(_, datum)| datum.space.object == object)
        .map(|(index, datum)| (DatumId(index), &datum.name))
        .collect()
}

/// Possible arguments of a morphism: for each factor of its domain a datum, or else an arrow to it. If an
/// object occurs twice, so do its data.
pub(super) fn stand_ins(diagram: &Diagram, domain: &[Space]) -> Option<String> {
    let positions = 0..domain.len();
    let given = positions.map(|position| stand_in(diagram, domain, position, &|_| true));
    Some(given.collect::<Option<Vec<_>>>()?.join(", "))
}

/// A possible argument for one factor of a domain: a datum, or a usable arrow to it.
fn stand_in<'d>(
    diagram: &'d Diagram,
    domain: &[Space],
    position: usize,
    usable: &dyn Fn(&Morphism) -> bool,
) -> Option<&'d str> {
    let space = domain.get(position)?;
    let data = data_of(diagram, space.object);
    let name = &diagram.object(space.object).name;
    if data.iter().any(|(_, datum)| *datum == name) {
        return Some(name.as_str());
    }
    let before = domain.iter().take(position);
    let before = before.filter(|other| other.object == space.object).count();
    match data.get(before).or(data.last()) {
        Some((_, datum)) => Some(datum.as_str()),
        None => arrow(diagram, std::slice::from_ref(space), usable),
    }
}

/// A drawn arrow that ends there.
pub(super) fn arrow_into<'d>(diagram: &'d Diagram, ends: &[Space]) -> Option<&'d str> {
    arrow(diagram, ends, &|_| true)
}

fn arrow<'d>(
    diagram: &'d Diagram,
    ends: &[Space],
    usable: &dyn Fn(&Morphism) -> bool,
) -> Option<&'d str> {
    let objects = |spaces: &[Space]| spaces.iter().map(|space| space.object).collect::<Vec<_>>();
    let ends = objects(ends);
    let mut arrows = diagram.morphisms.iter();
    arrows
        .find(|m| m.drawn && objects(&m.codomain) == ends && usable(m))
        .map(|m| m.name.as_str())
}

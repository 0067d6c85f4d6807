//! Rules about the arguments of a morphism.

use super::aligned;
use crate::diagram::{Diagram, Morphism};
use crate::fault::{Code, Fault};
use crate::id::{DatumId, MorphismId, ObjectId};
use crate::space::Space;
use crate::spelling::raw;

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

/// An argument of a morphism: a path that is given, by its position, or the name of a datum or an arrow in place of
/// one that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'d> {
    /// A path that is given.
    Given(usize),
    /// What may stand in place of one.
    StandIn(&'d str),
}

/// What may stand in place of a missing argument: for each object its data, or else an arrow to it.
#[derive(Debug)]
pub struct StandIns {
    data: Vec<Vec<DatumId>>,
    /// Whether one of the data has the name of the object.
    named: Vec<bool>,
    arrows: Vec<Option<MorphismId>>,
}

impl StandIns {
    /// Those of a diagram; the arrows are those that are paths where they stand alone.
    #[must_use]
    pub fn of(diagram: &Diagram) -> StandIns {
        StandIns::with(diagram, |found, arrow| {
            let mut starts = arrow.domain.iter();
            starts.all(|space| found.named[space.object.0])
        })
    }

    fn with(diagram: &Diagram, usable: impl Fn(&StandIns, &Morphism) -> bool) -> StandIns {
        let count = diagram.objects.len();
        let mut found = StandIns {
            data: vec![Vec::new(); count],
            named: vec![false; count],
            arrows: vec![None; count],
        };
        for (index, datum) in diagram.data.iter().enumerate() {
            let object = datum.space.object;
            found.data[object.0].push(DatumId(index));
            found.named[object.0] |= diagram.object(object).name == datum.name;
        }
        for (index, arrow) in diagram.morphisms.iter().enumerate() {
            if let [end] = arrow.codomain.as_slice()
                && arrow.drawn
                && usable(&found, arrow)
            {
                found.arrows[end.object.0].get_or_insert(MorphismId(index));
            }
        }
        found
    }

    /// A possible argument for one factor of a domain. If an object occurs twice, so do its data.
    fn one<'d>(&self, diagram: &'d Diagram, domain: &[Space], position: usize) -> Option<&'d str> {
        let object = domain.get(position)?.object;
        if self.named[object.0] {
            return Some(&diagram.object(object).name);
        }
        let before = domain.iter().take(position);
        let before = before.filter(|other| other.object == object).count();
        let data = &self.data[object.0];
        match data.get(before).or(data.last()) {
            Some(datum) => Some(&diagram.datum(*datum).name),
            None => self.arrows[object.0].map(|arrow| diagram.morphism(arrow).name.as_str()),
        }
    }

    /// The arguments of a morphism, with data or arrows in place of the missing ones.
    #[must_use]
    pub fn completed<'d>(
        &self,
        diagram: &'d Diagram,
        morphism: MorphismId,
        given: &[Space],
    ) -> Option<Vec<Argument<'d>>> {
        let domain = &diagram.morphism(morphism).domain;
        let factors = places(domain, given)?.into_iter().enumerate();
        let all = factors.map(|(position, place)| match place {
            Some(place) => Some(Argument::Given(place)),
            None => self.one(diagram, domain, position).map(Argument::StandIn),
        });
        all.collect()
    }
}

/// For each factor of a domain, the path that ends there. `None` if the paths do not end, in order, in factors
/// of it.
#[must_use]
pub fn places(domain: &[Space], given: &[Space]) -> Option<Vec<Option<usize>>> {
    let mut next = given.iter().enumerate().peekable();
    let factors = domain.iter().map(|factor| {
        let found = next.next_if(|(_, end)| end.object == factor.object);
        found.map(|(place, _)| place)
    });
    let factors: Vec<_> = factors.collect();
    next.peek().is_none().then_some(factors)
}

/// The data of an object, by name.
pub(super) fn data_of(diagram: &Diagram, object: ObjectId) -> Vec<(DatumId, &String)> {
    let data = diagram.data.iter().enumerate();
    data.filter(|(_, datum)| datum.space.object == object)
        .map(|(index, datum)| (DatumId(index), &datum.name))
        .collect()
}

/// Possible arguments of a morphism: for each factor of its domain a datum, or else any arrow to it.
pub(super) fn stand_ins(diagram: &Diagram, domain: &[Space]) -> Option<String> {
    let stand_ins = StandIns::with(diagram, |_, _| true);
    let positions = 0..domain.len();
    let given = positions.map(|position| stand_ins.one(diagram, domain, position));
    let given: Option<Vec<_>> = given.map(|name| name.map(raw)).collect();
    Some(given?.join(", "))
}

/// A drawn arrow that ends there.
pub(super) fn arrow_into<'d>(diagram: &'d Diagram, ends: &[Space]) -> Option<&'d str> {
    let ends_there = |arrow: &&Morphism| {
        let mut pairs = arrow.codomain.iter().zip(ends);
        arrow.codomain.len() == ends.len() && pairs.all(|(one, end)| one.object == end.object)
    };
    let mut arrows = diagram.morphisms.iter().filter(|arrow| arrow.drawn);
    let arrow = arrows.find(ends_there)?;
    Some(arrow.name.as_str())
}

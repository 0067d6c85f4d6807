//! The typing rules: one function a rule, named after it.
//!
//! A rule decides *whether* something is wrong and says it; the macro decides *where* to say it.

use crate::diagram::{DatumId, Diagram, MorphismId, ObjectId};
use crate::fault::{Code, Fault, nearest};
use crate::shape::Shape;

mod facts;
mod shapes;
mod whole;

pub use facts::{always_holds, contradiction, equal_where, fact, stated};
pub use shapes::{deciding_step, extent, layers_end_in_codomain};
pub use whole::{
    dims_are_bound, is_trainable, loose_ends, morphisms_of, nothing_to_train, suspicious,
    trainable_paths,
};

/// A morphism can follow a path only where the path ends in its domain.
///
/// # Errors
///
/// The path ends in another object; two objects of equal shape are two objects.
pub fn composes(
    diagram: &Diagram,
    path: &str,
    end: ObjectId,
    morphism: MorphismId,
) -> Result<(), Fault> {
    let morphism = diagram.morphism(morphism);
    let [domain] = morphism.domain[..] else {
        return Err(argument_count(diagram, &morphism.name, &morphism.domain, 1));
    };
    if domain == end {
        return Ok(());
    }
    let (given, taken) = (diagram.object(end), diagram.object(domain));
    // error: `encoder` cannot be followed by `head`: it gives `Latent`, `head` takes `Feature` [D0401]
    let fault = Fault::new(
        Code::NotComposable,
        format!(
            "`{path}` cannot be followed by `{}`: it gives `{}`, and `{}` takes `{}`",
            morphism.name, given.name, morphism.name, taken.name
        ),
    );
    Err(aligned(
        fault,
        &[(&given.name, &given.shape), (&taken.name, &taken.shape)],
    )
    .maybe_help(
        (given
            .shape
            .difference(&taken.shape, &diagram.facts)
            .is_none())
        .then(|| {
            format!(
                "two objects of equal shape are two objects: draw both arrows at `{}`",
                given.name
            )
        }),
    ))
}

/// A morphism takes one argument a factor of its domain.
#[must_use]
pub fn argument_count(
    diagram: &Diagram,
    morphism: &str,
    domain: &[ObjectId],
    given: usize,
) -> Fault {
    let factors: Vec<_> = domain
        .iter()
        .map(|id| diagram.object(*id).name.as_str())
        .collect();
    let plural = if domain.len() == 1 { "" } else { "s" };
    // error: `encoder` takes 1 argument (`Image`), but is given 2 [D0409]
    Fault::new(
        Code::ArgumentCount,
        format!(
            "`{morphism}` takes {} argument{plural} (`{}`), but is given {given}",
            domain.len(),
            factors.join(" * ")
        ),
    )
}

/// Two paths can be compared where they end in one object.
///
/// # Errors
///
/// They end in two objects.
pub fn parallel(
    diagram: &Diagram,
    left: (&str, ObjectId),
    right: (&str, ObjectId),
) -> Result<(), Fault> {
    if left.1 == right.1 {
        return Ok(());
    }
    let (first, second) = (diagram.object(left.1), diagram.object(right.1));
    // error: paths cannot be compared: `encoder >> decoder` ends in `Image` [batch, 784], `Label` is Int[batch] [D0402]
    let fault = Fault::new(
        Code::NotParallel,
        format!(
            "paths cannot be compared: {}, {}",
            ends_in(diagram, left),
            ends_in(diagram, right)
        ),
    );
    Err(
        if first
            .shape
            .difference(&second.shape, &diagram.facts)
            .is_none()
        {
            fault.help(format!(
            "two objects of equal shape are two objects: declare data of one space, as in `data \
             {second}: {first};`",
            first = first.name,
            second = second.name
        ))
        } else {
            fault
        },
    )
}

/// "`path` ends in `Object` [shape]", or "`Datum` is [shape]" where the path is that datum.
fn ends_in(diagram: &Diagram, (text, end): (&str, ObjectId)) -> String {
    let object = diagram.object(end);
    if text == object.name {
        format!("`{text}` is {}", object.shape)
    } else {
        format!("`{text}` ends in `{}` {}", object.name, object.shape)
    }
}

/// The datum that a morphism is applied to when it stands alone: the one named as its domain.
///
/// # Errors
///
/// The object has no datum of its name; the data of that space are listed.
pub fn datum_of_domain(
    diagram: &Diagram,
    morphism: &str,
    object: ObjectId,
) -> Result<DatumId, Fault> {
    let name = &diagram.object(object).name;
    let of_space = || {
        diagram
            .data
            .iter()
            .enumerate()
            .filter(|(_, datum)| datum.object == object)
    };
    if let Some((index, _)) = of_space().find(|(_, datum)| datum.name == *name) {
        return Ok(DatumId(index));
    }
    let choices: Vec<_> = of_space()
        .map(|(_, datum)| format!("`{}`", datum.name))
        .collect();
    Err(match choices.first() {
        // error: `embed` alone starts at `Photo`, which has several data: `Anchor`, `Positive` [D0406]
        Some(first) => Fault::new(
            Code::NoDatum,
            format!(
                "`{morphism}` alone starts at `{name}`, whose data are {}",
                choices.join(", ")
            ),
        )
        .help(format!(
            "say which: `{morphism}({})`",
            first.trim_matches('`')
        )),
        // error: `decoder` alone starts at `Latent`, which has no datum [D0406]
        None => Fault::new(
            Code::NoDatum,
            format!("`{morphism}` alone starts at `{name}`, which has no datum"),
        )
        .help(match arrow_into(diagram, object) {
            Some(before) => format!("compose it with what ends there: `{before} >> {morphism}`"),
            None => format!("declare it as one: `data {name}: …;`"),
        }),
    })
}

fn arrow_into(diagram: &Diagram, object: ObjectId) -> Option<&str> {
    let mut arrows = diagram.morphisms.iter();
    arrows
        .find(|m| m.drawn && m.codomain == [object])
        .map(|m| m.name.as_str())
}

/// A name that was not found, with the nearest of those there are.
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

fn aligned(fault: Fault, rows: &[(&str, &Shape)]) -> Fault {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    rows.iter().fold(fault, |fault, (name, shape)| {
        fault.note(format!("{:width$} : {shape}", format!("`{name}`")))
    })
}

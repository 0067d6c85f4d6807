//! Rules about paths: the number of applications, the factors of products, and the ends of paths.

use std::collections::HashMap;

use super::unfolded::{matched, short_dims};
use super::{argument_count, takes};
use crate::diagram::{Definition, Diagram};
use crate::dim::{Dim, Facts, simplify};
use crate::fault::{Code, Fault};
use crate::id::MorphismId;
use crate::path::{MAX_TERMS, Path, Paths, Power, Term};
use crate::shape::Kind;
use crate::space::Space;
use crate::spaces::spaces_of;

/// The number of applications of a power is at least 1, and known when a model is built.
///
/// # Errors
///
/// The number is less than 1, or not known then.
pub fn count(times: &Dim, facts: &Facts, dynamics: &[String]) -> Result<(), Fault> {
    let mut symbols = times.symbols().into_iter();
    if let Some(name) = symbols.find(|name| dynamics.iter().any(|dynamic| dynamic == name)) {
        // error: `^` needs its number when a model is built, but `seq` is known only at run time [D0202]
        let message = format!(
            "`^` needs its number when a model is built, but `{name}` is known only at run time"
        );
        return Err(Fault::new(Code::DynamicParameter, message));
    }
    let bound = facts.left_to_rustc(times, &Dim::Literal(1));
    let bound = bound.filter(|_| matches!(times, Dim::Binary(..)));
    if bound.is_none() && simplify(times).literal() != Some(0) {
        return Ok(());
    }
    // error: `^` takes a number of at least 1, but is given 0 [D0312]
    let message = format!(
        "`^` takes a number of at least 1, but is given {}",
        times.quoted()
    );
    Err(Fault::new(Code::ArgumentRange, message).unless(bound))
}

/// The code that evaluates the paths has a reasonable length.
///
/// # Errors
///
/// The code would be too long.
pub fn stays_small(paths: &Paths) -> Result<(), Fault> {
    if paths.unfolded() <= MAX_TERMS {
        return Ok(());
    }
    Err(too_many_applications())
}

/// The paths have more than [`MAX_TERMS`] terms.
// error: the paths of this diagram apply morphisms more than 20000 times [D0312]
#[must_use]
pub fn too_many_applications() -> Fault {
    let message = format!("the paths of this diagram apply morphisms more than {MAX_TERMS} times");
    Fault::new(Code::ArgumentRange, message)
}

/// A power by a name continues from its own result, so it ends where it starts.
///
/// # Errors
///
/// It ends elsewhere.
pub fn power_ends_where_it_starts(
    diagram: &Diagram,
    before: &[Space],
    after: &[Space],
) -> Result<(), Fault> {
    let mut pairs = before.iter().zip(after);
    if before.len() == after.len() && pairs.all(|(one, other)| diagram.same_space(one, other)) {
        return Ok(());
    }
    // error: a power by a name ends where it starts, but this goes from `State` to `State[batch = 2 * batch]`
    // [D0401]
    let message = format!(
        "a power by a name ends where it starts, but this goes from `{}` to `{}`",
        diagram.product(before),
        diagram.product(after)
    );
    Err(Fault::new(Code::NotComposable, message))
}

/// A product has a factor at each position, from 0. `text` is the path as written, and `number` the position.
// error: `encode` has no factor 2: it ends in `Mean * LogVar`, whose factors are 0 to 1 [D0413]
#[must_use]
pub fn no_factor_at(diagram: &Diagram, text: &str, number: &str, ends: &[Space]) -> Fault {
    let message = format!(
        "`{text}` has no factor {number}: it ends in `{}`, whose factors are 0 to {}",
        diagram.product(ends),
        ends.len().saturating_sub(1)
    );
    Fault::new(Code::NoFactor, message)
}

/// A path that ends in one object has no factors.
// error: `encoder` has no factors: it ends in `Latent`, which is no product [D0413]
#[must_use]
pub fn no_product(diagram: &Diagram, text: &str, end: &Space) -> Fault {
    let message = format!(
        "`{text}` has no factors: it ends in `{}`, which is no product",
        diagram.space(end)
    );
    Fault::new(Code::NoFactor, message)
}

/// The ends of every path within some ends; its parts and the bodies of powers are checked on the way. A
/// product has several ends. `inputs` are the spaces of the inputs, in the body of a composite or a power.
///
/// # Errors
///
/// The first path that is at fault.
pub fn path_ends(
    diagram: &Diagram,
    ends: &[Path],
    inputs: &[Space],
) -> Result<HashMap<Path, Vec<Space>>, (Path, Fault)> {
    let mut known: HashMap<Path, Vec<Space>> = HashMap::new();
    for path in diagram.paths.within(ends) {
        let term = diagram.paths.term(path);
        let wrong = |fault| (path, fault);
        if !matches!(term, Term::Factor(..)) {
            for part in term.parts() {
                one_end(diagram, *part, &known).map_err(wrong)?;
            }
        }
        let ends = match term {
            Term::Power(power, arguments) => power_ends(diagram, power, arguments, &known)
                .map_err(|(inner, fault)| (inner.unwrap_or(path), fault))?,
            term => term_ends(diagram, term, &known, inputs).map_err(wrong)?,
        };
        short_dims(diagram, path, &ends).map_err(wrong)?;
        known.insert(path, ends);
    }
    Ok(known)
}

/// A part of a path is in one object; only the factors of a product are used.
fn one_end(diagram: &Diagram, part: Path, known: &HashMap<Path, Vec<Space>>) -> Result<(), Fault> {
    match known.get(&part).map(Vec::as_slice) {
        Some([_]) => Ok(()),
        ends => Err(product_in_path(diagram, part, ends.unwrap_or_default())),
    }
}

/// A path ends in a product, of which one factor has to be taken.
// error: `encode(Image)` ends in the product `Mean * LogVar`, and only a factor of it can be used [D0414]
#[must_use]
pub fn product_in_path(diagram: &Diagram, path: Path, ends: &[Space]) -> Fault {
    let message = format!(
        "`{}` ends in the product `{}`, and only a factor of it can be used",
        diagram.path_text(path),
        diagram.product(ends)
    );
    Fault::new(Code::ProductInCell, message)
}

fn term_ends(
    diagram: &Diagram,
    term: &Term,
    known: &HashMap<Path, Vec<Space>>,
    inputs: &[Space],
) -> Result<Vec<Space>, Fault> {
    let of = |path: &Path| known.get(path).cloned().unwrap_or_default();
    match term {
        Term::Datum(id) => Ok(vec![diagram.datum(*id).space.clone()]),
        Term::Input(position) => match inputs.get(*position) {
            Some(input) => Ok(vec![input.clone()]),
            // error: there is no input 2 here: there are 1 [D0409]
            None => {
                let message = format!(
                    "there is no input {position} here: there are {}",
                    inputs.len()
                );
                Err(Fault::new(Code::ArgumentCount, message))
            }
        },
        Term::Apply(id, arguments, _) => applied(diagram, *id, arguments, known),
        Term::Factor(path, position) => {
            let (text, ends) = (diagram.path_text(*path), of(path));
            match (ends.as_slice(), ends.get(*position)) {
                ([one], _) => Err(no_product(diagram, &text, one)),
                (_, Some(end)) => Ok(vec![end.clone()]),
                (_, None) => Err(no_factor_at(diagram, &text, &position.to_string(), &ends)),
            }
        }
        Term::Stop(path) | Term::Scale(path, _) => {
            let ends = of(path);
            let space = ends.first();
            match space.map(|space| diagram.object(space.object)) {
                Some(object) if object.shape.kind != Kind::Float => {
                    let text = diagram.path_text(*path);
                    // error: no gradient passes `Label`, which is Int[batch], so none is changed [D0304]
                    let message = format!(
                        "no gradient passes `{text}`, which is {}, so none is changed",
                        object.shape
                    );
                    Err(Fault::new(Code::KindMismatch, message))
                }
                _ => Ok(ends),
            }
        }
        Term::Number(path, _) => Ok(of(path)),
        Term::Power(..) => Ok(Vec::new()),
    }
}

fn applied(
    diagram: &Diagram,
    id: MorphismId,
    arguments: &[Path],
    known: &HashMap<Path, Vec<Space>>,
) -> Result<Vec<Space>, Fault> {
    let morphism = diagram.morphism(id);
    if let Definition::Composite { .. } = morphism.definition {
        // error: `model` is a composite, and paths have what it is made of in its place [D0409]
        let message = format!(
            "`{}` is a composite, and paths have what it is made of in its place",
            morphism.name
        );
        return Err(Fault::new(Code::ArgumentCount, message));
    }
    let ends = spaces_of(arguments, known);
    if arguments.len() != morphism.domain.len() {
        return Err(argument_count(diagram, id, &ends, None));
    }
    let text = |at: usize| {
        arguments
            .get(at)
            .map_or(String::new(), |path| diagram.path_text(*path))
    };
    let binding = match takes(diagram, id, &ends, &text) {
        Ok(binding) => binding,
        // What a composite applies is typed with the composite.
        Err((_, fault)) => match matched(diagram, id, &ends) {
            Some(binding) if same_objects(&morphism.domain, &ends) => binding,
            _ => return Err(fault),
        },
    };
    let codomain = morphism.codomain.iter();
    Ok(codomain.map(|space| diagram.at(space, &binding)).collect())
}

fn same_objects(domain: &[Space], ends: &[Space]) -> bool {
    let mut pairs = domain.iter().zip(ends);
    pairs.all(|(drawn, given)| drawn.object == given.object)
}

fn power_ends(
    diagram: &Diagram,
    power: &Power,
    arguments: &[Path],
    known: &HashMap<Path, Vec<Space>>,
) -> Result<Vec<Space>, (Option<Path>, Fault)> {
    let whole = |fault| (None, fault);
    count(&power.times, &diagram.facts, &diagram.dynamics).map_err(whole)?;
    let before = spaces_of(arguments, known);
    let inner =
        path_ends(diagram, &power.body, &before).map_err(|(path, fault)| (Some(path), fault))?;
    for path in &power.body {
        one_end(diagram, *path, &inner).map_err(whole)?;
    }
    let after = spaces_of(&power.body, &inner);
    power_ends_where_it_starts(diagram, &before, &after).map_err(whole)?;
    Ok(before)
}

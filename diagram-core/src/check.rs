//! The typing rules: one function a rule, named after it.
//!
//! A rule decides *whether* something is wrong and says it; the macro decides *where* to say it.

use std::collections::{HashMap, HashSet};

use crate::diagram::{
    Cell, CellRole, DatumId, Definition, Diagram, Morphism, MorphismId, ObjectId, Step,
};
use crate::dim::{Comparison, Dim};
use crate::fault::{Code, Fault, nearest};
use crate::path::{Path, Term};
use crate::shape::{Difference, Shape};

/// The layers of a morphism must end in its codomain.
///
/// # Errors
///
/// The shape after the last layer has another kind, rank or extent than the object, or is not known
/// to have the same.
pub fn layers_end_in_codomain(
    morphism: &str,
    input: &Shape,
    steps: &[Step],
    codomain: (&str, &Shape),
) -> Result<(), Fault> {
    let (object, expected) = codomain;
    let (last, given) = match steps.last() {
        Some(step) => (step.layer.as_str(), &step.shape),
        None => (morphism, input),
    };
    let Some(difference) = expected.difference(given) else {
        return Ok(());
    };
    let fault = match &difference {
        // error: `student` ends in `Logits` of kind Float, but gives Int [D0304]
        Difference::Kind => Fault::new(
            Code::KindMismatch,
            format!(
                "`{morphism}` ends in `{object}` of kind {}, but gives {}",
                expected.kind, given.kind
            ),
        ),
        // error: `student` ends in `Logits` of rank 2, but gives [batch, 32, 5, 10] [D0302]
        Difference::Rank => Fault::new(
            Code::RankMismatch,
            format!(
                "`{morphism}` ends in `{object}` of rank {}, but gives {given}",
                expected.rank()
            ),
        ),
        Difference::Axis { axis, comparison } => {
            axis_fault(morphism, object, last, *axis, comparison, expected, given)
        }
    };
    let width = morphism.len().max(object.len()) + 2;
    let pad = |name: &str| format!("{:width$}", format!("`{name}`"));
    let trail = steps.iter().fold(input.to_string(), |trail, step| {
        format!("{trail} -> {} {}", step.layer, step.shape)
    });
    Err(fault
        .note(format!("{} : {expected}", pad(object)))
        .note(format!("{} : {trail}", pad(morphism)))
        .maybe_help(codomain_help(&difference, last, expected, given)))
}

fn axis_fault(
    morphism: &str,
    object: &str,
    last: &str,
    axis: usize,
    comparison: &Comparison,
    expected: &Shape,
    given: &Shape,
) -> Fault {
    let (Some(wanted), Some(got)) = (expected.dims.get(axis), given.dims.get(axis)) else {
        return Fault::new(
            Code::RankMismatch,
            format!("`{morphism}` does not end in `{object}`"),
        );
    };
    match comparison {
        // error: `f` ends in `Out`: axis 1 is not known to be `hidden`, which `flatten` gives as `a / b` [D0308]
        Comparison::Unknown => Fault::new(
            Code::Undecided,
            format!(
                "`{morphism}` ends in `{object}`: axis {axis} is `{wanted}`, and whether the `{got}` \
                 that `{last}` gives is equal cannot be decided"
            ),
        ),
        // error: `student` ends in `Logits`: axis 1 is 10, but `linear(12)` gives 12 [D0301]
        different => {
            let fault = Fault::new(
                Code::AxisMismatch,
                format!(
                    "`{morphism}` ends in `{object}`: axis {axis} is {wanted}, but `{last}` gives {got}"
                ),
            );
            if wanted.literal().is_some() && got.literal().is_some() {
                fault
            } else {
                fault.note(different.explanation())
            }
        }
    }
}

/// What to write instead, where one change of the last layer is enough.
fn codomain_help(
    difference: &Difference,
    last: &str,
    expected: &Shape,
    given: &Shape,
) -> Option<String> {
    match difference {
        Difference::Axis { axis, .. }
            if last.starts_with("linear(") && axis + 1 == expected.rank() =>
        {
            Some("leave the width out: `linear`".to_owned())
        }
        Difference::Rank if expected.rank() == 2 && given.rank() > 2 => {
            let width = expected.dims.last()?;
            Some(format!(
                "make it flat, then as wide as needed: `flatten >> linear({width})`"
            ))
        }
        _ => None,
    }
}

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
    .maybe_help((given.shape.difference(&taken.shape).is_none()).then(|| {
        format!(
            "two objects of equal shape are two objects: draw both arrows at `{}`",
            given.name
        )
    })))
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
    Err(if first.shape.difference(&second.shape).is_none() {
        fault.help(format!(
            "two objects of equal shape are two objects: declare data of one space, as in `data \
             {second}: {first};`",
            first = first.name,
            second = second.name
        ))
    } else {
        fault
    })
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

/// The morphisms that these paths apply, each once.
#[must_use]
pub fn morphisms_of(diagram: &Diagram, ends: &[Path]) -> HashSet<MorphismId> {
    let within = diagram.paths.within(ends).into_iter();
    within.filter_map(|path| applied(diagram, path)).collect()
}

fn applied(diagram: &Diagram, path: Path) -> Option<MorphismId> {
    match diagram.paths.term(path) {
        Term::Apply(morphism, _) => Some(*morphism),
        Term::Datum(_) | Term::Input(_) => None,
    }
}

/// Whether training can move a morphism's own weights.
#[must_use]
pub fn is_trainable(morphism: &Morphism) -> bool {
    let weights = match &morphism.definition {
        Definition::Layers { parameters, .. } => *parameters,
        Definition::Module { .. } => true,
        Definition::Composite { .. } => false,
    };
    weights && !morphism.frozen
}

/// Which paths training can move, one truth value a path of the diagram.
#[must_use]
pub fn trainable_paths(diagram: &Diagram) -> Vec<bool> {
    let mut trainable = Vec::with_capacity(diagram.paths.len());
    for term in diagram.paths.terms() {
        trainable.push(match term {
            Term::Datum(_) | Term::Input(_) => false,
            // Arguments come before the terms that use them.
            Term::Apply(morphism, arguments) => {
                is_trainable(diagram.morphism(*morphism))
                    || arguments.iter().any(|argument| trainable[argument.0])
            }
        });
    }
    trainable
}

/// A trained cell that reaches nothing to train: why not.
#[must_use]
pub fn nothing_to_train(diagram: &Diagram, cell: &Cell) -> Fault {
    let mut reached: Vec<_> = morphisms_of(diagram, &cell.ends).into_iter().collect();
    reached.sort();
    let reasons: Vec<_> = reached
        .iter()
        .map(|id| diagram.morphism(*id))
        .map(|m| {
            format!(
                "`{}` {}",
                m.name,
                if m.frozen {
                    "is frozen"
                } else {
                    "has no weights"
                }
            )
        })
        .collect();
    // error: nothing can be trained by `teacher ~ Label` [D0405]
    let message = format!("nothing can be trained by `{}`", cell.text);
    let fault = Fault::new(Code::NothingToTrain, message);
    match reasons.as_slice() {
        [] => fault.note("both sides are data"),
        reasons => fault.note(reasons.join(", ")),
    }
    .help("to see its value without training it, put `watch` before its name")
}

/// Every dynamic dim of what the cells evaluate must stand alone as an axis of some datum. Each dim
/// that does not is returned, with its fault.
#[must_use]
pub fn dims_are_bound(diagram: &Diagram) -> Vec<(String, Fault)> {
    let ends: Vec<Path> = diagram
        .cells
        .iter()
        .flat_map(|cell| cell.ends.clone())
        .collect();
    let reached = diagram.paths.within(&ends).into_iter();
    let applied = reached.filter_map(|path| applied(diagram, path));
    let codomains = applied.flat_map(|id| diagram.morphism(id).codomain.iter().copied());
    let spaces: Vec<_> = diagram
        .data
        .iter()
        .map(|datum| diagram.object(datum.object))
        .collect();
    let bound: HashSet<&str> = spaces
        .iter()
        .flat_map(|object| &object.shape.dims)
        .filter_map(|dim| {
            if let Dim::Symbol(name) = dim {
                Some(name.as_str())
            } else {
                None
            }
        })
        .collect();
    let mut needed = HashMap::new();
    for object in spaces
        .into_iter()
        .chain(codomains.map(|id| diagram.object(id)))
    {
        for name in object.shape.dims.iter().flat_map(Dim::symbols) {
            needed.entry(name).or_insert(object);
        }
    }
    let unbound = diagram
        .dynamics
        .iter()
        .filter(|name| !bound.contains(name.as_str()));
    unbound
        .filter_map(|name| {
            let user = needed.get(name.as_str())?;
            // error: `seq` has no value: no datum has it alone as an axis, but `Words` needs it [D0201]
            let fault = Fault::new(
                Code::UnboundDim,
                format!(
                    "`{name}` has no value: no datum has it alone as an axis, but `{}` needs it",
                    user.name
                ),
            );
            Some((
                name.clone(),
                fault.note(format!("`{}` : {}", user.name, user.shape)),
            ))
        })
        .collect()
}

/// What is drawn and hardly meant: objects that nothing reaches and morphisms that no cell trains.
/// Each with the name it is about.
#[must_use]
pub fn loose_ends(diagram: &Diagram) -> Vec<(String, Fault)> {
    let ends = diagram
        .morphisms
        .iter()
        .flat_map(|m| m.domain.iter().chain(&m.codomain).copied());
    let touched: HashSet<_> = ends
        .chain(diagram.data.iter().map(|datum| datum.object))
        .collect();
    let objects = diagram.objects.iter().enumerate();
    let unreached = objects.filter(|(index, _)| !touched.contains(&ObjectId(*index)));
    let mut found: Vec<_> = unreached
        .map(|(_, object)| {
            // warning: nothing reaches the object `Latent`: it has no datum and no arrow [D0701]
            let message = format!(
                "nothing reaches the object `{}`: it has no datum and no arrow",
                object.name
            );
            (
                object.name.clone(),
                Fault::new(Code::UnreachedObject, message),
            )
        })
        .collect();
    let trained: Vec<Path> = diagram
        .trained_cells()
        .flat_map(|cell| cell.ends.clone())
        .collect();
    if trained.is_empty() {
        return found; // a part to be included, or one that is only watched
    }
    let reached = morphisms_of(diagram, &trained);
    let morphisms = diagram.morphisms.iter().enumerate();
    let untrained =
        morphisms.filter(|(index, m)| is_trainable(m) && !reached.contains(&MorphismId(*index)));
    found.extend(untrained.map(|(_, Morphism { name, .. })| {
        // warning: no cell trains `decoder` [D0702]
        let fault = Fault::new(Code::UntrainedMorphism, format!("no cell trains `{name}`"));
        (
            name.clone(),
            fault.help(format!("`frozen {name};` says that this is meant")),
        )
    }));
    found
}

/// What is suspicious about a cell: one side that equals the other, a softmax before a loss that
/// takes logits.
#[must_use]
pub fn suspicious(
    diagram: &Diagram,
    text: &str,
    ends: &[Path],
    role: CellRole,
    logits: bool,
) -> Vec<Fault> {
    let mut found = Vec::new();
    if let [left, right] = ends {
        if left == right && role == CellRole::Trained {
            // warning: `model ~ model` is always 0: both sides are one value [D0703]
            found.push(Fault::new(
                Code::AlwaysZero,
                format!("`{text}` is always 0: both sides are one value, evaluated once"),
            ));
        }
    }
    if let (true, Some(name)) = (
        logits,
        ends.first().and_then(|end| ends_in_softmax(diagram, *end)),
    ) {
        // warning: the loss takes logits, but `classify` ends in a softmax [D0704]
        found.push(Fault::new(
            Code::SoftmaxBeforeLoss,
            format!("the loss of `{text}` takes logits, but `{name}` ends in a softmax"),
        ));
    }
    found
}

fn ends_in_softmax(diagram: &Diagram, path: Path) -> Option<&str> {
    let morphism = diagram.morphism(applied(diagram, path)?);
    match &morphism.definition {
        Definition::Layers { steps, .. } => {
            let last = steps.last()?;
            last.layer
                .starts_with("softmax")
                .then_some(morphism.name.as_str())
        }
        Definition::Module { .. } | Definition::Composite { .. } => None,
    }
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
        0 => fault,
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

//! Rules about a whole diagram: which morphisms are trained, which dims are bound, which parts have no use.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::powers::Powers;
use crate::cell::{Cell, CellRole, Measure};
use crate::diagram::{Definition, Diagram, Morphism, Object};
use crate::dim::Dim;
use crate::fault::{Code, Fault};
use crate::id::{MorphismId, ObjectId};
use crate::path::{Path, Term};
use crate::spelling::raw;
use crate::step::Step;

/// The morphisms that these paths apply, each once.
#[must_use]
pub fn morphisms_of(diagram: &Diagram, ends: &[Path]) -> HashSet<MorphismId> {
    diagram.paths.applied_within(ends).into_iter().collect()
}

/// The morphisms that these paths apply. Each has the first path on the way to it that no gradient passes, or
/// `None` if gradients from the ends reach it.
fn kept_from(diagram: &Diagram, ends: &[Path]) -> HashMap<MorphismId, Option<Path>> {
    let (all, reached) = (Powers::of(diagram, false), Powers::of(diagram, true));
    let mut seen = HashSet::new();
    let mut found = HashMap::new();
    // What gradients reach is in front of all that they do not, so it is met that way first.
    let mut queue: VecDeque<_> = ends.iter().map(|end| (*end, None)).collect();
    while let Some((path, by)) = queue.pop_front() {
        let term = diagram.paths.term(path);
        // Of what a number stands beside only the shape is used.
        if !seen.insert(path) || matches!(term, Term::Number(..)) {
            continue;
        }
        let passes = !matches!(term, Term::Stop(_)) && diagram.is_float(path);
        let by = by.or((!passes).then_some(path));
        if let Some(morphism) = applied(diagram, path) {
            found.entry(morphism).or_insert(by);
        }
        let parts: Vec<_> = match all.result_of(path) {
            None => term.parts().iter().map(|part| (*part, by)).collect(),
            Some((power, arguments, result)) => {
                let (all, reached) = (all.behind(power), reached.behind(power));
                let Some((all, reached)) = all.get(result).zip(reached.get(result)) else {
                    continue;
                };
                let arguments = parts_behind(arguments, &all.arguments, &reached.arguments);
                let ends = parts_behind(&power.body, &all.ends, &reached.ends);
                let parts = arguments.chain(ends);
                let kept = |reached: bool| by.or((!reached).then_some(path));
                parts.map(|(part, reached)| (part, kept(reached))).collect()
            }
        };
        for (part, by) in parts {
            match by {
                None => queue.push_front((part, None)),
                Some(_) => queue.push_back((part, by)),
            }
        }
    }
    found
}

/// The paths at these positions, each with whether a gradient reaches it.
fn parts_behind<'a>(
    paths: &'a [Path],
    all: &'a BTreeSet<usize>,
    reached: &'a BTreeSet<usize>,
) -> impl Iterator<Item = (Path, bool)> + 'a {
    all.iter().filter_map(|position| {
        let path = paths.get(*position)?;
        Some((*path, reached.contains(position)))
    })
}

fn applied(diagram: &Diagram, path: Path) -> Option<MorphismId> {
    match diagram.paths.term(path) {
        Term::Apply(morphism, ..) => Some(*morphism),
        Term::Datum(_)
        | Term::Input(_)
        | Term::Power(..)
        | Term::Factor(..)
        | Term::Stop(_)
        | Term::Scale(..)
        | Term::Number(..) => None,
    }
}

/// Whether training can move the weights that a morphism applies: its own, or those of the module whose method
/// it is.
#[must_use]
pub fn is_trainable(diagram: &Diagram, morphism: MorphismId) -> bool {
    diagram.morphism(diagram.behind(morphism)).is_trained()
}

/// The paths, one truth value per path of the diagram, through which a gradient trains some of the morphisms
/// for which `trained` holds. No gradient passes a value of an Int or Bool object.
///
/// # Panics
///
/// If a path of the diagram applies a morphism that it does not have, as after reading without rules.
#[must_use]
pub fn trainable_paths(diagram: &Diagram, trained: &dyn Fn(MorphismId) -> bool) -> Vec<bool> {
    let powers = Powers::of(diagram, true);
    let mut trainable: Vec<bool> = Vec::with_capacity(diagram.paths.len());
    for (index, term) in diagram.paths.terms().enumerate() {
        // Arguments come before the terms that use them, and so do bodies.
        let trains = match term {
            Term::Datum(_) | Term::Input(_) | Term::Stop(_) | Term::Number(..) => false,
            Term::Power(power, arguments) => (0..power.body.len())
                .any(|result| powers.trains((power, arguments), result, &trainable)),
            Term::Factor(of, _) => match powers.result_of(Path(index)) {
                Some((power, arguments, result)) => {
                    powers.trains((power, arguments), result, &trainable)
                }
                None => trainable[of.0],
            },
            Term::Scale(of, _) => trainable[of.0],
            Term::Apply(morphism, arguments, _) => {
                trained(*morphism) || arguments.iter().any(|path| trainable[path.0])
            }
        };
        trainable.push(trains && diagram.is_float(Path(index)));
    }
    trainable
}

/// The reason why no gradient reaches a morphism with weights.
fn kept_by(diagram: &Diagram, name: &str, by: Option<Path>) -> String {
    let object = by.filter(|by| !diagram.is_float(*by));
    match object.and_then(|path| diagram.object_of(path)) {
        Some(object) => {
            let Object {
                name: end, shape, ..
            } = diagram.object(object);
            format!("no gradient reaches `{name}` through `{end}`, which is {shape}")
        }
        // `scale(p, 0)` is `stop(p)`.
        None => format!("`{name}` is behind `stop` or `scale(.., 0)`"),
    }
}

/// A trained cell that reaches nothing to train, with the reason.
#[must_use]
pub fn nothing_to_train(diagram: &Diagram, cell: &Cell) -> Fault {
    let mut reached: Vec<_> = kept_from(diagram, &cell.ends).into_iter().collect();
    reached.sort();
    let reason = |(id, by): &(MorphismId, Option<Path>)| {
        let (m, behind) = (diagram.morphism(*id), diagram.behind(*id));
        if let Some(average) = &m.average {
            let of = &diagram.morphism(average.of).name;
            format!(
                "`{}` is an average of `{of}`, which is never trained",
                m.name
            )
        } else if behind != *id {
            format!(
                "`{}` is frozen as `{}` is",
                m.name,
                diagram.morphism(behind).name
            )
        } else if m.frozen {
            format!("`{}` is frozen", m.name)
        } else if is_trainable(diagram, *id) {
            kept_by(diagram, &m.name, *by)
        } else {
            format!("`{}` has no weights", m.name)
        }
    };
    let reasons: Vec<_> = reached.iter().map(reason).collect();
    // error: nothing can be trained by `teacher ~ Label` [D0405]
    let message = format!("nothing can be trained by `{}`", cell.text);
    let fault = Fault::new(Code::NothingToTrain, message);
    let fault = match reasons.as_slice() {
        [] => fault.note("both sides are data"),
        reasons => fault.note(reasons.join("; ")),
    };
    // A watch has a name; a cell without one gets that of its loss, if it is one of the tables.
    let (own, by) = match &cell.loss {
        Measure::Itself => ("value", String::new()),
        Measure::Loss(loss) => (loss.name.as_str(), format!(" by {loss}")),
        Measure::Function { .. } => ("value", format!(" by {}", cell.loss)),
    };
    let name = cell.name.as_deref().unwrap_or(own);
    fault.help(format!(
        "to see its value without training it: `watch {name}: {}{by};`",
        cell.text
    ))
}

/// Every dynamic dim that the cells need must stand alone as an axis of some datum. Each dim that does not is
/// returned, with its fault.
#[must_use]
pub fn dims_are_bound(diagram: &Diagram) -> Vec<(String, Fault)> {
    let ends: Vec<Path> = diagram.cells.iter().flat_map(Cell::reads).collect();
    let data = diagram.data.iter().map(|datum| &datum.space);
    let data: Vec<_> = data.map(|space| (space, diagram.shape(space))).collect();
    let dims = data.iter().flat_map(|(_, shape)| &shape.dims);
    let bound: HashSet<&str> = dims
        .filter_map(|dim| match dim {
            Dim::Symbol(name) => Some(name.as_str()),
            Dim::Literal(_) | Dim::Binary(..) => None,
        })
        .collect();
    if diagram
        .dynamics
        .iter()
        .all(|name| bound.contains(name.as_str()))
    {
        return Vec::new();
    }
    // Who needs a dim, and at which shape or dims.
    let mut needed: HashMap<String, (String, String)> = HashMap::new();
    let mut need = |dims: &[Dim], who: &dyn Fn() -> (String, String)| {
        for name in dims.iter().flat_map(Dim::symbols) {
            if !bound.contains(name) && !needed.contains_key(name) {
                needed.insert(name.to_owned(), who());
            }
        }
    };
    for (space, shape) in &data {
        need(&shape.dims, &|| (diagram.space(space), shape.to_string()));
    }
    for application in diagram.applications(&ends, &[]) {
        let morphism = diagram.morphism(application.morphism);
        for space in &morphism.codomain {
            let space = diagram.at(space, &application.binding);
            let shape = diagram.shape(&space);
            need(&shape.dims, &|| (diagram.space(&space), shape.to_string()));
        }
        if let Definition::Layers { steps, .. } = &morphism.definition {
            for step in Step::all(steps) {
                for shape in &step.output.0 {
                    let dims = shape.dims.iter();
                    let dims = dims.map(|dim| application.binding.apply(dim)).collect();
                    let shape = shape.with_dims(dims);
                    need(&shape.dims, &|| {
                        let layer = format!("{step}` of `{}", morphism.name);
                        (layer, shape.to_string())
                    });
                }
            }
        }
        let dims = diagram.needed(&application);
        need(&dims, &|| (morphism.name.clone(), diagram.arrow(morphism)));
    }
    let unbound = diagram
        .dynamics
        .iter()
        .filter(|name| !bound.contains(name.as_str()));
    unbound
        .filter_map(|name| {
            let (user, what) = needed.get(name)?;
            // error: `seq` has no value: no datum has it alone as an axis, but `Words` needs it [D0201]
            let fault = Fault::new(
                Code::UnboundDim,
                format!(
                    "`{name}` has no value: no datum has it alone as an axis, but `{user}` needs it"
                ),
            );
            Some((name.clone(), fault.note(format!("`{user}` : {what}"))))
        })
        .collect()
}

/// Parts without a use: objects that nothing reaches and morphisms that no cell trains, each with its name.
#[must_use]
pub fn loose_ends(diagram: &Diagram) -> Vec<(String, Fault)> {
    let ends = diagram
        .morphisms
        .iter()
        .flat_map(|m| m.domain.iter().chain(&m.codomain).map(|space| space.object));
    let touched: HashSet<_> = ends
        .chain(diagram.data.iter().map(|datum| datum.space.object))
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
    // A module is trained through any of its methods.
    let reached = kept_from(diagram, &trained).into_iter();
    let reached = reached.filter(|(_, by)| by.is_none());
    let reached: HashSet<_> = reached.map(|(id, _)| diagram.behind(id)).collect();
    let morphisms = diagram.morphisms.iter().enumerate();
    let untrained = morphisms
        .filter(|(_, m)| m.is_trained())
        .filter(|(index, _)| !reached.contains(&MorphismId(*index)));
    found.extend(untrained.map(|(_, morphism)| {
        let Morphism { name, adapters, .. } = morphism;
        // warning: no cell trains `decoder` [D0702]
        let fault = Fault::new(Code::UntrainedMorphism, format!("no cell trains `{name}`"));
        let help = adapters
            .is_none()
            .then(|| format!("`frozen {};` says that this is meant", raw(name)));
        (name.clone(), fault.maybe_help(help))
    }));
    found
}

/// A trained cell of which one side equals the other; `sides` is each of them, as written.
#[must_use]
pub fn always_zero(
    diagram: &Diagram,
    sides: [&str; 2],
    ends: &[Path],
    role: CellRole,
) -> Option<Fault> {
    if let [left, right] = ends
        && left == right
        && role == CellRole::Trained
    {
        let [left, right] = sides;
        // warning: `model ~ model` is always 0: both sides are one value, evaluated once [D0703]
        let fault = Fault::new(
            Code::AlwaysZero,
            format!("`{left} ~ {right}` is always 0: both sides are one value, evaluated once"),
        );
        let mut drawn = morphisms_of(diagram, ends).into_iter();
        let random = drawn.any(|id| may_draw(diagram, id));
        let help =
            random.then(|| format!("to compare two random draws of it: `{left} ~ again({right})`"));
        return Some(fault.maybe_help(help));
    }
    None
}

/// Whether a morphism may be random, as far as is known: it is the caller's code, or has dropout or noise.
fn may_draw(diagram: &Diagram, id: MorphismId) -> bool {
    let (morphism, behind) = (diagram.morphism(id), diagram.morphism(diagram.behind(id)));
    match &morphism.definition {
        Definition::Function(_) => true,
        Definition::Module { .. } | Definition::Method { .. } => !behind.frozen,
        Definition::Layers { steps, .. } => {
            let mut layers = Step::all(steps).into_iter().filter_map(Step::as_layer);
            !morphism.frozen && layers.any(|layer| layer.traits.random)
        }
        Definition::Parameter { .. } | Definition::Composite { .. } => false,
    }
}

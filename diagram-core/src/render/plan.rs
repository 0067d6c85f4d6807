//! A plan as text: what is evaluated, in order, and what that costs.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Formatter};

use super::text::{clauses, label, section};
use crate::check;
use crate::cost::sum;
use crate::diagram::{Definition, Diagram, MorphismId};
use crate::dim::{Dim, Op, simplify};
use crate::path::{Draw, Path, Term};
use crate::plan::{Action, Plan, Planned};
use crate::record::{Record, Wanted};

pub(super) fn render(planned: &Planned<'_>, out: &mut Formatter<'_>) -> fmt::Result {
    let (diagram, plan) = (planned.diagram, &planned.plan);
    writeln!(out, "plan of {}", diagram.name)?;
    let names = Names::of(diagram, plan);
    section(out, "evaluated, in order", rows(planned, &names))?;
    let used = used(diagram, plan);
    let costs = used.iter().map(|id| {
        let name = diagram.morphism(*id).name.clone();
        (name, costs(diagram, *id))
    });
    section(out, "morphisms", costs)?;
    section(out, "in all", totals(diagram, plan, &used).into_iter())?;
    let all = (0..diagram.morphisms.len()).map(MorphismId);
    let left: Vec<_> = all
        .filter(|id| !used.contains(id))
        .map(|id| diagram.morphism(id))
        .filter(|morphism| !matches!(morphism.definition, Definition::Composite { .. }))
        .map(|morphism| morphism.name.as_str())
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out, "  not evaluated\n    {}", left.join(", "))
}

/// What values are called: data by their names, what is evaluated by numbers.
struct Names<'a> {
    diagram: &'a Diagram,
    numbers: HashMap<Path, usize>,
}

impl<'a> Names<'a> {
    fn of(diagram: &'a Diagram, plan: &Plan) -> Self {
        Names {
            diagram,
            numbers: plan.evaluated().zip(1..).collect(),
        }
    }

    fn name(&self, path: Path) -> String {
        match (self.diagram.paths.term(path), self.numbers.get(&path)) {
            (Term::Datum(id), _) => self.diagram.datum(*id).name.clone(),
            (_, Some(number)) => format!("v{number}"),
            // Only a composite has inputs, and none is planned here.
            (_, None) => "_".to_owned(),
        }
    }

    fn names(&self, paths: &[Path]) -> Vec<String> {
        paths.iter().map(|path| self.name(*path)).collect()
    }

    /// A value, by the names of what it is made of.
    fn made(&self, path: Path) -> String {
        match self.diagram.paths.term(path) {
            Term::Apply(id, arguments, draw) => {
                let arguments = self.names(arguments).join(", ");
                let name = &self.diagram.morphism(*id).name;
                match draw {
                    Draw(0) => format!("{name}({arguments})"),
                    Draw(_) => format!("again {name}({arguments})"),
                }
            }
            Term::Power(power, arguments) => {
                let applied = self.diagram.paths.applied_within(&power.body).into_iter();
                let applied = applied.map(|id| self.diagram.morphism(id).name.as_str());
                let applied: Vec<_> = applied.collect();
                let (body, times) = (applied.join(", "), &power.times);
                format!(
                    "{times} times ({body}) on {}",
                    self.names(arguments).join(", ")
                )
            }
            Term::Factor(of, position) => format!("{}.{position}", self.name(*of)),
            Term::Stop(of) => format!("stop({})", self.name(*of)),
            Term::Scale(of, multiple) => {
                let sign = if multiple.negative { "-" } else { "" };
                format!("scale({}, {sign}{})", self.name(*of), multiple.of)
            }
            Term::Number(like, number) => match number.without {
                None => format!("{}, shaped as {}", number.value, self.name(*like)),
                Some(axis) => {
                    let like = self.name(*like);
                    format!("{}, shaped as {like} without axis {axis}", number.value)
                }
            },
            Term::Datum(_) | Term::Input(_) => self.name(path),
        }
    }
}

fn rows<'a>(
    planned: &'a Planned<'a>,
    names: &'a Names<'a>,
) -> impl Iterator<Item = (String, String)> + 'a {
    let (diagram, plan) = (planned.diagram, &planned.plan);
    // The weights of a call are not known here.
    let trained = diagram.trained_cells().map(|cell| (cell, Wanted::Always));
    let record = Record::of(diagram, trained);
    let spaces = diagram.ends_within(&plan.ends().collect::<Vec<_>>(), &[]);
    plan.actions.iter().filter_map(move |action| match action {
        Action::Evaluate(path) => {
            let spaces = spaces.get(path).map_or(&[][..], Vec::as_slice);
            let remark = if record.wanted(*path) == Some(Wanted::Always) {
                ""
            } else {
                "  no gradient"
            };
            let made = format!("{} = {}", names.name(*path), names.made(*path));
            let ends = match (diagram.paths.term(*path), spaces) {
                // A number is in no object.
                (Term::Number(_, number), [like]) => number.shape(&diagram.shape(like)).to_string(),
                _ => format!("{} {}", diagram.product(spaces), diagram.shapes(spaces)),
            };
            Some((made, format!("{ends}{remark}")))
        }
        Action::Cell(index, values) => {
            let cell = planned.cells.get(*index)?;
            let ends = names.names(values.get(..cell.ends.len())?);
            let by = if cell.loss.is_empty() {
                "mean"
            } else {
                cell.loss.as_str()
            };
            let value = format!("{}: {by} of {}", label(cell), ends.join(", "));
            Some((value, clauses(cell).trim_start().to_owned()))
        }
    })
}

/// Every morphism that is applied, in the order in which they are first.
fn used(diagram: &Diagram, plan: &Plan) -> Vec<MorphismId> {
    let mut seen = HashSet::new();
    let evaluated: Vec<_> = plan.evaluated().collect();
    let applied = diagram.paths.applied_within(&evaluated).into_iter();
    applied.filter(|id| seen.insert(*id)).collect()
}

/// What a morphism is trained on and what a call of it costs.
fn costs(diagram: &Diagram, id: MorphismId) -> String {
    let (morphism, behind) = (diagram.morphism(id), diagram.behind(id));
    let cost = diagram.cost(id);
    let state = match &diagram.morphism(behind).adapters {
        _ if morphism.average.is_some() => "averaged",
        Some(_) => "adapted, frozen",
        None if diagram.morphism(behind).frozen => "frozen",
        None if check::is_trainable(diagram, id) => "trained",
        None => "no weights",
    };
    let parameters = match (&morphism.definition, &cost.parameters) {
        (Definition::Method { .. }, _) => {
            format!("  those of `{}`", diagram.morphism(behind).name)
        }
        (Definition::Module { type_name, .. }, _) => format!("  those of a `{type_name}`"),
        (_, Some(Dim::Literal(0)) | None) => String::new(),
        (_, Some(parameters)) => format!("  {parameters} parameters"),
    };
    let operations = match &cost.operations {
        None | Some(Dim::Literal(0)) => String::new(),
        Some(operations) => format!("  {operations} multiply-adds a call"),
    };
    format!("{state}{parameters}{operations}")
}

/// The parameters of all morphisms, and the multiply-adds of all applications, as far as they are known.
fn totals(diagram: &Diagram, plan: &Plan, used: &[MorphismId]) -> Vec<(String, String)> {
    let ends: Vec<_> = plan.ends().collect();
    let applications = diagram.applications(&ends, &[]).into_iter();
    let operations = applications.filter_map(|one| {
        let operations = diagram.cost(one.morphism).operations?;
        let operations = one.binding.apply(&operations);
        Some(match one.times {
            Dim::Literal(1) => operations,
            times => simplify(&Dim::binary(Op::Mul, times, operations)),
        })
    });
    let adapted = |id: MorphismId| diagram.morphism(id).adapters.is_some();
    let averaged = |id: MorphismId| diagram.morphism(id).average.is_some();
    let moved = |id| check::is_trainable(diagram, id) && !adapted(id);
    let still = |id| !check::is_trainable(diagram, id) && !averaged(id) || adapted(id);
    let parameters = |which: &dyn Fn(MorphismId) -> bool| {
        let own = |id: MorphismId| diagram.behind(id) == id;
        let those = used.iter().filter(|id| own(**id) && which(**id));
        sum(those.filter_map(|id| diagram.cost(*id).parameters))
    };
    let modules =
        |id: MorphismId| matches!(diagram.morphism(id).definition, Definition::Module { .. });
    let and = |what: &str, which: &dyn Fn(MorphismId) -> bool| {
        let some = used.iter().any(|id| which(*id));
        if some {
            format!(", and {what}")
        } else {
            String::new()
        }
    };
    let trained = |id| modules(id) && check::is_trainable(diagram, id);
    let frozen = |id| modules(id) && !check::is_trainable(diagram, id) && !averaged(id);
    let followed = |id| modules(id) && averaged(id);
    let own = "those of your own modules";
    let rows = [
        (
            "trained",
            parameters(&moved),
            "parameters",
            and("those of adapters", &adapted) + &and(own, &trained),
        ),
        (
            "frozen",
            parameters(&still),
            "parameters",
            and(own, &frozen),
        ),
        (
            "averaged",
            parameters(&averaged),
            "parameters",
            and(own, &followed),
        ),
        (
            "a call",
            sum(operations),
            "multiply-adds",
            and("what your own code does", &|id| diagram.is_unknown(id)),
        ),
    ];
    let nothing = |count: &Dim, more: &str| *count == Dim::Literal(0) && more.is_empty();
    let rows = rows
        .into_iter()
        .filter(|(_, count, _, more)| !nothing(count, more));
    rows.map(|(name, count, what, more)| {
        (
            name.to_owned(),
            match count {
                Dim::Literal(0) => more.trim_start_matches(", and ").to_owned(),
                count => format!("{count} {what}{more}"),
            },
        )
    })
    .collect()
}

//! A plan as text: the evaluations, in order, and their cost.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Formatter};

use super::text::{clauses, label, section};
use crate::cell::Measure;
use crate::check;
use crate::cost::sum;
use crate::diagram::{Definition, Diagram};
use crate::dim::{Dim, Op, simplify};
use crate::id::MorphismId;
use crate::path::{Draw, Path, Term};
use crate::plan::{Plan, Planned};
use crate::record::{NeedsGrad, Record};
use crate::run::{Semantics, run};
use crate::space::Space;

pub(super) fn render(planned: &Planned<'_>, out: &mut Formatter<'_>) -> fmt::Result {
    let (diagram, plan) = (planned.diagram, &planned.plan);
    writeln!(out, "plan of {}", diagram.name)?;
    section(out, "evaluated, in order", Listing::of(planned).into_iter())?;
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

/// A row for each evaluation and each cell. A value is the name that later rows have for it.
struct Listing<'a> {
    planned: &'a Planned<'a>,
    record: Record,
    spaces: HashMap<Path, Vec<Space>>,
    evaluated: usize,
    rows: Vec<(String, String)>,
}

impl<'a> Listing<'a> {
    fn of(planned: &'a Planned<'a>) -> Vec<(String, String)> {
        let (diagram, plan) = (planned.diagram, &planned.plan);
        // The weights of a call are not known here.
        let cells = diagram
            .trained_cells()
            .map(|cell| (cell, NeedsGrad::Always));
        let trained = |id| check::is_trainable(diagram, id);
        let mut listing = Listing {
            planned,
            record: Record::of(diagram, &trained, cells),
            spaces: diagram.ends_within(&plan.ends().collect::<Vec<_>>(), &[]),
            evaluated: 0,
            rows: Vec::new(),
        };
        run(diagram, plan, &mut listing);
        listing.rows
    }

    /// Appends the row of a value with this text, and returns its name.
    fn row(&mut self, path: Path, made: &str) -> String {
        self.evaluated += 1;
        let name = format!("v{}", self.evaluated);
        let remark = match self.record.needs_grad(path) {
            Some(NeedsGrad::Always) => "",
            _ => "  no gradient",
        };
        let ends = format!("{}{remark}", self.ends(path));
        self.rows.push((format!("{name} = {made}"), ends));
        name
    }

    /// The spaces of a value, or only its shape if it is a number, which is in no object.
    fn ends(&self, path: Path) -> String {
        let diagram = self.planned.diagram;
        let spaces = self.spaces.get(&path).map_or(&[][..], Vec::as_slice);
        match (diagram.paths.term(path), spaces) {
            (Term::Number(_, number), [like]) => number.shape(&diagram.shape(like)).to_string(),
            _ => format!("{} {}", diagram.product(spaces), diagram.shapes(spaces)),
        }
    }
}

impl Semantics for Listing<'_> {
    type Value = String;

    fn share(&self, name: &String) -> String {
        name.clone()
    }

    fn value(&mut self, at: Path, term: Term<String>) -> String {
        let diagram = self.planned.diagram;
        let made = match term {
            Term::Datum(id) => return diagram.datum(id).name.clone(),
            // Only a composite has inputs, and none is planned here.
            Term::Input(_) => return "_".to_owned(),
            Term::Apply(id, arguments, draw) => {
                let again = if draw == Draw(0) { "" } else { "again " };
                let name = &diagram.morphism(id).name;
                format!("{again}{name}({})", arguments.join(", "))
            }
            Term::Power(power, arguments) => {
                let applied = diagram.paths.applied_within(&power.body).into_iter();
                let applied = applied.map(|id| diagram.morphism(id).name.as_str());
                let body = applied.collect::<Vec<_>>().join(", ");
                format!("{} times ({body}) on {}", power.times, arguments.join(", "))
            }
            Term::Factor(of, position) => format!("{of}.{position}"),
            Term::Stop(of) => format!("stop({of})"),
            Term::Scale(of, multiple) => format!("scale({of}, {multiple})"),
            Term::Number(like, number) => match number.without {
                None => format!("{}, shaped as {like}", number.value),
                Some(axis) => format!("{}, shaped as {like} without axis {axis}", number.value),
            },
        };
        self.row(at, &made)
    }

    fn cell(&mut self, index: usize, values: Vec<String>) {
        let Some(cell) = self.planned.cells.get(index) else {
            return;
        };
        let ends = values.get(..cell.ends.len()).unwrap_or(&values).join(", ");
        let by = match &cell.loss {
            Measure::Itself => "mean".to_owned(),
            loss => loss.to_string(),
        };
        let value = format!("{}: {by} of {ends}", label(cell));
        let clauses = clauses(cell).trim_start().to_owned();
        self.rows.push((value, clauses));
    }
}

/// Every applied morphism, in the order of its first application.
fn used(diagram: &Diagram, plan: &Plan) -> Vec<MorphismId> {
    let mut seen = HashSet::new();
    let evaluated: Vec<_> = plan.evaluated().collect();
    let applied = diagram.paths.applied_within(&evaluated).into_iter();
    applied.filter(|id| seen.insert(*id)).collect()
}

/// How a morphism is trained, and the cost of a call of it.
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
        (Definition::Module { ty, .. }, _) => format!("  those of a `{ty}`"),
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

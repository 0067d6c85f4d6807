//! What cells are measured by: losses of the table, and functions of the user's.

use std::collections::HashMap;

use diagram_core::check::{Taken, numbers_not_taken};
use diagram_core::{Call, CellRole, Diagram, Fault, FunctionArgument, Measure, ObjectId};
use diagram_layers::losses::{self, Loss, Turned};

use crate::arguments;
use crate::lower::paths::Typed;
use crate::lower::rules::Rules;
use crate::place::Placed;
use crate::scope::Scope;
use crate::syntax::tree::{self, Ends, bare, shown};

/// What a cell is measured by.
pub(in crate::lower) enum FoundLoss {
    /// A loss of the table.
    Known(&'static Loss),
    /// A function of the user's, by its path.
    Function(String),
}

impl FoundLoss {
    pub(in crate::lower) fn name(&self) -> String {
        match self {
            FoundLoss::Known(loss) => loss.name.to_owned(),
            FoundLoss::Function(path) => path.clone(),
        }
    }

    pub(in crate::lower) fn higher_is_better(&self) -> bool {
        matches!(self, FoundLoss::Known(loss) if loss.higher_is_better)
    }
}

/// The loss of this name, for a cell or, without one, an object.
pub(in crate::lower) fn find_loss(
    written: &tree::Loss,
    role: CellRole,
    cell: Option<&tree::Cell>,
) -> Result<FoundLoss, Placed> {
    let fault = match written.path.0.get_ident() {
        None => return Ok(FoundLoss::Function(written.path.to_string())),
        Some(name) => match losses::find(&bare(name)) {
            Some(loss) if loss.watch_only && role == CellRole::Trained => {
                let ends = cell.map(|cell| cell.ends.to_string());
                losses::metric_trained(loss, ends.as_deref())
            }
            Some(loss) => return Ok(FoundLoss::Known(loss)),
            None => losses::spelling::unknown(&bare(name)),
        },
    };
    Err((written.place, fault))
}

/// What a cell is compared by: what it names, else the default loss of the left side's object, else of the
/// right's. `mse` where there is none.
pub(in crate::lower) fn loss_of<'c>(
    cell: &'c tree::Cell,
    ends: Option<&[Typed]>,
    default_losses: &HashMap<ObjectId, &'c tree::Loss>,
) -> Option<&'c tree::Loss> {
    let agree = matches!(cell.ends, Ends::Agree(..));
    let mut ends = ends.into_iter().flatten().filter(|_| agree);
    let default = || ends.find_map(|end| default_losses.get(&end.end.object).copied());
    cell.clauses.loss.as_ref().or_else(default)
}

/// The loss of an object, without what only a cell can tell.
pub(in crate::lower) fn default_loss(
    default: &tree::Loss,
    rules: &mut Rules<'_>,
) -> Option<Measure> {
    let found = find_loss(default, CellRole::Trained, None);
    match rules.take(found)? {
        FoundLoss::Known(loss) => {
            let arguments = default.arguments.as_deref().unwrap_or_default();
            let read =
                rules.decided(|scope| arguments::read_loss(loss, arguments, default.place, scope));
            read.map(|read| Measure::Loss(read.call))
        }
        FoundLoss::Function(_) => {
            let read = arguments::function::read(default, &rules.scope);
            let read = rules.take(read);
            read.map(|read| own_function(default, read.arguments, &rules.scope))
        }
    }
}

/// A function of the user's with its arguments.
pub(in crate::lower) fn own_function(
    written: &tree::Loss,
    given: Vec<FunctionArgument>,
    scope: &Scope,
) -> Measure {
    Measure::Function {
        function: scope.snippet(&written.path),
        arguments: written.arguments.as_ref().map(|_| given),
    }
}

/// The warning of numbers that a loss does not take at one of its ends.
pub(in crate::lower) fn numbers_warning(
    diagram: &Diagram,
    cell: &tree::Cell,
    (loss, by, given): (&'static Loss, Option<&tree::Loss>, &Call),
    typed: &[Typed],
) -> Option<Fault> {
    let (numbers, turned) = loss.numbers(given);
    let called: &[&str] = match (&cell.ends, loss.ends) {
        (Ends::Agree(..), _) => &["prediction", "target"],
        (Ends::Minimize(_), ends) => ends,
    };
    let text = shown(&cell.ends);
    let mut ends = typed.iter().zip(numbers).enumerate();
    ends.find_map(|(at, (end, takes))| {
        let turned = turned.as_ref().and_then(|turned| {
            let takes = turned.numbers.get(at)?;
            Some((*takes, with_flag(loss, by, turned)))
        });
        let taken = Taken {
            loss: loss.name,
            cell: &text,
            end: end.path,
            called: called.get(at).copied().filter(|_| at > 0),
            takes: *takes,
            turned,
        };
        numbers_not_taken(diagram, &taken)
    })
}

/// A loss as it is written, with a flag turned.
fn with_flag(loss: &Loss, written: Option<&tree::Loss>, turned: &Turned) -> String {
    let given = written.and_then(|loss| loss.arguments.as_deref());
    let is_flag = |argument: &tree::Argument| {
        let name = argument.name.as_ref();
        name.is_some_and(|name| bare(name) == turned.flag)
    };
    let others = given.unwrap_or_default().iter();
    let others = others.filter(|argument| !is_flag(argument));
    let value = format!("{} = {}", turned.flag, turned.value);
    let arguments: Vec<_> = others.map(ToString::to_string).chain([value]).collect();
    format!("{}({})", loss.name, arguments.join(", "))
}

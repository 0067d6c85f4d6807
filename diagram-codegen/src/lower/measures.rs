//! What cells are measured by: losses of the table, and functions of the user's.

use diagram_core::{CellRole, Code, Fault};

use crate::losses::{self, Loss};
use crate::lower::scope::Placed;
use crate::syntax::tree::{self, bare};

/// What a cell is measured by.
pub(super) enum Measure {
    /// A loss of the table.
    Known(&'static Loss),
    /// A function of the user's, by its path.
    Function(String),
}

impl Measure {
    pub(super) fn name(&self) -> String {
        match self {
            Measure::Known(loss) => loss.name.to_owned(),
            Measure::Function(path) => path.clone(),
        }
    }

    pub(super) fn higher_is_better(&self) -> bool {
        matches!(self, Measure::Known(loss) if loss.higher_is_better)
    }

    pub(super) fn takes_logits(&self) -> bool {
        matches!(self, Measure::Known(loss) if loss.takes_logits)
    }
}

/// The loss of this name, for a cell or, without one, an object.
pub(super) fn find_loss(
    written: &tree::Loss,
    role: CellRole,
    cell: Option<&tree::Cell>,
) -> Result<Measure, Placed> {
    let fault = match written.path.0.get_ident() {
        None => return Ok(Measure::Function(written.path.to_string())),
        Some(name) => match losses::find(&bare(name)) {
            Some(loss) if loss.metric && role == CellRole::Trained => {
                let name = loss.name;
                // error: `accuracy` is a metric: it can be watched, not trained [D0408]
                Fault::new(
                    Code::MetricTrained,
                    format!("`{name}` is a metric: it can be watched, not trained"),
                )
                .maybe_help(cell.map(|cell| format!("`watch {name}: {} by {name};`", cell.ends)))
            }
            Some(loss) => return Ok(Measure::Known(loss)),
            None => {
                let name = bare(name);
                let fault = Fault::new(Code::UnknownLoss, format!("there is no loss `{name}`"));
                match losses::spelling::meant(&name) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => {
                        let names: Vec<_> =
                            losses::names().map(|name| format!("`{name}`")).collect();
                        fault
                            .note(format!("there is {}", names.join(", ")))
                            .help(format!("a function of your own has a path: `self::{name}`"))
                    }
                }
            }
        },
    };
    Err((written.place, fault))
}

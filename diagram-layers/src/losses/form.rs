//! The forms of a cell, and which of them a loss takes.

use diagram_core::{Code, Fault};

use super::loss::Loss;
use super::site::End;

/// In which form a cell has its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `prediction ~ target`
    Agree,
    /// `minimize (mean, log_variance)`
    Minimize,
}

/// Whether a loss is given as many ends as it takes, in the form in which it takes them.
///
/// # Errors
///
/// It is not.
pub fn formed(loss: &Loss, ends: &[End], form: Form) -> Result<(), Fault> {
    let name = loss.name;
    let (message, help) = match (loss.ends, form) {
        ([], Form::Agree) => return Ok(()),
        // error: `mse` compares two paths: it is nothing that is minimised [D0403]
        ([], Form::Minimize) => {
            let help = match ends {
                [one, other] => format!("`{} ~ {} by {name}`", one.text, other.text),
                _ => format!("`prediction ~ target by {name}`"),
            };
            let message = format!("`{name}` compares two paths, and minimises none");
            (message, help)
        }
        (taken, Form::Minimize) if taken.len() == ends.len() => return Ok(()),
        // error: `triplet` takes 3 ends, `anchor`, `positive`, `negative`, but is given 2 [D0403]
        (taken, _) => {
            let names: Vec<_> = taken.iter().map(|end| format!("`{end}`")).collect();
            let (count, given) = (taken.len(), ends.len());
            let message = match (form, taken) {
                (Form::Agree, _) if count == given => {
                    format!(
                        "`{name}` compares no two paths: it takes {}",
                        names.join(", ")
                    )
                }
                _ if name.is_empty() => {
                    format!("what is minimised without a loss is one path, not {given}")
                }
                (_, [_]) => format!("`{name}` takes one end, but is given {given}"),
                _ => format!(
                    "`{name}` takes {count} ends, {}, but is given {given}",
                    names.join(", ")
                ),
            };
            let help = match taken {
                [one] => format!("`minimize {one} by {name}`"),
                _ => format!("`minimize ({}) by {name}`", taken.join(", ")),
            };
            (message, help)
        }
    };
    let help = Some(help).filter(|_| !name.is_empty());
    Err(Fault::new(Code::LossEnds, message).maybe_help(help))
}

/// A metric is watched, and nothing is trained by it. `ends` are those of the cell, as written.
// error: `accuracy` is a metric: it can be watched, not trained [D0408]
#[must_use]
pub fn metric_trained(loss: &Loss, ends: Option<&str>) -> Fault {
    let name = loss.name;
    let message = format!("`{name}` is a metric: it can be watched, not trained");
    let help = ends.map(|ends| format!("`watch {name}: {ends} by {name};`"));
    Fault::new(Code::MetricTrained, message).maybe_help(help)
}

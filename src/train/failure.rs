//! The error that ended a training, on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use burn::train::{Interrupter, TrainingError};

/// What ended a training, if it was an error. It says so when the training has dropped its loaders and its
/// metrics, which Burn does last: no error can follow.
pub(super) struct Failure {
    /// The first error, in one line.
    first: Mutex<Option<String>>,
    /// It is told of every error, as long as the caller gives the training no other one.
    interrupter: Interrupter,
    /// Whether it was told of one.
    told: AtomicBool,
}

impl Failure {
    pub(super) fn of(interrupter: Interrupter) -> Self {
        Failure {
            first: Mutex::default(),
            interrupter,
            told: AtomicBool::default(),
        }
    }

    /// An error on which Burn's learner stops.
    pub(super) fn note(&self, error: impl Display) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| one_line(&error.to_string()));
    }

    /// Takes over what Burn knows; whether that is something.
    pub(super) fn look(&self) -> bool {
        let Some(error) = self.interrupter.error() else {
            return false;
        };
        self.note(worded(&error));
        self.told.store(true, Ordering::Relaxed);
        true
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        // Burn's dashboard resets the interrupter at the end of a training, and nothing else does.
        let dashboard = !self.look() && *self.told.get_mut();
        let first = self.first.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = first {
            // A standard error that is closed is no reason to panic.
            let _ = say(&format!("error: the training failed: {error}"), dashboard);
        }
    }
}

/// Writes a line on standard error. The dashboard has the alternate screen of the terminal and leaves it when
/// Burn's result is dropped: the line is written on the other screen, where it then stands.
fn say(line: &str, dashboard: bool) -> io::Result<()> {
    let terminal =
        cfg!(feature = "tui") && io::stdout().is_terminal() && io::stderr().is_terminal();
    if !(dashboard && terminal) {
        return writeln!(io::stderr(), "{line}");
    }
    // The dashboard draws under this lock.
    let mut screen = io::stdout().lock();
    screen.write_all(b"\x1b[?1049l")?;
    screen.flush()?;
    // A carriage return, because the terminal is in raw mode.
    write!(io::stderr(), "{line}\r\n")?;
    screen.write_all(b"\x1b[?1049h")?;
    screen.flush()
}

/// Burn's text for several failures of metrics starts with their number.
fn worded(error: &TrainingError) -> String {
    match error {
        TrainingError::EventProcessor(error) => match error.failures().first() {
            Some(failure) => failure.to_string(),
            None => error.to_string(),
        },
        _ => error.to_string(),
    }
}

/// A text without its notes, which start with `=`.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines = lines.take_while(|line| !line.starts_with("= "));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

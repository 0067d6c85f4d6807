//! The error that ended a training, on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use burn::train::{Interrupter, TrainingError};

/// The error that ended a training, if there was one. It is reported when the training has dropped its loaders and
/// its metrics, which Burn does last: no error can follow.
pub(super) struct Failure {
    /// The first error, in one line.
    first: Mutex<Option<String>>,
    /// It gets every error, as long as the caller gives the training no other interrupter.
    interrupter: Interrupter,
    /// Whether the interrupter has had an error.
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

    /// Notes an error on which Burn's learner stops.
    pub(super) fn note(&self, error: impl Display) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| one_line(&error.to_string()));
    }

    /// Takes over an error that Burn knows. Returns whether there was one.
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
            // If standard error is closed, that is no reason to panic.
            let _ = say(&format!("error: the training failed: {error}"), dashboard);
        }
    }
}

/// Writes a line on standard error. The dashboard uses the alternate screen of the terminal and leaves it when
/// Burn's result is dropped. The line is written on the main screen, where it is visible afterwards.
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

//! The table at the end, and what was expected of it.

#[path = "../common/mean.rs"]
mod mean;

use std::fmt::{self, Write};

use super::{FEW, Outcome};
use mean::{Mean, spread::Spread};

/// One row a task, and whether the trunk helps the new one.
pub(crate) fn table(outcomes: &[Outcome]) -> Result<String, fmt::Error> {
    type Column = fn(&Outcome) -> (f64, f64);
    let rows: [(String, Column); 6] = [
        ("digit".to_owned(), |seed| (seed.tasks[0], seed.seconds[0])),
        ("odd".to_owned(), |seed| (seed.tasks[1], seed.seconds[0])),
        ("at least four".to_owned(), |seed| {
            (seed.tasks[2], seed.seconds[0])
        }),
        ("mirrored".to_owned(), |seed| {
            (seed.tasks[3], seed.seconds[0])
        }),
        (format!("loop, {FEW} labels, alone"), |seed| {
            (seed.alone, seed.seconds[2])
        }),
        (format!("loop, {FEW} labels, on their trunk"), |seed| {
            (seed.on_trunk, seed.seconds[1])
        }),
    ];
    let mut text = String::new();
    let seeds = outcomes.len();
    writeln!(
        text,
        "On the test part, mean ± standard deviation over the seeds ({seeds}):\n"
    )?;
    writeln!(text, "{:<32}{:>15}{:>9}", "", "accuracy", "seconds")?;
    for (name, column) in rows {
        let accuracy = Spread::of(outcomes.iter().map(|seed| column(seed).0));
        let seconds = Spread::of(outcomes.iter().map(|seed| column(seed).1)).mean;
        writeln!(text, "{name:<32}{accuracy:>15}{seconds:>9.1}")?;
    }
    write!(text, "\n{}", verdict(outcomes))?;
    Ok(text)
}

/// What the trunk adds.
pub(crate) fn gain(outcomes: &[Outcome]) -> Mean {
    Mean::of(outcomes.iter().map(Outcome::gain))
}

fn verdict(outcomes: &[Outcome]) -> String {
    let gain = gain(outcomes);
    let verdict = gain.verdict();
    format!("The trunk of the other tasks adds {gain:+} (standard error): {verdict}.")
}

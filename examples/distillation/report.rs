//! The table at the end, and what was expected of it.

#[path = "../common/spread.rs"]
mod spread;

use std::fmt::{self, Write};

use super::{FEW, Outcome, Score, WITHHELD};
use spread::Spread;

/// The accuracy that distillation adds at few labels, at least.
pub(crate) const EXPECTED_GAIN: f64 = 0.02;
/// The distilled student's recall on the class it never saw, at least.
pub(crate) const EXPECTED_RECALL: f64 = 0.3;

/// What a row shows of one seed.
type Column = fn(&Outcome) -> Score;

/// One row a model, and whether the results are as expected.
pub(crate) fn table(outcomes: &[Outcome]) -> Result<String, fmt::Error> {
    let rows: [(String, Column); 5] = [
        ("teacher".to_owned(), |seed| seed.teacher),
        (format!("student, {FEW} labels, alone"), |seed| {
            seed.few.alone
        }),
        (format!("student, {FEW} labels, distilled"), |seed| {
            seed.few.distilled
        }),
        (format!("student, no {WITHHELD}, alone"), |seed| {
            seed.withheld.alone
        }),
        (format!("student, no {WITHHELD}, distilled"), |seed| {
            seed.withheld.distilled
        }),
    ];

    let mut text = String::new();
    let recall = format!("recall of {WITHHELD}");
    writeln!(
        text,
        "On the test part, mean ± standard deviation over the seeds ({}):\n",
        outcomes.len()
    )?;
    writeln!(
        text,
        "{:<30}{:>15}{recall:>17}{:>9}",
        "", "accuracy", "seconds"
    )?;
    for (name, column) in rows {
        let of = |value: fn(Score) -> f64| Spread::of(outcomes.iter().map(|o| value(column(o))));
        let (accuracy, recall) = (of(|score| score.accuracy), of(|score| score.recall));
        let seconds = of(|score| score.seconds).mean;
        writeln!(text, "{name:<30}{accuracy:>15}{recall:>17}{seconds:>9.1}")?;
    }
    write!(text, "\n{}\n{}", gain(outcomes), recall_of_unseen(outcomes))?;
    Ok(text)
}

fn gain(outcomes: &[Outcome]) -> String {
    let gains = outcomes.iter().map(Outcome::gain);
    let gain = Spread::of(gains).mean;
    let verdict = verdict(gain, EXPECTED_GAIN);
    format!("With {FEW} labels, distillation adds {gain:+.3} to the accuracy: {verdict}.")
}

fn recall_of_unseen(outcomes: &[Outcome]) -> String {
    let recalls = outcomes.iter().map(|seed| seed.withheld.distilled.recall);
    let lowest = recalls.fold(1.0, f64::min);
    let verdict = verdict(lowest, EXPECTED_RECALL);
    format!(
        "Of the digits {WITHHELD}, which it never saw, the distilled student recognises at least {lowest:.3}: {verdict}."
    )
}

fn verdict(value: f64, expected: f64) -> String {
    if value >= expected {
        format!("as expected ({expected} or more)")
    } else {
        format!("BELOW EXPECTATION ({expected} or more)")
    }
}

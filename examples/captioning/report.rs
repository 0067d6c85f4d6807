//! The table at the end, and what was expected of it.

#[path = "../common/mean.rs"]
mod mean;

use std::fmt::{self, Write};

use super::{Outcome, Score, Scores};
use mean::Mean;

/// The share of captions of pairs never seen that the captioner has right, at least.
pub(crate) const EXPECTED_EXACT: f64 = 0.5;

/// One row a model and kind of scene, some captions, and whether the results are as expected.
pub(crate) fn table(outcomes: &[Outcome]) -> Result<String, fmt::Error> {
    type Model = fn(&Outcome) -> Scores;
    type Part = fn(Scores) -> Score;
    let captioner: Model = |seed| seed.captioner;
    let bag: Model = |seed| seed.bag;
    let unseen: Part = |scores| scores.unseen;
    let usual: Part = |scores| scores.usual;
    let rows = [
        ("pairs never seen, bag of words", bag, unseen),
        ("pairs never seen, captioner", captioner, unseen),
        ("other scenes, bag of words", bag, usual),
        ("other scenes, captioner", captioner, usual),
    ];

    let mut text = String::new();
    writeln!(
        text,
        "On digits of the test part, mean ± standard error over the seeds ({}):\n",
        outcomes.len()
    )?;
    writeln!(
        text,
        "{:<32}{:>15}{:>17}{:>9}",
        "", "whole captions", "words", "seconds"
    )?;
    for (name, model, part) in rows {
        let of = |value: fn(Score) -> f64| {
            Mean::of(outcomes.iter().map(|seed| value(part(model(seed)))))
        };
        let (exact, words) = (of(|score| score.exact), of(|score| score.words));
        let seconds = Mean::of(outcomes.iter().map(|seed| model(seed).seconds)).value;
        writeln!(text, "{name:<32}{exact:>15}{words:>17}{seconds:>9.1}")?;
    }
    if let Some(first) = outcomes.first() {
        writeln!(text, "\nOf pairs never seen, the first seed says:\n")?;
        for (is, said) in &first.said {
            let verdict = if is == said { "" } else { "  (wrong)" };
            writeln!(text, "{is:<42}{said}{verdict}")?;
        }
    }
    write!(text, "\n{}", verdict(outcomes))?;
    Ok(text)
}

/// The share of pairs never seen that are told word for word.
pub(crate) fn exact(outcomes: &[Outcome]) -> Mean {
    Mean::of(outcomes.iter().map(|seed| seed.captioner.unseen.exact))
}

/// What that is over the bag of words.
pub(crate) fn gain(outcomes: &[Outcome]) -> Mean {
    Mean::of(outcomes.iter().map(Outcome::gain))
}

fn verdict(outcomes: &[Outcome]) -> String {
    let (exact, gain) = (exact(outcomes), gain(outcomes));
    let enough = if exact.value >= EXPECTED_EXACT {
        "as expected"
    } else {
        "BELOW EXPECTATION"
    };
    format!(
        "Of pairs never seen, the captioner has {exact} right word for word: {enough} ({EXPECTED_EXACT} or more).\n\
         That is {gain:+} (standard error) over the bag of words: {}.",
        gain.verdict()
    )
}

//! The example's promise, kept by its own functions: a trunk of other tasks helps a new one.

#[path = "../examples/few_shot/experiment.rs"]
mod experiment;

use std::path::Path;

use experiment::{Experiment, report};

const EPOCHS: usize = 30;

#[test]
fn a_trunk_helps() -> experiment::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("few_shot");
    let outcomes = [1, 2, 3].map(|seed| Experiment::new(seed, EPOCHS, &directory)?.run());
    let outcomes: Vec<_> = outcomes.into_iter().collect::<experiment::Result<_>>()?;
    // Shown when the test fails.
    println!("{}", report::table(&outcomes)?);
    assert!(report::gain(&outcomes).is_clear());
    Ok(())
}

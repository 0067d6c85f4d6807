//! The example's promise, kept by its own functions: pairs of digits never seen together are told word for word.

#[path = "../examples/captioning/experiment.rs"]
mod experiment;

use std::path::Path;

use experiment::{Experiment, report};

const EPOCHS: usize = 3;

#[test]
fn pairs_never_seen_are_told() -> experiment::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("captioning");
    let outcome = Experiment::new(1, EPOCHS, &directory)?.run()?;
    // Shown when the test fails.
    let outcomes = [outcome];
    println!("{}", report::table(&outcomes)?);
    assert!(report::exact(&outcomes).value >= report::EXPECTED_EXACT);
    assert!(report::gain(&outcomes).is_clear());
    Ok(())
}

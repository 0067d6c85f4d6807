//! The example's promise, kept by its own functions: distillation pays on real data.

#[path = "../examples/distillation/experiment.rs"]
mod experiment;

use std::path::Path;

use experiment::{Experiment, Outcome, report};

const EPOCHS: usize = 150;

#[test]
fn distillation_pays() -> experiment::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("distillation");
    let mut outcomes = Vec::new();
    for seed in [1, 2] {
        let experiment = Experiment::new(seed, EPOCHS, &directory)?;
        let outcome = experiment.run()?;
        experiment.save_and_reload(&outcome.model)?;
        outcomes.push(outcome);
    }
    // Shown when the test fails.
    println!("{}", report::table(&outcomes)?);

    let gain = outcomes.iter().map(Outcome::gain).sum::<f64>() / 2.0;
    assert!(gain >= report::EXPECTED_GAIN, "distillation adds {gain:.3}");
    for outcome in &outcomes {
        let recall = outcome.withheld.distilled.recall;
        assert!(recall >= report::EXPECTED_RECALL, "recall is {recall:.3}");
        let alone = outcome.withheld.alone.recall;
        assert!(alone <= 0.0, "recall of a class never seen is {alone:.3}");
    }
    Ok(())
}

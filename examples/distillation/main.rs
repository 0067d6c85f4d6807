//! Knowledge distillation on real handwritten digits, in the two regimes where it is known to pay:
//! few labels, and a class that the student never sees (Hinton, Vinyals and Dean 2015).
//!
//! ```text
//! cargo run --release --example distillation
//! ```

mod experiment;

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use experiment::{Experiment, Result, report};

/// Trains a teacher, then the same student on labels alone and by distillation, and compares them
#[derive(Parser)]
#[command(allow_negative_numbers = true)] // so that `--seed -1` is called an invalid value
struct Options {
    /// The first seed
    #[arg(long, default_value = "1")]
    seed: u64,
    /// How many seeds, one after the other
    #[arg(long, default_value = "5")]
    seeds: NonZeroU64,
    /// Epochs of every training
    #[arg(long, default_value = "150")]
    epochs: NonZeroUsize,
    /// Where the distilled student is saved
    #[arg(long, value_name = "DIR", default_value = "target/distillation")]
    directory: PathBuf,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let start = Instant::now();
    let mut outcomes = Vec::new();
    let mut saved = None;
    for further in 0..options.seeds.get() {
        let seed = options.seed.wrapping_add(further);
        let experiment = Experiment::new(seed, options.epochs.get(), &options.directory)?;
        let outcome = experiment.run()?;
        saved = Some(experiment.save_and_reload(&outcome.model)?);
        outcomes.push(outcome);
    }

    println!("\n{}", report::table(&outcomes)?);
    if let Some(file) = saved {
        let file = file.display();
        println!(
            "The last distilled student, saved in {file} and loaded again, predicts the same."
        );
    }
    println!("{:.1} seconds in all.", start.elapsed().as_secs_f64());
    Ok(())
}

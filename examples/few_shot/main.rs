//! Few-shot multi-task learning on real handwritten digits: tasks share a trunk, and a new task learns from
//! few labels on it (Lary et al. 2025, [arXiv 2501.01515](https://arxiv.org/abs/2501.01515)).
//!
//! ```text
//! cargo run --release --example few_shot
//! ```

mod experiment;

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use experiment::{Experiment, Result, report};

/// Trains four tasks on one trunk, then a new one from few labels, on that trunk and alone
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
    #[arg(long, default_value = "30")]
    epochs: NonZeroUsize,
    /// Where the learner keeps its files
    #[arg(long, value_name = "DIR", default_value = "target/few_shot")]
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
    for further in 0..options.seeds.get() {
        let seed = options.seed.wrapping_add(further);
        let experiment = Experiment::new(seed, options.epochs.get(), &options.directory)?;
        outcomes.push(experiment.run()?);
    }
    println!("\n{}", report::table(&outcomes)?);
    println!("{:.1} seconds in all.", start.elapsed().as_secs_f64());
    Ok(())
}

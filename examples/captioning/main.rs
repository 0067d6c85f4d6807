//! Neural image captioning on real handwritten digits: a convolutional encoder sees, a recurrent decoder says what
//! (Vinyals et al. 2015, [arXiv 1411.4555](https://arxiv.org/abs/1411.4555)).
//!
//! ```text
//! cargo run --release --example captioning
//! ```

mod experiment;

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use experiment::{Experiment, Result, report};

/// Trains a captioner on images of one or two digits, and asks it for pairs of digits that it never saw
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
    #[arg(long, default_value = "4")]
    epochs: NonZeroUsize,
    /// Where the learner keeps its files
    #[arg(long, value_name = "DIR", default_value = "target/captioning")]
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

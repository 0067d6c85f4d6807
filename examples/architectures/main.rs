//! Published architectures as diagrams: how many parameters each trains, beside the published number, and
//! what it gives for images and sentences of any size.
//!
//! ```text
//! cargo run --release --example architectures
//! ```

mod alexnet;
mod resnet18;
mod tagger;
mod trained;
mod unet;
mod vit;

use std::num::NonZeroUsize;
use std::time::Instant;

use alexnet::AlexNetConfig;
use clap::Parser;
use diagrammatic::burn::prelude::*;
use diagrammatic::burn::tensor::Distribution;
use resnet18::ResNet18Config;
use tagger::TaggerConfig;
use trained::trained;
use unet::UNetConfig;
use vit::VitConfig;

/// Builds published architectures, counts what each trains, and applies it to a random input
#[derive(Parser)]
struct Options {
    /// The side of images, but of those for ViT-B/16, whose positions are learned for 224
    #[arg(long, default_value = "64", value_parser = side)]
    side: usize,
    /// How many words a sentence has
    #[arg(long, default_value = "12")]
    length: NonZeroUsize,
    /// The seed of weights and inputs
    #[arg(long, default_value = "1")]
    seed: u64,
}

/// A side that all the networks take.
fn side(text: &str) -> Result<usize, String> {
    let side = text.parse().map_err(|_| "it is no number".to_owned())?;
    if side < 64 || side % 32 != 0 {
        return Err("ResNet-18 takes multiples of 32, and AlexNet at least 63".to_owned());
    }
    Ok(side)
}

fn main() {
    let options = Options::parse();
    let device = Device::default().autodiff();
    device.seed(options.seed);
    let image = |dims| Tensor::<4>::random(dims, Distribution::Uniform(0.0, 1.0), &device);
    let photo = [1, 3, options.side, options.side];

    println!(
        "{:12} {:>10} {:>10}  {:17} {:16} {:>7}",
        "", "trained", "published", "takes", "gives", "seconds"
    );
    let model = AlexNetConfig::new().init(&device);
    let count = (trained(&model), Some(61_100_840));
    row("AlexNet", count, photo, |dims| {
        model.model(image(dims)).dims()
    });

    let model = ResNet18Config::new().init(&device);
    let count = (trained(&model), Some(11_689_512));
    row("ResNet-18", count, photo, |dims| {
        model.model(image(dims)).dims()
    });

    let model = UNetConfig::new().init(&device);
    let count = (trained(&model), None);
    let grey = [1, 1, options.side, options.side];
    row("U-Net", count, grey, |dims| model.model(image(dims)).dims());

    let model = TaggerConfig::new().init(&device);
    let count = (trained(&model), None);
    let words = |dims| Tensor::<2, Int>::zeros(dims, &device);
    row("LSTM tagger", count, [1, options.length.get()], |dims| {
        model.model(words(dims)).dims()
    });

    let model = VitConfig::new().init(&device);
    let count = (trained(&model), Some(86_567_656));
    row("ViT-B/16", count, [1, 3, 224, 224], |dims| {
        model.model(image(dims)).dims()
    });
}

/// A line of the table: a model applied once.
fn row<const D: usize, const E: usize>(
    name: &str,
    (trained, published): (usize, Option<usize>),
    takes: [usize; D],
    apply: impl FnOnce([usize; D]) -> [usize; E],
) {
    let published = published.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let start = Instant::now();
    let gives = format!("{:?}", apply(takes));
    let seconds = start.elapsed().as_secs_f64();
    let takes = format!("{takes:?}");
    println!("{name:12} {trained:>10} {published:>10}  {takes:17} {gives:16} {seconds:>7.3}");
}

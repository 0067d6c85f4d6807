//! The handwritten digits of `../data`, and their split into three parts.

use diagrammatic::burn;

use burn::data::dataset::transform::ShuffledDataset;
use burn::data::dataset::{Dataset, DatasetError, InMemDataset};

const FILE: &str = include_str!("../data/digits.csv");
/// The side of an image, in pixels.
pub(crate) const SIDE: usize = 8;
const PIXELS: usize = SIDE * SIDE;
pub(crate) const CLASSES: u8 = 10;
/// The largest pixel count, which becomes 1.
const WHITE: f32 = 16.0;

const TEST: usize = 397;
const VALID: usize = 200;

/// One image and its class.
#[derive(Clone, Debug)]
pub(crate) struct Digit {
    /// Row by row, from 0 to 1.
    pub(crate) pixels: [f32; PIXELS],
    pub(crate) class: u8,
}

/// The parts have no digit in common.
pub(crate) struct Split {
    pub(crate) train: Vec<Digit>,
    pub(crate) valid: Vec<Digit>,
    pub(crate) test: Vec<Digit>,
}

impl Split {
    /// The same seed gives the same parts, each in an order drawn with it.
    pub(crate) fn draw(seed: u64) -> Result<Self, DatasetError> {
        let all = InMemDataset::new(FILE.lines().map(Digit::parse).collect());
        let mut test = ShuffledDataset::<_, Digit>::new(all, seed)
            .iter()
            .collect::<Result<Vec<_>, _>>()?;
        let mut valid = test.split_off(TEST);
        let train = valid.split_off(VALID);
        Ok(Self { train, valid, test })
    }
}

impl Digit {
    fn parse(line: &str) -> Self {
        let mut numbers = line
            .split(',')
            .map(|number| number.parse().expect("the file holds small numbers only"));
        Self {
            pixels: std::array::from_fn(|_| f32::from(next(&mut numbers)) / WHITE),
            class: next(&mut numbers),
        }
    }
}

fn next(numbers: &mut impl Iterator<Item = u8>) -> u8 {
    numbers.next().expect("the file has 65 numbers a line")
}

//! The handwritten digits of `../data`, and their split into three parts.

use diagrammatic::burn;

use burn::data::dataset::transform::ShuffledDataset;
use burn::data::dataset::{Dataset, DatasetError, InMemDataset};
use burn::tensor::{Device, Int, Tensor, TensorData};

const FILE: &str = include_str!("../data/digits.csv");
const PIXELS: usize = 64;
const CLASSES: u8 = 10;
/// The largest pixel count, which becomes 1.
const WHITE: f32 = 16.0;

const TEST: usize = 397;
const VALID: usize = 200;

/// One image and its class.
#[derive(Clone, Debug)]
pub(crate) struct Digit {
    pixels: [f32; PIXELS],
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

/// Images `[n, 1, 8, 8]` with pixels from 0 to 1, and classes `[n]`.
pub(crate) fn tensors(digits: &[Digit], device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
    let pixels: Vec<f32> = digits.iter().flat_map(|digit| digit.pixels).collect();
    let classes: Vec<i64> = digits.iter().map(|digit| i64::from(digit.class)).collect();
    let count = digits.len();
    (
        Tensor::from_data(TensorData::new(pixels, [count, 1, 8, 8]), device),
        Tensor::from_data(TensorData::new(classes, [count]), device),
    )
}

/// The first `count` digits with equally many of each class.
pub(crate) fn balanced(digits: &[Digit], count: usize) -> Vec<Digit> {
    let each = count / usize::from(CLASSES);
    let first = |class| {
        digits
            .iter()
            .filter(move |digit| digit.class == class)
            .take(each)
    };
    (0..CLASSES).flat_map(first).cloned().collect()
}

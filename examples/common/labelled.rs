//! Digits as samples with labels, of which there may be few.

use std::fmt::Debug;

use diagrammatic::burn;

use burn::data::dataloader::batcher::Batcher;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::setting::digits::{CLASSES, Digit, SIDE};
use super::setting::{Loader, Setting};

/// Images `[n, 1, 8, 8]` with pixels from 0 to 1, and classes `[n]`.
pub(crate) fn tensors(digits: &[Digit], device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
    let pixels: Vec<f32> = digits.iter().flat_map(|digit| digit.pixels).collect();
    let classes: Vec<i64> = digits.iter().map(|digit| i64::from(digit.class)).collect();
    let count = digits.len();
    (
        Tensor::from_data(TensorData::new(pixels, [count, 1, SIDE, SIDE]), device),
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

/// Loaders of the samples and of the validation part. An epoch has as many samples as the
/// training part, however few of them are different.
pub(crate) fn loaders<B, T>(
    setting: &Setting,
    batcher: T,
    samples: &[Digit],
) -> (Loader<B>, Loader<B>)
where
    T: Batcher<Digit, B> + Clone + 'static,
    B: Clone + Debug + Send + 'static,
{
    let split = &setting.split;
    let epoch = samples.iter().cycle().take(split.train.len());
    setting.loaders(batcher, epoch.cloned().collect(), split.valid.clone())
}

//! A small convolutional network, as a diagram and by hand.

use diagrammatic::{burn, diagram};

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Int, Tensor};

use super::{Model, Trainer};

const BATCH: usize = 32;

diagram! {
    /// A classifier of small images.
    Convolution {
        dyn batch;

        data Image: [batch, 1, 28, 28];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;

        model = conv2d(8, kernel = 3, padding = 1) >> relu >> max_pool2d(2)
            >> conv2d(16, kernel = 3, padding = 1) >> relu >> max_pool2d(2)
            >> flatten >> linear;

        fit: model ~ Label by cross_entropy;
    }
}

impl Model for Convolution {
    type Batch = ConvolutionBatch;

    fn total(&self, batch: ConvolutionBatch) -> Tensor<1> {
        self.loss(batch).total
    }
}

#[derive(Module, Debug)]
struct ByHand {
    first: Conv2d,
    second: Conv2d,
    pool: MaxPool2d,
    last: Linear,
}

impl ByHand {
    fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.pool.forward(relu(self.first.forward(image)));
        let x = self.pool.forward(relu(self.second.forward(x)));
        self.last.forward(x.flatten::<2>(1, 3))
    }
}

impl Model for ByHand {
    type Batch = (Tensor<4>, Tensor<1, Int>);

    fn total(&self, (image, label): Self::Batch) -> Tensor<1> {
        let device = image.device();
        let logits = self.forward(image);
        CrossEntropyLossConfig::new()
            .init(&device)
            .forward(logits, label)
    }
}

/// Both on the same weights and the same batch.
pub(super) fn models(device: &Device) -> (Trainer<impl Model>, Trainer<impl Model>) {
    let generated = ConvolutionConfig::new().init(device);
    let by_hand = ByHand {
        first: generated.model.conv2d_1.clone(),
        second: generated.model.conv2d_2.clone(),
        pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
        last: generated.model.linear_1.clone(),
    };
    let image = Tensor::random([BATCH, 1, 28, 28], Distribution::Default, device);
    let label = Tensor::random([BATCH], Distribution::Uniform(0.0, 10.0), device);
    let batch = ConvolutionBatch {
        image: image.clone(),
        label: label.clone(),
    };
    (
        Trainer::new(generated, batch),
        Trainer::new(by_hand, (image, label)),
    )
}

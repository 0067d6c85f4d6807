use diagrammatic::burn;

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

#[derive(Config, Debug)]
pub struct AlexNetConfig {
    #[config(default = 1000)]
    classes: usize,
    #[config(default = 0.5)]
    rate: f64,
}

#[derive(Module, Debug)]
pub struct AlexNet {
    conv1: Conv2d,
    conv2: Conv2d,
    conv3: Conv2d,
    conv4: Conv2d,
    conv5: Conv2d,
    max_pool: MaxPool2d,
    avg_pool: AdaptiveAvgPool2d,
    dropout: Dropout,
    linear1: Linear,
    linear2: Linear,
    linear3: Linear,
}

fn conv(
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    padding: usize,
    device: &Device,
) -> Conv2d {
    Conv2dConfig::new(channels, [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(
            padding, padding, padding, padding,
        ))
        .init(device)
}

impl AlexNetConfig {
    pub fn init(&self, device: &Device) -> AlexNet {
        AlexNet {
            conv1: conv([3, 64], 11, 4, 2, device),
            conv2: conv([64, 192], 5, 1, 2, device),
            conv3: conv([192, 384], 3, 1, 1, device),
            conv4: conv([384, 256], 3, 1, 1, device),
            conv5: conv([256, 256], 3, 1, 1, device),
            max_pool: MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).init(),
            avg_pool: AdaptiveAvgPool2dConfig::new([6, 6]).init(),
            dropout: DropoutConfig::new(self.rate).init(),
            linear1: LinearConfig::new(256 * 6 * 6, 4096).init(device),
            linear2: LinearConfig::new(4096, 4096).init(device),
            linear3: LinearConfig::new(4096, self.classes).init(device),
        }
    }
}

impl AlexNet {
    pub fn see(&self, image: Tensor<4>) -> Tensor<4> {
        let x = self.max_pool.forward(relu(self.conv1.forward(image)));
        let x = self.max_pool.forward(relu(self.conv2.forward(x)));
        let x = relu(self.conv3.forward(x));
        let x = relu(self.conv4.forward(x));
        let x = self.max_pool.forward(relu(self.conv5.forward(x)));
        self.avg_pool.forward(x)
    }

    pub fn name(&self, feature: Tensor<4>) -> Tensor<2> {
        let x = self.dropout.forward(feature.flatten::<2>(1, 3));
        let x = self.dropout.forward(relu(self.linear1.forward(x)));
        let x = relu(self.linear2.forward(x));
        self.linear3.forward(x)
    }

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.name(self.see(image))
    }

    pub fn classify(&self, batch: AlexNetBatch) -> ClassificationOutput {
        let logits = self.forward(batch.image);
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits.clone(), batch.label.clone());
        ClassificationOutput::new(loss, logits, batch.label)
    }
}

#[derive(Clone, Debug)]
pub struct AlexNetBatch {
    pub image: Tensor<4>,
    pub label: Tensor<1, Int>,
}

impl TrainStep for AlexNet {
    type Input = AlexNetBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: AlexNetBatch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for AlexNet {
    type Input = AlexNetBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: AlexNetBatch) -> ClassificationOutput {
        self.classify(batch)
    }
}

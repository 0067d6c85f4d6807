use diagrammatic::burn;

use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

#[derive(Config, Debug)]
pub struct UNetConfig {
    #[config(default = 2)]
    classes: usize,
}

#[derive(Module, Debug)]
pub struct Level {
    conv1: Conv2d,
    conv2: Conv2d,
}

#[derive(Module, Debug)]
pub struct Rise {
    up: ConvTranspose2d,
    level: Level,
}

#[derive(Module, Debug)]
pub struct UNet {
    one: Level,
    two: Level,
    three: Level,
    four: Level,
    five: Level,
    pool: MaxPool2d,
    to_four: Rise,
    to_three: Rise,
    to_two: Rise,
    to_one: Rise,
    name: Conv2d,
}

impl Level {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        let conv = |from| {
            Conv2dConfig::new([from, to], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Level {
            conv1: conv(from),
            conv2: conv(to),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.conv2.forward(relu(self.conv1.forward(x))))
    }
}

impl Rise {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        Rise {
            up: ConvTranspose2dConfig::new([from, to], [2, 2])
                .with_stride([2, 2])
                .init(device),
            level: Level::new(from, to, device),
        }
    }

    fn forward(&self, x: Tensor<4>, skip: Tensor<4>) -> Tensor<4> {
        self.level
            .forward(Tensor::cat(vec![self.up.forward(x), skip], 1))
    }
}

impl UNetConfig {
    pub fn init(&self, device: &Device) -> UNet {
        UNet {
            one: Level::new(1, 64, device),
            two: Level::new(64, 128, device),
            three: Level::new(128, 256, device),
            four: Level::new(256, 512, device),
            five: Level::new(512, 1024, device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            to_four: Rise::new(1024, 512, device),
            to_three: Rise::new(512, 256, device),
            to_two: Rise::new(256, 128, device),
            to_one: Rise::new(128, 64, device),
            name: Conv2dConfig::new([64, self.classes], [1, 1]).init(device),
        }
    }
}

impl UNet {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<4> {
        let one = self.one.forward(image);
        let two = self.two.forward(self.pool.forward(one.clone()));
        let three = self.three.forward(self.pool.forward(two.clone()));
        let four = self.four.forward(self.pool.forward(three.clone()));
        let x = self.five.forward(self.pool.forward(four.clone()));
        let x = self.to_four.forward(x, four);
        let x = self.to_three.forward(x, three);
        let x = self.to_two.forward(x, two);
        self.name.forward(self.to_one.forward(x, one))
    }

    pub fn classify(&self, batch: UNetBatch) -> ClassificationOutput {
        let logits = self.forward(batch.image);
        let [images, classes, height, width] = logits.dims();
        let pixels = images * height * width;
        let logits = logits.permute([0, 2, 3, 1]).reshape([pixels, classes]);
        let targets = batch.mask.reshape([pixels]);
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits.clone(), targets.clone());
        ClassificationOutput::new(loss, logits, targets)
    }
}

#[derive(Clone, Debug)]
pub struct UNetBatch {
    pub image: Tensor<4>,
    pub mask: Tensor<3, Int>,
}

impl TrainStep for UNet {
    type Input = UNetBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: UNetBatch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for UNet {
    type Input = UNetBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: UNetBatch) -> ClassificationOutput {
        self.classify(batch)
    }
}

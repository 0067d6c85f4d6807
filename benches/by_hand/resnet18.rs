use diagrammatic::burn;

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

#[derive(Config, Debug)]
pub struct ResNet18Config {
    #[config(default = 1000)]
    classes: usize,
}

#[derive(Module, Debug)]
pub struct Block {
    conv1: Conv2d,
    norm1: BatchNorm,
    conv2: Conv2d,
    norm2: BatchNorm,
    shortcut: Option<Shortcut>,
}

#[derive(Module, Debug)]
pub struct Shortcut {
    conv: Conv2d,
    norm: BatchNorm,
}

#[derive(Module, Debug)]
pub struct ResNet18 {
    conv: Conv2d,
    norm: BatchNorm,
    max_pool: MaxPool2d,
    blocks: Vec<Block>,
    avg_pool: AdaptiveAvgPool2d,
    linear: Linear,
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
        .with_bias(false)
        .init(device)
}

impl Block {
    fn new(channels: [usize; 2], stride: usize, device: &Device) -> Self {
        let [from, to] = channels;
        Block {
            conv1: conv(channels, 3, stride, 1, device),
            norm1: BatchNormConfig::new(to).init(device),
            conv2: conv([to, to], 3, 1, 1, device),
            norm2: BatchNormConfig::new(to).init(device),
            shortcut: (from != to).then(|| Shortcut {
                conv: conv(channels, 1, stride, 0, device),
                norm: BatchNormConfig::new(to).init(device),
            }),
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let x = relu(self.norm1.forward(self.conv1.forward(input.clone())));
        let x = self.norm2.forward(self.conv2.forward(x));
        let kept = match &self.shortcut {
            Some(shortcut) => shortcut.norm.forward(shortcut.conv.forward(input)),
            None => input,
        };
        relu(x + kept)
    }
}

impl ResNet18Config {
    pub fn init(&self, device: &Device) -> ResNet18 {
        let blocks = [
            [64, 64],
            [64, 64],
            [64, 128],
            [128, 128],
            [128, 256],
            [256, 256],
            [256, 512],
            [512, 512],
        ];
        let blocks = blocks.map(|channels| {
            Block::new(
                channels,
                if channels[0] == channels[1] { 1 } else { 2 },
                device,
            )
        });
        ResNet18 {
            conv: conv([3, 64], 7, 2, 3, device),
            norm: BatchNormConfig::new(64).init(device),
            max_pool: MaxPool2dConfig::new([3, 3])
                .with_strides([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(),
            blocks: blocks.into(),
            avg_pool: AdaptiveAvgPool2dConfig::new([1, 1]).init(),
            linear: LinearConfig::new(512, self.classes).init(device),
        }
    }
}

impl ResNet18 {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = relu(self.norm.forward(self.conv.forward(image)));
        let mut x = self.max_pool.forward(x);
        for block in &self.blocks {
            x = block.forward(x);
        }
        self.linear
            .forward(self.avg_pool.forward(x).flatten::<2>(1, 3))
    }

    pub fn classify(&self, batch: ResNet18Batch) -> ClassificationOutput {
        let logits = self.forward(batch.image);
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits.clone(), batch.label.clone());
        ClassificationOutput::new(loss, logits, batch.label)
    }
}

#[derive(Clone, Debug)]
pub struct ResNet18Batch {
    pub image: Tensor<4>,
    pub label: Tensor<1, Int>,
}

impl TrainStep for ResNet18 {
    type Input = ResNet18Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: ResNet18Batch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for ResNet18 {
    type Input = ResNet18Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: ResNet18Batch) -> ClassificationOutput {
        self.classify(batch)
    }
}

use diagrammatic::burn;

use burn::module::Param;
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{
    Dropout, DropoutConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::prelude::*;
use burn::tensor::activation::gelu;
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

#[derive(Config, Debug)]
pub struct VitConfig {
    #[config(default = 1000)]
    classes: usize,
    #[config(default = 0.1)]
    rate: f64,
}

#[derive(Module, Debug)]
pub struct Block {
    norm1: LayerNorm,
    attention: MultiHeadAttention,
    norm2: LayerNorm,
    linear1: Linear,
    linear2: Linear,
    dropout: Dropout,
}

#[derive(Module, Debug)]
pub struct Vit {
    cut: Conv2d,
    token: Param<Tensor<3>>,
    positions: Param<Tensor<3>>,
    dropout: Dropout,
    blocks: Vec<Block>,
    norm: LayerNorm,
    name: Linear,
}

impl Block {
    fn new(rate: f64, device: &Device) -> Self {
        Block {
            norm1: LayerNormConfig::new(768).with_epsilon(1e-6).init(device),
            attention: MultiHeadAttentionConfig::new(768, 12)
                .with_dropout(rate)
                .init(device),
            norm2: LayerNormConfig::new(768).with_epsilon(1e-6).init(device),
            linear1: LinearConfig::new(768, 3072).init(device),
            linear2: LinearConfig::new(3072, 768).init(device),
            dropout: DropoutConfig::new(rate).init(),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let attended = self
            .attention
            .forward(MhaInput::self_attn(self.norm1.forward(x.clone())));
        let x = x + self.dropout.forward(attended.context);
        let hidden = self
            .dropout
            .forward(gelu(self.linear1.forward(self.norm2.forward(x.clone()))));
        x + self.dropout.forward(self.linear2.forward(hidden))
    }
}

impl VitConfig {
    pub fn init(&self, device: &Device) -> Vit {
        let positions = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        Vit {
            cut: Conv2dConfig::new([3, 768], [16, 16])
                .with_stride([16, 16])
                .init(device),
            token: Initializer::Zeros.init([1, 1, 768], device),
            positions: positions.init([1, 197, 768], device),
            dropout: DropoutConfig::new(self.rate).init(),
            blocks: (0..12).map(|_| Block::new(self.rate, device)).collect(),
            norm: LayerNormConfig::new(768).with_epsilon(1e-6).init(device),
            name: LinearConfig::new(768, self.classes).init(device),
        }
    }
}

impl Vit {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let [batch, ..] = image.dims();
        let patches = self
            .cut
            .forward(image)
            .reshape([batch, 768, 196])
            .permute([0, 2, 1]);
        let token = self.token.val().expand([batch, 1, 768]);
        let x =
            Tensor::cat(vec![token, patches], 1) + self.positions.val().expand([batch, 197, 768]);
        let mut x = self.dropout.forward(x);
        for block in &self.blocks {
            x = block.forward(x);
        }
        let x = self.norm.forward(x).narrow(1, 0, 1);
        self.name.forward(x.squeeze_dim::<2>(1))
    }

    pub fn classify(&self, batch: VitBatch) -> ClassificationOutput {
        let logits = self.forward(batch.image);
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits.clone(), batch.label.clone());
        ClassificationOutput::new(loss, logits, batch.label)
    }
}

#[derive(Clone, Debug)]
pub struct VitBatch {
    pub image: Tensor<4>,
    pub label: Tensor<1, Int>,
}

impl TrainStep for Vit {
    type Input = VitBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: VitBatch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Vit {
    type Input = VitBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: VitBatch) -> ClassificationOutput {
        self.classify(batch)
    }
}

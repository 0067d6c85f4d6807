use diagrammatic::burn;

use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{
    BiLstm, BiLstmConfig, Dropout, DropoutConfig, Embedding, EmbeddingConfig, Linear, LinearConfig,
};
use burn::prelude::*;
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

#[derive(Config, Debug)]
pub struct TaggerConfig {
    #[config(default = 10_000)]
    words: usize,
    #[config(default = 9)]
    tags: usize,
    #[config(default = 100)]
    width: usize,
    #[config(default = 100)]
    hidden: usize,
}

#[derive(Module, Debug)]
pub struct Tagger {
    embedding: Embedding,
    dropout: Dropout,
    lstm: BiLstm,
    linear: Linear,
}

impl TaggerConfig {
    pub fn init(&self, device: &Device) -> Tagger {
        Tagger {
            embedding: EmbeddingConfig::new(self.words, self.width).init(device),
            dropout: DropoutConfig::new(0.5).init(),
            lstm: BiLstmConfig::new(self.width, self.hidden, true).init(device),
            linear: LinearConfig::new(2 * self.hidden, self.tags).init(device),
        }
    }
}

impl Tagger {
    pub fn forward(&self, sentence: Tensor<2, Int>) -> Tensor<3> {
        let x = self.dropout.forward(self.embedding.forward(sentence));
        let (x, _) = self.lstm.forward(x, None);
        self.linear.forward(x)
    }

    pub fn classify(&self, batch: TaggerBatch) -> ClassificationOutput {
        let logits: Tensor<2> = self.forward(batch.sentence).flatten(0, 1);
        let targets: Tensor<1, Int> = batch.tag.flatten(0, 1);
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits.clone(), targets.clone());
        ClassificationOutput::new(loss, logits, targets)
    }
}

#[derive(Clone, Debug)]
pub struct TaggerBatch {
    pub sentence: Tensor<2, Int>,
    pub tag: Tensor<2, Int>,
}

impl TrainStep for Tagger {
    type Input = TaggerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: TaggerBatch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Tagger {
    type Input = TaggerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: TaggerBatch) -> ClassificationOutput {
        self.classify(batch)
    }
}

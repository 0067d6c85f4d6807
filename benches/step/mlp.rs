//! A multi-layer perceptron, as a diagram and by hand.

use diagrammatic::{burn, diagram};

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Int, Tensor};

use super::{Model, Trainer};

const BATCH: usize = 128;

diagram! {
    /// A classifier of flat images.
    Perceptron(hidden: usize = 256) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;

        model = linear(hidden) >> relu >> linear(hidden) >> relu >> linear;

        fit: model ~ Label by cross_entropy;
    }
}

impl Model for Perceptron {
    type Batch = PerceptronBatch;

    fn total(&self, batch: PerceptronBatch) -> Tensor<1> {
        self.loss(batch).total
    }
}

#[derive(Module, Debug)]
struct ByHand {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl ByHand {
    fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        let x = relu(self.first.forward(image));
        let x = relu(self.second.forward(x));
        self.last.forward(x)
    }
}

impl Model for ByHand {
    type Batch = (Tensor<2>, Tensor<1, Int>);

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
    let generated = PerceptronConfig::new().init(device);
    let by_hand = ByHand {
        first: generated.model.linear_1.clone(),
        second: generated.model.linear_2.clone(),
        last: generated.model.linear_3.clone(),
    };
    let image = Tensor::random([BATCH, 784], Distribution::Default, device);
    let label = Tensor::random([BATCH], Distribution::Uniform(0.0, 10.0), device);
    let batch = PerceptronBatch {
        image: image.clone(),
        label: label.clone(),
    };
    (
        Trainer::new(generated, batch),
        Trainer::new(by_hand, (image, label)),
    )
}

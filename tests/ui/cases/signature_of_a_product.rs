use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Answerer {
    layer: nn::Linear,
}

#[signature([b, 8] * Int[b, words] -> [b, 10] * [words])]
impl Answerer {
    pub fn forward(&self, image: Tensor<2>, question: Tensor<2, Int>) -> (Tensor<2>, Tensor<1>) {
        let sure = question.float().sum_dim(1).squeeze_dim(1);
        (self.layer.forward(image), sure)
    }
}

diagram! {
    pub Answering {
        dyn batch, words;

        data Image: [batch, 8];
        data Question: Int[batch, words];
        Answer: [batch, 10];
        Sure: [batch];

        Image * Question --answer--> Answer * Sure;

        answer = Answerer;
    }
}

fn main() {}

use burn::nn::LinearConfig;
use diagrammatic::prelude::*;

diagram! {
    pub Translator {
        dyn batch, words;

        data Text: Int[batch, words];
        data Present: Bool[batch, words];
        data Answer: [batch, 10];

        Text * Present --model--> Answer;
        model = _;

        model ~ Answer;
    }
}

fn main() {
    let device = Device::default();
    let model = LinearConfig::new(64, 16).init(&device);
    let _ = TranslatorConfig::new().init(TranslatorModules { model }, &device);
}

use diagrammatic::prelude::*;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 64];
        data Wanted: [batch, 10];

        Image --model--> Wanted;
        model = _;

        model ~ Wanted;
    }
}

/// A struct without `#[derive(Module)]`.
#[derive(Clone, Debug)]
struct Narrow;

impl Map<Tensor<2>> for Narrow {
    type Output = Tensor<2>;

    fn apply(&self, image: Tensor<2>) -> Tensor<2> {
        image.narrow(1, 0, 10)
    }
}

fn main() {
    let modules = ClassifierModules { model: Narrow };
    let _ = ClassifierConfig::new().init(modules, &Device::default());
}

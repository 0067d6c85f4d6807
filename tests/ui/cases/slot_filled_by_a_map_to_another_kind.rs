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

#[derive(Module, Debug)]
struct Largest {
    count: usize,
}

impl Map<Tensor<2>> for Largest {
    type Output = Tensor<2, Int>;

    fn apply(&self, image: Tensor<2>) -> Tensor<2, Int> {
        image.argsort_descending(1).narrow(1, 0, self.count)
    }
}

fn main() {
    let modules = ClassifierModules { model: Largest { count: 10 } };
    let _ = ClassifierConfig::new().init(modules, &Device::default());
}

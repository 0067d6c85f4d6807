// Two faults in the diagram, and one in the code that uses it: three errors, and nothing about the rest.
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: burn::nn::Linear,
}

impl Teacher {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }
}

diagram! {
    pub Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;
        student = flatten >> linear(hidden) >> relu >> linear(12);
        softened = student;
        Image --halfway--> Logits;
        halfway = flatten >> linear(hidden) >> rleu >> linear;

        soft: student ~ teacher by kl(temperature) weight 0.7;
        hard: student ~ Label by cross_entropy weight 0.3;

        watch accuracy: student ~ Label by accuracy;
    }
}

mod experiment {
    use std::sync::Arc;

    use burn::data::dataloader::DataLoader;
    use diagrammatic::prelude::*;

    use super::{
        Distillation, DistillationBatch, DistillationConfig, DistillationModules,
        DistillationMorphism, Teacher,
    };

    pub fn train(teacher: Teacher, loader: Arc<dyn DataLoader<DistillationBatch>>, device: &Device) {
        let config = DistillationConfig::new().with_hidden(64);
        let mut model = config.init(DistillationModules { teacher }, device);
        model.weights.soft = 0.5;
        model.hyper.temperature = 2.0;

        let batch = DistillationBatch {
            image: Tensor::zeros([4, 1, 8, 8], device),
            label: Tensor::zeros([4], device),
        };
        let logits: Tensor<2> = model.student(batch.image.clone());
        let same: Tensor<2> = model.softened(batch.image.clone());
        let copy = model.student.clone();
        let bias = model.student.linear_2.bias.clone();
        model.student = config.init_student(device);
        model.halfway = config.init_halfway(device);
        let groups = [DistillationMorphism::Student, DistillationMorphism::Halfway];
        let model = model.clone().freeze_group(model.params_of(groups));
        let loss = model.loss(batch.clone());
        let total = loss.total + loss.soft - loss.hard;
        for (name, value) in model.evaluate(batch).iter() {
            println!("{name}: {value}");
        }
        println!("{logits} {same} {copy} {total} {} {bias:?}", Distillation::diagram());

        let epochs: usize = "three";
        let training = Distillation::training("artifacts", loader.clone(), loader, device);
        let _ = training.num_epochs(epochs);
    }
}

fn main() {}

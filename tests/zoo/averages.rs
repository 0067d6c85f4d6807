//! Regimes in which one network follows another as its average.

use diagrammatic::burn;

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use diagrammatic::diagram;

use crate::step::{assert_moves, below, device, random};

/// An encoder of images of 32 × 32.
#[derive(Module, Debug)]
pub struct Encoder {
    see: Conv2d,
    project: Linear,
}

impl Encoder {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let seen = burn::tensor::activation::gelu(self.see.forward(image));
        self.project.forward(seen.flatten(1, 3))
    }
}

/// What builds one.
#[derive(Config, Debug)]
pub struct EncoderConfig {
    width: usize,
}

impl EncoderConfig {
    pub fn init(&self, device: &Device) -> Encoder {
        let see = Conv2dConfig::new([3, 2], [4, 4]).with_stride([4, 4]);
        Encoder {
            see: see.init(device),
            // A batch norm behind it takes the gradient of a bias away.
            project: LinearConfig::new(2 * 8 * 8, self.width)
                .with_bias(false)
                .init(device),
        }
    }
}

/// Each call draws anew.
fn augment(image: Tensor<4>) -> Tensor<4> {
    let noise = image.random_like(burn::tensor::Distribution::Normal(0.0, 0.1));
    image + noise
}

diagram! {
    pub Byol(width: usize = 2048) {
        dyn batch;  data Image: [batch, 3, 32, 32];  View: [batch, 3, 32, 32];  Projection: [batch, width];
        Image --left--> View <--right-- Image;
        View --online--> Projection;
        View --target--> Projection --predict--> Projection;
        left   = fn augment;  right = fn augment;
        online = Encoder: EncoderConfig::new(width);
        predict = linear(4096) >> batch_norm >> relu >> linear;
        target  = ema(online, decay = 0.996);
        there: left  >> online >> predict ~ right >> target by cosine weight 2.0;
        back:  right >> online >> predict ~ left  >> target by cosine weight 2.0;
    }
}

#[test]
fn bootstrap_your_own_latent() {
    let model = ByolConfig::new().with_width(16).init(&device());
    let image = random([4, 3, 32, 32]);
    let fields = ["online", "target", "predict"];
    assert_moves(model, ByolBatch { image }, &fields);
}

diagram! {
    pub MeanTeacher(ramp: f64 = 1.0) {
        dyn batch, many;  Image: [batch, 3, 32, 32];  Logits: [batch, 10];  Chances: [batch, 10];
        data Labelled: Image;  data Label: Int[batch];  data Plain: Image[batch = many];
        Image --jitter--> Image <--shake-- Image;
        Image --student--> Logits <--teacher-- Image;  Logits --chances--> Chances;
        jitter  = fn augment;  shake = fn augment;  chances = softmax(1);
        student = Encoder: EncoderConfig::new(10);  teacher = ema(student, decay = 0.99);
        known:  student(jitter(Labelled)) ~ Label by cross_entropy;
        steady: student(jitter(Plain)) >> chances ~ teacher(shake(Plain)) >> chances weight ramp;
    }
}

#[test]
fn mean_teacher() {
    let model = MeanTeacherConfig::new().init(&device());
    let batch = MeanTeacherBatch {
        labelled: random([3, 3, 32, 32]),
        label: below(10, [3]),
        plain: random([5, 3, 32, 32]),
    };
    assert_moves(model, batch, &["student", "teacher"]);
}

//! Codes of what is given: autoencoders, dynamics, equivariance, and the noise in an image.

use diagrammatic::burn;

use burn::config::Config;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::prelude::*;
use burn::tensor::Distribution;
use diagrammatic::diagram;

use crate::step::{assert_moves, below, device, random};

mod noise {
    use super::{Distribution, Tensor};

    /// One pixel in five is black or white.
    pub(super) fn salt_and_pepper(image: Tensor<2>) -> Tensor<2> {
        let drawn = image.random_like(Distribution::Uniform(0.0, 1.0));
        let salt = drawn.clone().greater_elem(0.9);
        let pepper = drawn.lower_elem(0.1);
        image.mask_fill(salt, 1.0).mask_fill(pepper, 0.0)
    }
}

diagram! {
    pub Denoising(code: usize = 32) {
        dyn batch;  data Image: [batch, 784];  Code: [batch, code];
        Image --encoder--> Code --decoder--> Image;
        Image --corrupt--> Image;
        encoder = linear(128) >> relu >> linear;
        decoder = linear(128) >> relu >> linear >> sigmoid;
        corrupt = fn noise::salt_and_pepper;
        plain:   encoder >> decoder ~ Image;
        denoise: corrupt >> encoder >> decoder ~ Image;
    }
}

#[test]
fn denoising() {
    let model = DenoisingConfig::new().init(&device());
    let image = random([8, 784]);
    assert_moves(model, DenoisingBatch { image }, &["encoder", "decoder"]);
}

diagram! {
    pub Vae(latent: usize = 16, beta: f64 = 1.0) {
        dyn batch;  data Image: [batch, 784];  Latent: [batch, latent];  LogVar: [batch, latent];
        Image --encode--> Latent * LogVar --sample--> Latent --decode--> Image;
        encode = linear(400) >> relu >> (linear, linear);
        sample = |mean, log_var| mean.clone()
            + (log_var * 0.5).exp() * mean.random_like(Distribution::Normal(0.0, 1.0));
        decode = linear(400) >> relu >> linear >> sigmoid;
        rebuild: encode >> sample >> decode ~ Image by mse(reduce = sum) weight 0.5;
        prior: minimize encode by kl_normal weight beta;
        watch sharp: encode.Latent >> decode ~ Image;
    }
}

#[test]
fn variational_autoencoder() {
    let model = VaeConfig::new().init(&device());
    let image = random([8, 784]).clamp(0.0, 1.0);
    assert_moves(model, VaeBatch { image }, &["encode", "decode"]);
}

diagram! {
    pub Koopman(width: usize = 8) {
        dyn batch;  State: [batch, 2];  Code: [batch, width];  data Now, Next, Later: State;
        State --encode--> Code --decode--> State;
        Code --step--> Code;
        encode = linear(32) >> tanh >> linear;  decode = linear(32) >> tanh >> linear;
        step = linear(bias = false);
        rebuild: encode(Now) >> decode           ~ Now;
        advance: encode(Now) >> step             ~ encode(Next);
        predict: encode(Now) >> step >> decode   ~ Next;
        far:     encode(Now) >> step^3 >> decode ~ Later;
    }
}

#[test]
fn koopman() {
    let model = KoopmanConfig::new().init(&device());
    let [now, next, later] = [(); 3].map(|()| random([8, 2]));
    let batch = KoopmanBatch { now, next, later };
    assert_moves(model, batch, &["encode", "decode", "step"]);
}

mod geometry {
    use super::Tensor;

    /// Halves of an image turned into each other, as far as an angle says.
    pub(super) fn rotate(image: Tensor<4>, angle: Tensor<1>) -> Tensor<4> {
        let angle = angle.reshape([-1, 1, 1, 1]);
        let turned = image.clone().swap_dims(2, 3);
        image * angle.clone().cos() + turned * angle.sin()
    }

    /// Each pair as a point in the plane.
    pub(super) fn rotate_pairs(code: Tensor<3>, angle: Tensor<1>) -> Tensor<3> {
        let angle = angle.reshape([-1, 1, 1]);
        let (cos, sin) = (angle.clone().cos(), angle.sin());
        let x = code.clone().narrow(2, 0, 1);
        let y = code.narrow(2, 1, 1);
        let turned_x = x.clone() * cos.clone() - y.clone() * sin.clone();
        Tensor::cat(vec![turned_x, x * sin + y * cos], 2)
    }
}

diagram! {
    pub Equivariant {
        dyn batch;  data Image: [batch, 1, 32, 32];  data Angle: [batch];  data Label: Int[batch];
        Code: [batch, 16, 2];  Logits: [batch, 10];
        Image * Angle --turn--> Image --encode--> Code --read--> Logits;
        Code * Angle --act--> Code;
        turn   = fn geometry::rotate;  act = fn geometry::rotate_pairs;
        encode = conv2d(16, kernel = 5, stride = 2, padding = 2) >> relu       // [batch, 16, 16, 16]
            >> flatten >> linear(32) >> reshape[batch, 16, 2];
        read   = flatten >> linear;                                            // from 32
        square: turn >> encode ~ act(encode, Angle);
        fit:    encode >> read ~ Label by cross_entropy;
    }
}

#[test]
fn equivariance() {
    let model = EquivariantConfig::new().init(&device());
    let batch = EquivariantBatch {
        image: random([4, 1, 32, 32]),
        angle: random([4]),
        label: below(10, [4]),
    };
    assert_moves(model, batch, &["encode", "read"]);
}

/// A table of how much of an image is left; it has no parameters.
#[derive(Module, Debug)]
pub struct Schedule {
    left: Tensor<1>,
}

impl Schedule {
    /// So much of the image, and so much of the noise.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>, noise: Tensor<4>, time: Tensor<1, Int>) -> Tensor<4> {
        let left = self.left.clone().gather(0, time).reshape([-1, 1, 1, 1]);
        image * left.clone().sqrt() + noise * (left.neg() + 1.0).sqrt()
    }
}

/// How many times there are.
#[derive(Config, Debug)]
pub struct ScheduleConfig {
    steps: usize,
}

impl ScheduleConfig {
    /// The linear one (Ho 2020, section 4).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a thousand steps")]
    pub fn init(&self, device: &Device) -> Schedule {
        let last = self.steps.max(2) as f64 - 1.0;
        let noise = (0..self.steps).map(|step| 1e-4 + (0.02 - 1e-4) * step as f64 / last);
        let left = noise.scan(1.0, |left, noise| {
            *left *= 1.0 - noise;
            Some(*left)
        });
        let left: Vec<f64> = left.collect();
        Schedule {
            left: Tensor::from_data(left.as_slice(), device),
        }
    }
}

/// In the place of a U-Net: it looks at each pixel.
#[derive(Module, Debug)]
pub struct Unet {
    conv: Conv2d,
}

impl Unet {
    /// The noise in an image at a time.
    #[must_use]
    pub fn forward(&self, noisy: Tensor<4>, time: Tensor<1, Int>) -> Tensor<4> {
        self.conv.forward(noisy) * (time.float() * 1e-3).reshape([-1, 1, 1, 1])
    }
}

/// How far it looks.
#[derive(Config, Debug)]
pub struct UnetConfig {
    #[config(default = 1)]
    kernel: usize,
}

impl UnetConfig {
    /// Of three channels.
    #[must_use]
    pub fn init(&self, device: &Device) -> Unet {
        Unet {
            conv: Conv2dConfig::new([3, 3], [self.kernel; 2]).init(device),
        }
    }
}

diagram! {
    pub Diffusion {
        dyn batch;  data Image: [batch, 3, 32, 32];  data Time: Int[batch];
        Noise: [batch, 3, 32, 32];  Noisy: [batch, 3, 32, 32];
        Image --draw--> Noise;
        Image * Noise * Time --blend--> Noisy;
        Noisy * Time --denoise--> Noise;
        draw = |image| image.random_like(Distribution::Normal(0.0, 1.0));
        blend = Schedule: ScheduleConfig::new(1000);  denoise = Unet: UnetConfig::new();
        fit: denoise(blend(Image, draw, Time), Time) ~ draw;
    }
}

#[test]
fn diffusion() {
    let model = DiffusionConfig::new().init(&device());
    let batch = DiffusionBatch {
        image: random([4, 3, 32, 32]),
        time: below(1000, [4]) * 300,
    };
    assert_moves(model, batch, &["denoise"]);
}

diagram! {
    pub TwoEncoders(code: usize = 16) {
        dyn batch;  data Image: [batch, 784];  data Sound: [batch, 128];  Code: [batch, code];
        Image --see--> Code <--hear-- Sound;
        Code --decode--> Image;
        see = linear(128) >> relu >> linear;  hear = linear(64) >> relu >> linear;
        decode = linear(128) >> relu >> linear;
        commutes;
    }
}

#[test]
fn a_drawing_that_is_its_own_loss() {
    let model = TwoEncodersConfig::new().init(&device());
    let batch = TwoEncodersBatch {
        image: random([8, 784]),
        sound: random([8, 128]),
    };
    let names: Vec<_> = TwoEncoders::diagram()
        .cells
        .iter()
        .map(diagrammatic::diagram_core::Cell::label)
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_moves(model, batch, &["see", "hear", "decode"]);
}

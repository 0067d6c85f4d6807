//! Images and words, and several tasks.

use diagrammatic::burn;

use burn::config::Config;
use burn::prelude::*;
use diagrammatic::diagram;

use crate::step::{assert_moves, below, device, random};
use crate::towers::{ImageTower, ImageTowerConfig, TextTower, TextTowerConfig, WORDS};

type Resnet = ImageTower;
type Vit = ImageTower;
type VitConfig = ImageTowerConfig;

diagram! {
    pub Captioner(vocab: usize, hidden: usize = 512) {
        dyn batch, seq;  data Image: [batch, 3, 224, 224];  data Prefix: Int[batch, seq];
        data Next: Int[batch, seq];  data Real: Bool[batch, seq];  Feature: [batch, 2048];
        Memory: [batch, hidden];  Hidden: [batch, hidden];
        Words: [batch, seq, hidden];  Scores: [batch, seq, vocab];
        Image --see--> Feature --begin--> Memory * Hidden;
        Prefix --embed--> Words;
        Words * Memory * Hidden --speak--> Scores;
        see = frozen Resnet;  begin = (linear, linear);
        embed = embedding(vocab, hidden);  speak = lstm(hidden) >> linear;
        words: speak(embed, see >> begin) ~ Next by cross_entropy mask Real;
    }
}

#[test]
fn image_captioning() {
    let see = ImageTowerConfig::new(2048).init(&device());
    let config = CaptionerConfig::new(7).with_hidden(8);
    let model = config.init(CaptionerModules { see }, &device());
    let batch = CaptionerBatch {
        image: random([3, 3, 224, 224]),
        prefix: below(7, [3, 4]),
        next: below(5, [3, 4]),
        real: below(3, [3, 4]).greater_elem(0),
    };
    assert_moves(model, batch, &["begin", "embed", "speak"]);
}

diagram! {
    pub Clip(width: usize = 512) {
        dyn batch, seq;  data Image: [batch, 3, 224, 224];  data Caption: Int[batch, seq];
        Embedding: [batch, width];
        Image --look--> Embedding <--read-- Caption;
        look = Vit: VitConfig::new(width);  read = TextTower: TextTowerConfig::new(width);
        pair: look ~ read by info_nce(temperature = learned(0.07));
    }
}

#[test]
fn contrastive_image_and_text() {
    let model = ClipConfig::new().init(&device());
    let batch = ClipBatch {
        image: random([3, 3, 224, 224]),
        caption: below(WORDS, [3, 4]),
    };
    assert_moves(model, batch, &["look", "read", "learned"]);
}

diagram! {
    pub Weighted {
        dyn batch;  data Image: [batch, 3, 64, 64];  data Depth: [batch, 1, 64, 64];
        data Label: Int[batch, 64, 64];  Feature: [batch, 32, 64, 64];  Scores: [batch, 8, 64, 64];
        Image --trunk--> Feature --measure--> Depth;  Feature --segment--> Scores;
        trunk   = conv2d(32, kernel = 3, padding = 1) >> relu
            >> residual(conv2d(32, kernel = 3, padding = 1) >> relu);
        measure = conv2d(1, kernel = 1);  segment = conv2d(8, kernel = 1);
        depth: trunk >> measure ~ Depth by l1                      weight learned;
        class: trunk >> segment ~ Label by cross_entropy(axis = 1) weight learned;
    }
}

#[test]
fn weights_that_are_learned() {
    let model = WeightedConfig::new().init(&device());
    let batch = WeightedBatch {
        image: random([1, 3, 64, 64]),
        depth: random([1, 1, 64, 64]),
        label: below(8, [1, 64, 64]),
    };
    assert_moves(model, batch, &["trunk", "measure", "segment", "learned"]);
}

/// An image and words together.
#[derive(Module, Debug)]
pub struct JointTower {
    image: ImageTower,
    text: TextTower,
}

impl JointTower {
    /// The sum of the two.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>, text: Tensor<2, Int>) -> Tensor<2> {
        self.image.forward(image) + self.text.forward(text)
    }
}

/// The width of the vectors.
#[derive(Config, Debug)]
pub struct JointTowerConfig {
    width: usize,
}

impl JointTowerConfig {
    /// A tower of each.
    #[must_use]
    pub fn init(&self, device: &Device) -> JointTower {
        JointTower {
            image: ImageTowerConfig::new(self.width).init(device),
            text: TextTowerConfig::new(self.width).init(device),
        }
    }
}

diagram! {
    pub Fusion(width: usize = 256) {
        dyn batch, seq;  data Image: [batch, 3, 64, 64];  data Text: Int[batch, seq];
        data Present: Bool[batch];  data Label: Int[batch];  Embedding: [batch, width] by cosine;
        Logits: [batch, 10];
        Image --see--> Embedding <--read-- Text;
        Image * Text --both--> Embedding --tell--> Logits;
        see  = ImageTower: ImageTowerConfig::new(width);  read = TextTower: TextTowerConfig::new(width);
        both = JointTower: JointTowerConfig::new(width);  tell = linear;
        commutes at Embedding mask Present;
        from_image: see  >> tell ~ Label by cross_entropy;
        from_both:  both >> tell ~ Label by cross_entropy mask Present;
    }
}

#[test]
fn a_missing_modality() {
    let model = FusionConfig::new().init(&device());
    let batch = FusionBatch {
        image: random([3, 3, 64, 64]),
        text: below(WORDS, [3, 4]),
        present: below(2, [3]).greater_elem(0),
        label: below(10, [3]),
    };
    let loss = model.loss(batch.clone());
    for cell in [loss.embedding_1, loss.embedding_2, loss.embedding_3] {
        assert!(cell.into_scalar::<f32>() > 0.0, "all three paths differ");
    }
    assert_moves(model, batch, &["see", "read", "both", "tell"]);
}

//! The diagrams, and the experiment, as functions.

#[path = "report.rs"]
pub(crate) mod report;
#[path = "scenes.rs"]
mod scenes;
#[path = "../common/setting.rs"]
mod setting;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use diagrammatic::{burn, diagram};

use burn::data::dataloader::batcher::Batcher;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::tensor::{Device, Int, Tensor, TensorData};

use scenes::{Caption, Drawing, SIDE, STOP, Scene, WORDS};
pub(crate) use setting::Result;
use setting::{Loader, Setting};

const VOCABULARY: usize = WORDS.len();

const TRAIN: usize = 30000;
const VALID: usize = 500;
const TEST: usize = 1000;
/// How many captions are shown.
const SHOWN: usize = 4;
const LEARNING_RATE: f64 = 4e-3;

diagram! {
    /// The image is the first state of a recurrent network that says, after every word, the next one.
    pub(crate) Captioner(hidden: usize = 64) {
        dyn batch, length;

        data Image: [batch, 1, SIDE, SIDE];
        data Prefix: Int[batch, length];
        data Next: Int[batch, length];
        data Real: Bool[batch, length];
        Feature: [batch, 800];
        Memory: [batch, hidden];
        Hidden: [batch, hidden];
        Glance: [batch, hidden];
        Embedded: [batch, length, hidden];
        Scores: [batch, length, VOCABULARY];

        Image --see--> Feature --begin--> Memory * Hidden;
        Prefix --embed--> Embedded;
        Feature --glance--> Glance;
        Embedded * Glance --mix--> Embedded;
        Embedded * Memory * Hidden --speak--> Scores;

        see = conv2d(8, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)
            >> conv2d(16, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)
            >> conv2d(32, kernel = 3, padding = 1) >> batch_norm >> relu
            >> flatten;
        begin = (linear, linear);
        glance = linear;
        mix = |words, glance| words + glance.unsqueeze_dim(1);
        embed = embedding(VOCABULARY);
        speak = lstm(hidden) >> linear;

        words: speak(mix(embed, see >> glance), see >> begin) ~ Next by cross_entropy mask Real;
        watch accuracy: speak(mix(embed, see >> glance), see >> begin) ~ Next by accuracy mask Real;
    }

    /// The baseline: the same encoder tells which words occur, and nothing of their order.
    pub(crate) BagOfWords {
        dyn batch;

        data Image: [batch, 1, SIDE, SIDE];
        data Bag: Bool[batch, VOCABULARY];
        Feature: [batch, 800];
        Scores: [batch, VOCABULARY];

        Image --see--> Feature --tell--> Scores;
        see = CaptionerSee;
        tell = linear(128) >> relu >> linear;

        occur: see >> tell ~ Bag by binary_cross_entropy(logits = true);
    }
}

/// How a model does on some scenes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Score {
    /// The share of captions that are right word for word.
    pub(crate) exact: f64,
    /// The share of the true captions' words, stops included, that stand in their places.
    pub(crate) words: f64,
}

/// One model on the test part's digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scores {
    /// On pairs of digits that no image of the training has.
    pub(crate) unseen: Score,
    /// On what training has: single digits, and other pairs.
    pub(crate) usual: Score,
    /// The seconds of its training.
    pub(crate) seconds: f64,
}

/// What one seed gives.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) captioner: Scores,
    pub(crate) bag: Scores,
    /// What is there and what the captioner says, of some pairs that it never saw.
    pub(crate) said: Vec<(Caption, Caption)>,
}

impl Outcome {
    /// What the captioner has right of pairs never seen, over the baseline.
    pub(crate) fn gain(&self) -> f64 {
        self.captioner.unseen.exact - self.bag.unseen.exact
    }
}

/// The experiment, with all that chance decides drawn from one seed.
pub(crate) struct Experiment {
    setting: Setting,
    epochs: usize,
    train: Vec<Scene>,
    valid: Vec<Scene>,
    usual: Vec<Scene>,
    unseen: Vec<Scene>,
}

impl Experiment {
    /// `epochs` is the length of both trainings; the learner's files go into `directory`.
    pub(crate) fn new(seed: u64, epochs: usize, directory: &Path) -> Result<Self> {
        let setting = Setting::new(seed, epochs, directory)?;
        let mut drawing = Drawing::new(seed);
        Ok(Self {
            train: drawing.usual(&setting.split.train, TRAIN),
            valid: drawing.usual(&setting.split.valid, VALID),
            usual: drawing.usual(&setting.split.test, TEST),
            unseen: drawing.unseen(&setting.split.test, TEST),
            setting,
            epochs,
        })
    }

    /// Trains the captioner and the baseline, from the same first weights of the encoder.
    pub(crate) fn run(&self) -> Result<Outcome> {
        let Setting {
            directory, device, ..
        } = &self.setting;

        self.setting.restart();
        let model = CaptionerConfig::new().init(device);
        let see = model.see.clone();
        let (train, valid) = self.loaders();
        let training = Captioner::training(directory, train, valid, device);
        let (model, seconds) = self
            .setting
            .launch(training, model, "captioner", self.rate()?)?;
        let say = |scenes: &[Scene]| speak(&model, images(scenes, device));
        let shown = &self.unseen[..SHOWN];
        let is = shown.iter().map(|scene| scene.caption.clone());
        let said = is.zip(say(shown)).collect();
        let each = |scenes: &[Scene]| say(scenes).into_iter().map(|said| vec![said]).collect();
        let captioner = self.scores(seconds, each);

        self.setting.restart();
        let model = BagOfWordsConfig::new().init(BagOfWordsModules { see }, device);
        let (train, valid) = self.loaders();
        let training = BagOfWords::training(directory, train, valid, device);
        let (model, seconds) =
            self.setting
                .launch(training, model, "bag of words", self.rate()?)?;
        let likely = |scenes: &[Scene]| likely(&model, images(scenes, device));
        let bag = self.scores(seconds, likely);

        Ok(Outcome {
            captioner,
            bag,
            said,
        })
    }

    /// A learning rate that falls along half a cosine, to 0 at the end.
    fn rate(&self) -> Result<ModuleLrScheduler> {
        let steps = self.epochs * self.train.len().div_ceil(setting::BATCH);
        Ok(CosineAnnealingLrSchedulerConfig::new(LEARNING_RATE, steps).init()?)
    }

    fn loaders<B>(&self) -> (Loader<B>, Loader<B>)
    where
        ToBatch: Batcher<Scene, B>,
        B: Clone + Debug + Send + 'static,
    {
        let (train, valid) = (self.train.clone(), self.valid.clone());
        self.setting.loaders(ToBatch, train, valid)
    }

    fn scores(&self, seconds: f64, say: impl Fn(&[Scene]) -> Vec<Vec<Caption>>) -> Scores {
        Scores {
            unseen: Score::of(&self.unseen, &say(&self.unseen)),
            usual: Score::of(&self.usual, &say(&self.usual)),
            seconds,
        }
    }
}

impl Score {
    /// Captions that are equally likely of a scene count equally.
    #[allow(clippy::cast_precision_loss)] // there are few scenes and short captions
    fn of(scenes: &[Scene], said: &[Vec<Caption>]) -> Self {
        let (mut exact, mut words, mut all) = (0.0, 0.0, 0.0);
        for (Scene { caption, .. }, said) in scenes.iter().zip(said) {
            let share = 1.0 / said.len() as f64;
            for said in said {
                let same = caption
                    .0
                    .iter()
                    .zip(&said.0)
                    .filter(|(is, said)| is == said);
                words += share * same.count() as f64;
                exact += share * f64::from(said == caption);
            }
            all += caption.0.len() as f64;
        }
        Self {
            exact: exact / scenes.len() as f64,
            words: words / all,
        }
    }
}

/// Captions, word by word: what is likeliest after what was said is said next.
fn speak(model: &Captioner, image: Tensor<4>) -> Vec<Caption> {
    let ([count, ..], device) = (image.dims(), image.device());
    let feature = model.see(image);
    let glance = model.glance(feature.clone());
    let (memory, hidden) = model.begin(feature);
    let mut prefix = Tensor::<2, Int>::full([count, 1], STOP, &device);
    for last in 0..Caption::LONGEST {
        let said = model.mix(model.embed(prefix.clone()), glance.clone());
        let scores = model.speak(said, memory.clone(), hidden.clone());
        let next = scores.narrow(1, last, 1).argmax(2).squeeze_dim::<2>(2);
        prefix = Tensor::cat(vec![prefix, next], 1);
    }
    let words: Vec<u8> = prefix.into_data().iter().collect();
    let captions = words.chunks(1 + Caption::LONGEST);
    captions
        .map(|words| Caption::until_stop(&words[1..]))
        .collect()
}

/// The captions whose words, and no others, are likeliest: which words occur is all that the model tells.
fn likely(model: &BagOfWords, image: Tensor<4>) -> Vec<Vec<Caption>> {
    let mut captions = BTreeMap::<_, Vec<Caption>>::new();
    for caption in Caption::all() {
        captions.entry(caption.bag()).or_default().push(caption);
    }
    let scores: Vec<f32> = model.tell(model.see(image)).into_data().iter().collect();
    let best = |scores: &[f32]| {
        // The logarithm of a bag's probability is this sum, but for a term that all bags share.
        let chance = |bag: &[bool; VOCABULARY]| -> f32 {
            let chosen = bag.iter().zip(scores).filter(|(occurs, _)| **occurs);
            chosen.map(|(_, score)| score).sum()
        };
        let best = captions
            .iter()
            .max_by(|(one, _), (other, _)| chance(one).total_cmp(&chance(other)));
        best.map_or_else(Vec::new, |(_, captions)| captions.clone())
    };
    scores.chunks(VOCABULARY).map(best).collect()
}

/// Makes the batches of both diagrams.
#[derive(Clone)]
struct ToBatch;

impl Batcher<Scene, CaptionerBatch> for ToBatch {
    /// Captions are as long as the longest of the batch; behind its end a caption is not real.
    fn batch(&self, scenes: Vec<Scene>, device: &Device) -> CaptionerBatch {
        let lengths = scenes.iter().map(|scene| scene.caption.0.len());
        let shape = [scenes.len(), lengths.clone().max().unwrap_or(0)];
        let (mut prefix, mut next, mut real) = (Vec::new(), Vec::new(), Vec::new());
        for (row, Scene { caption, .. }) in (1..).zip(&scenes) {
            prefix.push(STOP);
            prefix.extend(&caption.0[..caption.0.len() - 1]);
            next.extend(&caption.0);
            real.resize(next.len(), true);
            for padded in [&mut prefix, &mut next] {
                padded.resize(row * shape[1], STOP);
            }
            real.resize(row * shape[1], false);
        }
        CaptionerBatch {
            image: images(&scenes, device),
            prefix: Tensor::from_data(TensorData::new(prefix, shape), device),
            next: Tensor::from_data(TensorData::new(next, shape), device),
            real: Tensor::from_data(TensorData::new(real, shape), device),
        }
    }
}

impl Batcher<Scene, BagOfWordsBatch> for ToBatch {
    fn batch(&self, scenes: Vec<Scene>, device: &Device) -> BagOfWordsBatch {
        let bags: Vec<_> = scenes
            .iter()
            .flat_map(|scene| scene.caption.bag())
            .collect();
        let bags = TensorData::new(bags, [scenes.len(), VOCABULARY]);
        BagOfWordsBatch {
            image: images(&scenes, device),
            bag: Tensor::from_data(bags, device),
        }
    }
}

fn images(scenes: &[Scene], device: &Device) -> Tensor<4> {
    let pixels: Vec<f32> = scenes.iter().flat_map(Scene::pixels).collect();
    let shape = [scenes.len(), 1, SIDE, SIDE];
    Tensor::from_data(TensorData::new(pixels, shape), device)
}

//! Diagrams that are their own loss: `commutes` against the cells that one would write.

use burn::config::Config;
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::tensor::Distribution;
use diagrammatic::prelude::*;

use crate::common::{
    Numbers, assert_agree, compare, device, gradients_of, labels, numbers, random,
};

#[derive(Config, Debug)]
struct ImageTowerConfig {
    width: usize,
}

impl ImageTowerConfig {
    fn init(&self, device: &Device) -> ImageTower {
        let linear = LinearConfig::new(3, self.width).init(device);
        ImageTower { linear }
    }
}

#[derive(Module, Debug)]
struct ImageTower {
    linear: Linear,
}

impl ImageTower {
    fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let colours = image.mean_dim(3).mean_dim(2).flatten::<2>(1, 3);
        self.linear.forward(colours)
    }
}

#[derive(Config, Debug)]
struct TextTowerConfig {
    width: usize,
}

impl TextTowerConfig {
    fn init(&self, device: &Device) -> TextTower {
        let words = EmbeddingConfig::new(10, self.width).init(device);
        TextTower { words }
    }
}

#[derive(Module, Debug)]
struct TextTower {
    words: Embedding,
}

impl TextTower {
    fn forward(&self, text: Tensor<2, Int>) -> Tensor<2> {
        self.words.forward(text).mean_dim(1).squeeze_dim(1)
    }
}

#[derive(Config, Debug)]
struct JointTowerConfig {
    width: usize,
}

impl JointTowerConfig {
    fn init(&self, device: &Device) -> JointTower {
        JointTower {
            image: ImageTowerConfig::new(self.width).init(device),
            text: TextTowerConfig::new(self.width).init(device),
        }
    }
}

#[derive(Module, Debug)]
struct JointTower {
    image: ImageTower,
    text: TextTower,
}

impl JointTower {
    fn forward(&self, image: Tensor<4>, text: Tensor<2, Int>) -> Tensor<2> {
        self.image.forward(image) * self.text.forward(text)
    }
}

diagram! {
    /// Each subset of the modalities reaches the same embedding.
    Fusion(width: usize = 256) {
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

/// The mean of 1 - cos over these rows.
fn apart(left: &Tensor<2>, right: &Tensor<2>, rows: &Tensor<1, Int>) -> Tensor<1> {
    let dot = |a: &Tensor<2>, b: &Tensor<2>| (a.clone() * b.clone()).sum_dim(1).squeeze_dim::<1>(1);
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    let values = dot(left, right).div(lengths).neg() + 1.0;
    values.select(0, rows.clone()).mean()
}

#[test]
fn every_subset_of_the_modalities_reaches_one_embedding() {
    let device = device();
    let model = FusionConfig::new().with_width(6).init(&device);
    let image = random([4, 3, 64, 64]);
    let text = Tensor::<2, Int>::from_data([[1, 2], [3, 4], [5, 6], [7, 8]], &device);
    let label = labels(&[3, 1, 4, 1]);
    let loss = model.loss(FusionBatch {
        image: image.clone(),
        text: text.clone(),
        present: Tensor::from_data([true, false, true, true], &device),
        label: label.clone(),
    });
    let names: Vec<_> = loss.iter().map(|(name, _)| name).collect();
    let made = ["embedding_1", "embedding_2", "embedding_3"];
    assert_eq!(names[..3], made);
    assert_eq!(names[3..], ["from_image", "from_both"]);

    let by_hand = |nudge: f32| -> (Numbers, Numbers) {
        let rows = Tensor::<1, Int>::from_data([0, 2, 3], &device);
        let see = model.see(image.clone()) + nudge;
        let (read, both) = (
            model.read(text.clone()),
            model.both(image.clone(), text.clone()),
        );
        let [first, second, third] = [(&see, &read), (&see, &both), (&read, &both)]
            .map(|(left, right)| apart(left, right, &rows));
        let entropy = |embedding: &Tensor<2>, rows: &Tensor<1, Int>| {
            let logits = model.tell(embedding.clone()).select(0, rows.clone());
            let label = label.clone().select(0, rows.clone()).unsqueeze_dim::<2>(1);
            let chances = burn::tensor::activation::log_softmax(logits, 1);
            chances.gather(1, label).mean().neg()
        };
        let all = Tensor::<1, Int>::from_data([0, 1, 2, 3], &device);
        let (image, joint) = (entropy(&see, &all), entropy(&both, &rows));
        let cells = [first, second, third, image, joint];
        let total = cells
            .iter()
            .cloned()
            .reduce(|sum, cell| sum + cell)
            .expect("cells");
        let cells = names
            .iter()
            .copied()
            .zip(cells)
            .chain([("total", total.clone())]);
        (numbers(cells), gradients_of(&model, &total.backward()))
    };
    let total = [("total", loss.total.clone())];
    let values = numbers(
        loss.iter()
            .map(|(name, value)| (name, value.clone()))
            .chain(total),
    );
    let gradients = gradients_of(&model, &loss.total.backward());
    let (hand, hand_gradients) = by_hand(0.0);
    assert_agree((&values, &gradients), (&hand, &hand_gradients));
    assert!(compare(&values, &by_hand(1e-2).0).is_err());
}

diagram! {
    /// An autoencoder with two encoders, and no equation but "it commutes".
    TwoEncoders(code: usize = 16) {
        dyn batch;  data Image: [batch, 784];  data Sound: [batch, 128];  Code: [batch, code];
        Image --see--> Code <--hear-- Sound;
        Code --decode--> Image;
        see = linear(128) >> relu >> linear;  hear = linear(64) >> relu >> linear;
        decode = linear(128) >> relu >> linear;
        commutes;
    }
}

#[test]
fn a_drawing_is_its_own_loss() {
    let device = device();
    let mut model = TwoEncodersConfig::new().with_code(5).init(&device);
    model.weights.code_1 = 0.5;
    let (image, sound) = (random([4, 784]), random([4, 128]));
    let loss = model.loss(TwoEncodersBatch {
        image: image.clone(),
        sound: sound.clone(),
    });
    let texts = TwoEncoders::diagram()
        .cells
        .iter()
        .map(|cell| cell.text.as_str());
    assert_eq!(
        texts.collect::<Vec<_>>(),
        [
            "see >> decode ~ hear >> decode",
            "see >> decode ~ Image",
            "hear >> decode ~ Image",
            "see ~ hear"
        ]
    );
    let by_hand = |nudge: f32| -> (Numbers, Numbers) {
        let (see, hear) = (model.see(image.clone()) + nudge, model.hear(sound.clone()));
        let (seen, heard) = (model.decode(see.clone()), model.decode(hear.clone()));
        let square = |left: &Tensor<2>, right: &Tensor<2>| (left.clone() - right.clone()).square();
        let cells = [
            ("image_1", square(&seen, &heard).mean()),
            ("image_2", square(&seen, &image).mean()),
            ("image_3", square(&heard, &image).mean()),
            ("code_1", square(&see, &hear).mean()),
        ];
        let weighed = cells.iter().map(|(name, cell)| {
            let weight = if *name == "code_1" { 0.5 } else { 1.0 };
            cell.clone() * weight
        });
        let total = weighed.reduce(|sum, cell| sum + cell).expect("cells");
        let named = cells.into_iter().chain([("total", total.clone())]);
        (numbers(named), gradients_of(&model, &total.backward()))
    };
    let values = numbers([
        ("total", loss.total.clone()),
        ("image_1", loss.image_1),
        ("image_2", loss.image_2),
        ("image_3", loss.image_3),
        ("code_1", loss.code_1),
    ]);
    let gradients = gradients_of(&model, &loss.total.backward());
    let (hand, hand_gradients) = by_hand(0.0);
    assert_agree((&values, &gradients), (&hand, &hand_gradients));
    assert!(compare(&values, &by_hand(1e-2).0).is_err());
}

diagram! {
    /// What is no path of the drawing: composites, other data of a space, what nothing trains.
    Dynamics(width: usize = 4) {
        dyn batch;  State: [batch, 2];  Code: [batch, width];  Known: Int[batch];
        data Now, Next: State;  data Given: Known;
        State --encode--> Code --decode--> State;
        Code --step--> Code;
        State --name--> Known;
        encode = linear;  decode = linear;  step = linear(bias = false);
        name = |state| state.argmax(1).squeeze_dim(1);
        advance = encode >> step;
        commutes at State within 3 by l1 weight 0.25;
        predict: advance(Now) ~ encode(Next);
        commutes at Code within 2;
    }
}

#[test]
fn paths_are_bounded_by_their_arrows_where_that_is_asked() {
    let diagram = Dynamics::diagram();
    let cells = diagram
        .cells
        .iter()
        .map(diagrammatic::diagram_core::Cell::label);
    let cells: Vec<_> = cells
        .zip(diagram.cells.iter().map(|cell| cell.text.as_str()))
        .collect();
    let cells: Vec<_> = cells
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    assert_eq!(
        cells,
        [
            (
                "state_1",
                "encode(Now) >> decode ~ encode(Now) >> step >> decode"
            ),
            ("state_2", "encode(Now) >> decode ~ Now"),
            (
                "state_3",
                "encode(Next) >> decode ~ encode(Next) >> step >> decode"
            ),
            ("state_4", "encode(Next) >> decode ~ Next"),
            ("state_5", "encode(Now) >> step >> decode ~ Now"),
            ("state_6", "encode(Next) >> step >> decode ~ Next"),
            ("predict", "advance(Now) ~ encode(Next)"),
            ("code_1", "encode(Now) ~ encode(Now) >> step"),
            ("code_2", "encode(Next) ~ encode(Next) >> step"),
        ]
    );
    let weights = DynamicsConfig::new().weights;
    let all = [
        weights.state_1,
        weights.state_6,
        weights.predict,
        weights.code_1,
    ];
    assert_eq!(
        all.map(|weight| weight.to_string()),
        ["0.25", "0.25", "1", "1"]
    );
}

diagram! {
    /// Products, spread and by their factors, and a constant.
    Paired {
        dyn batch;  data X: [batch, 3];  Left: [batch, 3];  Right: [batch, 3];  Bias: [1, 3];
        Whole: [batch, 3];
        X --split--> Left * Right --join--> Whole;
        Left --lift--> Whole;
        () --bias--> Bias;
        Right * Bias --shift--> Whole;
        split = (linear, linear);  join = add;  lift = linear;
        bias = parameter(initializer = zeros);
        shift = |right, bias| right + bias;
        /// They agree.
        commutes at Whole;
    }
}

#[test]
fn paths_go_through_products() {
    let texts = Paired::diagram()
        .cells
        .iter()
        .map(|cell| cell.text.as_str());
    assert_eq!(
        texts.collect::<Vec<_>>(),
        [
            "split >> join ~ split.Left >> lift",
            "split >> join ~ shift(split.Right, bias)",
            "split.Left >> lift ~ shift(split.Right, bias)",
        ]
    );
    let device = device();
    let model = PairedConfig::new().init(&device);
    let x = random([4, 3]);
    let loss = model.loss(PairedBatch { x: x.clone() });
    let (left, right) = model.split(x);
    let shifted = model.shift(right.clone(), model.bias());
    let values = numbers([("whole_2", loss.whole_2), ("whole_3", loss.whole_3)]);
    let mean = |difference: Tensor<2>| difference.square().mean();
    let by_hand = numbers([
        (
            "whole_2",
            mean(model.join(left.clone(), right) - shifted.clone()),
        ),
        ("whole_3", mean(model.lift(left) - shifted)),
    ]);
    compare(&values, &by_hand).expect("the values agree");
}

diagram! {
    /// Clauses that draw and that learn.
    Drawn {
        dyn batch;  data X: [batch, 4];  Y: [batch, 2];  Kept: Bool[batch];
        X --f--> Y;  X --g--> Y;  X --h--> Y;  X --keep--> Kept;
        f = linear;  g = linear;  h = linear;
        keep = |x| x.random_like(Distribution::Default).sum_dim(1).squeeze_dim(1).greater_elem(2.0);
        commutes at Y weight learned mask again(keep);
    }
}

#[test]
fn clauses_are_drawn_once_and_learned_by_each_cell() {
    let diagram = Drawn::diagram();
    let masks = diagram
        .cells
        .iter()
        .map(|cell| cell.mask.as_ref().map(|mask| mask.path));
    let masks: Vec<_> = masks.collect();
    assert!(masks[0].is_some());
    assert_eq!(masks, [masks[0]; 3]);
    let learned: Vec<_> = diagram
        .learned
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(learned, ["y_1_weight", "y_2_weight", "y_3_weight"]);
}

diagram! {
    /// An average beside what it averages: it is no way that must agree.
    pub(crate) Followed {
        dyn batch;
        data Image: [batch, 6];
        Code: [batch, 3];
        Image --online--> Code <--other-- Image;
        Image --target--> Code;
        online = linear;
        other = linear;
        target = ema(online, decay = 0.9);
        commutes at Code;
        follow: online ~ target;
    }
}

#[test]
fn an_average_is_left_out() {
    let cells = Followed::diagram().cells.iter();
    let texts: Vec<_> = cells.map(|cell| cell.text.as_str()).collect();
    assert_eq!(texts, ["online ~ other", "online ~ target"]);
}

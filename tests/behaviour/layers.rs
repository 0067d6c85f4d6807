//! Layers of every family in generated models: what they give is what Burn by hand gives.

use burn::module::Module;
use burn::nn::activation::{PReluConfig, SwiGluConfig};
use burn::nn::{BatchNormConfig, EmbeddingConfig, LayerNormConfig, LinearConfig};
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation;
use diagrammatic::diagram;

use crate::common::{device, entries, random};

diagram! {
    pub(crate) Reader(width: usize = 8) {
        dyn batch, seq;

        data Text: Int[batch, seq];
        data Score: [batch, 3];
        Text --read--> Score;
        read = embedding(20, width) >> mean(seq) >> layer_norm >> linear;
        fit: read ~ Score;
    }
}

#[test]
fn a_reader_trains_as_by_hand() {
    let device = device();
    let model = ReaderConfig::new().init(&device);
    let layers = model.read.clone();
    let hand = |text: Tensor<2, Int>, layers: &ReaderRead| {
        let vectors = layers.embedding_1.forward(text);
        let mean = vectors.mean_dim(1).squeeze_dim::<2>(1);
        layers.linear_1.forward(layers.layer_norm_1.forward(mean))
    };
    let text = Tensor::<2, Int>::from_data([[1, 5, 5, 19], [0, 2, 3, 4]], &device);
    let score = random([2, 3]);
    let batch = ReaderBatch {
        text: text.clone(),
        score: score.clone(),
    };
    assert_eq!(
        entries(&model.read(text.clone())),
        entries(&hand(text.clone(), &layers))
    );

    let loss = model.loss(batch.clone()).total;
    let by_hand = (hand(text.clone(), &layers) - score).square().mean();
    assert_eq!(entries(&loss), entries(&by_hand));
    let step = GradientsParams::from_grads(loss.backward(), &model);
    let model = SgdConfig::new().init().step(0.1, model, step);
    let step = GradientsParams::from_grads(by_hand.backward(), &layers);
    let layers = SgdConfig::new().init().step(0.1, layers, step);
    assert_eq!(
        entries(&model.read.embedding_1.weight.val()),
        entries(&layers.embedding_1.weight.val())
    );
    assert_eq!(
        entries(&model.read(text.clone())),
        entries(&hand(text, &layers))
    );
}

diagram! {
    pub(crate) Normal(momentum: f64 = 0.3) {
        dyn batch;

        data Image: [batch, 4, 5];
        Image --norm--> Image;
        norm = batch_norm(momentum, epsilon = 0.01);
        fit: norm ~ Image;
    }
}

#[test]
fn running_statistics_move_as_burns() {
    let device = device();
    let model = NormalConfig::new().init(&device);
    let hand = BatchNormConfig::new(4)
        .with_momentum(0.3)
        .with_epsilon(0.01)
        .init(&device);
    let image = random([6, 4, 5]);
    // With gradients, the batch's own statistics, which the running ones take up.
    assert_eq!(
        entries(&model.norm(image.clone())),
        entries(&hand.forward(image.clone()))
    );
    let mean = entries(&model.norm.batch_norm_1.running_mean.value_sync());
    assert_eq!(mean, entries(&hand.running_mean.value_sync()));
    assert!(mean.iter().any(|value| *value != 0.0));
    // Without, the running ones.
    let (model, hand) = (model.valid(), hand.valid());
    let image = image.inner();
    assert_eq!(
        entries(&model.norm(image.clone())),
        entries(&hand.forward(image))
    );
}

diagram! {
    pub(crate) Shapes(heads: usize = 2, width: usize = 3) {
        dyn batch, seq;

        data Sequence: [batch, seq, heads * width];
        data Word: Int[batch];
        data Words: Int[batch, seq, 2];
        Heads: [batch, heads, seq, width];
        Rows: [batch * seq, heads * width];
        Square: [batch, seq, 1, heads * width];
        data Vector: [batch, 8];
        data Vectors: [batch, seq, 2, 8];
        data Gated: [batch, seq, 4];
        Most: [batch, heads * width];
        Copies: [batch, seq, 5, heads * width];

        Sequence --split--> Heads --join--> Sequence;
        Sequence --rows--> Rows;
        Sequence --square--> Square --flat--> Sequence;
        Square --copies--> Copies;
        Word --word--> Vector;
        Words --words--> Vectors;
        Sequence --gated--> Gated;
        Sequence --most--> Most;
        Sequence --unit--> Sequence;

        split = reshape[batch, seq, heads, width] >> permute[batch, heads, seq, width];
        join = permute[0, 2, 1, 3] >> reshape[batch, seq, heads * width];
        rows = reshape[batch * seq, heads * width];
        square = unsqueeze(2);
        flat = squeeze(2);
        copies = expand[batch, seq, 5, heads * width];
        word = embedding(10);
        words = embedding(10);
        gated = swiglu(8) >> prelu >> glu(2);
        most = max(seq);
        unit = normalize >> identity >> gaussian_noise(0.0) >> leaky_relu(negative_slope = 1.0);

        word ~ Vector;
        words ~ Vectors;
        gated ~ Gated;
        watch joined: split >> join ~ Sequence by mse;
        watch flattened: flat(square) ~ Sequence by mse;
        watch normed: unit ~ Sequence by mse;
    }
}

#[test]
fn shapes_change_as_by_hand() {
    let device = device();
    let model = ShapesConfig::new().init(&device);
    let [batch, seq] = [4, 5];
    let x = random([batch, seq, 6]);

    let split = x.clone().reshape([batch, seq, 2, 3]).permute([0, 2, 1, 3]);
    assert_eq!(entries(&model.split(x.clone())), entries(&split));
    assert_eq!(model.split(x.clone()).dims(), [batch, 2, seq, 3]);
    assert_eq!(entries(&model.join(split)), entries(&x));
    assert_eq!(model.rows(x.clone()).dims(), [batch * seq, 6]);
    assert_eq!(entries(&model.rows(x.clone())), entries(&x));
    let square = model.square(x.clone());
    assert_eq!(square.dims(), [batch, seq, 1, 6]);
    assert_eq!(model.flat(square.clone()).dims(), [batch, seq, 6]);
    let copies = model.copies(square.clone());
    assert_eq!(
        entries(&copies),
        entries(&square.expand([batch, seq, 5, 6]))
    );

    // A batch of one is not squeezed away.
    assert_eq!(
        model.flat(model.square(random([1, 1, 6]))).dims(),
        [1, 1, 6]
    );

    let table = model.word.embedding_1.weight.val();
    let word = Tensor::<1, Int>::from_data([9, 0, 3], &device);
    assert_eq!(
        entries(&model.word(word.clone())),
        entries(&table.select(0, word))
    );
    let words = Tensor::<3, Int>::from_data(
        [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 0], [1, 1]]],
        &device,
    );
    let table = model.words.embedding_1.weight.val();
    let flat: Tensor<1, Int> = words.clone().flatten(0, 2);
    let vectors = model.words(words);
    assert_eq!(vectors.dims(), [2, 3, 2, 8]);
    assert_eq!(entries(&vectors), entries(&table.select(0, flat)));

    let layers = &model.gated;
    let by_hand = layers.prelu_1.forward(layers.swiglu_1.forward(x.clone()));
    assert_eq!(
        entries(&model.gated(x.clone())),
        entries(&activation::glu(by_hand, 2))
    );
    assert_eq!(
        entries(&model.most(x.clone())),
        entries(&x.clone().max_dim(1).squeeze_dim::<2>(1))
    );
}

#[test]
fn a_unit_vector_has_norm_one_and_zero_has_a_gradient() {
    let device = device();
    let model = ShapesConfig::new().init(&device);
    let norms = model.unit(random([2, 3, 6])).square().sum_dim(2).sqrt();
    assert!(entries(&norms).iter().all(|norm| (norm - 1.0).abs() < 1e-5));
    let zero = Tensor::<3>::zeros([1, 1, 6], &device).require_grad();
    let gradients = model.unit(zero.clone()).sum().backward();
    let gradient = zero.grad(&gradients).expect("a gradient");
    assert!(entries(&gradient).iter().all(|entry| entry.is_finite()));
}

#[test]
fn weights_are_burns() {
    let device = device();
    let model = ShapesConfig::new().init(&device);
    let gated = SwiGluConfig::new(6, 8).init(&device).num_params();
    assert_eq!(
        model.gated.num_params(),
        gated + PReluConfig::new().init(&device).num_params()
    );
    assert_eq!(
        model.words.num_params(),
        EmbeddingConfig::new(10, 8).init(&device).num_params()
    );
    let reader = ReaderConfig::new().init(&device);
    let layers = EmbeddingConfig::new(20, 8).init(&device).num_params()
        + LayerNormConfig::new(8).init(&device).num_params()
        + LinearConfig::new(8, 3).init(&device).num_params();
    assert_eq!(reader.num_params(), layers);
}

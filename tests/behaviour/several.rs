//! Layers of several tensors, patches and interpolations: their values, beside Burn by hand.

use burn::nn::interpolate::{Interpolate2dConfig, InterpolateMode};
use burn::nn::{
    CosineSimilarityConfig, Fold4dConfig, PairwiseDistanceConfig, PixelShuffleConfig,
    PixelUnshuffleConfig, Unfold4dConfig,
};
use burn::tensor::{Distribution, Tolerance};
use diagrammatic::prelude::*;

diagram! {
    /// Several tensors to one and back.
    pub Several(hidden: usize = 2, with_bias: bool = true) {
        dyn batch, seq;

        data Left, Right: Code;
        data Text: [batch, seq + hidden, 3];
        data Words: [batch, seq, 3];
        Code: [batch, 4];
        Six: [batch, 6];
        Two: [batch, 2];
        Kept: [batch, hidden, 3];
        Score: [batch];

        Code * Code --sum--> Code;
        Code * Code --product--> Code;
        Code * Code --difference--> Code;
        Code * Code --joined--> Six;
        Code --halves--> Two * Two;
        Six --thirds--> Two * Two * Two;
        Six --parts--> Two * Code;
        Text --cut--> Words * Kept;
        Code * Code --cosine--> Score;
        Code * Code --distance--> Score;
        Code --projected--> Two;
        Code --summed--> Two;
        sum = add;
        product = multiply;
        difference = (identity * linear(4, initializer = constant(-1.0), bias = with_bias)) >> add;
        joined = (identity * (chunk(2, axis = 1) >> add)) >> concat(1);
        halves = split(2, axis = 1);
        thirds = chunk(3, axis = 1);
        parts = split([2, 4], axis = 1);
        cut = split([seq, hidden], axis = 1);
        cosine = cosine_similarity;
        distance = pairwise_distance(p = 1, eps = 0.5);
        projected = linear(2, initializer = constant(0.5), layout = col);
        summed = (linear(initializer = ones), linear) >> add;

        trained: difference(Left, Right) ~ sum(Left, Right);
        projections: projected(Left) ~ summed(Right);
        watch cuts: cut.0 ~ Words by mse;
        watch products: product(Left, Right) ~ Left by mse;
        watch halved: (joined(Left, Right) >> parts).0 ~ (joined(Left, Right) >> thirds).0 by mse;
        watch first: halves(Left).0 ~ halves(Right).1 by mse;
        watch near: cosine(Left, Right) ~ distance(Left, Right) by mse;
    }
}

diagram! {
    /// Extents that move between axes.
    pub Images {
        dyn batch;

        data Image: [batch, 4, 4, 4];
        Columns: [batch, 16, 9];
        Large: [batch, 1, 8, 8];
        Deep: [batch, 16, 2, 2];
        Wide: [batch, 4, 4, 8];
        Moved: [batch, 3, 4, 4];
        data Offsets: [batch, 18, 4, 4];
        data Mask: [batch, 9, 4, 4];

        Image --columns--> Columns --folded--> Image;
        Image --large--> Large;
        Image --deep--> Deep;
        Image --wide--> Wide;
        Image * Offsets --still--> Moved;
        Image * Offsets * Mask --masked--> Moved;
        columns = unfold4d(2);
        folded = fold4d(4, 2);
        large = pixel_shuffle(2);
        deep = pixel_unshuffle(2);
        wide = interpolate2d(scale_factor = [1, 2], mode = linear, align_corners = false);
        still = deform_conv2d(3, 3, padding = 1, initializer = constant(0.5));
        masked = deform_conv2d(3, 3, padding = 1, initializer = constant(0.5));

        still ~ masked;
        watch again: folded(columns) ~ Image by mse;
        watch larger: large ~ large by mse;
        watch deeper: deep ~ deep by mse;
        watch wider: wide ~ wide by mse;
    }
}

fn close<const D: usize>(left: &Tensor<D>, right: &Tensor<D>) {
    left.to_data()
        .assert_approx_eq::<f32>(&right.to_data(), Tolerance::default());
}

fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::default())
}

#[test]
fn several_tensors_become_one() {
    let model = SeveralConfig::new().init(&Device::default());
    let (x, y) = (random([5, 4]), random([5, 4]));
    close(&model.sum(x.clone(), y.clone()), &(x.clone() + y.clone()));
    close(
        &model.product(x.clone(), y.clone()),
        &(x.clone() * y.clone()),
    );
    let halves = y.clone().chunk(2, 1);
    let [first, second] = halves.try_into().expect("two halves");
    let joined = Tensor::cat(vec![x.clone(), first + second], 1);
    close(&model.joined(x.clone(), y.clone()), &joined);
    let cosine = CosineSimilarityConfig::new().init();
    close(
        &model.cosine(x.clone(), y.clone()),
        &cosine.forward(x.clone(), y.clone()),
    );
    let distance = PairwiseDistanceConfig::new()
        .with_p(1.0)
        .with_eps(0.5)
        .init();
    close(
        &model.distance(x.clone(), y.clone()),
        &distance.forward(x, y),
    );
}

#[test]
fn one_tensor_becomes_several() {
    let model = SeveralConfig::new().init(&Device::default());
    let x = random([5, 6]);
    let at = |start, size| x.clone().narrow(1, start, size);
    let (a, b, c) = model.thirds(x.clone());
    for (part, by_hand) in [(a, at(0, 2)), (b, at(2, 2)), (c, at(4, 2))] {
        close(&part, &by_hand);
    }
    let (two, rest) = model.parts(x.clone());
    close(&two, &at(0, 2));
    close(&rest, &at(2, 4));
    let (left, right) = model.halves(at(1, 4));
    close(&left, &at(1, 2));
    close(&right, &at(3, 2));
}

#[test]
fn a_size_that_is_told_and_one_of_a_hyper_parameter_cut_too() {
    let model = SeveralConfig::new().with_hidden(3).init(&Device::default());
    let text = random([2, 7, 3]);
    let (words, kept) = model.cut(text.clone());
    close(&words, &text.clone().narrow(1, 0, 4));
    close(&kept, &text.narrow(1, 4, 3));
}

#[test]
fn weights_are_drawn_as_asked() {
    let device = Device::default();
    let model = SeveralConfig::new().with_with_bias(false).init(&device);
    assert!(model.difference.linear_1.bias.is_none());
    let with = SeveralConfig::new().init(&device);
    assert!(with.difference.linear_1.bias.is_some());
    let (x, y) = (random([5, 4]), random([5, 4]));
    let by_hand = x.clone() - y.clone().sum_dim(1).expand([5, 4]);
    close(&model.difference(x.clone(), y), &by_hand);
    let projected = x.clone().sum_dim(1).expand([5, 2]) * 0.5 + 0.5;
    close(&model.projected(x.clone()), &projected);
    let summed = x.clone().sum_dim(1).expand([5, 2]) + 1.0;
    close(
        &(model.summed(x.clone()) - model.summed.linear_2.forward(x)),
        &summed,
    );
}

#[test]
fn extents_move_as_burn_moves_them() {
    let model = ImagesConfig::new().init(&Device::default());
    let image = random([2, 4, 4, 4]);
    let columns = Unfold4dConfig::new([2, 2]).init().forward(image.clone());
    close(&model.columns(image.clone()), &columns);
    let folded = Fold4dConfig::new([4, 4], [2, 2])
        .init()
        .forward(columns.clone());
    close(&model.folded(columns), &folded);
    let large = PixelShuffleConfig::new(2).init().forward(image.clone());
    close(&model.large(image.clone()), &large);
    let deep = PixelUnshuffleConfig::new(2).init().forward(image.clone());
    close(&model.deep(image.clone()), &deep);
    let wide = Interpolate2dConfig::new()
        .with_scale_factor(Some([1.0, 2.0]))
        .with_mode(InterpolateMode::Linear)
        .with_align_corners(false);
    close(&model.wide(image.clone()), &wide.init().forward(image));
}

#[test]
fn offsets_and_mask_reach_the_convolution() {
    let device = Device::default();
    let model = ImagesConfig::new().init(&device);
    let (image, still) = (random([2, 4, 4, 4]), Tensor::zeros([2, 18, 4, 4], &device));
    let masked = |mask| model.masked(image.clone(), still.clone(), mask);
    let half = masked(Tensor::full([2, 9, 4, 4], 0.5, &device));
    let none = masked(Tensor::zeros([2, 9, 4, 4], &device));
    let all = model.still(image.clone(), still.clone());
    close(&none, &Tensor::full([2, 3, 4, 4], 0.5, &device));
    close(&(half - none.clone()), &((all.clone() - none) * 0.5));
    let moved = model.still(image, still + 1.0);
    assert!(moved.not_equal(all).any().into_scalar::<bool>());
}

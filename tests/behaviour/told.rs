//! Layers that need a size which their input does not show: the call tells it.

use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{device, entries, random, scalar};

diagram! {
    /// Class means of a support set, and those of another set of other sizes.
    Prototypes {
        dyn queries, ways, shots, axes, x, copies;

        Image: [queries, 1, 6, 6];
        Code: [queries, 4];
        Means: [ways, 4];
        data Support: [ways, shots, 1, 6, 6];
        data Wanted: Means;
        data Large: Code[queries = axes * x];
        data Far: Means[ways = axes];
        data Sizes: [axes, x, copies];

        Support --pack--> Image[queries = ways * shots];
        Image --embed--> Code;
        Code[queries = ways * shots] --means--> Means;
        Code[queries = axes * x] --twice--> Means[ways = axes];

        pack = reshape[ways * shots, 1, 6, 6];
        embed = conv2d(2, kernel = 3) >> relu >> flatten >> linear;
        means = reshape[ways, shots, 4] >> mean(shots);
        // The names are those of variables in the code of layers.
        twice = repeat(2, residual(reshape[axes, x, 4] >> tanh >> reshape[axes * x, 4]))
            >> unsqueeze(0) >> expand[copies, axes * x, 4] >> sum(0)
            >> reshape[axes, x, 4] >> mean(x);
        prototypes = pack >> embed >> means;

        fit: prototypes ~ Wanted;
        watch far: twice(Large) ~ Far by l1;
    }
}

fn batch(ways: usize, shots: usize) -> PrototypesBatch {
    PrototypesBatch {
        support: random([ways, shots, 1, 6, 6]),
        wanted: random([ways, 4]),
        large: random([6, 4]),
        far: random([3, 4]),
        sizes: random([3, 2, 5]),
    }
}

/// `twice`, of three times two codes, with five copies.
fn twice(x: Tensor<2>) -> Tensor<2> {
    let once = x.clone() + x.tanh();
    let twice = once.clone() + once.tanh();
    let grid: Tensor<3> = (twice * 5).reshape([3, 2, 4]);
    grid.mean_dim(1).squeeze_dim(1)
}

/// Prototypical networks, Snell 2017, eq. 1.
fn means(model: &Prototypes, support: Tensor<5>) -> Tensor<2> {
    let [ways, shots, ..] = support.dims();
    let codes = model.embed(support.reshape([ways * shots, 1, 6, 6]));
    let codes: Tensor<3> = codes.reshape([ways, shots, 4]);
    codes.mean_dim(1).squeeze_dim(1)
}

#[test]
fn the_data_of_a_call_tell_it() {
    let model = PrototypesConfig::new().init(&device());
    for (ways, shots) in [(3, 2), (2, 5), (1, 1)] {
        let batch = batch(ways, shots);
        let fit = means(&model, batch.support.clone()) - batch.wanted.clone();
        let far = twice(batch.large.clone()) - batch.far.clone();
        let (fit, far) = (scalar(&fit.square().mean()), scalar(&far.abs().mean()));
        assert!((scalar(&model.loss(batch.clone()).fit) - fit).abs() < 1e-5);
        assert!((scalar(&model.evaluate(batch).far) - far).abs() < 1e-5);
    }
}

#[test]
fn so_do_the_arguments_of_a_method() {
    let model = PrototypesConfig::new().init(&device());
    let support = batch(3, 2).support;
    let expected = entries(&means(&model, support.clone()));
    let codes = model.embed(model.pack(support.clone()));
    assert_eq!(entries(&model.means(codes, 3, 2)), expected);
    assert_eq!(entries(&model.prototypes(support)), expected);
}

#[test]
fn through_copies_and_residuals_as_well() {
    let model = PrototypesConfig::new().init(&device());
    let x: Tensor<2> = random([6, 4]);
    let expected = twice(x.clone());
    let ours = entries(&model.twice(x, 3, 2, 5));
    for (ours, theirs) in ours.iter().zip(entries(&expected)) {
        assert!((ours - theirs).abs() < 1e-5, "{ours} is not {theirs}");
    }
}

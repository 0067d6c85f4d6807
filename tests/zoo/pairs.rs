//! Pairs and triples of images, and classes by what is near.

use diagrammatic::burn;

use burn::prelude::*;
use diagrammatic::diagram;

use crate::step::{assert_moves, below, device, random};

diagram! {
    pub Siamese(margin: f64 = 0.2) {
        dyn batch;  Photo: [batch, 3, 64, 64];  Code: [batch, 128];  data Anchor, Positive, Negative: Photo;
        Photo --embed--> Code;
        embed = conv2d(32, kernel = 3, stride = 2, padding = 1) >> relu        // [batch, 32, 32, 32]
            >> conv2d(64, kernel = 3, stride = 2, padding = 1) >> relu         // [batch, 64, 16, 16]
            >> flatten >> linear(128) >> normalize(1);                         // from 16384
        rank: minimize (embed(Anchor), embed(Positive), embed(Negative)) by triplet(margin);
    }
}

#[test]
fn siamese() {
    let model = SiameseConfig::new().init(&device());
    let [anchor, positive, negative] = [(); 3].map(|()| random([3, 3, 64, 64]));
    let batch = SiameseBatch {
        anchor,
        positive,
        negative,
    };
    assert_moves(model, batch, &["embed"]);
}

mod distances {
    use super::Tensor;

    /// −|query − mean|² of each pair.
    pub(super) fn negative_squared(queries: Tensor<2>, means: Tensor<2>) -> Tensor<2> {
        let apart = queries.unsqueeze_dim::<3>(1) - means.unsqueeze_dim::<3>(0);
        apart.square().sum_dim(2).squeeze_dim::<2>(2).neg()
    }
}

diagram! {
    pub Prototypes {
        dyn ways, shots, queries;
        Image: [queries, 1, 28, 28];  Code: [queries, 64];  Means: [ways, 64];  Scores: [queries, ways];
        data Query: Image;  data Class: Int[queries];  data Support: [ways, shots, 1, 28, 28];
        Support --pack--> Image[queries = ways * shots];
        Image --embed--> Code;
        Code[queries = ways * shots] --means--> Means;
        Code * Means --compare--> Scores;
        pack    = reshape[ways * shots, 1, 28, 28];
        embed   = conv2d(32, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)  // [queries, 32, 14, 14]
            >> conv2d(64, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2)      // [queries, 64, 7, 7]
            >> flatten >> linear;                                                              // from 3136
        means   = reshape[ways, shots, 64] >> mean(shots);
        compare = fn distances::negative_squared;
        fit: compare(embed(Query), pack >> embed >> means) ~ Class by cross_entropy;
    }
}

#[test]
fn prototypical_networks() {
    let model = PrototypesConfig::new().init(&device());
    let batch = PrototypesBatch {
        query: random([4, 1, 28, 28]),
        class: below(3, [4]),
        support: random([3, 2, 1, 28, 28]),
    };
    assert_moves(model, batch, &["embed"]);
}

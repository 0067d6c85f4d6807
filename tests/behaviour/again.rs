//! `again`: the same weights, new draws.

use burn::prelude::*;
use burn::tensor::Distribution;
use diagrammatic::diagram;

use crate::common::{device, entries, scalar};

fn noise(x: Tensor<2>) -> Tensor<2> {
    let noise = x.random_like(Distribution::Normal(0.0, 1.0));
    x + noise
}

diagram! {
    /// Two draws of a noisy model agree (R-Drop, Liang 2021).
    pub(crate) Redrawn {
        dyn batch;

        data Point: [batch, 8];
        Code: [batch, 8];

        Point --shake--> Point;
        Point --encode--> Code;
        Code --head--> Code;

        shake = fn noise;
        encode = linear >> dropout(0.5);
        head = linear;
        model = shake >> encode >> head;
        twin = again(model);
        late = shake >> again(encode >> head);
        plain = again(encode >> head);

        anew: model ~ again(model);
        more: again(model) ~ again(model);
        named: twin ~ again(twin);
        // One draw of the twin, whatever stands around it.
        watch once: twin >> head ~ head(twin) by mse;
        // The points are shaken once for both: what differs is the dropout.
        shaken: late ~ model;
        still: again(head(stop(encode(Point)))) ~ head(encode(Point));
        inside: again(twin) ~ model;
    }
}

fn batch() -> RedrawnBatch {
    RedrawnBatch {
        point: Tensor::ones([4, 8], &device()),
    }
}

#[test]
fn each_again_as_written_is_a_draw_of_its_own() {
    let model = RedrawnConfig::new().init(&device());
    let loss = model.loss(batch());
    assert!(scalar(&loss.anew) > 0.0);
    assert!(scalar(&loss.more) > 0.0);
    assert!(scalar(&loss.named) > 0.0);
    assert!(scalar(&loss.inside) > 0.0);
    assert!(scalar(&loss.still) > 0.0);
}

#[test]
fn a_composite_that_names_one_is_one_draw() {
    let model = RedrawnConfig::new().init(&device());
    assert_eq!(entries(&model.evaluate(batch()).once), [0.0]);
}

#[test]
fn only_what_stands_in_it_is_drawn_again() {
    let model = RedrawnConfig::new().init(&device());
    assert!(scalar(&model.loss(batch()).shaken) > 0.0);
    // Without dropout nothing differs but what `shake` draws, which `late` shares.
    let loss = model.valid().loss(batch());
    assert_eq!(entries(&loss.shaken), [0.0]);
    assert_eq!(entries(&loss.still), [0.0]);
    assert!(scalar(&loss.anew) > 0.0);
}

#[test]
fn it_has_the_weights_of_what_is_drawn_again() {
    let model = RedrawnConfig::new().init(&device()).valid();
    assert_eq!(model.num_params(), 2 * (8 * 8 + 8));
    // Without dropout nothing of it is drawn.
    let x = Tensor::ones([2, 8], &Device::default());
    let by_hand = model.head(model.encode(x.clone()));
    assert_eq!(entries(&model.plain(x)), entries(&by_hand));
    let diagram = Redrawn::diagram().to_string();
    assert!(diagram.contains("= again(model)") && diagram.contains("model ~ again(model)"));
}

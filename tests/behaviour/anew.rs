//! Rebound dims: one morphism at several sizes in one call.

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use diagrammatic::diagram;
use diagrammatic::loss::{cross_entropy, l1};

use crate::common::{affine, copies, device, entries, labels, random, scalar};

/// The mean of every two rows.
#[derive(Module, Debug)]
struct Pairs {
    linear: Linear,
}

impl Pairs {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [rows, width] = x.dims();
        let x = self.linear.forward(x);
        x.reshape([rows / 2, 2, width]).mean_dim(1).squeeze_dim(1)
    }
}

diagram! {
    /// Labels for a few, agreement of two views for many.
    Views {
        dyn batch, many;

        Image: [batch, 6];
        data Labelled: Image;
        data Label: Int[batch];
        data Weak, Strong: Image[batch = many];
        Logits: [batch, 3] by l1;

        Image --model--> Logits;
        Logits --turn--> Logits;
        model = linear;
        turn = frozen Linear;
        turned = model >> turn;

        labels: model(Labelled) ~ Label by cross_entropy;
        views: turned(Strong) ~ stop(model(Weak));
    }
}

diagram! {
    Means {
        dyn batch, ways;

        Code: [batch, 4];
        data Support: Code[batch = 2 * ways];
        data Class: [ways, 4];

        Code[batch = 2 * ways] --means--> Class;
        Class --head--> Class;
        means = Pairs;
        head = linear;
        both = means >> head;

        both(Support) ~ Class;
    }
}

diagram! {
    Prototypes {
        dyn batch, ways, shots;

        Code: [batch, 4];
        data Support: Code[batch = ways * shots];
        data Class: [ways, 4];
        data Shots: Int[shots];

        Code[batch = ways * shots] --means--> Class;
        means = Pairs;

        means(Support) ~ Class;
    }
}

diagram! {
    Sizes {
        dyn batch, few, side, small;

        Image: [batch, 1, side, side];
        data Whole: Image;
        data Crop: Image[batch = few, side = small];
        Edge: [batch, 2, side - 2, side - 2];
        data Edges: Edge;

        Image --edges--> Edge --smooth--> Edge;
        edges = conv2d(kernel = 3) >> relu;
        smooth = conv2d(kernel = 3, padding = same);
        found = edges >> smooth;

        whole: found(Whole) ~ Edges;
        watch crop: found(Crop) ~ edges(Crop) by l1;
    }
}

fn views() -> Views {
    let device = device();
    let turn = LinearConfig::new(3, 3).init(&device);
    ViewsConfig::new().init(ViewsModules { turn }, &device)
}

fn batch(many: usize) -> ViewsBatch {
    ViewsBatch {
        labelled: random([3, 6]),
        label: labels(&[2, 0, 1]),
        weak: random([many, 6]),
        strong: random([many, 6]),
    }
}

#[test]
fn values_and_gradients_are_those_of_burn_by_hand() {
    let (model, batch) = (views(), batch(5));
    let (weight, bias) = copies(&model.model.linear_1);
    let (turn, shift) = copies(&model.turn);
    let by_hand = |image: &Tensor<2>| affine(image.clone(), &weight, &bias);
    let labels = cross_entropy(by_hand(&batch.labelled), batch.label.clone()).mean();
    let strong = affine(by_hand(&batch.strong), &turn, &shift);
    let views = l1(strong, by_hand(&batch.weak).detach()).mean();
    let expected = labels.clone() + views.clone();

    let loss = model.loss(batch);
    assert!((scalar(&loss.labels) - scalar(&labels)).abs() < 1e-6);
    assert!((scalar(&loss.views) - scalar(&views)).abs() < 1e-6);
    let (ours, theirs) = (loss.total.backward(), expected.backward());
    let gradient = model
        .model
        .linear_1
        .weight
        .val()
        .grad(&ours)
        .expect("a gradient");
    let expected = weight.grad(&theirs).expect("a gradient");
    for (ours, theirs) in entries(&gradient).into_iter().zip(entries(&expected)) {
        assert!((ours - theirs).abs() < 1e-6, "{ours} is not {theirs}");
    }
}

#[test]
fn what_stop_cuts_off_has_no_gradient() {
    let (model, mut batch) = (views(), batch(4));
    batch.weak = batch.weak.require_grad();
    batch.strong = batch.strong.require_grad();
    let (weak, strong) = (batch.weak.clone(), batch.strong.clone());
    let gradients = model.loss(batch).total.backward();
    assert!(weak.grad(&gradients).is_none());
    assert!(strong.grad(&gradients).is_some());
}

#[test]
fn data_that_share_a_dim_bound_anew_must_agree_on_it() {
    let mut bad = batch(5);
    bad.strong = random([4, 6]);
    let error = bad.check().expect_err("4 is not 5").to_string();
    assert_eq!(
        error,
        "`many` cannot be both 5 (of `Weak`) and 4 (of `Strong`) [D0801]\n\n\
         \u{20}        = note: `Weak`   : [many, 6] is [5, 6]\n\
         \u{20}        = note: `Strong` : [many, 6] is [4, 6]"
    );
    // `batch` and `many` are two dims, whatever their values.
    assert!(batch(3).check().is_ok() && batch(1).check().is_ok());
}

#[test]
fn a_method_reads_the_sizes_that_its_argument_tells() {
    let device = device();
    let means = Pairs {
        linear: LinearConfig::new(4, 4).init(&device),
    };
    let model = MeansConfig::new().init(MeansModules { means }, &device);
    // `2 * ways` tells `ways`.
    assert_eq!(model.means(random([6, 4])).dims(), [3, 4]);
    assert_eq!(model.both(random([10, 4])).dims(), [5, 4]);
    let loss = model.try_loss(MeansBatch {
        support: random([8, 4]),
        class: random([4, 4]),
    });
    assert!(loss.is_ok());
    let odd = MeansBatch {
        support: random([7, 4]),
        class: random([4, 4]),
    };
    assert_eq!(
        odd.check().expect_err("7 is not 8").to_string(),
        "`Support`: axis 0 is `2 * ways` = 8, but the batch has 7 [D0804]\n\n\
         \u{20}        = note: `Support` : [2 * ways, 4] is [7, 4]\n\
         \u{20}        = note: `ways` = 4"
    );
}

#[test]
#[should_panic(expected = "`means` takes `Code`: axis 0 is `2 * ways` = 6, but is given 7 [D0804]")]
fn an_argument_off_the_line_is_an_error() {
    let device = device();
    let means = Pairs {
        linear: LinearConfig::new(4, 4).init(&device),
    };
    let model = MeansConfig::new().init(MeansModules { means }, &device);
    let _ = model.means(random([7, 4]));
}

fn prototypes() -> Prototypes {
    let device = device();
    let means = Pairs {
        linear: LinearConfig::new(4, 4).init(&device),
    };
    PrototypesConfig::new().init(PrototypesModules { means }, &device)
}

#[test]
fn a_method_is_told_the_sizes_that_its_argument_does_not_tell() {
    assert_eq!(prototypes().means(random([6, 4]), 3, 2).dims(), [3, 4]);
}

#[test]
#[should_panic(
    expected = "`means` takes `Code`: axis 0 is `ways * shots` = 8, but is given 6 [D0804]"
)]
fn sizes_that_do_not_fit_the_argument_are_an_error() {
    let _ = prototypes().means(random([6, 4]), 4, 2);
}

#[test]
#[should_panic(expected = "`ways` is 0, but sizes `means`, and a size is at least 1 [D0203]")]
fn a_size_of_0_is_an_error() {
    let _ = prototypes().means(random([6, 4]), 0, 2);
}

#[test]
fn layers_are_checked_at_the_sizes_of_their_application() {
    let model = SizesConfig::new().init(&device());
    let batch = |side: usize, small: usize| SizesBatch {
        whole: random([2, 1, side, side]),
        crop: random([3, 1, small, small]),
        edges: random([2, 2, side - 2, side - 2]),
    };
    assert!(model.try_loss(batch(8, 5)).is_ok());
    assert!(model.try_evaluate(batch(8, 3)).is_ok());
    let error = model
        .try_evaluate(batch(8, 2))
        .expect_err("nothing is left");
    assert_eq!(
        error.to_string(),
        "`conv2d(kernel = 3)` of `edges`: axis 2 is `side - 2` = 0, and a size is at least 1 [D0203]\n\n\
         \u{20}        = note: shape : [batch, 2, side - 2, side - 2]\n\
         \u{20}        = note: `side` = 2"
    );
}

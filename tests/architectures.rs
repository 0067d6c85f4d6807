//! The published architectures train what was published, and take what they say.

#[path = "../examples/architectures/alexnet.rs"]
mod alexnet;
#[path = "../examples/architectures/resnet18.rs"]
mod resnet18;
#[path = "../examples/architectures/tagger.rs"]
mod tagger;
#[path = "../examples/architectures/trained.rs"]
mod trained;
#[path = "../examples/architectures/unet.rs"]
mod unet;
#[path = "../examples/architectures/vit.rs"]
mod vit;

/// The same by hand, as the benches compare them.
#[path = "../benches/by_hand/mod.rs"]
#[expect(
    unreachable_pub,
    reason = "the benches check each as a crate of its own"
)]
mod by_hand;

use diagrammatic::Diagram;
use diagrammatic::diagram_core::Dim;
use diagrammatic::prelude::*;
use trained::trained;

fn device() -> Device {
    Device::default().autodiff()
}

fn image(channels: usize, side: usize) -> Tensor<4> {
    Tensor::ones([1, channels, side, side], &device())
}

/// The parameters and the multiply-adds of a diagram's plan, at these sizes.
fn cost(diagram: &Diagram, sizes: &[(&str, u64)]) -> (i128, i128) {
    let ends: Vec<_> = diagram.plan().plan.ends().collect();
    let value = |name: &str| {
        let mut sizes = sizes.iter();
        sizes.find_map(|(known, size)| (*known == name).then_some(*size))
    };
    let known = |dim: Option<Dim>| {
        let dim = dim.expect("a cost that is known");
        dim.evaluate(&value).expect("a value of every size")
    };
    let applied = diagram.applications(&ends, &[]);
    let once: std::collections::HashSet<_> = applied.iter().map(|one| one.morphism).collect();
    let parameters = once
        .into_iter()
        .map(|id| known(diagram.cost(id).parameters));
    let operations = applied.iter().map(|one| {
        let operations = diagram.cost(one.morphism).operations;
        known(operations.map(|dim| one.binding.apply(&dim)))
    });
    (parameters.sum(), operations.sum())
}

/// The plan knows without a model what the model has. The multiply-adds are those of torchvision's page on its
/// models, `GFLOPS`, to its two decimals.
#[test]
fn plans_know_what_was_published() {
    let at = |side| [("batch", 1), ("side", side), ("classes", 1000)];
    for (diagram, side, parameters, hundredths) in [
        (alexnet::AlexNet::diagram(), 224, 61_100_840, 71),
        (resnet18::ResNet18::diagram(), 224, 11_689_512, 181),
        (vit::Vit::diagram(), 224, 86_567_656, 1756),
    ] {
        let (trained, operations) = cost(diagram, &at(side));
        let name = &diagram.name;
        assert_eq!(trained, parameters, "{name}");
        assert_eq!(operations / 10_000_000, hundredths, "{name}: {operations}");
    }
}

#[test]
fn alexnet_takes_squares_of_several_sizes() {
    let model = alexnet::AlexNetConfig::new().init(&device());
    assert_eq!(trained(&model), 61_100_840);
    let by_hand = by_hand::alexnet::AlexNetConfig::new().init(&device());
    assert_eq!(trained(&by_hand), 61_100_840);
    for side in [63, 100] {
        assert_eq!(model.model(image(3, side)).dims(), [1, 1000]);
    }
    let batch = alexnet::AlexNetBatch {
        image: image(3, 62),
        label: Tensor::from_data([7], &device()),
    };
    let error = model.try_loss(batch).expect_err("a small image");
    assert!(error.to_string().contains("`side >= 63`"), "{error}");
}

#[test]
fn resnet18_halves_its_image_five_times() {
    let model = resnet18::ResNet18Config::new().init(&device());
    assert_eq!(trained(&model), 11_689_512);
    let by_hand = by_hand::resnet18::ResNet18Config::new().init(&device());
    assert_eq!(trained(&by_hand), 11_689_512);
    for side in [32, 96] {
        // What follows on the stem is told the side of the image, which its features do not show.
        let quarter = model.first(model.stem(image(3, side)), side);
        let sixteenth = model.third(model.second(quarter, side), side);
        let features = model.fourth(sixteenth, side);
        assert_eq!(features.dims(), [1, 512, side / 32, side / 32]);
        assert_eq!(model.name(features, side).dims(), [1, 1000]);
        assert_eq!(model.model(image(3, side)).dims(), [1, 1000]);
    }
}

/// The numbers of a convolution with a bias.
fn convolution(from: usize, to: usize, kernel: usize) -> usize {
    (from * kernel * kernel + 1) * to
}

#[test]
fn u_net_gives_a_class_a_pixel() {
    let model = unet::UNetConfig::new().init(&device());
    let widths = [64, 128, 256, 512, 1024];
    let down = [1, 64, 128, 256, 512].into_iter().zip(widths);
    let down = down.map(|(from, to)| convolution(from, to, 3) + convolution(to, to, 3));
    let up = widths.windows(2).map(|pair| {
        let (to, from) = (pair[0], pair[1]);
        convolution(from, to, 2) + convolution(from, to, 3) + convolution(to, to, 3)
    });
    let expected = down.sum::<usize>() + up.sum::<usize>() + convolution(64, 2, 1);
    assert_eq!(trained(&model), expected);
    let by_hand = by_hand::unet::UNetConfig::new().init(&device());
    assert_eq!(trained(&by_hand), expected);
    for side in [16, 48] {
        assert_eq!(model.model(image(1, side)).dims(), [1, 2, side, side]);
    }
}

#[test]
fn the_tagger_takes_sentences_of_several_lengths() {
    let config = tagger::TaggerConfig::new()
        .with_words(50)
        .with_width(6)
        .with_hidden(4);
    let model = config.init(&device());
    // Four gates in two directions, each with two matrices and two biases.
    let recurrent = 2 * 4 * (6 * 4 + 4 + 4 * 4 + 4);
    assert_eq!(trained(&model), 50 * 6 + recurrent + (2 * 4 + 1) * 9);
    let config = by_hand::tagger::TaggerConfig::new();
    let by_hand = config
        .with_words(50)
        .with_width(6)
        .with_hidden(4)
        .init(&device());
    assert_eq!(trained(&by_hand), trained(&model));
    for length in [1, 5] {
        let sentence = Tensor::<2, Int>::zeros([2, length], &device());
        assert_eq!(model.model(sentence).dims(), [2, length, 9]);
    }
}

#[test]
fn vit_is_as_large_as_published() {
    let model = vit::VitConfig::new().init(&device());
    assert_eq!(trained(&model), 86_567_656);
    let by_hand = by_hand::vit::VitConfig::new().init(&device());
    assert_eq!(trained(&by_hand), 86_567_656);
    assert_eq!(model.model(image(3, 224)).dims(), [1, 1000]);
}

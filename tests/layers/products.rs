//! Layers that take or give several tensors.

use burn::nn::conv::DeformConv2dConfig;
use burn::nn::{CosineSimilarityConfig, PairwiseDistanceConfig};
use burn::tensor::Tensor;
use diagram_core::Code;
use proptest::bool::ANY;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy};

use crate::harness::{Case, Counted, device, extents, layers, zeros};
use crate::windows::{channels, window};

/// Shapes that mostly agree but at one axis.
fn several(rank: usize) -> impl Strategy<Value = (usize, Vec<Vec<usize>>)> {
    let shape = vec(1..4usize, rank);
    let changes = vec((0..rank, 1..4usize), 1..=3);
    (shape, 0..rank, changes, 0..5usize).prop_map(|(shape, axis, changes, apart)| {
        let all = changes.iter().map(|(other, extent)| {
            let at = if apart == 0 { *other } else { axis };
            let mut shape = shape.clone();
            shape[at] = *extent;
            shape
        });
        (axis, all.collect())
    })
}

/// Shapes that are mostly equal.
fn equal() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let all = (extents(2, 2, 4), 1..4usize).prop_map(|(shape, count)| vec![shape; count]);
    (all, 0..6usize, extents(2, 2, 4)).prop_map(|(mut all, apart, other)| {
        if apart == 0 {
            all.push(other);
        }
        all
    })
}

/// What two shapes that Burn would broadcast are to us: refused.
fn differ(shapes: &[Vec<usize>]) -> bool {
    shapes.windows(2).any(|pair| pair[0] != pair[1])
}

fn all<const D: usize>(shapes: &[Vec<usize>]) -> Vec<Tensor<D>> {
    shapes.iter().map(|shape| zeros::<D>(shape)).collect()
}

fn shapes<const D: usize>(tensors: &[Tensor<D>]) -> Vec<Vec<usize>> {
    tensors
        .iter()
        .map(|tensor| tensor.dims().to_vec())
        .collect()
}

layers! {
    fn concat((axis, inputs) in several(3)) {
        let shapes = inputs.clone();
        let case = Case::of_product(format!("concat({axis})"), &inputs, move || {
            vec![Tensor::cat(all::<3>(&shapes), axis).dims().to_vec()]
        });
        // One tensor is nothing to join.
        case.refused_where(inputs.len() == 1, Code::Factors)
    }

    fn add(inputs in equal()) {
        let shapes = inputs.clone();
        let case = Case::of_product("add", &inputs, move || {
            let sum = all::<2>(&shapes).into_iter().reduce(Tensor::add);
            vec![sum.expect("at least one").dims().to_vec()]
        });
        case.refused_where(inputs.len() == 1, Code::Factors)
            .refused_where(differ(&inputs), Code::AxisMismatch)
    }

    fn multiply(inputs in equal()) {
        let shapes = inputs.clone();
        let case = Case::of_product("multiply", &inputs, move || {
            let product = all::<2>(&shapes).into_iter().reduce(Tensor::mul);
            vec![product.expect("at least one").dims().to_vec()]
        });
        case.refused_where(inputs.len() == 1, Code::Factors)
            .refused_where(differ(&inputs), Code::AxisMismatch)
    }

    /// Sizes whose sum is the extent and others; one for all.
    fn split(input in extents(2, 2, 12), sizes in vec(1..5usize, 1..4), axis in 0..3usize, exact in ANY) {
        let mut input = input;
        if exact && sizes.len() > 1 && axis < 2 {
            input[axis] = sizes.iter().sum();
        }
        let shape = input.clone();
        let text = match sizes[..] {
            [one] => format!("split({one}, axis = {axis})"),
            _ => format!("split({sizes:?}, axis = {axis})"),
        };
        Case::of_product(text, &[input], move || {
            let x = zeros::<2>(&shape);
            shapes(&match sizes[..] {
                [one] => x.split(one, axis),
                _ => x.split_with_sizes(sizes, axis),
            })
        })
    }

    fn narrow(input in extents(2, 2, 12), axis in 0..3usize, start in 0..8usize, length in 0..8usize) {
        let shape = input.clone();
        Case::of_product(format!("narrow({axis}, {start}, {length})"), &[input], move || {
            shapes(&[zeros::<2>(&shape).narrow(axis, start, length)])
        })
    }

    fn chunk(input in extents(2, 2, 12), chunks in 1..4usize, axis in 0..2usize) {
        let shape = input.clone();
        let case = Case::of_product(format!("chunk({chunks}, axis = {axis})"), std::slice::from_ref(&input), move || {
            shapes(&zeros::<2>(&shape).chunk(chunks, axis))
        });
        // Burn's parts are equal where that is possible; ours always.
        case.refused_where(input[axis] % chunks != 0, Code::NotDivisible)
    }

    fn cosine_similarity(inputs in equal(), axis in 0..3usize) {
        let shapes = inputs.clone();
        let case = Case::of_product(format!("cosine_similarity({axis})"), &inputs, move || {
            let [x, y] = all::<2>(&shapes).try_into().expect("two tensors");
            let layer = CosineSimilarityConfig::new().with_dim(isize::try_from(axis).expect("an axis")).init();
            vec![layer.forward(x, y).dims().to_vec()]
        });
        case.refused_where(differ(&inputs) && inputs.len() == 2, Code::AxisMismatch)
    }

    fn pairwise_distance(inputs in equal()) {
        let shapes = inputs.clone();
        let case = Case::of_product("pairwise_distance(p = 1)", &inputs, move || {
            let [x, y] = all::<2>(&shapes).try_into().expect("two tensors");
            let layer = PairwiseDistanceConfig::new().with_p(1.0).init();
            vec![layer.forward(x, y).dims().to_vec()]
        });
        case.refused_where(differ(&inputs) && inputs.len() == 2, Code::AxisMismatch)
    }

    /// With offsets and a mask of the size that Burn's formulas ask for.
    fn deform_conv2d(
        (from, to, groups) in channels(),
        offset_groups in 1..3usize,
        window in window::<2>(7).prop_filter("as many before as after", crate::windows::Window::is_alike),
        mask in ANY,
        bias in Just(true),
    ) {
        let text = format!(
            "deform_conv2d({to}, {}, weight_groups = {groups}, offset_groups = {offset_groups}, bias = {bias})",
            window.text(true)
        );
        let (image, k) = (window.input(from), offset_groups * window.kernel.iter().product::<usize>());
        let ends = window.windows();
        let mut inputs = vec![image.clone(), vec![2, 2 * k, ends[0], ends[1]]];
        if mask {
            inputs.push(vec![2, k, ends[0], ends[1]]);
        }
        let shapes = inputs.clone();
        let (inexact, too_small) = (window.is_inexact(), !window.fits());
        let case = Case::of_product(text, &inputs, move || {
            let layer = DeformConv2dConfig::new([from, to], window.kernel)
                .with_stride(window.stride)
                .with_dilation(window.dilation)
                .with_padding(window.padding.into())
                .with_weight_groups(groups)
                .with_offset_groups(offset_groups)
                .with_bias(bias)
                .init(&device()).counted();
            let mask = shapes.get(2).map(|shape| zeros::<4>(shape));
            vec![layer.forward(zeros::<4>(&shapes[0]), zeros::<4>(&shapes[1]), mask).dims().to_vec()]
        });
        // Burn reads beyond an image that has no room for the kernel.
        case.refused_where(inexact, Code::ArgumentRange)
            .refused_where(too_small, Code::KernelTooLarge)
    }
}

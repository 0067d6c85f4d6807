//! Layers in which a window moves.

use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2dConfig;
use burn::nn::pool::MaxPool2dConfig;
use diagram_core::Code;
use proptest::array::uniform2;
use proptest::bool::ANY;
use proptest::prelude::*;

use crate::harness::{Case, device, layers, zeros};

/// Padding as an argument says it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pad<const N: usize> {
    Same,
    Valid,
    /// Before and after each axis.
    Sides([(usize, usize); N]),
}

fn pad2() -> impl Strategy<Value = Pad<2>> {
    prop_oneof![
        1 => Just(Pad::Same),
        1 => Just(Pad::Valid),
        4 => uniform2((0..3usize, 0..3usize)).prop_map(Pad::Sides),
    ]
}

impl Pad<2> {
    fn text(self) -> String {
        match self {
            Pad::Same => "same".to_owned(),
            Pad::Valid => "valid".to_owned(),
            Pad::Sides([(top, bottom), (left, right)]) => {
                format!("{:?}", [top, left, bottom, right])
            }
        }
    }

    fn burns(self) -> PaddingConfig2d {
        match self {
            Pad::Same => PaddingConfig2d::Same,
            Pad::Valid => PaddingConfig2d::Valid,
            Pad::Sides([(top, bottom), (left, right)]) => {
                PaddingConfig2d::Explicit(top, left, bottom, right)
            }
        }
    }
}

/// Input and output channels and groups, which mostly divide them.
fn channels() -> impl Strategy<Value = (usize, usize, usize)> {
    prop_oneof![
        6 => (1..3usize, 1..3usize, 1..3usize).prop_map(|(from, to, groups)| (from * groups, to * groups, groups)),
        1 => (1..5usize, 1..5usize, 1..4usize),
    ]
}

layers! {
    fn conv2d(
        (from, to, groups) in channels(),
        kernel in uniform2(1..4usize),
        stride in uniform2(1..4usize),
        dilation in prop_oneof![Just([1, 1]), uniform2(1..3usize)],
        padding in pad2(),
        extents in uniform2(1..9usize),
        bias in ANY,
    ) {
        let text = format!(
            "conv2d({to}, {kernel:?}, stride = {stride:?}, dilation = {dilation:?}, \
             padding = {}, groups = {groups}, bias = {bias})",
            padding.text()
        );
        let input = [2, from, extents[0], extents[1]];
        let case = Case::new(text, &input, move || {
            let config = Conv2dConfig::new([from, to], kernel)
                .with_stride(stride)
                .with_dilation(dilation)
                .with_padding(padding.burns())
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).forward(zeros::<4>(&input)).dims().to_vec()
        });
        let divides = from % groups == 0 && to % groups == 0;
        // Burn pads to `same` as if dilation were 1.
        let same = padding == Pad::Same && dilation != [1, 1];
        case.refused_where(divides && same, Code::ArgumentRange)
    }

    fn max_pool2d(
        kernel in uniform2(1..4usize),
        stride in uniform2(1..4usize),
        dilation in prop_oneof![Just([1, 1]), uniform2(1..3usize)],
        padding in pad2(),
        extents in uniform2(1..9usize),
        ceil_mode in ANY,
    ) {
        let text = format!(
            "max_pool2d({kernel:?}, stride = {stride:?}, dilation = {dilation:?}, padding = {}, \
             ceil_mode = {ceil_mode})",
            padding.text()
        );
        let input = [2, 3, extents[0], extents[1]];
        let case = Case::new(text, &input, move || {
            let config = MaxPool2dConfig::new(kernel)
                .with_strides(stride)
                .with_dilation(dilation)
                .with_padding(padding.burns())
                .with_ceil_mode(ceil_mode);
            config.init().forward(zeros::<4>(&input)).dims().to_vec()
        });
        let covers = |axis: usize| dilation[axis] * (kernel[axis] - 1) + 1;
        // A window in the padding alone has the maximum −∞.
        let outside = matches!(padding, Pad::Sides(sides)
            if (0..2).any(|axis| sides[axis].0 >= covers(axis) || sides[axis].1 >= covers(axis)));
        let same = padding == Pad::Same && dilation != [1, 1];
        // Rounding up, flex invents a window that other backends do not.
        let padded = |axis: usize| match padding {
            Pad::Sides(sides) => extents[axis] + sides[axis].0 + sides[axis].1,
            _ => extents[axis],
        };
        let too_large = padding != Pad::Same
            && (0..2).any(|axis| padded(axis) + stride[axis] <= covers(axis));
        case.refused_where(ceil_mode && too_large, Code::KernelTooLarge)
            .refused_where(outside || same, Code::ArgumentRange)
    }
}

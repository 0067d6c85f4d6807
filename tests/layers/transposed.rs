//! Transposed convolutions.

use burn::nn::conv::{ConvTranspose1dConfig, ConvTranspose2dConfig, ConvTranspose3dConfig};
use proptest::array::uniform;
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, layers, zeros};
use crate::windows::{channels, list, window};

layers! {
    fn conv_transpose1d(
        (from, to, groups) in channels(),
        window in window::<1>(8),
        padding in uniform::<_, 1>(0..3usize),
        padding_out in uniform::<_, 1>(0..3usize),
        bias in ANY,
    ) {
        let text = format!(
            "conv_transpose1d({to}, {}, stride = {}, dilation = {}, padding = {}, padding_out = {}, \
             groups = {groups}, bias = {bias})",
            list(window.kernel),
            list(window.stride),
            list(window.dilation),
            list(padding),
            list(padding_out)
        );
        let input = window.input(from);
        Case::new(text, &input.clone(), move || {
            let config = ConvTranspose1dConfig::new([from, to], window.kernel[0])
                .with_stride(window.stride[0])
                .with_dilation(window.dilation[0])
                .with_padding(padding[0])
                .with_padding_out(padding_out[0])
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<3>(&input)).dims().to_vec()
        })
    }

    fn conv_transpose2d(
        (from, to, groups) in channels(),
        window in window::<2>(5),
        padding in uniform::<_, 2>(0..3usize),
        padding_out in uniform::<_, 2>(0..3usize),
        bias in ANY,
    ) {
        let text = format!(
            "conv_transpose2d({to}, {}, stride = {}, dilation = {}, padding = {}, padding_out = {}, \
             groups = {groups}, bias = {bias})",
            list(window.kernel),
            list(window.stride),
            list(window.dilation),
            list(padding),
            list(padding_out)
        );
        let input = window.input(from);
        Case::new(text, &input.clone(), move || {
            let config = ConvTranspose2dConfig::new([from, to], window.kernel)
                .with_stride(window.stride)
                .with_dilation(window.dilation)
                .with_padding(padding)
                .with_padding_out(padding_out)
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<4>(&input)).dims().to_vec()
        })
    }

    fn conv_transpose3d(
        (from, to, groups) in channels(),
        window in window::<3>(4),
        padding in uniform::<_, 3>(0..3usize),
        padding_out in uniform::<_, 3>(0..3usize),
        bias in ANY,
    ) {
        let text = format!(
            "conv_transpose3d({to}, {}, stride = {}, dilation = {}, padding = {}, padding_out = {}, \
             groups = {groups}, bias = {bias})",
            list(window.kernel),
            list(window.stride),
            list(window.dilation),
            list(padding),
            list(padding_out)
        );
        let input = window.input(from);
        Case::new(text, &input.clone(), move || {
            let config = ConvTranspose3dConfig::new([from, to], window.kernel)
                .with_stride(window.stride)
                .with_dilation(window.dilation)
                .with_padding(padding)
                .with_padding_out(padding_out)
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<5>(&input)).dims().to_vec()
        })
    }
}

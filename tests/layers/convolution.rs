//! Convolutions.

use burn::nn::conv::{Conv1dConfig, Conv2dConfig, Conv3dConfig};
use diagram_core::Code;
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, layers, zeros};
use crate::windows::{channels, window};

layers! {
    fn conv1d((from, to, groups) in channels(), window in window::<1>(12), bias in ANY) {
        let text = format!("conv1d({to}, {}, groups = {groups}, bias = {bias})", window.text(true));
        let input = window.input(from);
        let inexact = window.is_inexact() && from % groups == 0 && to % groups == 0;
        let case = Case::new(text, &input.clone(), move || {
            let config = Conv1dConfig::new(from, to, window.kernel[0])
                .with_stride(window.stride[0])
                .with_dilation(window.dilation[0])
                .with_padding(window.padding.into())
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<3>(&input)).dims().to_vec()
        });
        case.refused_where(inexact, Code::ArgumentRange)
    }

    fn conv2d((from, to, groups) in channels(), window in window::<2>(9), bias in ANY) {
        let text = format!("conv2d({to}, {}, groups = {groups}, bias = {bias})", window.text(true));
        let input = window.input(from);
        let inexact = window.is_inexact() && from % groups == 0 && to % groups == 0;
        let case = Case::new(text, &input.clone(), move || {
            let config = Conv2dConfig::new([from, to], window.kernel)
                .with_stride(window.stride)
                .with_dilation(window.dilation)
                .with_padding(window.padding.into())
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<4>(&input)).dims().to_vec()
        });
        case.refused_where(inexact, Code::ArgumentRange)
    }

    fn conv3d((from, to, groups) in channels(), window in window::<3>(6), bias in ANY) {
        let text = format!("conv3d({to}, {}, groups = {groups}, bias = {bias})", window.text(true));
        let input = window.input(from);
        let inexact = window.is_inexact() && from % groups == 0 && to % groups == 0;
        let case = Case::new(text, &input.clone(), move || {
            let config = Conv3dConfig::new([from, to], window.kernel)
                .with_stride(window.stride)
                .with_dilation(window.dilation)
                .with_padding(window.padding.into())
                .with_groups(groups)
                .with_bias(bias);
            config.init(&device()).counted().forward(zeros::<5>(&input)).dims().to_vec()
        });
        case.refused_where(inexact, Code::ArgumentRange)
    }
}

//! Poolings.

use burn::nn::pool::{AdaptiveAvgPool1dConfig, AdaptiveAvgPool2dConfig, AdaptiveAvgPool3dConfig};
use burn::nn::pool::{AvgPool1dConfig, AvgPool2dConfig, MaxPool1dConfig, MaxPool2dConfig};
use proptest::array::uniform;
use proptest::bool::ANY;

use crate::harness::{Case, extents, layers, zeros};
use crate::windows::{list, window};

layers! {
    fn max_pool1d(window in window::<1>(12), ceil_mode in ANY) {
        let text = format!("max_pool1d({}, ceil_mode = {ceil_mode})", window.text(true));
        let (input, of) = (window.input(3), window.clone());
        let case = Case::new(text, &input.clone(), move || {
            let config = MaxPool1dConfig::new(of.kernel[0])
                .with_stride(of.stride[0])
                .with_dilation(of.dilation[0])
                .with_padding(of.padding.into())
                .with_ceil_mode(ceil_mode);
            config.init().forward(zeros::<3>(&input)).dims().to_vec()
        });
        window.pools(case, ceil_mode)
    }

    fn avg_pool1d(mut window in window::<1>(12), count in ANY, ceil_mode in ANY) {
        window.dilation = [1; 1];
        let text = format!(
            "avg_pool1d({}, count_include_pad = {count}, ceil_mode = {ceil_mode})",
            window.text(false)
        );
        let (input, of) = (window.input(3), window.clone());
        let case = Case::new(text, &input.clone(), move || {
            let config = AvgPool1dConfig::new(of.kernel[0])
                .with_stride(of.stride[0])
                .with_padding(of.padding.into())
                .with_count_include_pad(count)
                .with_ceil_mode(ceil_mode);
            config.init().forward(zeros::<3>(&input)).dims().to_vec()
        });
        window.pools(case, ceil_mode)
    }

    fn max_pool2d(window in window::<2>(9), ceil_mode in ANY) {
        let text = format!("max_pool2d({}, ceil_mode = {ceil_mode})", window.text(true));
        let (input, of) = (window.input(3), window.clone());
        let case = Case::new(text, &input.clone(), move || {
            let config = MaxPool2dConfig::new(of.kernel)
                .with_strides(of.stride)
                .with_dilation(of.dilation)
                .with_padding(of.padding.into())
                .with_ceil_mode(ceil_mode);
            config.init().forward(zeros::<4>(&input)).dims().to_vec()
        });
        window.pools(case, ceil_mode)
    }

    fn avg_pool2d(mut window in window::<2>(9), count in ANY, ceil_mode in ANY) {
        window.dilation = [1; 2];
        let text = format!(
            "avg_pool2d({}, count_include_pad = {count}, ceil_mode = {ceil_mode})",
            window.text(false)
        );
        let (input, of) = (window.input(3), window.clone());
        let case = Case::new(text, &input.clone(), move || {
            let config = AvgPool2dConfig::new(of.kernel)
                .with_strides(of.stride)
                .with_padding(of.padding.into())
                .with_count_include_pad(count)
                .with_ceil_mode(ceil_mode);
            config.init().forward(zeros::<4>(&input)).dims().to_vec()
        });
        window.pools(case, ceil_mode)
    }

    fn adaptive_avg_pool1d(input in extents(3, 3, 6), size in uniform::<_, 1>(0..7usize)) {
        let shape = input.clone();
        Case::new(format!("adaptive_avg_pool1d({})", list(size)), &input, move || {
            let layer = AdaptiveAvgPool1dConfig::new(size[0]).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn adaptive_avg_pool2d(input in extents(4, 4, 6), size in uniform::<_, 2>(0..7usize)) {
        let shape = input.clone();
        Case::new(format!("adaptive_avg_pool2d({})", list(size)), &input, move || {
            let layer = AdaptiveAvgPool2dConfig::new(size).init();
            layer.forward(zeros::<4>(&shape)).dims().to_vec()
        })
    }

    fn adaptive_avg_pool3d(input in extents(5, 5, 6), size in uniform::<_, 3>(0..7usize)) {
        let shape = input.clone();
        Case::new(format!("adaptive_avg_pool3d({})", list(size)), &input, move || {
            let layer = AdaptiveAvgPool3dConfig::new(size).init();
            layer.forward(zeros::<5>(&shape)).dims().to_vec()
        })
    }
}

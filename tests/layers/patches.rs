//! Extents that move between axes, and images at another size.

use burn::nn::interpolate::{Interpolate1dConfig, Interpolate2dConfig, InterpolateMode};
use burn::nn::{Fold4dConfig, PixelShuffleConfig, PixelUnshuffleConfig, Unfold4dConfig};
use proptest::array::uniform2;
use proptest::prelude::{Just, Strategy};
use proptest::prop_oneof;
use proptest::sample::select;

use crate::harness::{Case, extents, layers, zeros};
use crate::windows::{Padding, window};

/// Burn's modes under our names, but for `nearest_exact`, which the backend of the tests lacks.
fn mode() -> impl Strategy<Value = (&'static str, InterpolateMode)> {
    select(vec![
        ("nearest", InterpolateMode::Nearest),
        ("linear", InterpolateMode::Linear),
        ("cubic", InterpolateMode::Cubic),
        ("lanczos", InterpolateMode::Lanczos),
    ])
}

/// Fractions of all kinds.
fn scale() -> impl Strategy<Value = f32> {
    prop_oneof![
        select(vec![0.25, 0.5, 1.0, 1.5, 2.0, 3.0]),
        (1..300u16).prop_map(|hundredths| f32::from(hundredths) / 100.0),
    ]
}

/// A window of equal, numeric padding on both sides.
fn padded() -> impl Strategy<Value = crate::windows::Window<2>> {
    (window::<2>(8), uniform2(0..3usize)).prop_map(|(mut window, sides)| {
        window.padding = Padding::Sides(sides.map(|side| (side, side)));
        window
    })
}

fn sides(window: &crate::windows::Window<2>) -> [usize; 2] {
    match window.padding {
        Padding::Sides(sides) => sides.map(|side| side.0),
        Padding::Same | Padding::Valid => [0, 0],
    }
}

layers! {
    fn unfold4d(channels in 1..4usize, window in padded()) {
        let padding = sides(&window);
        let text = format!(
            "unfold4d({:?}, stride = {:?}, padding = {padding:?}, dilation = {:?})",
            window.kernel, window.stride, window.dilation
        );
        let input = window.input(channels);
        Case::new(text, &input.clone(), move || {
            let config = Unfold4dConfig::new(window.kernel)
                .with_stride(window.stride)
                .with_padding(padding)
                .with_dilation(window.dilation);
            config.init().forward(zeros::<4>(&input)).dims().to_vec()
        })
    }

    /// Mostly of as many columns as Burn's formulas ask for.
    fn fold4d(channels in 1..3usize, window in padded(), wrong in 0..8usize) {
        let padding = sides(&window);
        let text = format!(
            "fold4d({:?}, {:?}, stride = {:?}, padding = {padding:?}, dilation = {:?})",
            window.extents, window.kernel, window.stride, window.dilation
        );
        let mut input = vec![2, channels * window.kernel[0] * window.kernel[1], window.windows().iter().product()];
        match wrong {
            0 => input[1] += 1,
            1 => input[2] += 1,
            _ => {}
        }
        Case::new(text, &input.clone(), move || {
            let config = Fold4dConfig::new(window.extents, window.kernel)
                .with_stride(window.stride)
                .with_padding(padding)
                .with_dilation(window.dilation);
            config.init().forward(zeros::<3>(&input)).dims().to_vec()
        })
    }

    fn pixel_shuffle(input in extents(4, 4, 5), factor in 1..4usize, divides in prop_oneof![3 => Just(true), 1 => Just(false)]) {
        let mut input = input;
        if divides {
            input[1] *= factor * factor;
        }
        let shape = input.clone();
        Case::new(format!("pixel_shuffle({factor})"), &input, move || {
            PixelShuffleConfig::new(factor).init().forward(zeros::<4>(&shape)).dims().to_vec()
        })
    }

    fn pixel_unshuffle(input in extents(4, 4, 5), factor in 1..4usize, divides in prop_oneof![3 => Just(true), 1 => Just(false)]) {
        let mut input = input;
        if divides {
            input[2] *= factor;
            input[3] *= factor;
        }
        let shape = input.clone();
        Case::new(format!("pixel_unshuffle({factor})"), &input, move || {
            PixelUnshuffleConfig::new(factor).init().forward(zeros::<4>(&shape)).dims().to_vec()
        })
    }

    fn interpolate1d(input in extents(3, 3, 9), scale in scale(), size in 0..9usize, (name, mode) in mode()) {
        let shape = input.clone();
        let text = match size {
            0 => format!("interpolate1d(scale_factor = {scale:?}, mode = {name})"),
            _ => format!("interpolate1d(output_size = {size}, mode = {name})"),
        };
        Case::new(text, &input, move || {
            let config = Interpolate1dConfig::new().with_mode(mode);
            let config = match size {
                0 => config.with_scale_factor(Some(scale)),
                _ => config.with_output_size(Some(size)),
            };
            config.init().forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn interpolate2d(input in extents(4, 4, 7), scales in uniform2(scale()), (name, mode) in mode()) {
        let shape = input.clone();
        let text = format!("interpolate2d(scale_factor = {scales:?}, mode = {name})");
        Case::new(text, &input, move || {
            let config = Interpolate2dConfig::new().with_mode(mode).with_scale_factor(Some(scales));
            config.init().forward(zeros::<4>(&shape)).dims().to_vec()
        })
    }
}

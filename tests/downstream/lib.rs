//! A library with public diagrams, as a user might write it: diagrammatic renamed, no dependency on
//! Burn, and no warning allowed.
#![deny(
    warnings,
    future_incompatible,
    let_underscore_drop,
    missing_docs,
    nonstandard_style,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic
)]
#![forbid(unsafe_code)]

pub mod averages;
pub mod brought;
pub mod constants;
pub mod slots;
pub mod vision;

use dg::diagram;

diagram! {
    /// A line through points.
    pub Line(
        /// How many numbers a point has.
        width: usize = 2,
    ) {
        dyn batch;

        /// Where the line is looked at.
        data Point: [batch, width];
        /// What it should be there.
        data Value: [batch, 1];

        /// The line.
        Point --line--> Value;

        line = linear;

        /// The squares of what is left.
        line ~ Value;
    }
}

#[cfg(test)]
mod tests {
    use dg::burn::optim::{GradientsParams, SgdConfig};
    use dg::burn::tensor::{Device, Tensor};

    use super::{LineBatch, LineConfig};

    #[test]
    fn a_step_goes_down() {
        let device = Device::default().autodiff();
        let mut model = LineConfig::new().init(&device);
        let mut optimizer = SgdConfig::new().init();
        let batch = LineBatch {
            point: Tensor::from_data([[1.0, 2.0], [0.5, -1.0]], &device),
            value: Tensor::from_data([[3.0], [-0.5]], &device),
        };
        let mut losses = Vec::new();
        for _ in 0..3 {
            let loss = model.loss(batch.clone()).total;
            losses.push(loss.clone().into_scalar::<f32>());
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(0.05, model, gradients);
        }
        assert!(losses.is_sorted_by(|one, next| next < one), "{losses:?}");
    }
}

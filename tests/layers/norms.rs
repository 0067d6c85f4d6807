//! Normalisations at every rank, with widths that follow and groups that need not divide.

use burn::nn::{
    BatchNormConfig, GroupNormConfig, InstanceNormConfig, LayerNormConfig, LocalResponseNormConfig,
    RmsNormConfig,
};
use diagram_core::Code;
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, extents, layers, zeros};

/// The extent of an axis, where there is one.
fn extent(shape: &[usize], axis: usize) -> usize {
    shape.get(axis).copied().unwrap_or(1)
}

layers! {
    fn batch_norm(input in extents(1, 4, 5), momentum in 0..13u32) {
        let (shape, momentum) = (input.clone(), f64::from(momentum) / 10.0);
        Case::new(format!("batch_norm(momentum = {momentum:?})"), &input, move || {
            let config = BatchNormConfig::new(extent(&shape, 1)).with_momentum(momentum);
            let layer = config.init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                3 => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<4>(&shape)).dims().to_vec(),
            }
        })
    }

    fn layer_norm(input in extents(1, 3, 5), bias in ANY) {
        let shape = input.clone();
        Case::new(format!("layer_norm(bias = {bias})"), &input, move || {
            let layer = LayerNormConfig::new(shape[shape.len() - 1]).with_bias(bias).init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
            }
        })
    }

    fn rms_norm(input in extents(1, 3, 5), epsilon in 0..3u32) {
        let (shape, epsilon) = (input.clone(), f64::from(epsilon) / 10.0);
        Case::new(format!("rms_norm(epsilon = {epsilon:?})"), &input, move || {
            let config = RmsNormConfig::new(shape[shape.len() - 1]).with_epsilon(epsilon);
            let layer = config.init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
            }
        })
    }

    /// Burn refuses tensors of one or two elements, whatever their rank; the batch has enough here.
    fn group_norm(input in extents(1, 4, 7), groups in 1..5usize) {
        let mut input = input;
        input[0] += 2;
        let shape = input.clone();
        Case::new(format!("group_norm({groups})"), &input, move || {
            let layer = GroupNormConfig::new(groups, extent(&shape, 1)).init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                3 => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<4>(&shape)).dims().to_vec(),
            }
        })
    }

    /// At rank 2 nothing of the input would be left, so we refuse that.
    fn instance_norm(input in extents(1, 4, 5), affine in ANY) {
        let mut input = input;
        input[0] += 2;
        let shape = input.clone();
        let case = Case::new(format!("instance_norm(affine = {affine})"), &input, move || {
            let config = InstanceNormConfig::new(extent(&shape, 1)).with_affine(affine);
            let layer = config.init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                3 => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<4>(&shape)).dims().to_vec(),
            }
        });
        case.refused_where(input.len() == 2, Code::LayerRank)
    }

    fn local_response_norm(input in extents(1, 4, 5), size in 0..5usize) {
        let shape = input.clone();
        Case::new(format!("local_response_norm({size})"), &input, move || {
            let layer = LocalResponseNormConfig::new(size).init();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                3 => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<4>(&shape)).dims().to_vec(),
            }
        })
    }
}

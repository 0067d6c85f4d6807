//! Operations that change axes: what Burn's own does with the extents that we say.

use burn::nn::{EmbeddingConfig, GaussianNoiseConfig};
use burn::tensor::{Int, Tensor};
use diagram_core::{Code, Kind};
use proptest::bool::ANY;
use proptest::prelude::{Just, Strategy};

use crate::harness::{Case, Counted, device, extents, layers, zeros};

layers! {
    /// Random factors, regrouped into shapes of equal and of other sizes.
    fn reshape(input in extents(3, 3, 5), dims in extents(1, 3, 9), same in ANY) {
        let dims = if same { vec![input[2], input[0] * input[1]] } else { dims };
        let shape = input.clone();
        let text = format!("reshape{dims:?}");
        Case::new(text, &input, move || {
            let x = zeros::<3>(&shape);
            match dims[..] {
                [a] => x.reshape([a]).dims().to_vec(),
                [a, b] => x.reshape([a, b]).dims().to_vec(),
                _ => x.reshape([dims[0], dims[1], dims[2]]).dims().to_vec(),
            }
        })
    }

    /// Axes of extent 1 and others, in place and in front.
    fn expand(input in extents(2, 2, 3), dims in extents(2, 3, 3)) {
        let shape = input.clone();
        Case::new(format!("expand{dims:?}"), &input, move || match dims[..] {
            [a, b] => zeros::<2>(&shape).expand([a, b]).dims().to_vec(),
            _ => zeros::<2>(&shape).expand([dims[0], dims[1], dims[2]]).dims().to_vec(),
        })
    }

    fn permute(input in extents(3, 3, 5), axes in Just(vec![0usize, 1, 2]).prop_shuffle(), twice in ANY) {
        let mut axes = axes;
        if twice {
            axes[0] = axes[1];
        }
        let shape = input.clone();
        Case::new(format!("permute{axes:?}"), &input, move || {
            zeros::<3>(&shape).permute([axes[0], axes[1], axes[2]]).dims().to_vec()
        })
    }

    fn squeeze(input in extents(2, 2, 3), axis in 0..3usize) {
        let shape = input.clone();
        Case::new(format!("squeeze({axis})"), &input, move || {
            zeros::<2>(&shape).squeeze_dim::<1>(axis).dims().to_vec()
        })
    }

    fn unsqueeze(input in extents(2, 2, 5), axis in 0..4usize) {
        let shape = input.clone();
        Case::new(format!("unsqueeze({axis})"), &input, move || {
            zeros::<2>(&shape).unsqueeze_dim::<3>(axis).dims().to_vec()
        })
    }

    fn identity(input in extents(2, 2, 5)) {
        let shape = input.clone();
        Case::new("identity", &input, move || zeros::<2>(&shape).dims().to_vec())
    }

    fn normalize(input in extents(2, 2, 5), axis in 0..3usize) {
        let shape = input.clone();
        Case::new(format!("normalize({axis})"), &input, move || {
            zeros::<2>(&shape).sum_dim(axis);
            shape
        })
    }

    fn gaussian_noise(input in extents(2, 2, 5), std in -3..4i32) {
        let (shape, std) = (input.clone(), f64::from(std));
        Case::new(format!("gaussian_noise({std:?})"), &input, move || {
            let noise = GaussianNoiseConfig::new(std).init();
            noise.forward(zeros::<2>(&shape).autodiff()).dims().to_vec()
        })
    }

    /// At Burn's rank; the others are called in the behaviour tests.
    fn embedding(input in extents(2, 2, 5), count in 1..5usize, width in 0..5usize) {
        let shape = input.clone();
        let case = Case::new(format!("embedding({count}, {width})"), &input, move || {
            let entries = Tensor::<2, Int>::zeros([shape[0], shape[1]], &device());
            EmbeddingConfig::new(count, width).init(&device()).counted().forward(entries).dims().to_vec()
        });
        case.of_kinds(&[Kind::Int])
    }

    fn mean(input in extents(1, 3, 5), axis in 0..4usize, keep in ANY) {
        let shape = input.clone();
        let text = if keep { format!("mean({axis}, keep = true)") } else { format!("mean({axis})") };
        let case = Case::new(text, &input, move || match (shape.len(), keep) {
            (1, _) => zeros::<1>(&shape).mean_dim(axis).dims().to_vec(),
            (2, true) => zeros::<2>(&shape).mean_dim(axis).dims().to_vec(),
            (2, false) => zeros::<2>(&shape).mean_dim(axis).squeeze_dim::<1>(axis).dims().to_vec(),
            (_, true) => zeros::<3>(&shape).mean_dim(axis).dims().to_vec(),
            (_, false) => zeros::<3>(&shape).mean_dim(axis).squeeze_dim::<2>(axis).dims().to_vec(),
        });
        // There is no tensor of rank 0.
        case.refused_where(input.len() == 1 && axis == 0 && !keep, Code::LayerRank)
    }

    fn sum(input in extents(1, 3, 5), axis in 0..4usize, keep in ANY) {
        let shape = input.clone();
        let text = if keep { format!("sum({axis}, keep = true)") } else { format!("sum({axis})") };
        let case = Case::new(text, &input, move || match (shape.len(), keep) {
            (1, _) => zeros::<1>(&shape).sum_dim(axis).dims().to_vec(),
            (2, true) => zeros::<2>(&shape).sum_dim(axis).dims().to_vec(),
            (2, false) => zeros::<2>(&shape).sum_dim(axis).squeeze_dim::<1>(axis).dims().to_vec(),
            (_, true) => zeros::<3>(&shape).sum_dim(axis).dims().to_vec(),
            (_, false) => zeros::<3>(&shape).sum_dim(axis).squeeze_dim::<2>(axis).dims().to_vec(),
        });
        // There is no tensor of rank 0.
        case.refused_where(input.len() == 1 && axis == 0 && !keep, Code::LayerRank)
    }

    fn max(input in extents(1, 3, 5), axis in 0..4usize, keep in ANY) {
        let shape = input.clone();
        let text = if keep { format!("max({axis}, keep = true)") } else { format!("max({axis})") };
        let case = Case::new(text, &input, move || match (shape.len(), keep) {
            (1, _) => zeros::<1>(&shape).max_dim(axis).dims().to_vec(),
            (2, true) => zeros::<2>(&shape).max_dim(axis).dims().to_vec(),
            (2, false) => zeros::<2>(&shape).max_dim(axis).squeeze_dim::<1>(axis).dims().to_vec(),
            (_, true) => zeros::<3>(&shape).max_dim(axis).dims().to_vec(),
            (_, false) => zeros::<3>(&shape).max_dim(axis).squeeze_dim::<2>(axis).dims().to_vec(),
        });
        // There is no tensor of rank 0.
        case.refused_where(input.len() == 1 && axis == 0 && !keep, Code::LayerRank)
    }

    fn min(input in extents(1, 3, 5), axis in 0..4usize, keep in ANY) {
        let shape = input.clone();
        let text = if keep { format!("min({axis}, keep = true)") } else { format!("min({axis})") };
        let case = Case::new(text, &input, move || match (shape.len(), keep) {
            (1, _) => zeros::<1>(&shape).min_dim(axis).dims().to_vec(),
            (2, true) => zeros::<2>(&shape).min_dim(axis).dims().to_vec(),
            (2, false) => zeros::<2>(&shape).min_dim(axis).squeeze_dim::<1>(axis).dims().to_vec(),
            (_, true) => zeros::<3>(&shape).min_dim(axis).dims().to_vec(),
            (_, false) => zeros::<3>(&shape).min_dim(axis).squeeze_dim::<2>(axis).dims().to_vec(),
        });
        // There is no tensor of rank 0.
        case.refused_where(input.len() == 1 && axis == 0 && !keep, Code::LayerRank)
    }
}

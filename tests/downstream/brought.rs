//! A diagram with a module of the caller's, by the prelude alone.

use dg::prelude::*;

/// A fixed scale.
#[derive(Module, Debug)]
pub struct Scale {
    /// The factor.
    #[module(skip)]
    pub factor: f32,
}

#[signature([b, n] -> [b, n])]
impl Scale {
    /// The scaled tensor.
    #[must_use]
    pub fn forward(&self, tensor: Tensor<2>) -> Tensor<2> {
        tensor * self.factor
    }

    /// The sums of the scaled rows.
    #[signature([b, n] -> [b, Self::SUMS])]
    #[must_use]
    pub fn sums(&self, tensor: Tensor<2>) -> Tensor<2> {
        self.forward(tensor).sum_dim(1)
    }

    const SUMS: usize = 1;
}

/// How a [`Scale`] is made.
#[derive(Clone, Copy, Debug)]
pub struct ScaleConfig {
    /// The factor.
    pub factor: f32,
}

impl ScaleConfig {
    /// Makes it.
    #[must_use]
    pub fn init(&self, _device: &Device) -> Scale {
        Scale {
            factor: self.factor,
        }
    }
}

diagram! {
    /// A student that learns to scale.
    pub Scaling(hidden: usize = 4, temperature: f64 = 2.0, strength: f64 = 0.5) {
        dyn batch;

        Numbers: [batch, 3];
        Sum: [batch, 1];
        data Given, Other: Numbers;
        data Class: Int[batch];

        Numbers --triple--> Numbers;
        Numbers --halve--> Numbers;
        Numbers --student--> Numbers;
        Numbers --add--> Sum;
        Numbers --guess--> Sum;

        triple = frozen Scale;
        halve = Scale: ScaleConfig { factor: 0.5 };
        student = linear(hidden) >> relu >> linear;
        add = triple.sums;
        guess = linear;
        back = student >> halve;

        close: student(Given) ~ triple(Given) by kl(temperature) weight 0.7;
        back(Other) ~ Given;
        guess(Given) ~ add(Given);
        hard: student(Other) ~ Class by cross_entropy weight strength;
        watch accuracy: student(Given) ~ Class by accuracy;
        watch error: back(Other) ~ Given by mse;
    }

    Private {
        dyn batch;
        data X: [batch, 2];
        X --f--> X;
        f = linear;
        f ~ X;
    }

    pub(crate) InCrate {
        dyn batch;
        data X: [batch, 2];
        X --f--> X;
        f = linear;
        fit: f ~ X;
    }
}

/// The numbers of parameters of the diagrams that only this crate sees.
#[must_use]
pub fn hidden_parameters() -> [usize; 2] {
    let device = Device::default();
    let private = PrivateConfig::new().init(&device);
    let in_crate = InCrateConfig::new().init(&device);
    [private.num_params(), in_crate.num_params()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_public_and_whole() -> Result<(), DiagramError> {
        let device = Device::default().autodiff();
        let triple = Scale { factor: 3.0 };
        let model = ScalingConfig::new().try_init(ScalingModules { triple }, &device)?;
        let batch = ScalingBatch {
            given: Tensor::ones([2, 3], &device),
            other: Tensor::zeros([2, 3], &device),
            class: Tensor::from_data([0, 2], &device),
        };
        let loss = model.try_loss(batch.clone())?;
        let names: Vec<_> = loss.iter().map(|(name, _)| name).collect();
        let unnamed = [
            "back(Other) ~ Given by mse",
            "guess(Given) ~ add(Given) by mse",
        ];
        assert_eq!(names, ["close", unnamed[0], unnamed[1], "hard"]);
        assert!(loss.total.is_tracked());
        assert_eq!(model.try_evaluate(batch)?.iter().count(), 2);
        assert_eq!(hidden_parameters(), [6, 6]);
        Ok(())
    }
}

//! A diagram of every layer, with the macro alone imported.

use dg::diagram;

diagram! {
    /// Every layer that there is.
    pub Vision(channels: usize = 2, rate: f64 = 0.1) {
        dyn batch;

        data Image: [batch, 1, 6, 6];
        data Shares: [batch, 4];

        Image --model--> Shares;

        model = conv2d(channels, kernel = 3) >> gelu >> max_pool2d(2) >> tanh >> flatten
            >> linear(2 * channels + 1) >> sigmoid >> dropout(rate) >> linear >> softmax(1);

        model ~ Shares;
    }
}

diagram! {
    /// Keywords as names.
    pub Keywords(r#type: usize = 2, r#loop: f64 = 0.5) {
        dyn batch;
        data Match: [batch, r#type];
        Match --r#gen--> Match;
        r#gen = linear;
        r#impl = r#gen >> r#gen;
        r#use: r#impl ~ Match weight r#loop;
        r#where: r#gen ~ Match weight 0.5;
    }
}

#[cfg(test)]
mod tests {
    use dg::burn::tensor::{Device, Tensor};

    use super::VisionConfig;

    #[test]
    fn shares_sum_to_1() {
        let device = Device::default();
        let model = VisionConfig::new().init(&device);
        let shares = model.model(Tensor::ones([3, 1, 6, 6], &device));
        assert_eq!(shares.dims(), [3, 4]);
        let sum = shares.sum().into_scalar::<f32>();
        assert!((sum - 3.0).abs() < 1e-5, "{sum}");
    }
}

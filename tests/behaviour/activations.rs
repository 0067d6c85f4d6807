//! Every activation of the language, by the values that Burn's function or module of that name gives.
//! What the macro generates as a function is compared with the module where there is one, and the other
//! way round.

use std::collections::BTreeSet;

use burn::nn::activation as modules;
use burn::prelude::*;
use burn::tensor::activation as functions;
use diagrammatic::diagram;

use crate::common::entries;

/// A diagram with a morphism for each line, and what Burn gives.
macro_rules! activations {
    ($($name:ident: $layer:ident $(($($arguments:tt)*))? is $by_hand:expr;)*) => {
        diagram! {
            Activations(slope: f64 = 0.7) {
                dyn batch;

                Whole: [batch, 4, 6];
                Half: [batch, 2, 6];

                $(Whole --$name--> Whole;)*
                Whole --gated--> Half;
                Whole --mixed--> Half;

                $($name = $layer $(($($arguments)*))?;)*
                gated = glu(1);
                mixed = permute[0, 2, 1] >> swiglu(2, bias = true) >> permute[0, 2, 1];
            }
        }

        /// The layer of each line, what the model gives, and what Burn gives.
        fn lines(model: &Activations, x: &Tensor<3>) -> Vec<(&'static str, Tensor<3>, Tensor<3>)> {
            vec![$((stringify!($layer), model.$name(x.clone()), by_hand($by_hand, x))),*]
        }
    };
}

fn by_hand(burn: impl FnOnce(Tensor<3>) -> Tensor<3>, x: &Tensor<3>) -> Tensor<3> {
    burn(x.clone())
}

activations! {
    a_relu: relu is |x| modules::Relu::new().forward(x);
    a_relu6: relu6 is |x| modules::Relu6::new().forward(x);
    a_selu: selu is |x| modules::Selu::new().forward(x);
    a_silu: silu is |x| modules::SiLU::new().forward(x);
    a_mish: mish is |x| modules::Mish::new().forward(x);
    a_tanh: tanh is |x| modules::Tanh::new().forward(x);
    a_sigmoid: sigmoid is |x| modules::Sigmoid::new().forward(x);
    a_log_sigmoid: log_sigmoid is |x| modules::LogSigmoid::new().forward(x);
    a_hard_swish: hard_swish is |x| modules::HardSwish::new().forward(x);
    a_softsign: softsign is |x| modules::Softsign::new().forward(x);
    a_tanhshrink: tanhshrink is |x| modules::Tanhshrink::new().forward(x);
    a_gelu: gelu is |x| modules::Gelu::new().forward(x);
    tanh_gelu: gelu(approximate = true) is |x| modules::Gelu::new_approximate().forward(x);

    a_leaky_relu: leaky_relu is |x| functions::leaky_relu(x, 0.01);
    steep_leaky_relu: leaky_relu(negative_slope = 0.3) is |x| functions::leaky_relu(x, 0.3);
    a_prelu: prelu is |x| functions::prelu(x, full(1, 0.25));
    four_prelu: prelu(num_parameters = 4, alpha = 0.1) is |x| functions::prelu(x, full(4, 0.1));
    an_rrelu: rrelu is |x| functions::leaky_relu(x, f64::midpoint(1.0 / 8.0, 1.0 / 3.0));
    steep_rrelu: rrelu(lower = 0.5, upper = 0.9) is |x| functions::leaky_relu(x, 0.7);
    an_elu: elu is |x| functions::elu(x, 1.0);
    low_elu: elu(alpha = slope) is |x| functions::elu(x, 0.7);
    a_celu: celu is |x| functions::celu(x, 1.0);
    low_celu: celu(alpha = slope) is |x| functions::celu(x, 0.7);
    a_thresholded_relu: thresholded_relu is |x| functions::thresholded_relu(x, 1.0);
    high_thresholded_relu: thresholded_relu(alpha = 2.5) is |x| functions::thresholded_relu(x, 2.5);
    a_hardtanh: hardtanh is |x| functions::hardtanh(x, -1.0, 1.0);
    skew_hardtanh: hardtanh(max_val = 3.0, min_val = 0.5) is |x| functions::hardtanh(x, 0.5, 3.0);
    a_hard_sigmoid: hard_sigmoid is |x| functions::hard_sigmoid(x, 0.2, 0.5);
    skew_hard_sigmoid: hard_sigmoid(beta = 0.1, alpha = 0.3) is |x| functions::hard_sigmoid(x, 0.3, 0.1);
    a_hard_shrink: hard_shrink is |x| functions::hard_shrink(x, 0.5);
    far_hard_shrink: hard_shrink(lambda = 1.5) is |x| functions::hard_shrink(x, 1.5);
    a_soft_shrink: soft_shrink is |x| functions::soft_shrink(x, 0.5);
    far_soft_shrink: soft_shrink(lambda = 1.5) is |x| functions::soft_shrink(x, 1.5);
    a_shrink: shrink is |x| functions::shrink(x, 0.5, 0.5);
    skew_shrink: shrink(bias = 0.2, lambda = 1.5) is |x| functions::shrink(x, 1.5, 0.2);
    a_softplus: softplus is |x| functions::softplus(x, 1.0);
    sharp_softplus: softplus(threshold = 1.0, beta = 0.5)
        is |x| functions::softplus_with_threshold(x, 0.5, 1.0);
    a_threshold: threshold(0.5, -2.0) is |x| functions::threshold(x, 0.5, -2.0);
    named_threshold: threshold(value = 0.5, threshold = -2.0) is |x| functions::threshold(x, -2.0, 0.5);

    a_softmax: softmax(1) is |x| functions::softmax(x, 1);
    last_softmax: softmax(2) is |x| functions::softmax(x, 2);
    a_log_softmax: log_softmax(1) is |x| functions::log_softmax(x, 1);
    last_log_softmax: log_softmax(2) is |x| functions::log_softmax(x, 2);
    a_softmin: softmin(1) is |x| functions::softmin(x, 1);
    last_softmin: softmin(2) is |x| functions::softmin(x, 2);
    a_quiet_softmax: quiet_softmax(1) is |x| functions::quiet_softmax(x, 1);
    batch_quiet_softmax: quiet_softmax(batch) is |x| functions::quiet_softmax(x, 0);
}

fn full(count: usize, value: f64) -> Tensor<1> {
    Tensor::full([count], value, &Device::default())
}

/// Values below 0 and above, small ones and some beyond every bound that is used. On a plain device, so
/// that nothing is drawn.
fn input() -> Tensor<3> {
    let values = Tensor::arange(0..48, &Device::default()).float();
    ((values * 1.7).sin() * 8).reshape([2, 4, 6])
}

fn agree(layer: &str, ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        let far = 1e-6 * theirs.abs().max(1.0);
        assert!(
            (ours - theirs).abs() <= far,
            "`{layer}` gives {ours}, Burn {theirs}"
        );
    }
}

#[test]
fn values_are_those_of_burn() {
    let (model, x) = (ActivationsConfig::new().init(&Device::default()), input());
    let mut seen: Vec<(&str, Vec<f32>)> = Vec::new();
    for (layer, ours, theirs) in lines(&model, &x) {
        let ours = entries(&ours);
        agree(layer, &ours, &entries(&theirs));
        // An argument that made no difference here would be no test of it.
        let again = seen
            .iter()
            .any(|(other, values)| *other == layer && *values == ours);
        assert!(!again, "two lines of `{layer}` give the same");
        seen.push((layer, ours));
    }

    let glu = modules::GLU::new(1).forward(x.clone());
    agree("glu", &entries(&model.gated(x.clone())), &entries(&glu));
    let swiglu = &model.mixed.swiglu_1;
    assert!(swiglu.linear_inner.bias.is_some());
    let turned = x.clone().permute([0, 2, 1]);
    let gate = functions::silu(swiglu.linear_inner.forward(turned.clone()));
    let mixed = (gate * swiglu.linear_outer.forward(turned)).permute([0, 2, 1]);
    agree("swiglu", &entries(&model.mixed(x)), &entries(&mixed));
    assert_eq!(model.four_prelu.prelu_1.alpha.dims(), [4]);

    // The families of activations are what there is to test.
    let mut tested: BTreeSet<_> = seen.iter().map(|(layer, _)| *layer).collect();
    tested.extend(["glu"]);
    let families = diagram_layers::layers::FAMILIES.iter();
    let families = families.filter(|family| family.title.starts_with("Activations"));
    let names = families
        .flat_map(|family| family.layers)
        .map(|layer| layer.name);
    assert_eq!(tested, names.collect());
}

/// While training the slopes of `rrelu` are drawn, each from its range.
#[test]
fn random_slopes_are_in_their_range() {
    let device = Device::default().autodiff();
    let model = ActivationsConfig::new().init(&device);
    let x = Tensor::<3>::full([4, 4, 6], -1.0, &device);
    let slopes = entries(&model.steep_rrelu(x).neg());
    assert!(slopes.iter().all(|slope| (0.5..=0.9).contains(slope)));
    assert!(slopes.iter().any(|slope| (slope - slopes[0]).abs() > 1e-3));
}

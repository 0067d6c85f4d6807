//! Diagrams against optima that are known without training. `reference/values.py` computes them.

use burn::module::Module;
use burn::optim::{GradientsParams, LBFGSConfig, LineSearchFn};
use burn::prelude::*;
use burn::tensor::TensorData;
use diagrammatic::diagram;
use nalgebra::Matrix3;

/// The least squared error an element that a linear code of two numbers can have on `WINE`.
const WINE_FLOOR: f64 = 0.445_937;
/// The least penalised cross-entropy on `DIGITS`.
const REGRESSION: f64 = 0.738_514;
/// exp(-2 · 0.05 · 0.1), exp(-0.05 · 0.1) and exp(-0.1), in order.
const EIGENVALUES: [f64; 3] = [0.904_837, 0.990_050, 0.995_012];

const WINE: &str = include_str!("reference/wine.csv");
const DIGITS: &str = include_str!("../examples/data/digits.csv");

/// The numbers of a file, a row a line, of which the last is a class.
fn read<const WIDTH: usize>(file: &str) -> (Tensor<2>, Tensor<1, Int>) {
    let device = Device::default().autodiff();
    let numbers = |line: &str| -> Vec<f32> {
        let numbers = line.split(',').map(str::parse);
        numbers
            .collect::<Result<_, _>>()
            .expect("the file holds numbers only")
    };
    let rows: Vec<f32> = file.lines().flat_map(numbers).collect();
    let count = rows.len() / (WIDTH + 1);
    let rows = Tensor::<2>::from_data(TensorData::new(rows, [count, WIDTH + 1]), &device);
    let [x, class] = rows
        .split_with_sizes(vec![WIDTH, 1], 1)
        .try_into()
        .expect("there are two parts");
    (x, class.squeeze_dim::<1>(1).int())
}

/// Minimises a loss by L-BFGS until it does not fall any more; `check` sees every value on the way.
fn minimise<M: Module + Clone>(
    mut model: M,
    loss: impl Fn(&M) -> Tensor<1>,
    check: impl Fn(f64),
) -> (M, f64) {
    let mut optimiser = LBFGSConfig::new()
        .with_line_search_fn(LineSearchFn::StrongWolfe)
        .init();
    let mut least = f64::INFINITY;
    loop {
        let (next, _) = optimiser.step(1.0, model, |model| {
            let loss = loss(&model);
            let value = loss.clone().into_scalar();
            check(value);
            (value, GradientsParams::from_grads(loss.backward(), &model))
        });
        model = next;
        let value = loss(&model).into_scalar();
        check(value);
        if value >= least {
            return (model, least);
        }
        least = value;
    }
}

diagram! {
    /// An autoencoder without activations. Its optimum is that of principal components.
    Linear(code: usize = 2) {
        dyn batch;

        data Wine: [batch, 13];
        Code: [batch, code];

        Wine --encode--> Code --decode--> Wine;

        encode = linear;
        decode = linear;

        rebuild: encode >> decode ~ Wine;
    }
}

#[test]
fn a_linear_autoencoder_reaches_the_floor_of_principal_components() {
    let (wine, _) = read::<13>(WINE);
    let (variance, mean) = wine.clone().var_mean_bias(0);
    let wine = (wine - mean) / variance.sqrt();
    let model = LinearConfig::new().init(&wine.device());

    let batch = LinearBatch { wine };
    let (_, least) = minimise(
        model,
        |model| model.loss(batch.clone()).total,
        |value| assert!(value >= WINE_FLOOR - 1e-5, "{value} is below the floor"),
    );
    assert!(least <= WINE_FLOOR * 1.01, "the least is {least}");
}

diagram! {
    /// Softmax regression whose slopes cost what their squares are, and whose bias costs nothing.
    Regression(penalty: f64 = 0.005) {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Slopes: [64, 10];
        Bias: [10];
        Square: [1];
        Logits: [batch, 10];

        () --slopes--> Slopes --square--> Square;
        () --bias--> Bias;
        Image * Slopes * Bias --affine--> Logits;

        slopes = parameter(initializer = zeros);
        bias = parameter(initializer = zeros);
        affine = |image, slopes, bias| image.matmul(slopes) + bias.unsqueeze();
        square = |slopes| slopes.square().sum();

        fit: affine(Image, slopes, bias) ~ Label by cross_entropy;
        small: minimize slopes >> square weight penalty;
    }
}

#[test]
fn penalised_softmax_regression_reaches_its_optimum() {
    let (pixels, label) = read::<64>(DIGITS);
    let model = RegressionConfig::new().init(&pixels.device());

    let batch = RegressionBatch {
        image: pixels / 16,
        label,
    };
    let (_, least) = minimise(
        model,
        |model| model.loss(batch.clone()).total,
        |value| assert!(value >= REGRESSION - 1e-4, "{value} is below the optimum"),
    );
    assert!((least - REGRESSION).abs() <= 1e-4, "the least is {least}");
}

diagram! {
    /// A flow of the plane that is linear where a square is observed too: time is a matrix there.
    Koopman {
        dyn batch;

        State: [batch, 2];
        data Now, Next: State;
        Observed: [batch, 3];

        State --observe--> Observed --step--> Observed;

        observe = fn observables;
        step = linear(bias = false);

        advance: observe(Now) >> step ~ observe(Next);
    }
}

/// x₁, x₂ and x₁².
fn observables(state: Tensor<2>) -> Tensor<2> {
    let square = state.clone().narrow(1, 0, 1).square();
    Tensor::cat(vec![state, square], 1)
}

/// Where ẋ₁ = -0.05 x₁, ẋ₂ = -(x₂ - x₁²) leads in a time: x₂ - x₁² / 0.9 decays like exp(-t).
fn flow([x1, x2]: [f64; 2], time: f64) -> [f64; 2] {
    let later = x1 * (-0.05 * time).exp();
    let [from, to] = [x1, later].map(|x| x.powi(2) / 0.9);
    [later, to + (x2 - from) * (-time).exp()]
}

#[test]
fn a_linear_step_between_observables_has_the_eigenvalues_of_the_flow() {
    let device = Device::default().autodiff();
    let side = || (-4..=4).map(|tick| f64::from(tick) / 2.0);
    let now: Vec<_> = side()
        .flat_map(|x1| side().map(move |x2| [x1, x2]))
        .collect();
    let next: Vec<_> = now.iter().map(|&state| flow(state, 0.1)).collect();
    let states = |states: Vec<[f64; 2]>| {
        let data = TensorData::new(states.concat(), [states.len(), 2]);
        Tensor::<2>::from_data(data, &device)
    };
    let batch = KoopmanBatch {
        now: states(now),
        next: states(next),
    };
    let model = KoopmanConfig::new().init(&device);

    let (model, _) = minimise(model, |model| model.loss(batch.clone()).total, |_| ());
    let weight = model.step.linear_1.weight.val().into_data();
    let weight: Vec<f64> = weight.iter().collect();
    let found = Matrix3::from_column_slice(&weight).eigenvalues();
    let mut found = found.expect("the eigenvalues are real");
    found.as_mut_slice().sort_by(f64::total_cmp);
    for (found, expected) in found.iter().zip(EIGENVALUES) {
        assert!(
            (found - expected).abs() <= 1e-3,
            "{found} is not {expected}"
        );
    }
}

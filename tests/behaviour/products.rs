//! Products: several arguments, several results, their factors, and learned constants.

use burn::module::Param;
use burn::tensor::{Distribution, Tolerance, activation};
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
struct Swap {
    weight: Param<Tensor<1>>,
}

impl Swap {
    fn new(device: &Device) -> Self {
        let weight = Param::from_tensor(Tensor::ones([1], device));
        Swap { weight }
    }

    fn forward(&self, left: Tensor<2>, right: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        (right, left * self.weight.val().unsqueeze())
    }
}

diagram! {
    /// A product in and out of layers, modules and composites.
    Products(width: usize = 3, times: usize = 2) {
        dyn batch;

        data Image: [batch, 4];
        data Left, Right: Code;
        data Fixed: Token;
        Code: [batch, width];
        Token: [1, width];

        Image --encode--> Code * Code;
        Code * Code --swap--> Code * Code;
        Code * Code --each--> Code * Code;
        Code --power--> Code;
        () --token--> Token;
        Token * Code --greet--> Token * Code;
        encode = linear(8) >> relu >> (linear, linear >> tanh);
        swap = Swap;
        each = linear * (relu >> linear(width, bias = false));
        power = (linear >> tanh)^times;
        token = parameter(initializer = constant(0.5));
        greet = tanh * identity;
        model = encode >> swap;
        both = each >> (swap, swap);
        skip = encode >> (swap >> power * identity, swap) >> identity * swap * power;

        first: (encode >> swap).0 ~ encode.1;
        pair: swap(encode).1 ~ each(Left, Right).0 weight 0.5;
        spread: model.1 ~ Left;
        thrice: Left >> power^3 ~ Right;
        greeted: greet(token, Left).0 ~ Fixed;
    }
}

fn built(device: &Device) -> Products {
    let swap = Swap::new(device);
    ProductsConfig::new().init(ProductsModules { swap }, device)
}

fn batch(device: &Device) -> ProductsBatch {
    let random = |width| Tensor::random([5, width], Distribution::Normal(0.0, 1.0), device);
    ProductsBatch {
        image: random(4),
        left: random(3),
        right: random(3),
        fixed: Tensor::ones([1, 3], device),
    }
}

fn close(left: &Tensor<2>, right: &Tensor<2>) {
    left.to_data()
        .assert_approx_eq::<f32>(&right.to_data(), Tolerance::default());
}

#[test]
fn chains_side_by_side_are_what_they_are_by_hand() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let image = batch(&device).image;
    let (mean, spread) = model.encode(image.clone());
    let hidden = activation::relu(model.encode.linear_1.forward(image));
    close(&mean, &model.encode.linear_2.forward(hidden.clone()));
    close(&spread, &model.encode.linear_3.forward(hidden).tanh());
    let (left, right) = model.each(mean.clone(), spread.clone());
    close(&left, &model.each.linear_1.forward(mean.clone()));
    let by_hand = model
        .each
        .linear_2
        .forward(activation::relu(spread.clone()));
    close(&right, &by_hand);
    let (first, second) = model.swap(mean.clone(), spread.clone());
    close(&first, &spread);
    close(&second, &mean);
}

#[test]
fn a_power_has_one_set_of_weights() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let code = batch(&device).left;
    let step = |code| model.power.linear_1.forward(code).tanh();
    close(&model.power(code.clone()), &step(step(code)));
    assert_eq!(model.power.num_params(), 3 * 3 + 3);
}

#[test]
fn composites_copy_and_spread() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let image = batch(&device).image;
    let (mean, spread) = model.encode(image.clone());
    let (first, second) = model.model(image);
    close(&first, &spread);
    close(&second, &mean);
    let (left, right) = model.each(mean.clone(), spread.clone());
    let (a, b, c, d) = model.both(mean, spread);
    for (one, other) in [(&a, &right), (&b, &left), (&c, &right), (&d, &left)] {
        close(one, other);
    }
}

#[test]
fn composites_pass_values_on() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let image = batch(&device).image;
    let (a, b, c, d) = model.skip(image.clone());
    let (mean, spread) = model.encode(image);
    let (first, second) = model.swap(mean, spread);
    close(&a, &model.power(first.clone()));
    close(&b, &first);
    close(&c, &second);
    close(&d, &model.power(second));
}

#[test]
fn a_constant_is_a_parameter_of_the_drawn_shape() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let halves = Tensor::<2>::full([1, 3], 0.5, &device);
    assert_eq!(model.token().into_data(), halves.into_data());
    let (token, code) = model.greet(model.token(), batch(&device).left);
    assert_eq!((token.dims(), code.dims()), ([1, 3], [5, 3]));
    let loss = model.loss(batch(&device));
    let gradients = loss.greeted.backward();
    assert!(model.token.val().grad(&gradients).is_some());
}

#[test]
fn cells_take_factors() {
    let device = Device::default().autodiff();
    let model = built(&device);
    let batch = batch(&device);
    let loss = model.loss(batch.clone());
    let mse = |left: Tensor<2>, right: Tensor<2>| (left - right).powi_scalar(2).mean();
    let expect = |value: &Tensor<1>, by_hand: Tensor<1>| {
        let tolerance = Tolerance::default();
        value
            .to_data()
            .assert_approx_eq::<f32>(&by_hand.to_data(), tolerance);
    };
    let (mean, spread) = model.encode(batch.image);
    expect(&loss.first, mse(spread.clone(), spread));
    let (left, _) = model.each(batch.left.clone(), batch.right.clone());
    expect(&loss.pair, mse(mean.clone(), left));
    expect(&loss.spread, mse(mean, batch.left.clone()));
    let power = |code| model.power(code);
    expect(
        &loss.thrice,
        mse(power(power(power(batch.left))), batch.right),
    );
}

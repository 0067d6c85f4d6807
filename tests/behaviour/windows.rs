//! Layers in which a window moves, as a part of models: values and gradients are those of Burn's
//! functions, called by hand on copies of the weights.

use burn::prelude::*;
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::module::{adaptive_avg_pool1d, avg_pool1d, conv_transpose2d, conv1d, conv2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions};
use diagrammatic::diagram;

use crate::common::{
    assert_agree, bias, copy, device, gradient, gradients_of, labels, numbers, random,
};

diagram! {
    Autoencoder {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        Code: [batch, 4, 4, 4];

        Image --encode--> Code --decode--> Image;
        encode = conv2d(4, kernel = 3, stride = 2, padding = 1) >> relu;
        decode = conv_transpose2d(kernel = 4, stride = 2, padding = 1) >> sigmoid;

        again: encode >> decode ~ Image;
    }
}

#[test]
fn an_autoencoder_is_that_by_hand() {
    let model = AutoencoderConfig::new().init(&device());
    let image = random([3, 1, 8, 8]);
    let loss = model.loss(AutoencoderBatch {
        image: image.clone(),
    });

    let (down, up) = (&model.encode.conv2d_1, &model.decode.conv_transpose2d_1);
    let (down, down_bias) = (copy(&down.weight), bias(down.bias.as_ref()));
    let (up, up_bias) = (copy(&up.weight), bias(up.bias.as_ref()));
    let options = ConvOptions::new_with_padding([2, 2], [(1, 1), (1, 1)], [1, 1], 1);
    let code = conv2d(
        image.clone(),
        down.clone(),
        Some(down_bias.clone()),
        options,
    );
    let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
    let made = conv_transpose2d(relu(code), up.clone(), Some(up_bias.clone()), options);
    let by_hand = (sigmoid(made) - image).square().mean();

    let values = numbers([("total", loss.total.clone())]);
    let values_by_hand = numbers([("total", by_hand.clone())]);
    let gradients = gradients_of(&model, &loss.total.backward());
    let of = by_hand.backward();
    let gradients_by_hand = vec![
        gradient("encode.conv2d_1.weight", &down, &of),
        gradient("encode.conv2d_1.bias", &down_bias, &of),
        gradient("decode.conv_transpose2d_1.weight", &up, &of),
        gradient("decode.conv_transpose2d_1.bias", &up_bias, &of),
    ];
    assert_agree((&values, &gradients), (&values_by_hand, &gradients_by_hand));
}

diagram! {
    Listener {
        dyn batch, time;

        data Sound: [batch, 2, time];
        data Label: Int[batch];
        Logits: [batch, 3];

        Sound --hear--> Logits;
        hear = conv1d(3, kernel = 3, padding = 1) >> relu >> avg_pool1d(2) >> adaptive_avg_pool1d(1) >> flatten;

        hear ~ Label by cross_entropy;
    }
}

#[test]
fn a_listener_of_any_length_is_that_by_hand() {
    let model = ListenerConfig::new().init(&device());
    for time in [2, 9] {
        let sound = random([4, 2, time]);
        let logits = model.hear(sound.clone());
        let layer = &model.hear.conv1d_1;
        let options = ConvOptions::new_with_padding([1], [(1, 1)], [1], 1);
        let (weight, bias) = (copy(&layer.weight), bias(layer.bias.as_ref()));
        let heard = conv1d(sound.clone(), weight.clone(), Some(bias.clone()), options);
        let options = AvgPoolOptions::new([2]).with_stride([2]);
        let heard = adaptive_avg_pool1d(avg_pool1d(relu(heard), options), 1);
        let by_hand: Tensor<2> = heard.flatten(1, 2);

        let values = numbers([("logits", logits.clone())]);
        let values_by_hand = numbers([("logits", by_hand.clone())]);
        let gradients = gradients_of(&model, &logits.square().sum().backward());
        let of = by_hand.square().sum().backward();
        let gradients_by_hand = vec![
            gradient("hear.conv1d_1.weight", &weight, &of),
            gradient("hear.conv1d_1.bias", &bias, &of),
        ];
        assert_agree((&values, &gradients), (&values_by_hand, &gradients_by_hand));

        let label = labels(&[0, 1, 2, 0]);
        let batch = ListenerBatch { sound, label };
        assert_eq!(model.loss(batch).total.dims(), [1]);
    }
}

//! Layers with state, memory and masks, against Burn's modules called by hand.

use burn::nn::LstmState;
use burn::nn::attention::{MhaInput, generate_autoregressive_mask};
use burn::nn::transformer::{TransformerDecoderInput, TransformerEncoderInput};
use burn::tensor::{Bool, Distribution, Tolerance};
use diagrammatic::prelude::*;

diagram! {
    /// One of each family, over sequences of any length.
    pub Sequences(hidden: usize = 6, heads: usize = 2, clip: f64 = 0.5) {
        where hidden % heads == 0;
        where hidden % 2 == 0;
        dyn batch, seq, more;

        data Words: [batch, seq, hidden];
        data Memory: [batch, hidden];
        data Hidden: [batch, hidden];
        data Context: [batch, more, hidden];
        data Hide: Bool[batch, seq];
        data HideMore: Bool[batch, more];
        data Look: Bool[batch, seq, seq];
        Both: [2, batch, hidden];
        Twice: [batch, seq, 2 * hidden];

        Words --tell--> Words;
        Words * Memory * Hidden --speak--> Words * Memory * Hidden;
        Words * Memory * Hidden --say--> Words;
        Words --step--> Words * Hidden;
        Words * Hidden --walk--> Words;
        Words --there_and_back--> Twice * Both * Both;
        Twice * Both --around--> Twice * Both;
        Words * Hide * Look --attend--> Words;
        Words * Context * Context * HideMore --ask--> Words;
        Words * Context * HideMore --cross--> Words;
        Words --read--> Words;
        Words * Look --reread--> Words;
        Words * Hide --layer--> Words;
        Words * Hide * Context * HideMore --write--> Words;
        Words * Context --rewrite--> Words;
        Words --place--> Words;
        tell = lstm;
        speak = lstm(hidden, state = true, clip = clip, hidden_activation = relu);
        say = lstm(hidden, initializer = orthogonal, bias = false) >> linear;
        step = gru(hidden, state = true);
        walk = gru(hidden);
        there_and_back = bi_lstm(hidden, state = true);
        around = bi_gru(hidden, state = true);
        attend = multi_head_attention(heads);
        ask = multi_head_attention(heads);
        cross = cross_attention(4, 2, 3);
        read = transformer_encoder(8, heads, 2, causal = true, activation = relu);
        reread = transformer_encoder(8, heads, 2, causal = true, norm_first = true);
        layer = transformer_encoder_layer(8, heads);
        write = transformer_decoder(8, heads, 2, causal = true);
        rewrite = transformer_decoder_layer(8, heads);
        place = frozen positional_encoding(max_sequence_size = 50)
            >> rotary_encoding(50, theta = 100.0)
            >> position_wise_feed_forward(8, activation = leaky_relu(negative_slope = 0.2));

        first: tell >> read ~ place;
    }
}

struct Given {
    words: Tensor<3>,
    memory: Tensor<2>,
    hidden: Tensor<2>,
    context: Tensor<3>,
    hide: Tensor<2, Bool>,
    hide_more: Tensor<2, Bool>,
    look: Tensor<3, Bool>,
}

fn given(device: &Device) -> Given {
    let normal = Distribution::Normal(0.0, 1.0);
    let hidden = |extents: &[usize]| {
        let chance = Tensor::<1>::random(
            [extents.iter().product::<usize>()],
            Distribution::Default,
            device,
        );
        chance.greater_elem(0.6)
    };
    Given {
        words: Tensor::random([3, 5, 6], normal, device),
        memory: Tensor::random([3, 6], normal, device),
        hidden: Tensor::random([3, 6], normal, device),
        context: Tensor::random([3, 4, 6], normal, device),
        hide: hidden(&[3, 5]).reshape([3, 5]),
        hide_more: hidden(&[3, 4]).reshape([3, 4]),
        look: hidden(&[3, 5, 5]).reshape([3, 5, 5]),
    }
}

fn close<const D: usize>(left: &Tensor<D>, right: &Tensor<D>) {
    left.to_data()
        .assert_approx_eq::<f32>(&right.to_data(), Tolerance::default());
}

fn model() -> (Sequences, Given) {
    let device = Device::default();
    (SequencesConfig::new().init(&device), given(&device))
}

#[test]
fn an_lstm_without_state_and_with_it() {
    let (model, given) = model();
    let by_hand = model.tell.lstm_1.forward(given.words.clone(), None).0;
    close(&model.tell(given.words.clone()), &by_hand);

    let state = LstmState::new(given.memory.clone(), given.hidden.clone());
    let (words, state) = model.speak.lstm_1.forward(given.words.clone(), Some(state));
    let (w, m, h) = model.speak(
        given.words.clone(),
        given.memory.clone(),
        given.hidden.clone(),
    );
    close(&w, &words);
    close(&m, &state.cell);
    close(&h, &state.hidden);
    assert!(
        state.cell.clone().abs().max().into_scalar::<f32>() <= 0.5,
        "clipped"
    );
    assert!(h.min().into_scalar::<f32>() >= 0.0 || state.hidden.dims() == [3, 6]);
}

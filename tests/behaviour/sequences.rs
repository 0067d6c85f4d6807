//! Layers with state, memory and masks, against Burn's modules called by hand.

use burn::nn::attention::{MhaInput, generate_autoregressive_mask};
use burn::nn::transformer::{TransformerDecoderInput, TransformerEncoderInput};
use burn::nn::{LstmState, RnnState};
use burn::tensor::{Bool, Distribution, Tolerance};
use diagrammatic::prelude::*;

use crate::common::device;

diagram! {
    /// One of each family, over sequences of any length.
    pub Sequences(hidden: usize = 6, heads: usize = 2, clip: f64 = 0.5) {
        where hidden % heads == 0, hidden % 2 == 0;
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
        Words --step--> Words * Hidden;
        Words * Hidden --walk--> Words;
        Words * Hidden --run--> Words * Hidden;
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
        tell = lstm >> positional_encoding;
        speak = lstm(hidden, state = true, clip = clip, hidden_activation = relu);
        step = gru(hidden, state = true);
        walk = gru(hidden, initializer = orthogonal, bias = false) >> linear;
        run = rnn(hidden, state = true, reverse = true);
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

/// A model without gradients, so without dropout, and random values for it.
fn model() -> (Sequences, Given) {
    let device = Device::default();
    let normal = Distribution::Normal(0.0, 1.0);
    let mask = |count: usize| {
        Tensor::<1>::random([count], Distribution::Default, &device).greater_elem(0.6)
    };
    let given = Given {
        words: Tensor::random([3, 5, 6], normal, &device),
        memory: Tensor::random([3, 6], normal, &device),
        hidden: Tensor::random([3, 6], normal, &device),
        context: Tensor::random([3, 4, 6], normal, &device),
        hide: mask(15).reshape([3, 5]),
        hide_more: mask(12).reshape([3, 4]),
        look: mask(75).reshape([3, 5, 5]),
    };
    (SequencesConfig::new().init(&device), given)
}

fn close<const D: usize>(left: &Tensor<D>, right: &Tensor<D>) {
    left.to_data()
        .assert_approx_eq::<f32>(&right.to_data(), Tolerance::default());
}

#[test]
fn an_lstm_without_state_and_with_it() {
    let (model, given) = model();
    let words = given.words.clone();
    let told = model.tell.lstm_1.forward(words.clone(), None).0;
    let placed = model.tell.positional_encoding_1.forward(told);
    close(&model.tell(words.clone()), &placed);

    let state = LstmState::new(given.memory.clone(), given.hidden.clone());
    let (by_hand, state) = model.speak.lstm_1.forward(words.clone(), Some(state));
    let (words, memory, hidden) = model.speak(words, given.memory, given.hidden);
    close(&words, &by_hand);
    close(&memory, &state.cell);
    close(&hidden, &state.hidden);
    // The settings reach Burn: the cell is clipped, and what `relu` gives is not negative.
    assert!(memory.abs().max().into_scalar::<f32>() <= 0.5);
    assert!(hidden.min().into_scalar::<f32>() >= 0.0);
}

#[test]
fn the_state_of_a_gru_is_its_last_step() {
    let (model, given) = model();
    let words = given.words.clone();
    let (steps, last) = model.step(words.clone());
    close(&steps, &model.step.gru_1.forward(words.clone(), None));
    close(&last, &steps.slice([0..3, 4..5, 0..6]).squeeze_dim::<2>(1));
    let walked = model
        .walk
        .gru_1
        .forward(words.clone(), Some(given.hidden.clone()));
    close(
        &model.walk(words.clone(), given.hidden.clone()),
        &model.walk.linear_1.forward(walked),
    );

    let state = RnnState::new(given.hidden.clone());
    let (by_hand, state) = model.run.rnn_1.forward(words.clone(), Some(state));
    let (steps, last) = model.run(words, given.hidden);
    close(&steps, &by_hand);
    close(&last, &state.hidden);
    // It runs backwards, so its last step is the first.
    close(&last, &steps.slice([0..3, 0..1, 0..6]).squeeze_dim::<2>(1));
}

#[test]
fn both_ways_have_states_of_their_own() {
    let (model, given) = model();
    let (by_hand, state) = model
        .there_and_back
        .bi_lstm_1
        .forward(given.words.clone(), None);
    let (twice, memory, hidden) = model.there_and_back(given.words);
    close(&twice, &by_hand);
    close(&memory, &state.cell);
    close(&hidden, &state.hidden);
    let around = &model.around.bi_gru_1;
    let (by_hand, state) = around.forward(twice.clone(), Some(hidden.clone()));
    let (twice, hidden) = model.around(twice, hidden);
    close(&twice, &by_hand);
    close(&hidden, &state);
}

#[test]
fn attention_takes_its_masks_as_burn_does() {
    let (model, given) = model();
    let (words, context) = (given.words, given.context);
    let input = MhaInput::self_attn(words.clone())
        .mask_pad(given.hide.clone())
        .mask_attn(given.look.clone());
    let by_hand = model.attend.multi_head_attention_1.forward(input).context;
    close(
        &model.attend(words.clone(), given.hide, given.look),
        &by_hand,
    );

    let input = MhaInput::new(words.clone(), context.clone(), context.clone());
    let input = input.mask_pad(given.hide_more.clone());
    let by_hand = model.ask.multi_head_attention_1.forward(input).context;
    let (hide, asked) = (given.hide_more, context.clone());
    close(
        &model.ask(words.clone(), asked.clone(), asked, hide.clone()),
        &by_hand,
    );

    let cross = &model.cross.cross_attention_1;
    let by_hand = cross.forward(words.clone(), context.clone(), Some(hide.clone()));
    close(&model.cross(words, context, hide), &by_hand);
}

#[test]
fn what_is_causal_does_not_look_ahead() {
    let (model, given) = model();
    let words = given.words;
    let later = generate_autoregressive_mask(3, 5, &words.device());
    let input = TransformerEncoderInput::new(words.clone()).mask_attn(later.clone());
    let by_hand = model.read.transformer_encoder_1.forward(input);
    let read = model.read(words.clone());
    close(&read, &by_hand);
    // Another last word changes no step before it.
    let changed = words.clone().slice_fill([0..3, 4..5, 0..6], 9.0);
    let first = |steps: Tensor<3>| steps.slice([0..3, 0..4, 0..6]);
    close(&first(model.read(changed)), &first(read));

    // What a mask of attention hides is hidden as well.
    let both = later.bool_or(given.look.clone());
    let input = TransformerEncoderInput::new(words.clone()).mask_attn(both);
    let by_hand = model.reread.transformer_encoder_1.forward(input);
    close(&model.reread(words.clone(), given.look), &by_hand);

    let one = &model.layer.transformer_encoder_layer_1;
    let by_hand = one.forward(words.clone(), Some(given.hide.clone()), None);
    close(&model.layer(words, given.hide), &by_hand);
}

#[test]
fn a_decoder_has_masks_of_both() {
    let (model, given) = model();
    let (words, context) = (given.words, given.context);
    let later = generate_autoregressive_mask(3, 5, &words.device());
    let input = TransformerDecoderInput::new(words.clone(), context.clone())
        .target_mask_pad(given.hide.clone())
        .target_mask_attn(later)
        .memory_mask_pad(given.hide_more.clone());
    let by_hand = model.write.transformer_decoder_1.forward(input);
    let (hide, hide_more) = (given.hide, given.hide_more);
    close(
        &model.write(words.clone(), hide, context.clone(), hide_more),
        &by_hand,
    );

    let input = TransformerDecoderInput::new(words.clone(), context.clone());
    let by_hand = model.rewrite.transformer_decoder_layer_1.forward(input);
    close(&model.rewrite(words, context), &by_hand);
}

diagram! {
    /// A captioner: a state of two parts from an image, and words after it.
    pub Captioner(vocab: usize = 7, hidden: usize = 6, rate: f64 = 0.5) {
        where hidden % 2 == 0;
        dyn batch, seq;

        data Image: [batch, 8];
        data Prefix: Int[batch, seq];
        data Next: Int[batch, seq];
        Memory: [batch, hidden];
        Hidden: [batch, hidden];
        Words: [batch, seq, hidden];
        Scores: [batch, seq, vocab];

        Image --begin--> Memory * Hidden;
        Prefix --embed--> Words;
        Words --place--> Words;
        Words --fixed--> Words;
        Words * Memory * Hidden --speak--> Scores;
        begin = (linear, linear);
        embed = embedding(vocab, hidden);
        place = positional_encoding >> rotary_encoding(50)
            >> transformer_encoder(8, 2, 1, causal = true, dropout = rate);
        fixed = frozen positional_encoding(max_sequence_size = 50) >> rotary_encoding(50, theta = 100.0)
            >> multi_head_attention(2, dropout = rate) >> position_wise_feed_forward(8, dropout = rate)
            >> lstm;
        speak = lstm(hidden) >> linear;

        words: speak(embed >> place, begin) ~ Next by cross_entropy;
        still: embed >> fixed ~ embed >> place;
    }
}

fn captions(device: &Device) -> CaptionerBatch {
    let words = Tensor::<2, Int>::from_data([[1, 2, 3, 4], [5, 6, 0, 1]], device);
    CaptionerBatch {
        image: Tensor::random([2, 8], Distribution::Default, device),
        prefix: words.clone(),
        next: words,
    }
}

#[test]
fn dropout_inside_follows_the_mode_and_what_is_frozen() {
    let device = device();
    let model = CaptionerConfig::new().init(&device);
    let words = model.embed(captions(&device).prefix);
    let same = |left: &Tensor<3>, right: &Tensor<3>| left.to_data() == right.to_data();
    let twice = |model: &Captioner, words: &Tensor<3>| {
        let (first, second) = (model.place(words.clone()), model.place(words.clone()));
        let (one, other) = (model.fixed(words.clone()), model.fixed(words.clone()));
        (same(&first, &second), same(&one, &other))
    };
    assert_eq!(twice(&model, &words), (false, true));
    // Constants go along where a model leaves its device with gradients, and where it comes back.
    let valid = model.valid();
    assert_eq!(twice(&valid, &words.clone().inner()), (true, true));
    assert_eq!(twice(&valid.train(), &words), (false, true));
}

#[test]
fn a_captioner_is_trained_and_saved() {
    let device = device();
    let model = CaptionerConfig::new().init(&device);
    let loss = model.loss(captions(&device));
    let gradients = loss.total.backward();
    let begin = &model.begin.linear_1.weight;
    assert!(begin.val().grad(&gradients).is_some());
    let gate = &model.speak.lstm_1.input_gate.input_transform.weight;
    assert!(gate.val().grad(&gradients).is_some());
    let attention = &model.place.transformer_encoder_1.layers[0].mha.query.weight;
    assert!(attention.val().grad(&gradients).is_some());
    let frozen = &model.fixed.lstm_1.input_gate.input_transform.weight;
    assert!(frozen.val().grad(&gradients).is_none());

    let group = model.params_of([CaptionerMorphism::Speak]);
    assert!(group.matches(&gate.id, None) && !group.matches(&attention.id, None));
    let record = model.clone().into_record();
    let other = CaptionerConfig::new().init(&device).load_record(record);
    close(
        &gate.val(),
        &other.speak.lstm_1.input_gate.input_transform.weight.val(),
    );
    let words = model.embed(captions(&device).prefix);
    close(
        &model.valid().place(words.clone().inner()),
        &other.valid().place(words.inner()),
    );
}

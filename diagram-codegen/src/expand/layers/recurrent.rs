//! The code of recurrent layers.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{At, Built, Code};
use crate::idents::{camel_case, tuple};

pub(super) static CODE: [(&str, Code); 6] = [
    ("rnn", recurrent),
    ("gru", recurrent),
    ("lstm", recurrent),
    ("bi_rnn", recurrent),
    ("bi_gru", recurrent),
    ("bi_lstm", recurrent),
];

/// Burn's module of the layer's name.
fn recurrent(at: &At<'_>) -> Built {
    let (burn, name) = (at.burn, camel_case(&at.call.name));
    let (ty, config) = (format_ident!("{name}"), format_ident!("{name}Config"));
    let from = at.maybe_size(at.input().last());
    // Where it is left out, it is the width after the layer; both ways it never is.
    let to = at.maybe_size(at.call.size("d_hidden").or(at.output().last()));
    let bias = at.call.switch("bias") != Some(false);
    let set = at.setters(&["batch_first", "reverse", "reset_after", "input_forget"]);
    let drawn = at.set_initializer();
    let activations = ["gate_activation", "cell_activation", "hidden_activation"];
    let activations = at.set_activations(&activations);
    let clip = at.call.float("clip").map(|_| {
        let clip = at.float_of("clip");
        quote!(.with_clip(::core::option::Option::Some(#clip)))
    });
    Built {
        forward: Some(forward(at)),
        ..Built::module(
            quote!(#burn::nn::#ty),
            quote!(
                #burn::nn::#config::new(#from, #to, #bias)
                    #set #drawn #activations #clip.init(device)
            ),
        )
    }
}

/// The call of Burn's module: its input and its output differ from layer to layer.
fn forward(at: &At<'_>) -> TokenStream {
    let (burn, layer) = (at.burn, at.call.name.as_str());
    let parts: Vec<Ident> = at.input_idents().into_iter().skip(1).collect();
    let gives_state = at.call.switch("state") == Some(true);
    let state = match (layer, parts.as_slice()) {
        (_, []) => quote!(::core::option::Option::None),
        ("rnn" | "bi_rnn", parts) => {
            quote!(::core::option::Option::Some(#burn::nn::RnnState::new(#(#parts),*)))
        }
        ("lstm" | "bi_lstm", parts) => {
            quote!(::core::option::Option::Some(#burn::nn::LstmState::new(#(#parts),*)))
        }
        (_, parts) => {
            let state = tuple(parts);
            quote!(::core::option::Option::Some(#state))
        }
    };
    let call = quote!(layer.forward(x, #state));
    match (layer, gives_state) {
        ("gru", false) | ("bi_gru", true) => call,
        // Burn gives no state here, which is the last step.
        ("gru", true) => quote!({
            let x = #call;
            let [_, steps, _] = x.dims();
            let last = ::core::clone::Clone::clone(&x).narrow(1usize, steps - 1usize, 1usize);
            (x, last.squeeze_dim::<2>(1usize))
        }),
        (_, false) => quote!(#call.0),
        ("lstm" | "bi_lstm", true) => quote!({
            let (x, state) = #call;
            (x, state.cell, state.hidden)
        }),
        (_, true) => quote!({
            let (x, state) = #call;
            (x, state.hidden)
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    const WORDS: &str = "[batch, seq, 8]";

    #[test]
    fn each_ends_in_its_sequence_and_may_end_in_its_state() {
        for (name, before, after) in [
            ("rnn", " * [batch, hidden]", " * [batch, hidden]"),
            ("gru", " * [batch, hidden]", " * [batch, hidden]"),
            (
                "lstm",
                " * [batch, hidden] * [batch, hidden]",
                " * [batch, hidden] * [batch, hidden]",
            ),
        ] {
            let with = format!("{WORDS}{before}");
            let plain = Bench::new(name, "hidden");
            assert_eq!(plain.shape(WORDS), "[batch, seq, hidden]");
            assert_eq!(plain.shape(&with), "[batch, seq, hidden]");
            let state = Bench::new(name, "hidden, state = true");
            assert_eq!(state.shape(WORDS), format!("[batch, seq, hidden]{after}"));
            assert_eq!(state.shape(&with), format!("[batch, seq, hidden]{after}"));
        }
        let both = Bench::new("bi_lstm", "hidden, state = true");
        let state = " * [2, batch, hidden] * [2, batch, hidden]";
        assert_eq!(
            both.shape(&format!("{WORDS}{state}")),
            format!("[batch, seq, 2 * hidden]{state}")
        );
        let second = Bench::new("rnn", "3, batch_first = false");
        assert_eq!(
            second.shape("[seq, batch, 8] * [batch, 3]"),
            "[seq, batch, 3]"
        );
    }

    #[test]
    fn settings_are_burns() {
        assert_eq!(
            Bench::new(
                "lstm",
                "hidden, bias = false, clip = rate, input_forget = true, gate_activation = hard_sigmoid, \
                 initializer = zeros"
            )
            .init(WORDS),
            "burn :: nn :: LstmConfig :: new (8 , self . hidden , false) . with_input_forget (true) . \
             with_initializer (burn :: nn :: Initializer :: Zeros) . with_gate_activation (burn :: nn :: \
             activation :: ActivationConfig :: HardSigmoid (burn :: nn :: activation :: HardSigmoidConfig :: \
             new ())) . with_clip (:: core :: option :: Option :: Some (self . rate)) . init (device)"
        );
        assert_eq!(
            Bench::new("gru", "").target("[batch, seq, 4]").init(WORDS),
            "burn :: nn :: GruConfig :: new (8 , 4 , true) . init (device)"
        );
    }

    #[test]
    fn its_faults() {
        let lstm = |input| Bench::new("lstm", "64").fault(input);
        assert_eq!(
            lstm("[batch, 8]"),
            "`lstm` takes [batch, sequence, width], but is given [batch, 8] [D0305]"
        );
        assert_eq!(
            lstm("[batch, seq, 8] * [batch, 64]"),
            "`lstm` takes a sequence, alone or with its cell state and its hidden state, but is given 2: \
             [batch, seq, 8] * [batch, 64] [D0318]\n\n\
             \u{20}        = note: `lstm(64)` lacks its hidden state: [batch, 64]"
        );
        assert_eq!(
            lstm("[batch, seq, 8] * [batch, 32] * [batch, 64]"),
            "`lstm` takes [batch, 64] as its cell state: axis 1 is 64, but it is given 32 [D0301]\n\n\
             \u{20}        = note: it is given [batch, seq, 8] * [batch, 32] * [batch, 64]"
        );
        assert_eq!(
            lstm("[batch, seq, 8] * [batch, 64] * Int[batch, 64]"),
            "`lstm` takes [batch, 64] as its hidden state, but is given Int[batch, 64] [D0304]\n\n\
             \u{20}        = note: it is given [batch, seq, 8] * [batch, 64] * Int[batch, 64]"
        );
        assert_eq!(
            lstm("[batch, 8, seq]"),
            "`lstm` needs its input width when it is built, but `seq` is known only at run time [D0202]\n\n\
             \u{20}        = note: it is given [batch, 8, seq]"
        );
        assert_eq!(
            Bench::new("bi_gru", "").fault(WORDS),
            "`bi_gru` needs `d_hidden`, the width of its hidden state [D0310]"
        );
        assert_eq!(
            Bench::new("lstm", "").fault(WORDS),
            "`lstm` leaves its hidden width out, and the layers after it do not tell it [D0307]\n\n\
             \u{20}        = help: write it: `lstm(64)`"
        );
        assert_eq!(
            Bench::new("gru", "64, initializer = orthogonal").fault(WORDS),
            "`orthogonal` takes at least two axes, but the biases of `gru` have one [D0305]\n\n\
             \u{20}        = help: without them: `gru(64, initializer = orthogonal, bias = false)`"
        );
        let scaled = Bench::new(
            "lstm",
            "8, bias = true, initializer = orthogonal(gain = 2.0)",
        );
        let scaled = scaled.fault(WORDS);
        let help = "`lstm(8, initializer = orthogonal(gain = 2.0), bias = false)`";
        assert!(scaled.ends_with(help), "{scaled}");
    }
}

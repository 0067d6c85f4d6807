//! Recurrent layers: `rnn`, `gru`, `lstm`, and both ways `bi_rnn`, `bi_gru`, `bi_lstm`.
//!
//! Each takes a sequence, alone or with the state before its first step, and ends in the sequence of its hidden
//! states; with `state = true` also in the state behind its last step.

use diagram_core::cost::product;
use diagram_core::dim::{Op, simplify};
use diagram_core::{Code, Cost, Dim, Fault, Product, Range, Shape};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, cost, initializer};
use crate::lower::names::camel_case;
use crate::lower::scope::Placed;
use crate::lower::{input_idents, tuple};

const HIDDEN: Parameter = Parameter::new(
    "d_hidden",
    ParameterKind::Size,
    "the width of its hidden state",
)
.aliases(&["hidden", "hidden_size"])
.positional();
const STATE: Parameter = Parameter::new(
    "state",
    ParameterKind::Switch,
    "whether the state behind the last step is given as well",
)
.default("false");
const BIAS: Parameter = switch("bias", "whether biases are added").default("true");
const BATCH_FIRST: Parameter = switch("batch_first", "whether the batch is axis 0").default("true");
const REVERSE: Parameter =
    switch("reverse", "whether it goes from the last step to the first").default("false");
const RESET_AFTER: Parameter = switch(
    "reset_after",
    "whether the reset gate acts behind a product",
)
.default("true");
const INPUT_FORGET: Parameter =
    switch("input_forget", "whether one gate is input's and forget's").default("false");
const CLIP: Parameter = Parameter::new(
    "clip",
    ParameterKind::Float(Range::POSITIVE),
    "what bounds the state",
);
const INITIALIZER: Parameter = initializer::PARAMETER.default("xavier_normal");
const GATES: Parameter = activation("gate_activation", "what the gates end in").default("sigmoid");
const CELL: Parameter =
    activation("cell_activation", "what a candidate for the cell ends in").default("tanh");
const OUTPUT: Parameter =
    activation("hidden_activation", "what the hidden state ends in").default("tanh");

const fn switch(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Switch, summary)
}

const fn activation(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Activation, summary)
}

const fn recurrent(
    name: &'static str,
    parameters: &'static [Parameter],
    rule: &'static str,
) -> Layer {
    Layer {
        several: true,
        ..Layer::new(name, parameters, build)
            .rule(rule)
            .with_weights(cost)
    }
}

const ONE_STATE: &str =
    "Float `[b, s, n]`, or that and a hidden state `[b, d_hidden]`, to `[b, s, d_hidden]`";
const TWO_STATES: &str = "Float `[b, s, n]`, or that, a cell state and a hidden state `[b, d_hidden]`, to `[b, s, d_hidden]`";
const BOTH_WAYS: &str = "as one way, with states `[2, b, d_hidden]`, to `[b, s, 2 * d_hidden]`";

pub(super) static LAYERS: [Layer; 6] = [
    recurrent(
        "rnn",
        &[
            HIDDEN,
            STATE,
            BIAS,
            INITIALIZER,
            BATCH_FIRST,
            REVERSE,
            CLIP,
            OUTPUT,
        ],
        ONE_STATE,
    ),
    recurrent(
        "gru",
        &[
            HIDDEN,
            STATE,
            BIAS,
            RESET_AFTER,
            INITIALIZER,
            GATES,
            OUTPUT,
            CLIP,
        ],
        ONE_STATE,
    ),
    recurrent(
        "lstm",
        &[
            HIDDEN,
            STATE,
            BIAS,
            INITIALIZER,
            BATCH_FIRST,
            REVERSE,
            CLIP,
            INPUT_FORGET,
            GATES,
            CELL,
            OUTPUT,
        ],
        TWO_STATES,
    ),
    recurrent(
        "bi_rnn",
        &[
            HIDDEN.required(),
            STATE,
            BIAS,
            INITIALIZER,
            BATCH_FIRST,
            CLIP,
            OUTPUT,
        ],
        BOTH_WAYS,
    ),
    recurrent(
        "bi_gru",
        &[
            HIDDEN.required(),
            STATE,
            BIAS,
            RESET_AFTER,
            INITIALIZER,
            BATCH_FIRST,
            GATES,
            OUTPUT,
            CLIP,
        ],
        BOTH_WAYS,
    ),
    recurrent(
        "bi_lstm",
        &[
            HIDDEN.required(),
            STATE,
            BIAS,
            INITIALIZER,
            BATCH_FIRST,
            CLIP,
            INPUT_FORGET,
            GATES,
            CELL,
            OUTPUT,
        ],
        BOTH_WAYS,
    ),
];

/// For each gate, a matrix of the input and one of the state, with a bias each.
fn cost(arguments: &Arguments, site: &Site<'_>, output: &Product) -> Cost {
    let ([first, second, from], [.., after]) = (&site.input.dims[..], cost::first(output)) else {
        return Cost::UNKNOWN;
    };
    let layer = arguments.of();
    let both_ways = layer.starts_with("bi_");
    let ways = Dim::Literal(if both_ways { 2 } else { 1 });
    let hidden = simplify(&Dim::binary(Op::Div, after.clone(), ways.clone()));
    let gates = Dim::Literal(match layer {
        // One gate is that of input and forgetting.
        "lstm" | "bi_lstm" if arguments.switch("input_forget") == Some(true) => 3,
        "lstm" | "bi_lstm" => 4,
        "gru" | "bi_gru" => 3,
        _ => 1,
    });
    let steps = product([first, second]);
    let bias = cost::is_on(arguments, "bias", true);
    let [of_input, of_state] =
        [from, &hidden].map(|from| cost::linear(&steps, from, &hidden, bias));
    of_input.and(of_state).copied(&gates).copied(&ways)
}

fn build(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let batch_first = arguments.switch("batch_first") != Some(false);
    let both_ways = layer.starts_with("bi_");
    let takes = if batch_first {
        "[batch, sequence, width]"
    } else {
        "[sequence, batch, width]"
    };
    // error: `lstm` takes [batch, sequence, width], but is given [batch, 64] [D0305]
    let [first, second, width] = site.sequence(layer, takes)?;
    site.sizes_parameter(layer, "input width", width)?;
    let hidden = match arguments.size("d_hidden") {
        Some(hidden) => hidden.clone(),
        None if both_ways => return arguments.missing("d_hidden"),
        None => site.inferred(layer, "hidden width", 2)?,
    };
    biases_are_drawn(arguments, &["bias"], site)?;

    let batch = if batch_first { first } else { second };
    let state = vec![batch.clone(), hidden.clone()];
    let (state, after) = if both_ways {
        let ways = Dim::Literal(2);
        let after = Dim::binary(Op::Mul, ways.clone(), hidden.clone());
        let state = std::iter::once(ways).chain(state).collect();
        (Shape::float(state), simplify(&after))
    } else {
        (Shape::float(state), hidden.clone())
    };
    let parts = given_state(layer, &state, site)?;

    let mut output = vec![Shape::float(vec![first.clone(), second.clone(), after])];
    let gives_state = arguments.switch("state") == Some(true);
    if gives_state {
        let parts = names(layer).len();
        output.extend(std::iter::repeat_n(state, parts));
    }

    let (burn, hypers) = (site.burn, quote!(self));
    let name = camel_case(layer);
    let (ty, config) = (format_ident!("{name}"), format_ident!("{name}Config"));
    let (from, to) = (site.size(width), site.size(&hidden));
    let bias = arguments.switch("bias") != Some(false);
    let set = arguments.setters(&["batch_first", "reverse", "reset_after", "input_forget"]);
    let set_enums = arguments.enum_setters(
        &[
            "initializer",
            "gate_activation",
            "cell_activation",
            "hidden_activation",
        ],
        burn,
    );
    let clip = arguments.float("clip").map(|clip| {
        let clip = clip.code(&hypers);
        quote!(.with_clip(::core::option::Option::Some(#clip)))
    });
    Ok(Built {
        forward: Some(forward(layer, &parts, gives_state, burn)),
        ..Built::module(
            Product(output),
            quote!(#burn::nn::#ty),
            quote!(#burn::nn::#config::new(#from, #to, #bias) #set #set_enums #clip.init(device)),
        )
    })
}

/// What a layer's state is made of, in Burn's order.
fn names(layer: &str) -> &'static [&'static str] {
    match layer {
        "lstm" | "bi_lstm" => &["cell state", "hidden state"],
        _ => &["hidden state"],
    }
}

/// The variables of the state before the first step: none, or all of its parts.
fn given_state(
    layer: &str,
    shape: &Shape,
    site: &Site<'_>,
) -> Result<Vec<proc_macro2::Ident>, Placed> {
    let names = names(layer);
    let given = site.inputs.get(1..).unwrap_or_default();
    if given.is_empty() {
        return Ok(Vec::new());
    }
    if given.len() != names.len() {
        let takes = format!("a sequence, alone or with its {}", names.join(" and its "));
        return Err(site.wrong_factors(layer, &takes));
    }
    for (name, given) in names.iter().zip(given) {
        site.takes_factor(layer, name, shape, given)?;
    }
    Ok(input_idents(site.inputs.len())
        .into_iter()
        .skip(1)
        .collect())
}

/// The call of Burn's module: what it is given and what it gives differ from layer to layer.
fn forward(
    layer: &str,
    parts: &[proc_macro2::Ident],
    gives_state: bool,
    burn: &TokenStream,
) -> TokenStream {
    let state = match (layer, parts) {
        (_, []) => quote!(::core::option::Option::None),
        ("rnn" | "bi_rnn", _) => {
            quote!(::core::option::Option::Some(#burn::nn::RnnState::new(#(#parts),*)))
        }
        ("lstm" | "bi_lstm", _) => {
            quote!(::core::option::Option::Some(#burn::nn::LstmState::new(#(#parts),*)))
        }
        _ => {
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

/// Burn draws biases as it draws weights, and `orthogonal` is made for matrices.
pub(super) fn biases_are_drawn(
    arguments: &Arguments,
    switches: &[&str],
    site: &Site<'_>,
) -> Result<(), Placed> {
    let orthogonal = arguments
        .initializer("initializer")
        .is_some_and(initializer::Drawn::needs_two_axes);
    let off = |name: &&&str| arguments.switch(name) == Some(false);
    let on: Vec<_> = switches.iter().filter(|name| !off(name)).collect();
    if !orthogonal || (on.is_empty() && !switches.is_empty()) {
        return Ok(());
    }
    // error: `orthogonal` takes at least two axes, but the biases of `lstm` have one [D0305]
    let message = format!(
        "`orthogonal` takes at least two axes, but the biases of `{}` have one",
        arguments.of()
    );
    let off: Vec<_> = on.iter().map(|name| format!("{name} = false")).collect();
    let help = (!off.is_empty()).then(|| {
        let end = if site.text.ends_with(')') { ", " } else { "(" };
        let text = site.text.trim_end_matches(')');
        format!("without them: `{text}{end}{})`", off.join(", "))
    });
    let fault = Fault::new(Code::LayerRank, message).maybe_help(help);
    Err((arguments.place("initializer"), fault))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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
             [batch, seq, 8] * [batch, 64] [D0318]"
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
    }
}

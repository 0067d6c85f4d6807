//! Recurrent layers: `rnn`, `gru`, `lstm`, and both ways `bi_rnn`, `bi_gru`, `bi_lstm`.
//!
//! Each takes a sequence, alone or with the state before its first step, and ends in the sequence of its hidden
//! states; with `state = true` also in the state behind its last step.

use diagram_core::cost::product;
use diagram_core::dim::{Op, simplify};
use diagram_core::{Call, Cost, Dim, Product, Range, Shape, Wrong};

use super::cost;
use super::layer::Layer;
use super::site::Site;
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

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
    "whether the state after the last step is given as well",
)
.default("false");
const BIAS: Parameter = switch("bias", "whether biases are added").default("true");
const BATCH_FIRST: Parameter = switch("batch_first", "whether the batch is axis 0").default("true");
const REVERSE: Parameter =
    switch("reverse", "whether it goes from the last step to the first").default("false");
const RESET_AFTER: Parameter =
    switch("reset_after", "whether the reset gate acts after a product").default("true");
const INPUT_FORGET: Parameter =
    switch("input_forget", "whether one gate is input's and forget's").default("false");
const CLIP: Parameter = Parameter::new(
    "clip",
    ParameterKind::Float(Range::POSITIVE),
    "the bound of the state",
);
const INITIALIZER: Parameter = initializer::PARAMETER.default("xavier_normal");
const GATES: Parameter =
    activation("gate_activation", "the activation of the gates").default("sigmoid");
const CELL: Parameter = activation(
    "cell_activation",
    "the activation of a candidate for the cell",
)
.default("tanh");
const OUTPUT: Parameter =
    activation("hidden_activation", "the activation of the hidden state").default("tanh");

const fn switch(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Switch, summary)
}

const fn activation(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Activation, summary)
}

/// What the layers of one kind have in common, one way or both.
trait Recurrence {
    /// How many gates it has, each with a matrix of the input and one of the state.
    const GATES: u64;
    /// What its state is made of, in Burn's order.
    const STATES: &'static [&'static str];
}

struct Rnn;
struct Gru;
struct Lstm;

impl Recurrence for Rnn {
    const GATES: u64 = 1;
    const STATES: &'static [&'static str] = &["hidden state"];
}

impl Recurrence for Gru {
    const GATES: u64 = 3;
    const STATES: &'static [&'static str] = &["hidden state"];
}

impl Recurrence for Lstm {
    const GATES: u64 = 4;
    const STATES: &'static [&'static str] = &["cell state", "hidden state"];
}

/// A layer that goes over its sequence in so many ways, 1 or 2.
const fn recurrent<R: Recurrence, const WAYS: u64>(
    name: &'static str,
    parameters: &'static [Parameter],
    rule: &'static str,
) -> Layer {
    Layer::new(name, parameters, recur::<R, WAYS>)
        .of_several()
        .rule(rule)
        .with_matrix(cost::<R, WAYS>)
        .sample_wise_where(samples_lead::<WAYS>)
}

const ONE_STATE: &str =
    "Float `[b, s, n]`, or that and a hidden state `[b, d_hidden]`, to `[b, s, d_hidden]`";
const TWO_STATES: &str = "Float `[b, s, n]`, or that, a cell state and a hidden state `[b, d_hidden]`, to `[b, s, d_hidden]`";
const BOTH_WAYS: &str = "as one way, with states `[2, b, d_hidden]`, to `[b, s, 2 * d_hidden]`";

pub(super) static LAYERS: [Layer; 6] = [
    recurrent::<Rnn, 1>(
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
    recurrent::<Gru, 1>(
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
    recurrent::<Lstm, 1>(
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
    recurrent::<Rnn, 2>(
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
    recurrent::<Gru, 2>(
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
    recurrent::<Lstm, 2>(
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
fn cost<R: Recurrence, const WAYS: u64>(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    let ([first, second, from], [.., after]) = (&site.input.dims[..], cost::first(output)) else {
        return Cost::UNKNOWN;
    };
    let ways = Dim::Literal(WAYS);
    let hidden = simplify(&Dim::binary(Op::Div, after.clone(), ways.clone()));
    // One gate is that of input and forgetting.
    let joined = call.switch("input_forget") == Some(true);
    let gates = Dim::Literal(R::GATES - u64::from(joined));
    let steps = product([first, second]);
    let bias = cost::is_on(call, "bias", true);
    let [of_input, of_state] =
        [from, &hidden].map(|from| cost::linear(&steps, from, &hidden, bias));
    of_input.and(of_state).copied(&gates).copied(&ways)
}

/// Where the batch is axis 0, in states as well: those of both ways have an axis of the ways before it.
fn samples_lead<const WAYS: u64>(call: &Call, site: &Site<'_>, output: &Product) -> bool {
    let stateless = site.inputs.len() == 1 && output.one().is_some();
    call.switch("batch_first") != Some(false) && (WAYS == 1 || stateless)
}

/// `[batch, sequence, width]`, and the state before its first step, to `[batch, sequence, d_hidden]`.
fn recur<R: Recurrence, const WAYS: u64>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = call.name.as_str();
    let batch_first = call.switch("batch_first") != Some(false);
    let takes = if batch_first {
        "[batch, sequence, width]"
    } else {
        "[sequence, batch, width]"
    };
    // error: `lstm` takes [batch, sequence, width], but is given [batch, 64] [D0305]
    let [first, second, width] = site.sequence(layer, takes)?;
    site.sizes_parameter(layer, "input width", width)?;
    let both_ways = WAYS > 1;
    let hidden = match call.size("d_hidden") {
        Some(hidden) => hidden.clone(),
        None if both_ways => return call.missing("d_hidden"),
        None => site.inferred(call, ("d_hidden", "hidden width"), 2)?,
    };
    initializer::suits_biases(call, &["bias"])?;

    let batch = if batch_first { first } else { second };
    let state = vec![batch.clone(), hidden.clone()];
    let (state, after) = if both_ways {
        let ways = Dim::Literal(WAYS);
        let after = Dim::binary(Op::Mul, ways.clone(), hidden);
        let state = std::iter::once(ways).chain(state).collect();
        (Shape::float(state), simplify(&after))
    } else {
        (Shape::float(state), hidden)
    };
    takes_state(layer, R::STATES, &state, site)?;

    let mut output = vec![Shape::float(vec![first.clone(), second.clone(), after])];
    if call.switch("state") == Some(true) {
        output.extend(std::iter::repeat_n(state, R::STATES.len()));
    }
    Ok(Product(output))
}

/// The state before the first step is left out, or all of its parts are given.
fn takes_state(layer: &str, names: &[&str], shape: &Shape, site: &Site<'_>) -> Result<(), Wrong> {
    let given = site.inputs.get(1..).unwrap_or_default();
    if given.is_empty() {
        return Ok(());
    }
    if given.len() != names.len() {
        let takes = format!("a sequence, alone or with its {}", names.join(" and its "));
        if let Some(missing) = names.get(given.len()) {
            let dims: Vec<_> = shape.dims.iter().map(Some).collect();
            return Err(site.lacks(layer, &takes, (missing, &dims)));
        }
        return Err(site.wrong_factors(layer, &takes));
    }
    for (name, given) in names.iter().zip(given) {
        site.takes_factor(layer, name, shape, given)?;
    }
    Ok(())
}

//! Recurrent layers, with and without a state before and behind them, the batch first or second.

use burn::nn::{
    BiGruConfig, BiLstmConfig, BiRnnConfig, GruConfig, LstmConfig, LstmState, RnnConfig, RnnState,
};
use diagram_core::Kind;
use proptest::bool::ANY;
use proptest::strategy::Strategy;

use crate::harness::{Case, Counted, device, layers, zeros};

/// What is drawn for each.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Debug)]
struct Drawn {
    /// Batch, length and width, in the order of the axes.
    input: Vec<usize>,
    hidden: usize,
    /// The shape of the state; now and then its width is wrong.
    state: Vec<usize>,
    /// Whether a state is given, and whether one is asked for.
    given: bool,
    gives: bool,
    bias: bool,
    batch_first: bool,
    other: bool,
}

fn drawn(both_ways: bool, any_order: bool) -> impl Strategy<Value = Drawn> {
    let input = proptest::collection::vec(1..5usize, 3);
    let switches = (ANY, ANY, ANY, ANY, ANY);
    (input, 1..4usize, 0..6usize, switches).prop_map(
        move |(input, hidden, wrong, (given, gives, bias, batch_first, other))| {
            let batch_first = batch_first || !any_order;
            let batch = input[usize::from(!batch_first)];
            let mut state = vec![batch, hidden + wrong / 5];
            if both_ways {
                state.insert(0, 2);
            }
            Drawn {
                input,
                hidden,
                state,
                given,
                gives,
                bias,
                batch_first,
                other,
            }
        },
    )
}

impl Drawn {
    /// `layer(hidden, …)` on the sequence, with so many parts of a state behind it.
    fn case(
        &self,
        layer: &str,
        more: &str,
        parts: usize,
        burn: impl FnOnce(&Drawn) -> Vec<Vec<usize>> + 'static,
    ) -> Case {
        let Drawn {
            hidden,
            bias,
            gives,
            ..
        } = self;
        let text = format!("{layer}({hidden}, bias = {bias}, state = {gives}{more})");
        let mut extents = self.input.clone();
        let batch = usize::from(!self.batch_first);
        let state = match self.state.as_slice() {
            [ways, _, hidden] => {
                extents.extend([*ways, *hidden]);
                vec![3, batch, 4]
            }
            state => {
                extents.extend(state.last());
                vec![batch, 3]
            }
        };
        let mut factors: Vec<(Kind, &[usize])> = vec![(Kind::Float, &[0, 1, 2])];
        let parts = if self.given { parts } else { 0 };
        factors.extend(std::iter::repeat_n((Kind::Float, state.as_slice()), parts));
        let drawn = self.clone();
        Case::several(text, &extents, &factors, move || burn(&drawn))
    }

    fn order(&self) -> String {
        format!(", batch_first = {}", self.batch_first)
    }

    /// The results that are asked for.
    fn results(&self, sequence: [usize; 3], state: &[&[usize]]) -> Vec<Vec<usize>> {
        let state = state
            .iter()
            .filter(|_| self.gives)
            .map(|part| part.to_vec());
        std::iter::once(sequence.to_vec()).chain(state).collect()
    }
}

layers! {
    fn rnn(drawn in drawn(false, true)) {
        let more = format!("{}, reverse = {}", drawn.order(), drawn.other);
        drawn.case("rnn", &more, 1, |drawn| {
            let config = RnnConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_batch_first(drawn.batch_first)
                .with_reverse(drawn.other);
            let state = drawn.given.then(|| RnnState::new(zeros(&drawn.state)));
            let (x, state) = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            drawn.results(x.dims(), &[&state.hidden.dims()])
        })
    }

    /// Burn gives no state; ours is the last step.
    fn gru(drawn in drawn(false, false)) {
        let more = format!(", reset_after = {}", drawn.other);
        drawn.case("gru", &more, 1, |drawn| {
            let config = GruConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_reset_after(drawn.other);
            let state = drawn.given.then(|| zeros(&drawn.state));
            let x = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            let [batch, _, hidden] = x.dims();
            drawn.results(x.dims(), &[&[batch, hidden]])
        })
    }

    fn lstm(drawn in drawn(false, true), reverse in ANY) {
        let forget = drawn.other;
        let more = format!("{}, reverse = {reverse}, input_forget = {forget}", drawn.order());
        drawn.case("lstm", &more, 2, move |drawn| {
            let config = LstmConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_batch_first(drawn.batch_first)
                .with_reverse(reverse)
                .with_input_forget(forget);
            let state = || LstmState::new(zeros(&drawn.state), zeros(&drawn.state));
            let state = drawn.given.then(state);
            let (x, state) = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            drawn.results(x.dims(), &[&state.cell.dims(), &state.hidden.dims()])
        })
    }

    fn bi_rnn(drawn in drawn(true, true)) {
        drawn.case("bi_rnn", &drawn.order(), 1, |drawn| {
            let config = BiRnnConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_batch_first(drawn.batch_first);
            let state = drawn.given.then(|| RnnState::new(zeros(&drawn.state)));
            let (x, state) = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            drawn.results(x.dims(), &[&state.hidden.dims()])
        })
        // Burn cuts a state that is too wide.
        .refused_where(drawn.given && drawn.state[2] > drawn.hidden, diagram_core::Code::AxisMismatch)
    }

    fn bi_gru(drawn in drawn(true, true)) {
        let more = format!("{}, reset_after = {}", drawn.order(), drawn.other);
        drawn.case("bi_gru", &more, 1, |drawn| {
            let config = BiGruConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_batch_first(drawn.batch_first)
                .with_reset_after(drawn.other);
            let state = drawn.given.then(|| zeros(&drawn.state));
            let (x, state) = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            drawn.results(x.dims(), &[&state.dims()])
        })
        .refused_where(drawn.given && drawn.state[2] > drawn.hidden, diagram_core::Code::AxisMismatch)
    }

    fn bi_lstm(drawn in drawn(true, true)) {
        let more = format!("{}, input_forget = {}", drawn.order(), drawn.other);
        drawn.case("bi_lstm", &more, 2, |drawn| {
            let config = BiLstmConfig::new(drawn.input[2], drawn.hidden, drawn.bias)
                .with_batch_first(drawn.batch_first)
                .with_input_forget(drawn.other);
            let state = || LstmState::new(zeros(&drawn.state), zeros(&drawn.state));
            let state = drawn.given.then(state);
            let (x, state) = config.init(&device()).counted().forward(zeros(&drawn.input), state);
            drawn.results(x.dims(), &[&state.cell.dims(), &state.hidden.dims()])
        })
    }
}

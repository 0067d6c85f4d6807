//! Powers in paths by a name: loops, whose every turn is an application of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use diagrammatic::diagram;

use crate::common::{compare, device, entries, gradients_of, numbers, random, scalar};

const TURNS: usize = 2;

static CALLS: AtomicUsize = AtomicUsize::new(0);

/// Another value at every call, as a draw is.
fn drift(state: Tensor<2>) -> Tensor<2> {
    let call = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    state + f64::from(u32::try_from(call).expect("few calls"))
}

diagram! {
    /// A Koopman autoencoder that looks as far ahead as it is told.
    Ahead(horizon: usize = 3, width: usize = 4) {
        dyn batch;

        data State: [batch, 2];
        data Later: State;
        Code: [batch, width];

        State --encode--> Code --decode--> State;
        Code --step--> Code;
        Code * State --turn--> Code * State;
        State --drift--> State;
        encode = linear;
        decode = linear;
        step = linear >> tanh;
        turn = linear * (linear >> tanh);
        drift = fn drift;
        roll = encode >> step^horizon >> decode;

        far: encode >> step^horizon >> decode ~ Later;
        farther: encode(State) >> (step >> step)^(horizon - 1) >> decode ~ Later;
        turned: (encode, State) >> turn^TURNS >> turn.State ~ Later;
        same: roll ~ Later by l1;
        watch drifted: minimize drift^horizon;
        encoded: encode ~ encode(Later) >> step^TURNS;
    }
}

#[test]
fn a_power_by_a_name_is_that_many_applications() {
    let device = device();
    for horizon in [2, 4] {
        let model = AheadConfig::new().with_horizon(horizon).init(&device);
        let (state, later) = (random([5, 2]), random([5, 2]));
        CALLS.store(0, Ordering::Relaxed);
        let batch = AheadBatch {
            state: state.clone(),
            later: later.clone(),
        };
        let (loss, evaluation) = (model.loss(batch.clone()), model.evaluate(batch));
        // Each turn is a call, and so a draw, of its own.
        assert_eq!(CALLS.load(Ordering::Relaxed), horizon);
        let sum: usize = (1..=horizon).sum();
        let drifted =
            entries(&state).iter().sum::<f32>() / 10.0 + f32::from(u8::try_from(sum).expect("few"));
        assert!((scalar(&evaluation.drifted) - drifted).abs() < 1e-4);

        let steps =
            |code: Tensor<2>, times: usize| (0..times).fold(code, |code, _| model.step(code));
        let far = model.decode(steps(model.encode(state.clone()), horizon));
        let farther = model.decode(steps(model.encode(state.clone()), 2 * (horizon - 1)));
        let mut turned = (model.encode(state.clone()), state.clone());
        for _ in 0..=TURNS {
            turned = model.turn(turned.0, turned.1);
        }
        let encoded = model.encode(state.clone()) - steps(model.encode(later.clone()), TURNS);
        let mse = |value: Tensor<2>| (value - later.clone()).square().mean();
        let cells = [
            ("far", mse(far.clone())),
            ("farther", mse(farther)),
            ("turned", mse(turned.1)),
            ("same", (far - later.clone()).abs().mean()),
            ("encoded", encoded.square().mean()),
        ];
        let values = numbers([
            ("far", loss.far),
            ("farther", loss.farther),
            ("turned", loss.turned),
            ("same", loss.same),
            ("encoded", loss.encoded),
        ]);
        compare(&values, &numbers(cells.clone())).expect("the values agree");
        let total = cells.into_iter().map(|(_, cell)| cell);
        let total = total.reduce(|sum, cell| sum + cell).expect("cells");
        compare(
            &gradients_of(&model, &loss.total.backward()),
            &gradients_of(&model, &total.backward()),
        )
        .expect("the gradients agree");
        assert_eq!(
            entries(&model.roll(state.clone())),
            entries(&model.decode(steps(model.encode(state), horizon)))
        );
    }
}

#[test]
fn equal_powers_are_one_and_the_plan_counts_them() {
    let plan = Ahead::diagram().plan().to_string();
    assert_eq!(plan.matches("horizon times (step)").count(), 1, "{plan}");
    assert_eq!(
        plan.matches("horizon - 1 times (step, step)").count(),
        1,
        "{plan}"
    );
    assert_eq!(plan.matches("TURNS times (turn)").count(), 1, "{plan}");
    assert!(!plan.contains("not evaluated"), "{plan}");
    println!("{plan}");
}

#[test]
fn a_power_of_nothing_is_an_error_of_init() {
    for (horizon, text) in [
        (
            0,
            "the power of `step` in a path is `horizon` = 0, and it is at least 1 [D0203]",
        ),
        (
            1,
            "the power of `step >> step` in a path is `horizon - 1` = 0, and it is at least 1 [D0203]",
        ),
    ] {
        let error = AheadConfig::new().with_horizon(horizon).try_init(&device());
        let error = error.expect_err("no application").to_string();
        println!("{error}");
        assert!(error.starts_with(text), "{error}");
    }
}

/// Two of each.
fn doubled(x: Tensor<2>) -> Tensor<2> {
    Tensor::cat(vec![x.clone(), x], 0)
}

diagram! {
    /// A module outside of a loop at one batch, and in it at another.
    Growing(turns: usize = 2) {
        dyn batch;

        data State: [batch, 2];

        State --step--> State;
        State --double--> State[batch = 2 * batch];
        step = Linear: LinearConfig::new(2, 2);
        double = fn doubled;
        grow = step >> double >> step^turns;

        step ~ State;
    }
}

#[test]
fn an_application_in_a_loop_has_sizes_of_its_own() {
    let model = GrowingConfig::new().init(&device());
    let state = random([3, 2]);
    let by_hand = doubled(model.step(state.clone()));
    assert_eq!(
        entries(&model.grow(state)),
        entries(&model.step(model.step(by_hand)))
    );
}

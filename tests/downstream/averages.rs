//! A diagram with averages, of layers and of a slot.

use dg::prelude::*;

/// How much of the slower average stays.
pub const SLOWLY: f64 = 0.999;

diagram! {
    /// Two networks and their averages.
    pub Averages(tau: f64 = 0.9) {
        dyn batch;

        data Given: [batch, 6];
        Code: [batch, 4];

        Given --online--> Code --predict--> Code;
        Given --target--> Code <--slower-- Given;
        Code --slow_predict--> Code;

        online = linear(16) >> batch_norm >> relu >> dropout(0.1) >> linear;
        predict = _;
        target = ema(online, decay = tau);
        slower = ema(online, decay = SLOWLY);
        slow_predict = ema(predict, decay = 0.5);

        /// Agreement with what was learned of late.
        late: online >> predict ~ target;
        /// Agreement with what was learned long ago.
        early: online >> predict ~ slower >> slow_predict;
    }
}

/// A step of the optimiser was taken.
pub fn follow<P: AveragesPredict>(model: &mut Averages<P>) {
    model.decays.slow_predict = 0.75;
    model.update_averages();
}

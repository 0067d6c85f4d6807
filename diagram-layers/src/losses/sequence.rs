//! Losses of sequences whose places are not told: `ctc`, `rnnt`.

use diagram_core::{Call, Code, Kind, Takes, Where, Wrong};

use super::{Loss, Site, Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

const BLANK: Parameter = Parameter::new(
    "blank",
    ParameterKind::Sizes { axes: 1, least: 0 },
    "the class that stands for nothing",
)
.default("0");

const ENDS: &[&str] = &["logits", "targets", "input_lengths", "target_lengths"];

pub(super) static LOSSES: [Loss; 2] = [
    Loss::new(
        "ctc",
        &[
            BLANK,
            Parameter::new(
                "zero_infinity",
                ParameterKind::Flag,
                "whether a target without an alignment counts 0",
            )
            .default("false"),
        ],
        Unit::Index,
        build,
    )
    .of(ENDS)
    .taking(&[Takes::LogProbabilities])
    .says(
        "logarithms of probabilities `[time, batch, classes]`, Int `[batch, length]`, two Int `[batch]`",
        "−log of the probability of the target, divided by its length",
    ),
    Loss::new(
        "rnnt",
        &[
            BLANK,
            Parameter::new(
                "logits",
                ParameterKind::Flag,
                "whether predictions are logits, and not logarithms of probabilities",
            )
            .default("true"),
        ],
        Unit::Index,
        build,
    )
    .of(ENDS)
    .taking(&[Takes::LogProbabilities])
    .taking_by("logits", &[Takes::Logits])
    .says(
        "Float `[batch, time, length + 1, classes]`, Int `[batch, length]`, two Int `[batch]`",
        "−log of the probability of the target",
    ),
];

fn build(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let loss = &call.name;
    let (rank, of_batch) = if loss == "ctc" { (3, 1) } else { (4, 0) };
    if let [prediction, targets, inputs, lengths] = site.ends {
        let batch = prediction.shape.dims.get(of_batch);
        let is_batch = |end: &super::End| {
            let same = batch.zip(end.shape.dims.first());
            end.shape.kind == Kind::Int && same.is_some_and(|(one, other)| site.equal(one, other))
        };
        let ranks = [prediction, targets, inputs, lengths].map(|end| end.shape.rank());
        let fits = prediction.shape.kind == Kind::Float
            && ranks == [rank, 2, 1, 1]
            && [targets, inputs, lengths].into_iter().all(is_batch);
        if fits {
            return Ok(Typed {
                units: targets.shape.dims.iter().take(1).cloned().collect(),
                ..site.plain(call)
            });
        }
    }
    // error: `ctc` takes Float [time, batch, classes], Int [batch, length] and two Int [batch] [D0403]
    let takes = if loss == "ctc" {
        "Float [time, batch, classes]"
    } else {
        "Float [batch, time, length + 1, classes]"
    };
    let message = format!("`{loss}` takes {takes}, Int [batch, length] and two Int [batch]");
    Err(site.ends_fault(Where::Whole, Code::LossEnds, message))
}

//! Losses of sequences whose places are not told: `ctc`, `rnnt`.

use diagram_core::dim::Op;
use diagram_core::{Call, Code, Dim, Fault, Kind, Takes, Where, Wrong};

use super::loss::Loss;
use super::site::{End, Site};
use super::typed::{Sequences, Typed, Unit};
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
        ctc,
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
        rnnt,
    )
    .of(ENDS)
    .taking(&[Takes::LogProbabilities])
    .taking_by("logits", &[Takes::Logits])
    .says(
        "Float `[batch, time, length + 1, classes]`, Int `[batch, length]`, two Int `[batch]`",
        "−log of the probability of the target",
    ),
];

/// Batch, time and classes of a prediction, beside targets of some length.
type Axes = for<'a> fn(&'a [Dim], &Dim, &Site<'_>) -> Option<[&'a Dim; 3]>;

fn ctc(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    aligned(
        call,
        site,
        "[time, batch, classes]",
        |dims, _, _| match dims {
            [time, batch, classes] => Some([batch, time, classes]),
            _ => None,
        },
    )
}

/// A step for each class of the target, and one before the first.
fn rnnt(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let takes = "[batch, time, length + 1, classes]";
    aligned(call, site, takes, |dims, length, site| match dims {
        [batch, time, steps, classes] => {
            let whole = Dim::binary(Op::Add, length.clone(), Dim::Literal(1));
            site.equal(steps, &whole).then_some([batch, time, classes])
        }
        _ => None,
    })
}

/// A prediction with such axes, targets, and the lengths of both.
fn aligned(call: &Call, site: &Site<'_>, takes: &str, axes: Axes) -> Result<Typed, Wrong> {
    let loss = &call.name;
    if let [prediction, targets, inputs, lengths] = site.ends
        && let [of_batch, length] = targets.shape.dims.as_slice()
    {
        let ints = [targets, inputs, lengths];
        let is_batch = |end: &End, batch| {
            let first = end.shape.dims.first();
            end.shape.kind == Kind::Int && first.is_some_and(|first| site.equal(batch, first))
        };
        let fits = prediction.shape.kind == Kind::Float
            && inputs.shape.rank() == 1
            && lengths.shape.rank() == 1;
        if let Some([batch, time, classes]) = axes(&prediction.shape.dims, length, site)
            && fits
            && ints.into_iter().all(|end| is_batch(end, batch))
        {
            let blank = call.sizes("blank").and_then(|sizes| sizes.first());
            let blank = blank.cloned().unwrap_or(Dim::Literal(0));
            is_a_class(loss, &blank, classes)?;
            return Ok(Typed {
                units: vec![of_batch.clone()],
                classes: Some(classes.clone()),
                sequences: Some(Sequences {
                    time: time.clone(),
                    length: length.clone(),
                    blank,
                }),
                ..site.plain()
            });
        }
    }
    // error: `ctc` takes Float [time, batch, classes], Int [batch, length] and two Int [batch] [D0403]
    let message = format!("`{loss}` takes Float {takes}, Int [batch, length] and two Int [batch]");
    Err(site.ends_fault(Where::Whole, Code::LossEnds, message))
}

/// The blank is one of the classes, where both are numbers.
fn is_a_class(loss: &str, blank: &Dim, classes: &Dim) -> Result<(), Wrong> {
    let (Some(class), Some(count)) = (blank.literal(), classes.literal()) else {
        return Ok(());
    };
    if class < count {
        return Ok(());
    }
    // error: `blank` of `ctc` is 4, but the classes are 0 to 3 [D0312]
    let last = count.saturating_sub(1);
    let message = format!("`blank` of `{loss}` is {class}, but the classes are 0 to {last}");
    let fault = Fault::new(Code::ArgumentRange, message);
    Err((Where::Argument("blank".to_owned()), fault))
}

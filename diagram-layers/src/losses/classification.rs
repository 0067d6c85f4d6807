//! Logits against classes: `cross_entropy`, `multi_margin`, and the metrics `accuracy`, `top_k` and
//! `perplexity`.

use diagram_core::dim::simplify;
use diagram_core::shape::Difference;
use diagram_core::{Call, Code, Dim, Fault, Kind, Range, Shape, Takes, Where, Wrong};

use super::binary;
use super::loss::Loss;
use super::site::{End, Site};
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

const TAKES: &str = "logits `[.., classes]`, Int `[..]`";

pub(super) static LOSSES: [Loss; 5] = [
    Loss::new(
        "cross_entropy",
        &[
            AXIS,
            SMOOTHING,
            Parameter::new(
                "weights",
                ParameterKind::Numbers(Range::POSITIVE),
                "the weight of each class in the mean",
            ),
            Parameter::new(
                "pad_tokens",
                ParameterKind::Classes(Range::NOT_NEGATIVE),
                "the classes that do not count",
            ),
            IGNORE,
            Parameter::new(
                "logits",
                ParameterKind::Flag,
                "whether predictions are logits, and not probabilities",
            )
            .default("true"),
        ],
        Unit::Index,
        build,
    )
    .taking(&[Takes::Probabilities])
    .taking_by("logits", &[Takes::Logits])
    .says(TAKES, "−log softmax(logits), at the class"),
    Loss::new(
        "multi_margin",
        &[
            Parameter::new(
                "margin",
                ParameterKind::Float(Range::NOT_NEGATIVE),
                "the least lead of the class",
            )
            .default("1.0"),
            Parameter::new("p", ParameterKind::Size, "the power, 1 or 2").default("1"),
        ],
        Unit::Index,
        multi_margin,
    )
    .says(
        TAKES,
        "Σ max(0, margin + x − y)ᵖ over the x of the other classes, y that of the class, divided by all",
    ),
    Loss::new("accuracy", &[AXIS, IGNORE], Unit::Index, build)
        .watch_only()
        .higher_is_better()
        .says(TAKES, "1 where the largest entry is at the class, else 0"),
    Loss::new(
        "top_k",
        &[
            Parameter::new("k", ParameterKind::Size, "the number of largest entries")
                .positional()
                .required(),
            AXIS,
            IGNORE,
        ],
        Unit::Index,
        build,
    )
    .watch_only()
    .higher_is_better()
    .says(
        TAKES,
        "1 where the class is among the k largest entries, else 0",
    ),
    Loss::new("perplexity", &[AXIS, IGNORE], Unit::Index, build)
        .watch_only()
        .taking(&[Takes::Logits])
        .says(TAKES, "exp of the mean of `cross_entropy`"),
];

pub(super) const AXIS: Parameter = Parameter::new(
    "axis",
    ParameterKind::Axis,
    "the axis of the classes, by itself the last",
)
.aliases(&["dim"]);

pub(super) const SMOOTHING: Parameter = Parameter::new(
    "smoothing",
    ParameterKind::Float(Range::PROBABILITY),
    "the share of a target that is spread over all classes",
)
.default("0.0");

const IGNORE: Parameter = Parameter::new(
    "ignore",
    ParameterKind::Classes(Range::ANY),
    "the numbers in the target whose units do not count, like -100",
);

/// Its power is 1 or 2.
fn multi_margin(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let typed = build(call, site)?;
    let p = call.size("p").map(simplify);
    if matches!(p, None | Some(Dim::Literal(1 | 2))) {
        return Ok(typed);
    }
    // error: `p` of `multi_margin` is 1 or 2, not 3 [D0312]
    let p = p.as_ref().map(Dim::quoted).unwrap_or_default();
    let message = format!("`p` of `multi_margin` is 1 or 2, not {p}");
    let fault = Fault::new(Code::ArgumentRange, message);
    Err((Where::argument("p"), fault))
}

/// Float `[.., classes]` against Int `[..]`, where classes may lie on another axis than the last.
fn build(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let loss = &call.name;
    let (logits, classes) = site.pair(loss)?;
    let takes = format!("`{loss}` takes logits [.., classes] and Int classes [..]");
    let fault = |end: usize, but: String| {
        let message = format!("{takes}, but {but}");
        site.ends_fault(Where::End(end), Code::LossEnds, message)
    };
    if (logits.shape.kind, classes.shape.kind) != (Kind::Float, Kind::Int) {
        return Err(other_kinds(call, site, &takes, (logits, classes)));
    }
    let last = match logits.shape.rank().checked_sub(1) {
        Some(last) if last > 0 => last,
        _ => {
            return Err(fault(0, format!("`{}` is {}", logits.text, logits.shape)));
        }
    };
    let axis = match call.axis("axis", &logits.shape) {
        Some(axis) => axis?,
        None => last,
    };
    let expected = without(&logits.shape, axis);
    match expected.difference(&classes.shape, site.facts) {
        None => {
            let classes_dim = logits.shape.dims.get(axis);
            binary::as_many_weights(call, site, classes_dim)?;
            Ok(Typed {
                unit: Unit::Index,
                units: expected.dims,
                classes: classes_dim.cloned(),
                sequences: None,
            })
        }
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but axis 0 of `student` is
        // `batch` and of `Label` `many` [D0403]
        Some(Difference::Axis {
            axis: apart,
            comparison,
        }) => {
            let mut others = 0..logits.shape.rank();
            let lie = others.find(|other| {
                let without = without(&logits.shape, *other);
                without.difference(&classes.shape, site.facts).is_none()
            });
            if let Some(lie) = lie {
                return Err(on_another_axis(site, loss, logits, (axis, lie)));
            }
            // The logits have the axis of the classes besides.
            let ours = if apart < axis { apart } else { apart + 1 };
            let dim = |end: &End, axis: usize| end.shape.dims.get(axis).map(Dim::quoted);
            let theirs = if ours == apart {
                String::new()
            } else {
                format!("axis {apart} ")
            };
            let but = format!(
                "axis {ours} of `{}` is {} and {theirs}of `{}` {}",
                logits.text,
                dim(logits, ours).unwrap_or_default(),
                classes.text,
                dim(classes, apart).unwrap_or_default()
            );
            let help = site.equal_where(&expected, &classes.shape);
            let (at, fault) = fault(1, but);
            Err((at, fault.maybe_help(help).by(&comparison)))
        }
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but `student` has rank 3, so
        // `Label` must have rank 2, not 1 [D0403]
        Some(Difference::Rank | Difference::Kind) => {
            let but = format!(
                "`{}` has rank {}, so `{}` must have rank {last}, not {}",
                logits.text,
                logits.shape.rank(),
                classes.text,
                classes.shape.rank()
            );
            Err(fault(1, but))
        }
    }
}

/// The ends are no logits and classes by their kinds. `takes` says what is taken.
fn other_kinds(
    call: &Call,
    site: &Site<'_>,
    takes: &str,
    (logits, classes): (&End, &End),
) -> Wrong {
    let fault = |at, but| site.ends_fault(at, Code::LossEnds, format!("{takes}, but {but}"));
    match (logits.shape.kind, classes.shape.kind) {
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but `Label ~ student` has
        // them swapped [D0403]
        (Kind::Int, Kind::Float) => {
            let (left, right) = (&logits.text, &classes.text);
            let swapped = format!("`{left} ~ {right}` has them swapped");
            let (at, fault) = fault(Where::Ends, swapped);
            (at, fault.help(format!("`{right} ~ {left}`")))
        }
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but `Label` is Float[batch]
        // [D0403]
        (Kind::Float, _) => {
            let (text, shape) = (&classes.text, &classes.shape);
            let (at, fault) = fault(Where::End(1), format!("`{text}` is {}", shape.with_kind()));
            if classes.datum {
                let fault = fault.note("probabilities as targets are for `soft_cross_entropy`");
                return (at, fault.maybe_help(indices(call, classes, logits)));
            }
            let both_logits = shape.difference(&logits.shape, site.facts).is_none();
            let help = both_logits.then(|| "compare logits with logits: `by kl`".to_owned());
            (at, fault.maybe_help(help))
        }
        _ => fault(
            Where::End(0),
            format!("`{}` is {}", logits.text, logits.shape),
        ),
    }
}

/// How a datum of class indices for these logits is declared.
fn indices(call: &Call, classes: &End, logits: &End) -> Option<String> {
    let last = logits
        .shape
        .rank()
        .checked_sub(1)
        .filter(|last| *last > 0)?;
    let axis = match call.axis("axis", &logits.shape) {
        Some(axis) => axis.ok()?,
        None => last,
    };
    let ints = without(&logits.shape, axis);
    Some(format!("class indices: `data {}: {ints};`", classes.text))
}

/// Classes for each index of logits, without the axis of the classes.
pub(super) fn without(logits: &Shape, axis: usize) -> Shape {
    let dims = logits.dims.iter().enumerate();
    let dims = dims.filter(|(at, _)| *at != axis);
    Shape {
        kind: Kind::Int,
        dims: dims.map(|(_, dim)| dim.clone()).collect(),
    }
}

/// The classes lie on another axis of the logits than is said.
// error: `cross_entropy` takes the classes of `model` on the last axis, but they lie on axis 1 of
// [batch, 5, 32, 32] [D0403]
fn on_another_axis(
    site: &Site<'_>,
    loss: &str,
    logits: &End,
    (said, lie): (usize, usize),
) -> Wrong {
    let End { text, shape, .. } = logits;
    let last = shape.rank().saturating_sub(1);
    let said = if said == last {
        "the last axis".to_owned()
    } else {
        format!("axis {said}")
    };
    let message = format!(
        "`{loss}` takes the classes of `{text}` on {said}, but they lie on axis {lie} of {shape}"
    );
    let (at, fault) = site.ends_fault(Where::End(0), Code::LossEnds, message);
    let help = if lie == last {
        format!("leave `axis` out: `by {loss}`")
    } else {
        format!("say so: `by {loss}(axis = {lie})`")
    };
    (at, fault.help(help))
}

//! Logits against classes: `cross_entropy`, `multi_margin`, and the metrics `accuracy`, `top_k` and
//! `perplexity`.

use diagram_core::dim::simplify;
use diagram_core::shape::Difference;
use diagram_core::{Code, Dim, Fault, Kind, Range, Shape, Takes};
use quote::quote;

use super::value::Counts;
use super::{Built, End, Loss, Site, Unit, binary};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::Placed;

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
                "what each class counts in the mean",
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
                "how far the class is to be ahead",
            )
            .default("1.0"),
            Parameter::new("p", ParameterKind::Size, "the power, 1 or 2").default("1"),
        ],
        Unit::Index,
        build,
    )
    .says(
        TAKES,
        "Σ max(0, margin + x − y)ᵖ over the x of the other classes, y that of the class, divided by all",
    ),
    Loss::new("accuracy", &[AXIS, IGNORE], Unit::Index, build)
        .metric()
        .higher_is_better()
        .says(TAKES, "1 where the largest entry is at the class, else 0"),
    Loss::new(
        "top_k",
        &[
            Parameter::new("k", ParameterKind::Size, "how many entries are looked at")
                .positional()
                .required(),
            AXIS,
            IGNORE,
        ],
        Unit::Index,
        build,
    )
    .metric()
    .higher_is_better()
    .says(
        TAKES,
        "1 where the class is among the k largest entries, else 0",
    ),
    Loss::new("perplexity", &[AXIS, IGNORE], Unit::Index, build)
        .metric()
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
    "how far targets are smoothed",
)
.default("0.0");

const IGNORE: Parameter = Parameter::new(
    "ignore",
    ParameterKind::Classes(Range::ANY),
    "the numbers in the target whose units do not count, like -100",
);

/// The function that gives the values, with its arguments.
fn function(
    arguments: &Arguments,
    site: &Site<'_>,
    (axis, last): (usize, usize),
    classes: Option<&Dim>,
) -> Result<Built, Placed> {
    let loss = arguments.of();
    Ok(match loss {
        "top_k" => {
            let mut built = site.plain(arguments);
            built.arguments.push(quote!(#axis));
            built
        }
        "multi_margin" => {
            let p = arguments.size("p").map(simplify);
            if !matches!(p, None | Some(Dim::Literal(1 | 2))) {
                // error: `p` of `multi_margin` is 1 or 2, not 3 [D0312]
                let p = p.as_ref().map(Dim::quoted).unwrap_or_default();
                let message = format!("`p` of `multi_margin` is 1 or 2, not {p}");
                let place = arguments.place("p");
                return Err((place, Fault::new(Code::ArgumentRange, message)));
            }
            site.plain(arguments)
        }
        "perplexity" => Built {
            exponential: true,
            ..at(arguments, site, "cross_entropy", (axis, last))
        },
        "cross_entropy" => with_settings(arguments, site, (axis, last), classes)?,
        _ => at(arguments, site, loss, (axis, last)),
    })
}

/// The runtime's function, with the axis of the classes where that is not the last.
fn at(arguments: &Arguments, site: &Site<'_>, of: &str, (axis, last): (usize, usize)) -> Built {
    if axis == last {
        site.call(arguments, of, Vec::new())
    } else {
        site.call(arguments, &format!("{of}_along"), vec![quote!(#axis)])
    }
}

/// `cross_entropy`: what no argument is given for costs nothing.
fn with_settings(
    arguments: &Arguments,
    site: &Site<'_>,
    (axis, last): (usize, usize),
    classes: Option<&Dim>,
) -> Result<Built, Placed> {
    let (smoothing, flag) = (arguments.float("smoothing"), arguments.flag("logits"));
    let weights = arguments.scales("weights").unwrap_or_default();
    binary::as_many_weights(arguments, site, classes)?;
    if smoothing.is_none() && flag.is_none() && weights.is_empty() {
        Ok(at(arguments, site, "cross_entropy", (axis, last)))
    } else {
        let smoothing = smoothing.map_or_else(|| quote!(0.0), |scalar| scalar.code(site.hypers));
        let logits = flag.map_or_else(|| quote!(true), |flag| flag.code(site.config));
        let runtime = site.runtime;
        let settings = quote! {
            #runtime::loss::CrossEntropy {
                smoothing: #smoothing,
                weights: &[#(#weights),*],
                probabilities: !#logits,
            }
        };
        Ok(site.call(arguments, "cross_entropy_by", vec![quote!(#axis), settings]))
    }
}

/// Float `[.., classes]` against Int `[..]`, where classes may lie on another axis than the last.
fn build(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let loss = arguments.of();
    let (logits, classes) = site.pair(loss)?;
    let takes = format!("`{loss}` takes logits [.., classes] and Int classes [..]");
    let fault = |end: &End, but: String| {
        site.ends_fault(end.place, Code::LossEnds, format!("{takes}, but {but}"))
    };
    if (logits.shape.kind, classes.shape.kind) != (Kind::Float, Kind::Int) {
        return Err(other_kinds(arguments, site, &takes, (logits, classes)));
    }
    let last = match logits.shape.rank().checked_sub(1) {
        Some(last) if last > 0 => last,
        _ => {
            return Err(fault(
                logits,
                format!("`{}` is {}", logits.text, logits.shape),
            ));
        }
    };
    let axis = match arguments.axis("axis", &logits.shape) {
        Some(axis) => axis?,
        None => last,
    };
    let expected = without(&logits.shape, axis);
    match expected.difference(&classes.shape, &site.scope.facts) {
        None => {
            let classes_dim = logits.shape.dims.get(axis);
            let built = function(arguments, site, (axis, last), classes_dim)?;
            let counts = Counts {
                weights: arguments.scales("weights").unwrap_or_default().to_vec(),
                pad_tokens: arguments.classes("pad_tokens").to_vec(),
                ignored: arguments.classes("ignore").to_vec(),
            };
            Ok(Built {
                classes: classes_dim.cloned(),
                counts: Some(counts).filter(|counts| !counts.is_empty()),
                units: expected.dims,
                ..built
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
                without
                    .difference(&classes.shape, &site.scope.facts)
                    .is_none()
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
            let (place, fault) = fault(classes, but);
            Err((place, fault.maybe_help(help).by(&comparison)))
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
            Err(fault(classes, but))
        }
    }
}

/// The ends are no logits and classes by their kinds. `takes` says what is taken.
fn other_kinds(
    arguments: &Arguments,
    site: &Site<'_>,
    takes: &str,
    (logits, classes): (&End, &End),
) -> Placed {
    let fault = |place, but| site.ends_fault(place, Code::LossEnds, format!("{takes}, but {but}"));
    match (logits.shape.kind, classes.shape.kind) {
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but `Label ~ student` has
        // them swapped [D0403]
        (Kind::Int, Kind::Float) => {
            let (left, right) = (&logits.text, &classes.text);
            let place = logits.place.to(classes.place);
            let (place, fault) = fault(place, format!("`{left} ~ {right}` has them swapped"));
            (place, fault.help(format!("`{right} ~ {left}`")))
        }
        // error: `cross_entropy` takes logits [.., classes] and Int classes [..], but `Label` is Float[batch]
        // [D0403]
        (Kind::Float, _) => {
            let (text, shape) = (&classes.text, &classes.shape);
            let (place, fault) = fault(classes.place, format!("`{text}` is {}", shape.with_kind()));
            if classes.datum {
                let fault = fault.note("probabilities as targets are for `soft_cross_entropy`");
                return (place, fault.maybe_help(indices(arguments, classes, logits)));
            }
            let both_logits = shape.difference(&logits.shape, &site.scope.facts).is_none();
            let help = both_logits.then(|| "compare logits with logits: `by kl`".to_owned());
            (place, fault.maybe_help(help))
        }
        _ => fault(
            logits.place,
            format!("`{}` is {}", logits.text, logits.shape),
        ),
    }
}

/// How a datum of class indices for these logits is declared.
fn indices(arguments: &Arguments, classes: &End, logits: &End) -> Option<String> {
    let last = logits
        .shape
        .rank()
        .checked_sub(1)
        .filter(|last| *last > 0)?;
    let axis = match arguments.axis("axis", &logits.shape) {
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
) -> Placed {
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
    let (place, fault) = site.ends_fault(logits.place, Code::LossEnds, message);
    let help = if lie == last {
        format!("leave `axis` out: `by {loss}`")
    } else {
        format!("say so: `by {loss}(axis = {lie})`")
    };
    (place, fault.help(help))
}

#[cfg(test)]
mod tests;

//! Losses between vectors, which lie on the last axis.

use diagram_core::{Call, Code, Kind, Range, Shape, Where, Wrong};

use super::loss::Loss;
use super::site::Site;
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

const fn margin(default: &'static str, summary: &'static str) -> Parameter {
    Parameter::new("margin", ParameterKind::Float(Range::ANY), summary).default(default)
}

const NEARER: &str = "the least lead of the nearer";
const TRIPLE: &[&str] = &["anchor", "positive", "negative"];

pub(super) static LOSSES: [Loss; 4] = [
    Loss::new("cosine", &[], Unit::Index, vectors)
        .in_one_object()
        .says("two Float `[.., n]` of one object", "1 − cos(p, t)"),
    Loss::new(
        "cosine_embedding",
        &[margin(
            "0.0",
            "the cosine up to which unlike vectors cost nothing",
        )],
        Unit::Index,
        signed,
    )
    .of(&["one", "other", "target"])
    .says(
        "two Float `[.., n]` of one shape, Int `[..]`, 1 or −1",
        "1 − cos(x, y) where t = 1, else max(0, cos(x, y) − margin)",
    ),
    Loss::new("triplet", &[margin("1.0", NEARER)], Unit::Index, triple)
        .of(TRIPLE)
        .in_one_object()
        .says(
            "three Float `[.., n]` of one object",
            "max(0, \\|a − p\\|² − \\|a − n\\|² + margin)",
        ),
    Loss::new(
        "triplet_margin",
        &[
            margin("1.0", NEARER),
            Parameter::new(
                "p",
                ParameterKind::Float(Range::at_least(1)),
                "the norm that distances are",
            )
            .default("2.0"),
        ],
        Unit::Index,
        triple,
    )
    .of(TRIPLE)
    .in_one_object()
    .says(
        "three Float `[.., n]` of one object",
        "max(0, \\|a − p\\|ₚ − \\|a − n\\|ₚ + margin)",
    ),
];

fn vectors(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    triple(call, site)
}

fn triple(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.alike(&call.name)?;
    Ok(site.plain())
}

fn signed(_: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let takes = "`cosine_embedding` takes two Float ends [.., n] of one shape and Int targets [..]";
    if let [one, other, target] = site.ends {
        let mut expected = one.shape.dims.clone();
        let long_enough = expected.pop().is_some() && !expected.is_empty();
        let expected = Shape {
            kind: Kind::Int,
            dims: expected,
        };
        let fits = long_enough
            && one.shape.kind == Kind::Float
            && one.shape.difference(&other.shape, site.facts).is_none()
            && expected.difference(&target.shape, site.facts).is_none();
        if fits {
            return Ok(site.plain());
        }
    }
    // error: `cosine_embedding` takes two Float ends [.., n] of one shape and Int targets [..] [D0403]
    Err(site.ends_fault(Where::Whole, Code::LossEnds, takes))
}

//! Losses between vectors, which lie on the last axis.

use diagram_core::{Code, Kind, Range, Shape};

use super::{Built, Loss, Site, Unit};
use crate::layers::{Arguments, Parameter, ParameterKind};
use crate::lower::scope::Placed;

const fn margin(default: &'static str) -> Parameter {
    Parameter::new(
        "margin",
        ParameterKind::Float(Range::ANY),
        "by how much the nearer is to be nearer",
    )
    .default(default)
}

const TRIPLE: &[&str] = &["anchor", "positive", "negative"];

pub(super) static LOSSES: [Loss; 4] = [
    Loss::new("cosine", &[], Unit::Index, vectors)
        .in_one_object()
        .says("two Float `[.., n]` of one object", "1 − cos(p, t)"),
    Loss::new("cosine_embedding", &[margin("0.0")], Unit::Index, signed)
        .of(&["one", "other", "target"])
        .says(
            "two Float `[.., n]` of one shape, Int `[..]`, 1 or −1",
            "1 − cos(x, y) where t = 1, else max(0, cos(x, y) − margin)",
        ),
    Loss::new("triplet", &[margin("1.0")], Unit::Index, triple)
        .of(TRIPLE)
        .in_one_object()
        .says(
            "three Float `[.., n]` of one object",
            "max(0, \\|a − p\\|² − \\|a − n\\|² + margin)",
        ),
    Loss::new(
        "triplet_margin",
        &[
            margin("1.0"),
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

fn vectors(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.pair(arguments.of())?;
    triple(arguments, site)
}

fn triple(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.alike(arguments.of())?;
    Ok(site.plain(arguments))
}

fn signed(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
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
            && one
                .shape
                .difference(&other.shape, &site.scope.facts)
                .is_none()
            && expected
                .difference(&target.shape, &site.scope.facts)
                .is_none();
        if fits {
            return Ok(site.plain(arguments));
        }
    }
    // error: `cosine_embedding` takes two Float ends [.., n] of one shape and Int targets [..] [D0403]
    Err(site.ends_fault(site.place, Code::LossEnds, takes))
}

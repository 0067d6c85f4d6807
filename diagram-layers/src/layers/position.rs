//! Where in a sequence a step is: `positional_encoding`, `rotary_encoding`.
//!
//! Their tables are constants, which Burn does not record.

use diagram_core::dim::{Comparison, Op, Positivity};
use diagram_core::{Call, Code, Dim, Fault, Product, Range, Where, Wrong, check};

use super::layer::Layer;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "positional_encoding",
        &[
            Parameter::new(
                "max_sequence_size",
                ParameterKind::Size,
                "the length of the longest sequence",
            )
            .default("5000"),
            Parameter::new(
                "max_timescale",
                ParameterKind::Size,
                "the number from which the longest period follows",
            )
            .default("10000"),
        ],
        positional_encoding,
    )
    .rule("Float `[b, s, width]` of even width, kept")
    .keeping_shape()
    .sample_wise(),
    Layer::new(
        "rotary_encoding",
        &[
            Parameter::new(
                "max_sequence_length",
                ParameterKind::Size,
                "the length of the longest sequence",
            )
            .positional()
            .required(),
            Parameter::new(
                "theta",
                ParameterKind::Float(Range::POSITIVE),
                "the number from which the longest period follows",
            )
            .default("10000"),
        ],
        rotary_encoding,
    )
    .rule("Float `[.., s, width]` of rank 3 or 4 and even width, kept")
    .keeping_shape()
    .sample_wise_where(|_, site, _| site.input.rank() > 2),
];

/// Burn's own values.
const MAX_SEQUENCE_SIZE: u64 = 5_000;
const MAX_TIMESCALE: u64 = 10_000;

/// Adds sines and cosines of the position.
fn positional_encoding(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    let [_, length, width] = site.sequence(layer, "[batch, sequence, width]")?;
    site.sizes_parameter(layer, "width", width)?;
    even(layer, width, site)?;
    let given = |name, burns| {
        let given = call.size(name).cloned();
        given.unwrap_or(Dim::Literal(burns))
    };
    let longest = given("max_sequence_size", MAX_SEQUENCE_SIZE);
    let scale = given("max_timescale", MAX_TIMESCALE);
    let table = ("max_sequence_size", &longest);
    fits(call, table, ("sequence", length), site)?;
    // error: `max_timescale` of `positional_encoding` is 10000, but its `max_sequence_size` is 20000 [D0312]
    let table = ("`max_sequence_size`", &longest);
    fits(call, ("max_timescale", &scale), table, site)?;
    Ok(site.input.clone().into())
}

/// Turns pairs of the last axis by angles of the position.
fn rotary_encoding(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    site.takes_float(layer)?;
    let [.., length, width] = site.input.dims.as_slice() else {
        return Err(site.wrong_rank(layer, "[.., sequence, width]"));
    };
    site.sizes_parameter(layer, "width", width)?;
    even(layer, width, site)?;
    if let Some(longest) = call.size("max_sequence_length") {
        let longest = ("max_sequence_length", longest);
        fits(call, longest, ("sequence", length), site)?;
    }
    Ok(site.input.clone().into())
}

/// Positions are pairs of a sine and a cosine.
fn even(layer: &str, width: &Dim, site: &Site<'_>) -> Result<(), Wrong> {
    let rest = Dim::binary(Op::Rem, width.clone(), Dim::Literal(2));
    let shown = width.quoted();
    let fault = match site.compare(&rest, &Dim::Literal(0)) {
        Comparison::Equal => return Ok(()),
        // error: `positional_encoding` takes an even width, but 7 is odd [D0309]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let odd = super::site::odd(&comparison);
            let message = format!("`{layer}` takes an even width, but {shown} {odd} odd");
            super::site::at(Fault::new(Code::NotDivisible, message), &comparison)
        }
        // error: `positional_encoding` takes an even width, and `a / b` is not known to be even [D0308]
        Comparison::Unknown => {
            let message =
                format!("`{layer}` takes an even width, and {shown} is not known to be even");
            Fault::new(Code::Undecided, message)
        }
    };
    let proposed = site.facts.proposal(&rest, &Dim::Literal(0));
    let help = check::stated(&proposed).map(|stated| format!("state that it is: {stated}"));
    Err(site.fault(fault.maybe_help(help)))
}

/// The table must be as long as what it is for. Where that is not known now, Burn looks at it.
fn fits(
    call: &Call,
    (name, longest): (&str, &Dim),
    (what, length): (&str, &Dim),
    site: &Site<'_>,
) -> Result<(), Wrong> {
    let left = Dim::binary(Op::Sub, longest.clone(), length.clone());
    let left = Dim::binary(Op::Add, left, Dim::Literal(1));
    let bound = site.left_to_rustc(longest, length);
    let witness = match site.facts.positivity(&left) {
        Positivity::Never { witness, .. } => witness,
        _ if bound.is_some() => Vec::new(),
        _ => return Ok(()),
    };
    // error: `max_sequence_size` of `positional_encoding` is 16, but its sequence is 32 [D0312]
    let message = format!(
        "`{name}` of `{}` is {}, but its {what} is {}",
        call.name,
        longest.quoted(),
        length.quoted()
    );
    let fault = super::site::with_values(Fault::new(Code::ArgumentRange, message), &witness);
    Err((Where::argument(name), fault.unless(bound)))
}

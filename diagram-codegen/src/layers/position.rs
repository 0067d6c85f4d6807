//! Where in a sequence a step is: `positional_encoding`, `rotary_encoding`.
//!
//! Their tables are constants, which Burn does not record.

use diagram_core::dim::{Comparison, Op, Positivity};
use diagram_core::{Code, Dim, Fault, Range};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::attention::required;
use super::window::{minus, plus};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

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
                "what the longest period follows from",
            )
            .default("10000"),
        ],
        positional_encoding,
    )
    .rule("Float `[b, s, width]` of even width, kept")
    .keeping_shape(),
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
                "what the longest period follows from",
            )
            .default("10000"),
        ],
        rotary_encoding,
    )
    .rule("Float `[.., s, width]` of rank 3 or 4 and even width, kept")
    .keeping_shape(),
];

/// Burn's own values.
const MAX_SEQUENCE_SIZE: u64 = 5_000;
const MAX_TIMESCALE: u64 = 10_000;

/// Adds sines and cosines of the position.
fn positional_encoding(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let [_, length, width] = site.sequence(layer, "[batch, sequence, width]")?;
    site.sizes_parameter(layer, "width", width)?;
    even(layer, width, site)?;
    let given = |name, burns| {
        let given = arguments.size(name).cloned();
        given.unwrap_or(Dim::Literal(burns))
    };
    let longest = given("max_sequence_size", MAX_SEQUENCE_SIZE);
    let scale = given("max_timescale", MAX_TIMESCALE);
    fits(
        arguments,
        ("max_sequence_size", &longest),
        ("sequence", length),
        site,
    )?;
    // error: `max_timescale` of `positional_encoding` is 10000, but its `max_sequence_size` is 20000 [D0312]
    let table = ("`max_sequence_size`", &longest);
    fits(arguments, ("max_timescale", &scale), table, site)?;
    let burn = site.burn;
    let width = site.size(width);
    let set = arguments.setters(&["max_sequence_size", "max_timescale"]);
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::PositionalEncoding),
        quote!(#burn::nn::PositionalEncodingConfig::new(#width) #set.init(device)),
    ))
}

/// Turns pairs of the last axis by angles of the position.
fn rotary_encoding(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    site.takes_float(layer)?;
    let [.., length, width] = site.input.dims.as_slice() else {
        return Err(site.wrong_rank(layer, "[.., sequence, width]"));
    };
    site.sizes_parameter(layer, "width", width)?;
    even(layer, width, site)?;
    let longest = required(arguments, site, "max_sequence_length")?;
    if let Some(longest) = arguments.size("max_sequence_length") {
        let longest = ("max_sequence_length", longest);
        fits(arguments, longest, ("sequence", length), site)?;
    }
    let (burn, hypers) = (site.burn, quote!(self));
    let width = site.size(width);
    let theta = arguments.float("theta").map(|theta| {
        let theta = theta.code(&hypers);
        quote!(.with_theta((#theta) as f32))
    });
    Ok(Built::module(
        site.input.clone(),
        quote!(#burn::nn::RotaryEncoding),
        quote!(#burn::nn::RotaryEncodingConfig::new(#longest, #width) #theta.init(device)),
    ))
}

/// Positions are pairs of a sine and a cosine.
fn even(layer: &str, width: &Dim, site: &Site<'_>) -> Result<(), Placed> {
    let rest = Dim::binary(Op::Rem, width.clone(), Dim::Literal(2));
    let shown = width.quoted();
    let fault = match site.compare(&rest, &Dim::Literal(0)) {
        Comparison::Equal => return Ok(()),
        // error: `positional_encoding` takes an even width, but 7 is odd [D0309]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let odd = super::odd(&comparison);
            let message = format!("`{layer}` takes an even width, but {shown} {odd} odd");
            super::at(Fault::new(Code::NotDivisible, message), &comparison)
        }
        // error: `positional_encoding` takes an even width, and `a / b` is not known to be even [D0308]
        Comparison::Unknown => {
            let message =
                format!("`{layer}` takes an even width, and {shown} is not known to be even");
            Fault::new(Code::Undecided, message)
        }
    };
    let proposed = site.scope.facts.proposal(&rest, &Dim::Literal(0));
    let help =
        diagram_core::check::stated(&proposed).map(|stated| format!("state that it is: {stated}"));
    Err(site.fault(fault.maybe_help(help)))
}

/// The table must be as long as what it is for. Where that is not known now, Burn looks at it.
fn fits(
    arguments: &Arguments,
    (name, longest): (&str, &Dim),
    (what, length): (&str, &Dim),
    site: &Site<'_>,
) -> Result<(), Placed> {
    let left = plus(minus(longest.clone(), length.clone()), Dim::Literal(1));
    let bound = site.left_to_rustc(longest, length);
    let witness = match site.scope.facts.positivity(&left) {
        Positivity::Never { witness, .. } => witness,
        _ if bound.is_some() => Vec::new(),
        _ => return Ok(()),
    };
    // error: `max_sequence_size` of `positional_encoding` is 16, but its sequence is 32 [D0312]
    let message = format!(
        "`{name}` of `{}` is {}, but its {what} is {}",
        arguments.of(),
        longest.quoted(),
        length.quoted()
    );
    let fault = super::with_values(Fault::new(Code::ArgumentRange, message), &witness);
    Err((arguments.place(name), fault.unless(bound)))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn the_width_follows_from_the_sequence() {
        assert_eq!(
            Bench::new("positional_encoding", "max_sequence_size = 512").init("[batch, seq, 8]"),
            "burn :: nn :: PositionalEncodingConfig :: new (8) . with_max_sequence_size (512) . init (device)"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "512, theta = rate").init("[batch, 4, seq, 8]"),
            "burn :: nn :: RotaryEncodingConfig :: new (512 , 8) . with_theta ((self . rate) as f32) . init \
             (device)"
        );
    }

    #[test]
    fn their_faults() {
        let positional =
            |arguments: &str, input| Bench::new("positional_encoding", arguments).fault(input);
        assert_eq!(
            positional("", "[batch, seq, 7]"),
            "`positional_encoding` takes an even width, but 7 is odd [D0309]"
        );
        assert_eq!(
            positional("", "[batch, seq, hidden]"),
            "`positional_encoding` takes an even width, but `hidden` may be odd [D0309]\n\n\
             \u{20}        = note: at `hidden` = 1\n\
             \u{20}        = help: state that it is: `where hidden % 2 == 0;`"
        );
        assert_eq!(
            positional("max_sequence_size = 16", "[batch, 32, 8]"),
            "`max_sequence_size` of `positional_encoding` is 16, but its sequence is 32 [D0312]"
        );
        assert_eq!(
            positional("max_sequence_size = 20000", "[batch, seq, 8]"),
            "`max_timescale` of `positional_encoding` is 10000, but its `max_sequence_size` is 20000 [D0312]"
        );
        assert_eq!(
            positional("", "[batch, 8]"),
            "`positional_encoding` takes [batch, sequence, width], but is given [batch, 8] [D0305]"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "16").fault("[8]"),
            "`rotary_encoding` takes [.., sequence, width], but is given [8] [D0305]"
        );
        assert_eq!(
            Bench::new("rotary_encoding", "").fault("[batch, seq, 8]"),
            "`rotary_encoding` needs `max_sequence_length`, the length of the longest sequence [D0310]"
        );
    }
}

//! Several tensors to one: `concat`, `add`, `multiply`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Code, Dim, Fault, Kind, check};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::input_idents;
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 3] = [
    Layer::new(
        "concat",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "the axis along which they lie, of the first",
        )
        .aliases(&["dim"])
        .positional()
        .required()],
        concat,
    )
    .of_several()
    .rule("any kind, equal but for the axis, whose extents are added"),
    elementwise("add"),
    elementwise("multiply"),
];

const fn elementwise(name: &'static str) -> Layer {
    Layer {
        joins_alike: true,
        several: true,
        ..Layer::new(name, &[], combine).rule("Float or Int, all of one shape, kept")
    }
}

/// One behind the other along an axis, as Burn's `Tensor::cat`.
fn concat(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axis = arguments.required_axis("axis", site.input)?;
    alike(arguments.of(), site, Some(axis))?;
    let extents = site.inputs.iter().filter_map(|shape| shape.dims.get(axis));
    let sum = extents
        .cloned()
        .reduce(|sum, extent| Dim::binary(Op::Add, sum, extent));
    let mut output = site.input.clone();
    if let (Some(dim), Some(sum)) = (output.dims.get_mut(axis), sum) {
        *dim = simplify(&sum);
    }
    let (burn, inputs) = (site.burn, input_idents(site.inputs.len()));
    let forward = quote!(#burn::tensor::Tensor::cat(::std::vec![#(#inputs),*], #axis));
    Ok(Built::function(output, forward))
}

/// The sum or the product of all, element by element.
fn combine(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    // error: `add` takes Float or Int, but is given Bool[batch, 4] * Bool[batch, 4] [D0304]
    if site.input.kind == Kind::Bool {
        let message = format!("`{layer}` takes Float or Int, but is given {}", given(site));
        return Err(site.fault(Fault::new(Code::KindMismatch, message)));
    }
    alike(layer, site, None)?;
    let function = format_ident!("{}", if layer == "add" { "add" } else { "mul" });
    let inputs = input_idents(site.inputs.len()).into_iter();
    let all = inputs.map(|input| quote!(#input));
    let forward = all.reduce(|all, input| quote!(#all.#function(#input)));
    Ok(Built::function(
        site.input.clone(),
        forward.unwrap_or_else(TokenStream::new),
    ))
}

/// All that a layer is given: `[batch, 4] * [batch, 8]`.
fn given(site: &Site<'_>) -> String {
    diagram_core::Product(site.inputs.to_vec()).to_string()
}

/// Takes at least two factors of one kind and rank, equal at every axis but one, where that is given.
pub(super) fn alike(layer: &str, site: &Site<'_>, but: Option<usize>) -> Result<(), Placed> {
    let first = site.input;
    if site.inputs.len() < 2 {
        // error: `add` takes several tensors, but is given one: [batch, 4] [D0318]
        let message = format!("`{layer}` takes several tensors, but is given one: {first}");
        let note = format!("several stand before it in `(f, g) >> {}`", site.text);
        return Err(site.fault(Fault::new(Code::Factors, message).note(note)));
    }
    let others = site.inputs.iter().enumerate().skip(1);
    for (factor, other) in others {
        let shapes = |fault: Fault| {
            fault
                .note(format!("factor 0 : {first}"))
                .note(format!("factor {factor} : {other}"))
        };
        let of = |rule: &str, zero: &str, that: &str| {
            format!("`{layer}` takes {rule}, but factor 0 {zero} and factor {factor} {that}")
        };
        // error: `concat` takes tensors of one kind, but factor 0 is Float and factor 1 is Int [D0304]
        if first.kind != other.kind {
            let [zero, that] = [first, other].map(|shape| format!("is {}", shape.kind));
            let message = of("tensors of one kind", &zero, &that);
            return Err(site.fault(shapes(Fault::new(Code::KindMismatch, message))));
        }
        // error: `concat` takes tensors of one rank, but factor 0 has 2 axes and factor 1 has 3 [D0302]
        if first.rank() != other.rank() {
            let (zero, that) = (first.rank(), other.rank());
            let axes = if zero == 1 { "axis" } else { "axes" };
            let (zero, that) = (format!("has {zero} {axes}"), format!("has {that}"));
            let message = of("tensors of one rank", &zero, &that);
            return Err(site.fault(shapes(Fault::new(Code::RankMismatch, message))));
        }
        let axes = first.dims.iter().zip(&other.dims).enumerate();
        for (axis, (zero, that)) in axes.filter(|(axis, _)| Some(*axis) != but) {
            let comparison = site.compare(zero, that);
            if comparison == Comparison::Equal {
                continue;
            }
            let rule = match but {
                Some(but) => format!("tensors that are equal but for axis {but}"),
                None => "tensors of one shape".to_owned(),
            };
            let fault = match &comparison {
                // error: `add` takes tensors of one shape, but axis 1 is 64 in factor 0 and 32 in factor 1
                // [D0301]
                Comparison::Different { .. } | Comparison::Constant(_) => {
                    let message = format!(
                        "`{layer}` takes {rule}, but axis {axis} is {} in factor 0 and {} in factor {factor}",
                        zero.quoted(),
                        that.quoted()
                    );
                    super::at(shapes(Fault::new(Code::AxisMismatch, message)), &comparison)
                }
                // error: `add` takes tensors of one shape, and `a / b`, axis 1 of factor 1, is not known to be
                // `a` [D0308]
                _ => {
                    let message = format!(
                        "`{layer}` takes {rule}, and {}, axis {axis} of factor {factor}, is not known to be {}",
                        that.quoted(),
                        zero.quoted()
                    );
                    shapes(Fault::new(Code::Undecided, message))
                }
            };
            let one = |dim: &Dim| super::known(dim) == Some(1);
            if one(zero) || one(that) {
                let fault = fault.note("an axis of extent 1 grows by `expand[..]` only");
                return Err(site.fault(fault));
            }
            let proposed = site.scope.facts.proposal(zero, that);
            let help = check::stated(&proposed);
            let help = help.map(|stated| format!("state that they are: {stated}"));
            return Err(site.fault(fault.maybe_help(help)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn extents_along_the_axis_are_added() {
        for (axis, input, output) in [
            ("1", "[batch, 4] * [batch, 8]", "[batch, 12]"),
            (
                "seq",
                "[batch, seq, 4] * [batch, 1, 4] * [batch, hidden, 4]",
                "[batch, seq + hidden + 1, 4]",
            ),
            ("0", "Int[batch] * Int[batch]", "Int[2 * batch]"),
        ] {
            assert_eq!(Bench::new("concat", axis).shape(input), output);
        }
        assert_eq!(
            Bench::new("concat", "1")
                .forward("[batch, 4] * [batch, 8]")
                .as_deref(),
            Some("burn :: tensor :: Tensor :: cat (:: std :: vec ! [x , x1] , 1usize)")
        );
    }

    #[test]
    fn elements_of_one_place_are_joined() {
        let forward = |name| Bench::new(name, "").forward("[batch, 4] * [batch, 4] * [batch, 4]");
        assert_eq!(forward("add").as_deref(), Some("x . add (x1) . add (x2)"));
        assert_eq!(
            forward("multiply").as_deref(),
            Some("x . mul (x1) . mul (x2)")
        );
        assert_eq!(
            Bench::new("add", "").shape("Int[batch, seq] * Int[batch, seq]"),
            "Int[batch, seq]"
        );
    }

    #[test]
    fn what_cannot_be_joined() {
        let fault = |name, axis, input| Bench::new(name, axis).fault(input);
        assert_eq!(
            fault("concat", "1", "[batch, 4]"),
            "`concat` takes several tensors, but is given one: [batch, 4] [D0318]\n\n\
             \u{20}        = note: several stand before it in `(f, g) >> concat(1)`"
        );
        assert_eq!(
            fault("concat", "1", "[batch, 4] * [batch, 4, 2]"),
            "`concat` takes tensors of one rank, but factor 0 has 2 axes and factor 1 has 3 [D0302]\n\n\
             \u{20}        = note: factor 0 : [batch, 4]\n         = note: factor 1 : [batch, 4, 2]"
        );
        assert_eq!(
            fault("concat", "0", "[batch, 4] * Int[batch, 4]"),
            "`concat` takes tensors of one kind, but factor 0 is Float and factor 1 is Int [D0304]\n\n\
             \u{20}        = note: factor 0 : [batch, 4]\n         = note: factor 1 : Int[batch, 4]"
        );
        assert_eq!(
            fault("concat", "1", "[4, 2, 8] * [4, 3, 7]"),
            "`concat` takes tensors that are equal but for axis 1, but axis 2 is 8 in factor 0 and 7 in \
             factor 1 [D0301]\n\n\
             \u{20}        = note: factor 0 : [4, 2, 8]\n         = note: factor 1 : [4, 3, 7]"
        );
        assert_eq!(
            fault("add", "", "[batch, 64] * [batch, 1]"),
            "`add` takes tensors of one shape, but axis 1 is 64 in factor 0 and 1 in factor 1 [D0301]\n\n\
             \u{20}        = note: factor 0 : [batch, 64]\n         = note: factor 1 : [batch, 1]\n\
             \u{20}        = note: an axis of extent 1 grows by `expand[..]` only"
        );
        assert_eq!(
            fault("multiply", "", "Bool[batch] * Bool[batch]"),
            "`multiply` takes Float or Int, but is given Bool[batch] * Bool[batch] [D0304]"
        );
        assert_eq!(
            fault("concat", "sqe", "[batch, seq] * [batch, seq]"),
            "`concat` has no axis `sqe` in [batch, seq] [D0314]\n\n         = help: did you mean `seq`?"
        );
    }
}

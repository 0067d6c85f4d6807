//! Several tensors to one: `concat`, `add`, `multiply`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Kind, Product, Wrong, check};

use super::inputs::extents;
use super::layer::{Layer, known};
use super::samples::off_the_first_axis;
use super::site::{Site, at};
use crate::parameter::{Parameter, ParameterKind};

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
    .sample_wise_where(off_the_first_axis)
    .of_several()
    .rule("any kind, equal except along the axis, whose extents are added"),
    elementwise("add"),
    elementwise("multiply"),
];

const fn elementwise(name: &'static str) -> Layer {
    Layer {
        joins_alike: true,
        several: true,
        ..Layer::new(name, &[], combine)
            .sample_wise()
            .rule("Float or Int, all of one shape, kept")
    }
}

/// One behind the other along an axis, as Burn's `Tensor::cat`.
fn concat(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axis = call.required_axis("axis", site.input)?;
    alike(&call.name, site, Some(axis))?;
    let extents = site.inputs.iter().filter_map(|shape| shape.dims.get(axis));
    let sum = extents
        .cloned()
        .reduce(|sum, extent| Dim::binary(Op::Add, sum, extent));
    let mut output = site.input.clone();
    if let (Some(dim), Some(sum)) = (output.dims.get_mut(axis), sum) {
        *dim = simplify(&sum);
    }
    Ok(output.into())
}

/// The sum or the product of all, element by element.
fn combine(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    // error: `add` takes Float or Int, but is given Bool[batch, 4] * Bool[batch, 4] [D0304]
    if site.input.kind == Kind::Bool {
        let message = format!("`{layer}` takes Float or Int, but is given {}", given(site));
        return Err(site.fault(Fault::new(Code::KindMismatch, message)));
    }
    alike(layer, site, None)?;
    Ok(site.input.clone().into())
}

/// All that a layer is given: `[batch, 4] * [batch, 8]`.
fn given(site: &Site<'_>) -> String {
    Product(site.inputs.to_vec()).to_string()
}

/// Takes at least two factors of one kind and rank, equal at every axis but one, where that is given.
pub(super) fn alike(layer: &str, site: &Site<'_>, but: Option<usize>) -> Result<(), Wrong> {
    let first = site.input;
    if site.inputs.len() < 2 {
        // error: `add` takes several tensors, but is given one: [batch, 4] [D0318]
        let message = format!("`{layer}` takes several tensors, but is given one: {first}");
        let note = format!(
            "layers side by side give several: `(linear, linear) >> {}`",
            site.text
        );
        let dims = first.dims.iter().enumerate();
        let dims: Vec<_> = dims
            .map(|(axis, dim)| (Some(axis) != but).then_some(dim))
            .collect();
        let shape = format!("each must have the shape {}", extents(&dims));
        let fault = Fault::new(Code::Factors, message).note(note).note(shape);
        return Err(site.fault(fault));
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
                Some(but) => format!("tensors that are equal except along axis {but}"),
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
                    at(shapes(Fault::new(Code::AxisMismatch, message)), &comparison)
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
            let one = |dim: &Dim| known(dim) == Some(1);
            if one(zero) || one(that) {
                let fault = fault.note("an axis of extent 1 grows by `expand[..]` only");
                return Err(site.fault(fault));
            }
            let proposed = site.facts.proposal(zero, that);
            let help = check::stated(&proposed);
            let help = help.map(|stated| format!("state that they are: {stated}"));
            return Err(site.fault(fault.maybe_help(help)));
        }
    }
    Ok(())
}

//! What layers with weights cost: the terms that several families share.
//!
//! A cost is computed from the shapes before a layer and after it. The tests in `tests/layers` compare the
//! parameters with those of Burn's module.

use diagram_core::cost::product;
use diagram_core::dim::{Op, simplify};
use diagram_core::{Call, Cost, Dim, Flag, Product};

/// Whether a switch is on; `None` where a hyper-parameter decides that.
pub(super) fn is_on(call: &Call, name: &str, default: bool) -> Option<bool> {
    match call.flag(name) {
        Some(Flag::Literal(on)) => Some(*on),
        Some(Flag::Hyper(_)) => None,
        None => Some(default),
    }
}

/// So many numbers, which take no multiplications.
pub(super) fn numbers(count: Dim) -> Cost {
    Cost {
        parameters: Some(count),
        ..Cost::NONE
    }
}

/// So many numbers if this is on.
pub(super) fn numbers_if(on: Option<bool>, count: &Dim) -> Cost {
    let parameters = match on {
        Some(true) => Some(count.clone()),
        Some(false) => Some(Dim::Literal(0)),
        None => None,
    };
    Cost {
        parameters,
        ..Cost::NONE
    }
}

/// A matrix that is multiplied with so many vectors.
pub(super) fn matrix(vectors: &Dim, from: &Dim, to: &Dim) -> Cost {
    Cost {
        parameters: Some(product([from, to])),
        operations: Some(product([vectors, from, to])),
    }
}

/// The same with a bias.
pub(super) fn linear(vectors: &Dim, from: &Dim, to: &Dim, bias: Option<bool>) -> Cost {
    matrix(vectors, from, to).and(numbers_if(bias, to))
}

/// A product of tensors.
pub(super) fn multiplied(dims: &[&Dim]) -> Cost {
    Cost {
        operations: Some(product(dims.iter().copied())),
        ..Cost::NONE
    }
}

/// A convolution with so many groups, where the positions are those of windows: its weights, without bias.
pub(super) fn windows(
    positions: &[Dim],
    (from, to): (&Dim, &Dim),
    kernel: &[Dim],
    groups: Option<&Dim>,
) -> Cost {
    let from = match groups {
        Some(groups) => simplify(&Dim::binary(Op::Div, from.clone(), groups.clone())),
        None => from.clone(),
    };
    let weights = product(kernel.iter().chain([&from, to]));
    Cost {
        operations: Some(product(positions.iter().chain([&weights]))),
        parameters: Some(weights),
    }
}

/// The dims of the first tensor.
pub(super) fn first(output: &Product) -> &[Dim] {
    output.0.first().map_or(&[], |shape| &shape.dims)
}

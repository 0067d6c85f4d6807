//! Vectors for entries: `embedding`.

use diagram_core::cost::product;
use diagram_core::{Call, Code, Cost, Fault, Gives, Kind, Product, Shape, Value, Wrong};

use super::cost;
use super::layer::Layer;
use super::site::{Site, WIDTH};
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 1] = [Layer {
    vectors: Some("n_embedding"),
    ..Layer::new("embedding", PARAMETERS, embedding)
        .with_matrix(cost)
        .sample_wise()
        .giving(Gives::Real)
        .rule("Int `[..]` to Float `[.., d_model]`, at any rank")
}];

const PARAMETERS: &[Parameter] = &[
    Parameter::new("n_embedding", ParameterKind::Size, "the number of vectors")
        .positional()
        .required(),
    Parameter::new("d_model", ParameterKind::Size, "the width of a vector").positional(),
    Parameter::new(
        "initializer",
        ParameterKind::Initializer,
        "the initializer of the vectors",
    )
    .default("normal"),
];

fn cost(call: &Call, _: &Site<'_>, output: &Product) -> Cost {
    match (call.size("n_embedding"), cost::first(output).last()) {
        (Some(count), Some(width)) => cost::numbers(product([count, width])),
        _ => Cost::UNKNOWN,
    }
}

/// Int `[…]` to Float `[…, d_model]`: at any rank, though Burn's takes rank 2.
fn embedding(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let (layer, rank) = (&call.name, site.input.rank());
    // error: `embedding` takes Int, but is given Float[batch, 64] [D0304]
    if site.input.kind != Kind::Int {
        let message = format!(
            "`{layer}` takes Int, but is given {}",
            site.input.with_kind()
        );
        return Err(site.fault(Fault::new(Code::KindMismatch, message)));
    }
    let width = match call.size("d_model") {
        Some(width) => width.clone(),
        None => {
            let written = call.clone().with("d_model", Value::Size(WIDTH));
            site.inferred_at(&written, "width", rank, rank + 1)?
        }
    };
    initializer::is_unscaled(call)?;
    let dims = site.input.dims.iter().cloned().chain([width]).collect();
    Ok(Shape::float(dims).into())
}

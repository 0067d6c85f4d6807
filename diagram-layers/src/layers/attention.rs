//! Attention: `multi_head_attention`, `cross_attention`.

use diagram_core::cost::product;
use diagram_core::{Call, Cost, Dim, Gives, Product, Range, Shape, Wrong};

use super::cost;
use super::inputs::{Masked, sequences};
use super::layer::Layer;
use super::site::Site;
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) const HEADS: Parameter = Parameter::new(
    "n_heads",
    ParameterKind::Size,
    "the number of heads that share the width",
)
.aliases(&["heads", "num_heads"])
.positional()
.required();
pub(super) const DROPOUT: Parameter = Parameter::new(
    "dropout",
    ParameterKind::Float(Range::PROBABILITY),
    "the probability of its dropout",
)
.default("0.1");
pub(super) const QUIET_SOFTMAX: Parameter = Parameter::new(
    "quiet_softmax",
    ParameterKind::Switch,
    "whether a query may attend to nothing",
)
.default("false");
pub(super) const CAUSAL: Parameter = Parameter::new(
    "causal",
    ParameterKind::Switch,
    "whether a step attends to no later one",
)
.default("false");
const MIN_FLOAT: Parameter = Parameter::new(
    "min_float",
    ParameterKind::Float(Range::ANY),
    "the score of masked positions",
)
.default("-1e4");
const BIASES: [&str; 4] = ["query_bias", "key_bias", "value_bias", "output_bias"];

const fn bias(at: usize, summary: &'static str) -> Parameter {
    Parameter::new(BIASES[at], ParameterKind::Switch, summary).default("true")
}

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "multi_head_attention",
        &[
            HEADS,
            CAUSAL,
            DROPOUT,
            MIN_FLOAT,
            QUIET_SOFTMAX,
            initializer::PARAMETER,
            bias(0, "whether queries have a bias"),
            bias(1, "whether keys have a bias"),
            bias(2, "whether values have a bias"),
            bias(3, "whether the result has a bias"),
        ],
        multi_head_attention,
    )
    .of_several()
    .rule(
        "Float `[b, s, width]`, which attends to itself, or query `[b, q, width]`, key and value \
         `[b, s, width]`; and masks; as the first",
    )
    .keeping_shape()
    .sample_wise()
    .giving(Gives::Real)
    .with_matrix(of_heads)
    .drawing_by("dropout"),
    Layer::new(
        "cross_attention",
        &[
            HEADS,
            Parameter::new(
                "n_heads_kv",
                ParameterKind::Size,
                "the number of heads of keys and values",
            )
            .positional()
            .required(),
            Parameter::new("d_head", ParameterKind::Size, "the width of a head")
                .positional()
                .required(),
            DROPOUT,
            MIN_FLOAT,
            QUIET_SOFTMAX,
        ],
        cross_attention,
    )
    .of_several()
    .rule("Float `[b, q, width]` and a context `[b, s, n]`, and a mask of padding; as the first")
    .keeping_shape()
    .sample_wise()
    .giving(Gives::Real)
    .with_matrix(of_context)
    .drawing_by("dropout"),
];

fn of_heads(call: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let sequences = sequences(site.inputs);
    let Some(query) = sequences.first() else {
        return Cost::UNKNOWN;
    };
    let [batch, queries, width] = query.dims;
    let keys = sequences.get(1).map_or(queries, |key| key.dims[1]);
    let biases = BIASES.map(|name| cost::is_on(call, name, true));
    attends(batch, (queries, keys), width, biases)
}

/// Queries attend to keys, all of one width, with the biases of [`BIASES`].
pub(super) fn attends(
    batch: &Dim,
    (queries, keys): (&Dim, &Dim),
    width: &Dim,
    biases: [Option<bool>; 4],
) -> Cost {
    let [query, key, value, output] = biases;
    let (asked, known) = (product([batch, queries]), product([batch, keys]));
    let parts = [
        (&asked, query),
        (&known, key),
        (&known, value),
        (&asked, output),
    ];
    let projected = parts.map(|(vectors, bias)| cost::linear(vectors, width, width, bias));
    let scores = cost::multiplied(&[&Dim::Literal(2), batch, queries, keys, width]);
    projected.into_iter().fold(scores, Cost::and)
}

fn of_context(call: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let sequences = sequences(site.inputs);
    let [query, context] = sequences.as_slice() else {
        return Cost::UNKNOWN;
    };
    let ([batch, queries, width], [_, keys, context]) = (query.dims, context.dims);
    let sizes = ["n_heads", "n_heads_kv", "d_head"].map(|name| call.size(name));
    let [Some(heads), Some(heads_kv), Some(head)] = sizes else {
        return Cost::UNKNOWN;
    };
    let (asked, known) = (product([batch, queries]), product([batch, keys]));
    let (wide, narrow) = (product([heads, head]), product([heads_kv, head]));
    let bias = Some(true);
    let of_keys = cost::linear(&known, context, &narrow, bias);
    cost::linear(&asked, width, &wide, bias)
        .and(of_keys.clone())
        .and(of_keys)
        .and(cost::linear(&asked, &wide, width, bias))
        .and(cost::multiplied(&[
            &Dim::Literal(2),
            batch,
            queries,
            keys,
            &wide,
        ]))
}

/// One sequence attends to itself; of three, the first attends to the second and gives of the third.
fn multi_head_attention(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = call.name.as_str();
    let takes = "one sequence, or query, key and value, and Bool masks after them";
    // Of query, key and value, only a value can be missing: one sequence is all three.
    let value = |given: &[Masked<'_>]| match given {
        [query, key] => {
            let [batch, _, width] = query.dims;
            let dims = [batch, key.dims[1], width];
            Some(("value", dims.map(|dim| Some(dim.clone()))))
        }
        _ => None,
    };
    let sequences = site.sequences(layer, &[1, 3], takes, value)?;
    let Some((query, others)) = sequences.split_first() else {
        return Err(site.wrong_factors(layer, takes));
    };
    let [batch, queries, width] = query.dims;
    site.sizes_parameter(layer, "width", width)?;
    site.divides(call, "n_heads", "width", width)?;
    initializer::suits_biases(call, &BIASES)?;

    let mut keys = queries;
    let of_width = |length: &Dim| vec![batch.clone(), length.clone(), width.clone()];
    for (name, other) in ["key", "value"].into_iter().zip(others) {
        if name == "key" {
            keys = other.dims[1];
        }
        let wanted = Shape::float(of_width(keys));
        site.takes_factor(layer, name, &wanted, &other.shape())?;
    }
    if let [key, _] = others
        && !(query.is_bare() && key.is_bare())
    {
        let takes = "its masks after query, key and value";
        return Err(site.wrong_factors(layer, takes));
    }
    let masked = others.last().unwrap_or(query);
    site.takes_masks(layer, masked, Some(queries), "")?;
    if call.switch("causal") == Some(true) && !others.is_empty() {
        let takes = "one sequence with `causal = true`";
        return Err(site.wrong_factors(layer, takes));
    }
    Ok(site.input.clone().into())
}

/// A sequence attends to a context, which may have a width of its own, and fewer heads.
fn cross_attention(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = call.name.as_str();
    let takes = "a query and a context, and a Bool mask after the context";
    let context = |given: &[Masked<'_>]| match given {
        [query] => Some(("context", [Some(query.dims[0].clone()), None, None])),
        _ => None,
    };
    let sequences = site.sequences(layer, &[2], takes, context)?;
    let [query, context] = sequences.as_slice() else {
        return Err(site.wrong_factors(layer, takes));
    };
    if !query.is_bare() {
        return Err(site.wrong_factors(layer, takes));
    }
    let ([batch, _, width], [_, keys, context_width]) = (query.dims, context.dims);
    site.sizes_parameter(layer, "width", width)?;
    site.sizes_parameter(layer, "context's width", context_width)?;
    if let Some(heads) = call.size("n_heads") {
        site.divides(call, "n_heads_kv", "heads", heads)?;
    }
    let wanted = Shape::float(vec![batch.clone(), keys.clone(), context_width.clone()]);
    site.takes_factor(layer, "context", &wanted, &context.shape())?;
    site.takes_masks(layer, context, None, "")?;
    Ok(site.input.clone().into())
}

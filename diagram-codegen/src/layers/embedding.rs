//! Vectors for entries: `embedding`.

use diagram_core::cost::product;
use diagram_core::{Code, Cost, Fault, Gives, Kind, Product, Shape};
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, cost, initializer};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 1] = [Layer::new("embedding", PARAMETERS, embedding)
    .with_weights(cost)
    .giving(Gives::Real)
    .rule("Int `[..]` to Float `[.., d_model]`, at any rank")];

const PARAMETERS: &[Parameter] = &[
    Parameter::new(
        "n_embedding",
        ParameterKind::Size,
        "how many vectors there are",
    )
    .positional()
    .required(),
    Parameter::new("d_model", ParameterKind::Size, "the width of a vector").positional(),
    Parameter::new(
        "initializer",
        ParameterKind::Initializer,
        "how vectors are drawn",
    )
    .default("normal"),
];

fn cost(arguments: &Arguments, _: &Site<'_>, output: &Product) -> Cost {
    match (arguments.size("n_embedding"), cost::first(output).last()) {
        (Some(count), Some(width)) => cost::numbers(product([count, width])),
        _ => Cost::UNKNOWN,
    }
}

/// Int `[…]` to Float `[…, d_model]`: at any rank, though Burn's takes rank 2.
fn embedding(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let (layer, rank) = (arguments.of(), site.input.rank());
    // error: `embedding` takes Int, but is given Float[batch, 64] [D0304]
    if site.input.kind != Kind::Int {
        let message = format!(
            "`{layer}` takes Int, but is given {}",
            site.input.with_kind()
        );
        return Err(site.fault(Fault::new(Code::KindMismatch, message)));
    }
    let Some(count) = arguments.size("n_embedding") else {
        return arguments.missing("n_embedding");
    };
    let width = match arguments.size("d_model") {
        Some(width) => width.clone(),
        None => {
            let text = site.text.trim_end_matches(')');
            let written = format!("`{text}, d_model = 64)`");
            site.inferred_at(layer, "width", rank, rank + 1, &written)?
        }
    };

    initializer::is_unscaled(arguments)?;
    let drawn = arguments.enum_setters(&["initializer"], site.burn);
    let (burn, from, to) = (site.burn, site.size(count), site.size(&width));
    let forward = match rank {
        2 => None,
        1 => Some(quote!(
            layer
                .forward(x.unsqueeze_dim::<2>(1usize))
                .squeeze_dim::<2>(1usize)
        )),
        _ => {
            let extents: Vec<_> = (0..rank).map(|axis| format_ident!("axis_{axis}")).collect();
            let (last, after) = (rank - 1, rank + 1);
            Some(quote!({
                let [#(#extents),*] = x.dims();
                let vectors = layer.forward(x.flatten::<2>(1usize, #last));
                let [_, _, width] = vectors.dims();
                vectors.reshape::<#after, _>([#(#extents,)* width])
            }))
        }
    };
    let dims = site.input.dims.iter().cloned().chain([width]).collect();
    Ok(Built {
        forward,
        vectors: Some(count.clone()),
        ..Built::module(
            Shape::float(dims),
            quote!(#burn::nn::Embedding),
            quote!(#burn::nn::EmbeddingConfig::new(#from, #to) #drawn.init(device)),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn it_adds_an_axis_at_any_rank() {
        let bench = Bench::new("embedding", "100, hidden");
        for (input, output) in [
            ("Int[batch]", "[batch, hidden]"),
            ("Int[batch, seq]", "[batch, seq, hidden]"),
            ("Int[batch, seq, 3]", "[batch, seq, 3, hidden]"),
        ] {
            assert_eq!(bench.shape(input), output);
            assert_eq!(
                bench.init(input),
                "burn :: nn :: EmbeddingConfig :: new (100 , self . hidden) . init (device)"
            );
        }
        assert_eq!(bench.forward("Int[batch, seq]"), None);
    }

    #[test]
    fn its_width_follows_from_the_target() {
        let bench = Bench::new("embedding", "100").target("[batch, seq, 8]");
        assert_eq!(bench.shape("Int[batch, seq]"), "[batch, seq, 8]");
        assert_eq!(
            Bench::new("embedding", "100").fault("Int[batch, seq]"),
            "`embedding` leaves its width out, and the layers after it do not tell it [D0307]\n\n\
             \u{20}        = help: write it: `embedding(100, d_model = 64)`"
        );
        assert_eq!(
            bench.fault("Int[batch]"),
            "`embedding` adds an axis to what it is given, Int[batch], but must end in [batch, seq, 8] of \
             rank 3 [D0302]"
        );
    }

    #[test]
    fn its_faults() {
        assert_eq!(
            Bench::new("embedding", "100, 8").fault("[batch, seq]"),
            "`embedding` takes Int, but is given Float[batch, seq] [D0304]"
        );
        assert_eq!(
            Bench::new("embedding", "").fault("Int[batch, seq]"),
            "`embedding` needs `n_embedding`, how many vectors there are [D0310]"
        );
    }
}

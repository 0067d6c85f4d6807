//! Shape operations: `flatten`.

use diagram_core::Dim;
use diagram_core::dim::{Op, normal::simplify};
use quote::quote;

use super::arguments::Arguments;
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 1] = [Layer {
    name: "flatten",
    parameters: &[],
    keeps_shape: false,
    weights: false,
    build: flatten,
}];

/// `[batch, …]` to `[batch, product of the rest]`, of any kind.
fn flatten(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let [batch, first, rest @ ..] = &site.input.dims[..] else {
        return Err(site.wrong_rank(arguments.of(), "[batch, .., ..] of rank 2 or more"));
    };
    let product = rest.iter().fold(first.clone(), |product, dim| {
        Dim::binary(Op::Mul, product, dim.clone())
    });
    let last = site.input.rank() - 1;
    let forward = if rest.is_empty() {
        quote!(x)
    } else {
        quote!(x.flatten::<2>(1usize, #last))
    };
    let dims = vec![batch.clone(), simplify(&product)];
    Ok(Built::function(site.input.with_dims(dims), forward))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn flatten_keeps_axis_0_and_joins_the_rest() {
        let bench = Bench::new("flatten", "");
        for (input, output, code) in [
            (
                "[batch, 1, 8, 8]",
                "[batch, 64]",
                "x . flatten :: < 2 > (1usize , 3usize)",
            ),
            (
                "[batch, 4, 7]",
                "[batch, 28]",
                "x . flatten :: < 2 > (1usize , 2usize)",
            ),
            (
                "Int[batch, 4, 7]",
                "Int[batch, 28]",
                "x . flatten :: < 2 > (1usize , 2usize)",
            ),
            ("[batch, 64]", "[batch, 64]", "x"),
        ] {
            assert_eq!(bench.shape(input), output);
            assert_eq!(bench.forward(input).as_deref(), Some(code));
        }
        assert_eq!(bench.value("[batch, hidden, 3]", 1, &[("hidden", 5)]), 15);
        assert_eq!(
            bench.fault("[batch]"),
            "`flatten` takes [batch, .., ..] of rank 2 or more, but is given [batch] [D0305]"
        );
    }
}

//! The code of vectors for entries.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 1] = [("embedding", embedding)];

fn embedding(at: &At<'_>) -> Built {
    let (burn, drawn) = (at.burn, at.set_initializer());
    let (from, to) = (at.size_of("n_embedding"), at.maybe_size(at.output().last()));
    Built {
        forward: at_rank(at.input().len()),
        ..Built::module(
            quote!(#burn::nn::Embedding),
            quote!(#burn::nn::EmbeddingConfig::new(#from, #to) #drawn.init(device)),
        )
    }
}

/// Burn's takes rank 2.
fn at_rank(rank: usize) -> Option<TokenStream> {
    match rank {
        2 => None,
        ..=1 => Some(quote!(
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
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
        let drawn = Bench::new("embedding", "100, initializer = normal(std = 0.5)");
        let drawn = drawn.fault("Int[batch, seq]");
        let help = "`embedding(100, initializer = normal(std = 0.5), d_model = 64)`";
        assert!(drawn.ends_with(help), "{drawn}");
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
            "`embedding` needs `n_embedding`, the number of vectors [D0310]"
        );
    }
}

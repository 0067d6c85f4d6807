//! The code of layers that give images and sequences another size.

use diagram_layers::layers::burn_scale;
use quote::{format_ident, quote};

use super::{At, Built, Code};
use crate::idents::camel_case;

pub(super) static CODE: [(&str, Code); 2] = [
    ("interpolate1d", interpolation),
    ("interpolate2d", interpolation),
];

fn interpolation(at: &At<'_>) -> Built {
    let (burn, axes) = (at.burn, at.window_axes());
    let module = format_ident!("Interpolate{axes}d");
    let config = format_ident!("{module}Config");
    let size = at.call.sizes("output_size").map(|sizes| {
        let sizes = at.sizes(sizes);
        quote!(.with_output_size(::core::option::Option::Some(#sizes)))
    });
    let scale = at.call.numbers("scale_factor").map(|scales| {
        let scales: Vec<_> = scales.iter().map(|scale| burn_scale(*scale)).collect();
        let scales = match &scales[..] {
            [one] => quote!(#one),
            several => quote!([#(#several),*]),
        };
        quote!(.with_scale_factor(::core::option::Option::Some(#scales)))
    });
    let mode = at.call.word("mode").map(|mode| {
        let mode = format_ident!("{}", camel_case(mode));
        quote!(.with_mode(#burn::nn::interpolate::InterpolateMode::#mode))
    });
    let set = at.setters(&["align_corners"]);
    Built::module(
        quote!(#burn::nn::interpolate::#module),
        quote!(#burn::nn::interpolate::#config::new() #size #scale #mode #set.init()),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn extents_are_given_or_scaled() {
        for (arguments, output) in [
            ("output_size = [4, hidden]", "[batch, 3, 4, hidden]"),
            ("scale_factor = 2", "[batch, 3, 2 * seq, 14]"),
            ("scale_factor = [0.5, 0.3]", "[batch, 3, seq / 2, 2]"),
            ("scale_factor = [1.25, 1]", "[batch, 3, seq + seq / 4, 7]"),
        ] {
            let bench = Bench::new("interpolate2d", arguments);
            assert_eq!(bench.shape("[batch, 3, seq, 7]"), output);
        }
        let bench = Bench::new(
            "interpolate2d",
            "scale_factor = [2, 0.5], mode = nearest_exact",
        );
        assert_eq!(
            bench.init("[batch, 3, 8, 8]"),
            "burn :: nn :: interpolate :: Interpolate2dConfig :: new () . with_scale_factor (:: core :: \
             option :: Option :: Some ([2f32 , 0.5f32])) . with_mode (burn :: nn :: interpolate :: \
             InterpolateMode :: NearestExact) . init ()"
        );
    }

    #[test]
    fn their_faults() {
        let fault = |arguments, input| Bench::new("interpolate1d", arguments).fault(input);
        assert_eq!(
            fault("", "[batch, 3, 8]"),
            "`interpolate1d` needs `output_size` or `scale_factor` [D0310]\n\n\
             \u{20}        = help: `interpolate1d(scale_factor = 2)`"
        );
        assert_eq!(
            fault("output_size = 4, scale_factor = 2", "[batch, 3, 8]"),
            "`interpolate1d` takes either `output_size` or `scale_factor`, but is given both [D0313]"
        );
        assert_eq!(
            fault("scale_factor = 0.3", "[batch, 3, seq]"),
            "`scale_factor` must be a fraction like `0.5` or `1.25` where the extent is `seq`, but is 0.3 \
             [D0312]"
        );
        assert_eq!(
            fault("scale_factor = 0.1", "[batch, 3, 8]"),
            "`scale_factor` 0.1 leaves nothing of an extent of 8 [D0312]"
        );
    }
}

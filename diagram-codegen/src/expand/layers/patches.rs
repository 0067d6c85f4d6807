//! The code of layers that move extents between axes.

use quote::quote;

use super::{Built, Code};

pub(super) static CODE: [(&str, Code); 4] = [
    ("unfold4d", |at| {
        let (burn, kernel) = (at.burn, at.sizes_of("kernel"));
        let set = at.setters(&WINDOW);
        Built::module(
            quote!(#burn::nn::Unfold4d),
            quote!(#burn::nn::Unfold4dConfig::new(#kernel) #set.init()),
        )
    }),
    ("fold4d", |at| {
        let (burn, output, kernel) = (at.burn, at.sizes_of("output_size"), at.sizes_of("kernel"));
        let set = at.setters(&WINDOW);
        Built::module(
            quote!(#burn::nn::Fold4d),
            quote!(#burn::nn::Fold4dConfig::new(#output, #kernel) #set.init()),
        )
    }),
    ("pixel_shuffle", |at| {
        let (burn, factor) = (at.burn, at.size_of("upscale_factor"));
        Built::module(
            quote!(#burn::nn::PixelShuffle),
            quote!(#burn::nn::PixelShuffleConfig::new(#factor).init()),
        )
    }),
    ("pixel_unshuffle", |at| {
        let (burn, factor) = (at.burn, at.size_of("downscale_factor"));
        Built::module(
            quote!(#burn::nn::PixelUnshuffle),
            quote!(#burn::nn::PixelUnshuffleConfig::new(#factor).init()),
        )
    }),
];

/// What is set of a window.
const WINDOW: [&str; 3] = ["stride", "padding", "dilation"];

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn windows_become_columns_and_back() {
        let image = "[batch, 3, 8, 8]";
        let bench = Bench::new("unfold4d", "[2, 4], stride = 2, padding = [0, 1]");
        assert_eq!(bench.shape(image), "[batch, 24, 16]");
        assert_eq!(
            bench.init(image),
            "burn :: nn :: Unfold4dConfig :: new ([2 , 4]) . with_stride ([2 , 2]) . with_padding ([0 , 1]) . \
             init ()"
        );
        let bench = Bench::new("fold4d", "[8, 8], [2, 4], stride = 2, padding = [0, 1]");
        assert_eq!(bench.shape("[batch, 24, 16]"), image);
        assert_eq!(
            Bench::new("unfold4d", "hidden, stride = hidden").shape("[batch, 3, seq, hidden]"),
            "[batch, 3 * hidden * hidden, seq / hidden]"
        );
    }

    #[test]
    fn channels_become_pixels_and_back() {
        let bench = Bench::new("pixel_shuffle", "2");
        assert_eq!(
            bench.shape("[batch, 12, seq, 5]"),
            "[batch, 3, 2 * seq, 10]"
        );
        let bench = Bench::new("pixel_unshuffle", "2");
        assert_eq!(
            bench.shape("[batch, 3, 2 * seq, 10]"),
            "[batch, 12, seq, 5]"
        );
    }

    #[test]
    fn what_does_not_fit() {
        let fault = |name, arguments, input| Bench::new(name, arguments).fault(input);
        assert_eq!(
            fault("pixel_shuffle", "2", "[batch, 6, 8, 8]"),
            "the square of `upscale_factor` of `pixel_shuffle` is 4, which does not divide its channels, 6 \
             [D0309]"
        );
        assert_eq!(
            fault("pixel_unshuffle", "3", "[batch, 1, 9, 8]"),
            "`downscale_factor` of `pixel_unshuffle` is 3, which does not divide its width, 8 [D0309]"
        );
        assert_eq!(
            fault("fold4d", "4, 2", "[batch, 12, 4]"),
            "`fold4d(4, 2)` has 9 windows, but axis 2 of [batch, 12, 4] is 4 [D0301]"
        );
        assert_eq!(
            fault("fold4d", "4, 2", "[batch, 10, 9]"),
            "the size of the kernel of `fold4d` is 4, which does not divide its axis 1, 10 [D0309]"
        );
        assert_eq!(
            fault("fold4d", "2, 3", "[batch, 9, 1]"),
            "`fold4d(2, 3)` covers 3 of axis 2, but its output has 2 there [D0306]"
        );
        assert_eq!(
            fault("fold4d", "2, 3", "[batch, 9]"),
            "`fold4d` takes [batch, channels * kernel, windows], but is given [batch, 9] [D0305]"
        );
    }
}

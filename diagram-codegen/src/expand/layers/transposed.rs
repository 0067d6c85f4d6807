//! The code of transposed convolutions.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 3] = [
    ("conv_transpose1d", transposed),
    ("conv_transpose2d", transposed),
    ("conv_transpose3d", transposed),
];

fn transposed(at: &At<'_>) -> Built {
    let (burn, axes, kernel) = (at.burn, at.window_axes(), at.sizes_of("kernel"));
    let module = format_ident!("ConvTranspose{axes}d");
    let config = format_ident!("{module}Config");
    let [from, to] = [at.input(), at.output()].map(|shape| at.maybe_size(shape.get(1)));
    let set = at.setters(&[
        "stride",
        "dilation",
        "padding",
        "padding_out",
        "groups",
        "bias",
    ]);
    let drawn = at.set_initializer();
    Built::module(
        quote!(#burn::nn::conv::#module),
        quote!(#burn::nn::conv::#config::new([#from, #to], #kernel) #set #drawn.init(device)),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn it_doubles_what_a_stride_of_2_halves() {
        let bench = Bench::new("conv_transpose2d", "8, 4, stride = 2, padding = 1");
        assert_eq!(bench.shape("[batch, 16, 7, 7]"), "[batch, 8, 14, 14]");
        assert_eq!(bench.value("[batch, 16, seq, 7]", 2, &[("seq", 7)]), 14);
        let bench = Bench::new(
            "conv_transpose1d",
            "8, 3, stride = 2, padding = 1, padding_out = 1",
        );
        assert_eq!(bench.shape("[batch, 16, hidden]"), "[batch, 8, 2 * hidden]");
    }

    #[test]
    fn its_code_sets_what_is_given() {
        assert_eq!(
            Bench::new("conv_transpose1d", "8, 3, bias = false").init("[batch, 4, 9]"),
            "burn :: nn :: conv :: ConvTranspose1dConfig :: new ([4 , 8] , 3) . with_bias (false) . init \
             (device)"
        );
        let bench = Bench::new(
            "conv_transpose2d",
            "8, [3, 5], stride = 2, dilation = [1, 2], groups = 2, padding = [0, 1], padding_out = 1",
        );
        let input = "[batch, 4, 9, 9]";
        assert_eq!(bench.ty(input), "burn :: nn :: conv :: ConvTranspose2d");
        assert_eq!(
            bench.init(input),
            "burn :: nn :: conv :: ConvTranspose2dConfig :: new ([4 , 8] , [3 , 5]) . with_stride ([2 , \
             2]) . with_dilation ([1 , 2]) . with_padding ([0 , 1]) . with_padding_out ([1 , 1]) . \
             with_groups (2) . init (device)"
        );
    }

    #[test]
    fn its_channels_follow_from_the_target() {
        let bench = Bench::new("conv_transpose2d", "kernel = 2").target("[batch, 3, 8, 8]");
        assert_eq!(bench.shape("[batch, 64, 7, 7]"), "[batch, 3, 8, 8]");
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("conv_transpose2d", arguments).fault(input);
        assert_eq!(
            fault("8, 2, padding = [0, 2]", "[batch, 1, 2, 2]"),
            "`padding` of `conv_transpose2d` takes 4 off axis 3, which has 3 without it [D0312]\n\n\
             \u{20}        = note: it is given [batch, 1, 2, 2]"
        );
        assert_eq!(
            fault("8, 2, padding = same", "[batch, 1, 2, 2]"),
            "there is no dim `same` [D0103]\n\n         = help: declare it: `dyn same;` for a size that \
             varies from call to call, or a hyper-parameter `(same: usize)`"
        );
        assert_eq!(
            fault("8, 2, groups = 2", "[batch, 3, 2, 2]"),
            "`groups` of `conv_transpose2d` is 2, which does not divide its input channels, 3 [D0309]"
        );
        assert_eq!(
            fault("8, 2", "[batch, 3, 2]"),
            "`conv_transpose2d` takes [batch, channels, height, width], but is given [batch, 3, 2] [D0305]"
        );
    }
}

//! The code of convolutions whose windows are moved element by element.

use quote::quote;

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 1] = [("deform_conv2d", deformable)];

fn deformable(at: &At<'_>) -> Built {
    let (burn, kernel) = (at.burn, at.sizes_of("kernel"));
    let [from, to] = [at.input(), at.output()].map(|shape| at.maybe_size(shape.get(1)));
    let set = at.setters(&[
        "stride",
        "dilation",
        "padding",
        "weight_groups",
        "offset_groups",
        "bias",
    ]);
    let drawn = at.set_initializer();
    let mask = match at.inputs.len() {
        3 => quote!(::core::option::Option::Some(x2)),
        _ => quote!(::core::option::Option::None),
    };
    let config = quote!(#burn::nn::conv::DeformConv2dConfig::new([#from, #to], #kernel));
    Built {
        forward: Some(quote!(layer.forward(x, x1, #mask))),
        ..Built::module(
            quote!(#burn::nn::conv::DeformConv2d),
            quote!(#config #set #drawn.init(device)),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn an_image_comes_with_its_offsets() {
        let bench = Bench::new("deform_conv2d", "8, 3, padding = 1, offset_groups = 2");
        let image = "[batch, 4, 6, 7]";
        for rest in ["", " * [batch, 18, 6, 7]"] {
            let input = format!("{image} * [batch, 36, 6, 7]{rest}");
            assert_eq!(bench.shape(&input), "[batch, 8, 6, 7]");
            let mask = if rest.is_empty() { "None" } else { "Some (x2)" };
            let code = bench.forward(&input).unwrap_or_default();
            assert!(
                code.starts_with("layer . forward (x , x1 , ") && code.contains(mask),
                "{code}"
            );
        }
        assert_eq!(
            bench.init("[batch, 4, 6, 7] * [batch, 36, 6, 7]"),
            "burn :: nn :: conv :: DeformConv2dConfig :: new ([4 , 8] , [3 , 3]) . with_padding (burn :: nn \
             :: PaddingConfig2d :: Explicit (1 , 1 , 1 , 1)) . with_offset_groups (2) . init (device)"
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("deform_conv2d", arguments).fault(input);
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6]"),
            "`deform_conv2d` takes an image, its offsets and perhaps a mask, but is given 1: [batch, 4, 6, \
             6] [D0318]\n\n\
             \u{20}        = note: `deform_conv2d(8, 3)` lacks its offsets: [batch, 18, 4, 4]"
        );
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6] * [batch, 9, 4, 4]"),
            "axis 1 of the offsets of `deform_conv2d(8, 3)` is 9, but must be 18 [D0301]\n\n\
             \u{20}        = note: wanted : [batch, 18, 4, 4]\n         = note: given  : [batch, 9, 4, 4]"
        );
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6] * [batch, 18, 4, 4] * [batch, 9]"),
            "the mask of `deform_conv2d(8, 3)` is Float of rank 4, but [batch, 9] is given [D0302]"
        );
        assert_eq!(
            fault(
                "8, 3, padding = [1, 0, 0, 0]",
                "[batch, 4, 6, 6] * [batch, 18, 4, 4]"
            ),
            "`padding` of `deform_conv2d` is the same before an axis and after it [D0312]\n\n\
             \u{20}        = help: `padding = [1, 2]`, one per axis"
        );
    }
}

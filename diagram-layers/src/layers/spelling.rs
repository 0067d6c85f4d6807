//! What a layer that does not exist is most likely meant to be: by its letters, or by its name elsewhere.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};

use super::{is_known, proposed};

/// What other libraries call a layer, without `_` and in lower case.
const ELSEWHERE: &[(&str, &str)] = &[
    ("fc", "linear"),
    ("dense", "linear"),
    ("affine", "linear"),
    ("mlp", "linear"),
    ("conv", "conv2d"),
    ("convolution", "conv2d"),
    ("convtranspose", "conv_transpose2d"),
    ("deconv", "conv_transpose2d"),
    ("maxpool", "max_pool2d"),
    ("maxpooling2d", "max_pool2d"),
    ("pool", "max_pool2d"),
    ("avgpool", "avg_pool2d"),
    ("averagepooling2d", "avg_pool2d"),
    ("bn", "batch_norm"),
    ("batchnormalization", "batch_norm"),
    ("ln", "layer_norm"),
    ("layernormalization", "layer_norm"),
    ("swish", "silu"),
    ("view", "reshape"),
    ("embed", "embedding"),
    ("drop", "dropout"),
    ("attention", "multi_head_attention"),
    ("selfattention", "multi_head_attention"),
    ("mha", "multi_head_attention"),
    ("ffn", "position_wise_feed_forward"),
    ("feedforward", "position_wise_feed_forward"),
    ("rope", "rotary_encoding"),
    ("cat", "concat"),
    ("concatenate", "concat"),
    ("mul", "multiply"),
    ("upsample", "interpolate2d"),
    ("interpolate", "interpolate2d"),
    ("unfold", "unfold4d"),
    ("fold", "fold4d"),
    ("cosine", "cosine_similarity"),
];

/// The layer that is most likely meant by a name that is none.
#[must_use]
pub fn meant(name: &str) -> Option<&'static str> {
    alike(name).or_else(|| nearest(name, proposed()))
}

/// The fault of a name that is no layer's, and may be meant as that of `other`.
// error: there is no layer `lineer` [D0104]
#[must_use]
pub fn unknown(name: &str, other: Option<&str>) -> Fault {
    let fault = Fault::new(Code::UnknownLayer, format!("there is no layer `{name}`"));
    match meant(name).or(other) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help("a module of your own is named by its type, in upper camel case"),
    }
}

/// The layer of another spelling, of another library's name, or of another number of axes: `ReLU`, `fc`,
/// `BatchNorm1d`.
#[must_use]
pub fn alike(name: &str) -> Option<&'static str> {
    let letters = squeezed(name);
    let axes = ["1d", "2d", "3d"];
    let stem = axes.iter().find_map(|axes| letters.strip_suffix(axes));
    let known = |letters: &str| {
        let mut all = proposed();
        let elsewhere = || ELSEWHERE.iter().find(|(other, _)| *other == letters);
        all.find(|layer| squeezed(layer) == letters)
            .or_else(|| Some(elsewhere()?.1))
            .filter(|layer| is_known(layer))
    };
    known(&letters).or_else(|| known(stem?))
}

/// Without `_`, in lower case.
pub(crate) fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|letter| *letter != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_libraries_are_understood() {
        for (name, layer) in [
            ("Linear", "linear"),
            ("ReLU", "relu"),
            ("fc", "linear"),
            ("Dense", "linear"),
            ("bn", "batch_norm"),
            ("BatchNorm1d", "batch_norm"),
            ("Dropout2d", "dropout"),
            ("MaxPool2D", "max_pool2d"),
            ("maxpool", "max_pool2d"),
            ("Conv2d", "conv2d"),
            ("lineer", "linear"),
            ("Upsample", "interpolate2d"),
            ("cat", "concat"),
        ] {
            assert_eq!(meant(name), Some(layer), "{name}");
        }
        assert_eq!(meant("Teacher"), None);
        assert_eq!(alike("lineer"), None);
    }
}

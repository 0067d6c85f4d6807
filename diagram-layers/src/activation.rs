//! Activations inside of layers, by the names of their own layers: `activation = relu`.

use crate::layers::{self, Layer};

/// Those that Burn has inside of layers, without the two that have weights: Burn neither trains nor saves
/// those in every layer.
pub const WITHOUT_SETTINGS: [&str; 8] = [
    "relu",
    "gelu",
    "tanh",
    "sigmoid",
    "selu",
    "hard_swish",
    "softsign",
    "identity",
];

/// Those that have settings.
pub const WITH_SETTINGS: [&str; 9] = [
    "leaky_relu",
    "elu",
    "celu",
    "softplus",
    "hard_sigmoid",
    "hard_shrink",
    "soft_shrink",
    "shrink",
    "thresholded_relu",
];

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    WITHOUT_SETTINGS.iter().chain(&WITH_SETTINGS).copied()
}

/// The activation of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Layer> {
    layers::find(name).filter(|_| names().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_is_a_layer() {
        for name in super::names() {
            assert!(super::find(name).is_some(), "{name}");
        }
    }
}

//! Activations inside of layers, by the names of their own layers: `activation = relu`.
//!
//! They are those that Burn has there, without the two that have weights: Burn neither trains nor saves these in
//! every layer.

use crate::layers::{self, Layer};

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    layers::names().filter(|name| find(name).is_some())
}

/// The activation of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Layer> {
    layers::find(name).filter(|layer| layer.inside)
}

#[cfg(test)]
mod tests {
    #[test]
    fn which_activations_stand_inside_of_layers() {
        let names: Vec<_> = super::names().collect();
        assert_eq!(
            names.join(" "),
            "relu gelu tanh sigmoid selu hard_swish softsign leaky_relu elu celu hard_sigmoid hard_shrink \
             soft_shrink shrink softplus thresholded_relu identity"
        );
        for layer in names.iter().filter_map(|name| super::find(name)) {
            assert!(layer.keeps_shape && !layer.has_weights(), "{}", layer.name);
        }
    }
}

//! The variables of what layers of several tensors are given: sequences, and the masks behind each.

use diagram_layers::layers;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::At;

/// The variables of a sequence and of its masks.
pub(super) struct Sequence {
    pub(super) tensor: Ident,
    pub(super) padding: Option<Ident>,
    pub(super) attention: Option<Ident>,
}

/// The sequences that a layer is given.
pub(super) fn sequences(at: &At<'_>) -> Vec<Sequence> {
    let idents = at.input_idents();
    let ident = |position: usize| idents.get(position).cloned();
    let sequences = layers::sequences(at.inputs).into_iter();
    let sequences = sequences.filter_map(|given| {
        Some(Sequence {
            tensor: ident(given.position)?,
            padding: given.padding().and_then(ident),
            attention: given.attention().and_then(ident),
        })
    });
    sequences.collect()
}

impl Sequence {
    /// With `causal = true`: the statements that hide later steps of the sequence, as well as what its attention
    /// mask hides. The variable that they end in becomes that mask.
    pub(super) fn hide_later(&mut self, at: &At<'_>) -> Option<TokenStream> {
        if at.call.switch("causal") != Some(true) {
            return None;
        }
        let (burn, sequence) = (at.burn, &self.tensor);
        let later = Ident::new("later", Span::call_site());
        let given = self.attention.replace(later.clone());
        let given = given.map(|mask| quote!(.bool_or(#mask)));
        Some(quote!(
            let [batch, steps, _] = #sequence.dims();
            let #later = #burn::nn::attention::generate_autoregressive_mask(
                batch,
                steps,
                &#sequence.device(),
            ) #given;
        ))
    }

    /// The calls that give Burn the masks there are.
    pub(super) fn set_masks(&self, padding: &str, attention: &str) -> TokenStream {
        let masks = [(padding, &self.padding), (attention, &self.attention)];
        let calls = masks.into_iter().filter_map(|(setter, mask)| {
            let mask = mask.as_ref()?;
            let setter = format_ident!("{setter}");
            Some(quote!(.#setter(#mask)))
        });
        calls.collect()
    }
}

/// A mask that Burn takes as an `Option`.
pub(super) fn option(mask: Option<&Ident>) -> TokenStream {
    match mask {
        Some(mask) => quote!(::core::option::Option::Some(#mask)),
        None => quote!(::core::option::Option::None),
    }
}

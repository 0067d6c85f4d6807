//! The code of the arguments of windows: sizes and paddings.

use diagram_core::{Dim, Padding};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::At;

impl At<'_> {
    /// How many axes its window moves over: all behind batch and channels.
    pub(super) fn window_axes(&self) -> usize {
        self.input().len().saturating_sub(2)
    }

    /// Sizes as Burn takes them: one for one axis, else an array.
    pub(super) fn sizes(&self, sizes: &[Dim]) -> TokenStream {
        let sizes: Vec<_> = sizes.iter().map(|size| self.size(size)).collect();
        match &sizes[..] {
            [one] => one.clone(),
            sizes => quote!([#(#sizes),*]),
        }
    }

    /// The sizes that an argument gives.
    pub(super) fn sizes_of(&self, name: &str) -> TokenStream {
        self.sizes(self.call.sizes(name).unwrap_or_default())
    }

    /// A padding as Burn takes it.
    pub(super) fn padding(&self, padding: &Padding) -> TokenStream {
        let (burn, axes) = (self.burn, self.window_axes());
        let config = format_ident!("PaddingConfig{axes}d");
        let padding = match padding {
            Padding::Same => quote!(Same),
            Padding::Valid => quote!(Valid),
            Padding::Explicit(sides) => {
                let before = sides.iter().map(|(before, _)| before);
                // Burn pads three axes alike on both sides.
                let after = sides.iter().map(|(_, after)| after).filter(|_| axes < 3);
                let sides = before.chain(after).map(|side| self.size(side));
                quote!(Explicit(#(#sides),*))
            }
        };
        quote!(#burn::nn::#config::#padding)
    }
}

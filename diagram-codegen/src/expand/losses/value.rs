//! What a loss becomes in a cell: the code of its values, and of the cell's value from them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::idents::{called, located};

/// A loss on its ends: a function of one tensor per end, by value, then the arguments, which returns the
/// values.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// Its path.
    pub(crate) function: TokenStream,
    /// What it takes after the ends.
    pub(crate) arguments: Vec<TokenStream>,
    /// Whether the elements of a unit are added up, and not averaged.
    pub(crate) sum: bool,
    /// What each unit counts in the mean by its class, which the last end holds, where not all count alike.
    pub(crate) counts: Option<Counts>,
    /// Whether the value is the exponential of the mean (`perplexity`).
    pub(crate) exponential: bool,
    /// That it is a function of the user's.
    pub(crate) own: Option<Own>,
    /// The rank of the weight, where that is a path.
    pub(crate) weight: Option<usize>,
    /// The rank of the mask, if there is one.
    pub(crate) mask: Option<usize>,
}

/// What a unit counts in the mean by its class.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// What each class counts; nothing if all count alike.
    pub(crate) weights: Vec<f64>,
    /// The classes that do not count.
    pub(crate) pad_tokens: Vec<TokenStream>,
    /// Further ones, which need not be among those that there are.
    pub(crate) ignored: Vec<TokenStream>,
}

/// A function of the user's.
#[derive(Debug)]
pub(crate) struct Own {
    /// How it is called in messages.
    pub(crate) name: String,
    /// Where each end stands.
    pub(crate) ends: Vec<Span>,
}

impl Counts {
    /// Whether all classes count alike.
    pub(super) fn is_empty(&self) -> bool {
        self.weights.is_empty() && self.pad_tokens.is_empty() && self.ignored.is_empty()
    }
}

impl Own {
    /// Its values, from the variables of its ends. What rustc says of them, it says at the function, at an end or
    /// at an argument.
    fn values(
        &self,
        runtime: &TokenStream,
        function: &TokenStream,
        names: &[Ident],
        arguments: &[TokenStream],
    ) -> TokenStream {
        let place = function.span().resolved_at(Span::call_site());
        let function = called(function);
        let ends = names.iter().zip(&self.ends).map(|(name, end)| {
            let mut name = name.clone();
            name.set_span(end.resolved_at(Span::call_site()));
            name
        });
        let tensor = located(&quote!(#runtime::Tensor<_>), place);
        let call = quote_spanned!(place=> #function(#(#ends,)* #(#arguments),*));
        quote_spanned!(place=> { let values: #tensor = #call; values })
    }
}

impl Built {
    /// The value of the cell, of shape `[1]`, from its ends, its weight and its mask, as far as those are paths.
    pub(crate) fn value(&self, runtime: &TokenStream, mut reads: Vec<TokenStream>) -> TokenStream {
        let mask = self.mask.and_then(|_| reads.pop());
        let weight = self.weight.and_then(|_| reads.pop());
        let ends = reads;
        let (function, arguments) = (&self.function, &self.arguments);
        let loss = quote!(#runtime::loss);
        let names: Vec<_> = (0..ends.len())
            .map(|end| format_ident!("end_{end}"))
            .collect();
        let values = match (&self.counts, &self.own, names.as_slice()) {
            (Some(counts), _, [before @ .., last]) => {
                let ignored = &counts.ignored;
                let classes = if counts.ignored.is_empty() {
                    quote!(#last.clone())
                } else {
                    quote!(#loss::known_classes(&#last, &[#(#ignored),*]))
                };
                quote!(#function(#(#before,)* #classes, #(#arguments),*))
            }
            (_, Some(own), _) => own.values(runtime, function, &names, arguments),
            _ => quote!(#function(#(#ends,)* #(#arguments),*)),
        };
        let values = match (&self.own, names.first()) {
            (Some(Own { name, .. }), Some(first)) => {
                let rank = self.weight.max(self.mask).unwrap_or(0);
                quote!({
                    let dims = #first.dims();
                    #runtime::own_values(#name, &dims, #rank, #values)?
                })
            }
            _ => values,
        };
        let values = if self.sum {
            let units = self.weight.max(self.mask).unwrap_or(1);
            quote!(#loss::sum_within::<_, #units>(#values))
        } else {
            values
        };
        let values = match weight {
            Some(weight) => quote!(#loss::weighted(#values, #weight)),
            None => values,
        };
        let mean = match (&self.counts, mask) {
            (None, None) => quote!(#values.mean()),
            (None, Some(mask)) => quote!(#loss::mean_where(#values, #mask)),
            (Some(counts), mask) => {
                let (last, weights) = (names.last(), &counts.weights);
                let without = counts.pad_tokens.iter().chain(&counts.ignored);
                let counts = quote! {
                    #loss::class_counts(&#last, &[#(#weights),*], &[#(#without),*], &values)
                };
                match mask {
                    None => quote!({
                        let values = #values;
                        let counts = #counts;
                        #loss::mean_by(#loss::only(values, counts.clone().bool()), counts)
                    }),
                    Some(mask) => quote!({
                        let values = #values;
                        let counts = #loss::only(#counts, #mask);
                        #loss::mean_by(#loss::only(values, counts.clone().bool()), counts)
                    }),
                }
            }
        };
        let mean = if self.exponential {
            quote!(#mean.exp())
        } else {
            mean
        };
        if self.counts.is_some() || self.own.is_some() {
            quote!({ #(let #names = #ends;)* #mean })
        } else {
            mean
        }
    }
}

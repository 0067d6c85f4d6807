//! What a loss becomes in a cell: the code of its values, and of the cell's value from them.

use diagram_core::{Dim, Limit};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Unit;
use crate::lower::scope::LearnedArgument;

/// A loss on its ends: a function of one tensor an end, by value, then the arguments, which returns the
/// values.
#[derive(Debug)]
pub struct Built {
    /// Its path.
    pub function: TokenStream,
    /// What it takes after the ends.
    pub arguments: Vec<TokenStream>,
    /// Those of its arguments that hyper-parameters give.
    pub limits: Vec<Limit>,
    /// Those of its arguments that are learned, each in a variable.
    pub learned: Vec<LearnedArgument>,
    /// How many classes the target tells apart, where it holds classes.
    pub classes: Option<Dim>,
    /// What its values are of.
    pub unit: Unit,
    /// The axes of its units, those of its elements where it has a value an element.
    pub units: Vec<Dim>,
    /// Whether the elements of a unit are added up, and not averaged.
    pub sum: bool,
    /// The function of the last end that gives what each unit counts in the mean, and what it takes after it.
    pub counts: Option<(TokenStream, Vec<TokenStream>)>,
    /// Whether the value is the exponential of the mean (`perplexity`).
    pub exponential: bool,
    /// How a function of the user's is called in messages.
    pub own: Option<String>,
    /// The rank of the weight, where that is a path.
    pub weight: Option<usize>,
    /// The rank of the mask, if there is one.
    pub mask: Option<usize>,
}

impl Built {
    /// A function of the ends and these arguments, which gives a value of each of these.
    pub(super) fn new(
        function: TokenStream,
        arguments: Vec<TokenStream>,
        unit: Unit,
        units: Vec<Dim>,
    ) -> Self {
        Built {
            function,
            arguments,
            limits: Vec::new(),
            learned: Vec::new(),
            classes: None,
            unit,
            units,
            sum: false,
            counts: None,
            exponential: false,
            own: None,
            weight: None,
            mask: None,
        }
    }

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
            (Some(_), _, [before @ .., last]) => {
                quote!(#function(#(#before,)* #last.clone(), #(#arguments),*))
            }
            // What rustc says of it, it says at the function.
            (_, Some(_), _) => {
                quote_spanned!(function.span()=> #function(#(#names,)* #(#arguments),*))
            }
            _ => quote!(#function(#(#ends,)* #(#arguments),*)),
        };
        let values = match (&self.own, names.first()) {
            (Some(name), Some(first)) => {
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
            (Some((counts, more)), mask) => {
                let last = names.last();
                let counts = quote!(#counts(&#last, #(#more,)* &values));
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

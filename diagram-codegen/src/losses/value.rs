//! What a loss becomes in a cell: the code of its values, and of the cell's value from them.

use diagram_core::{Dim, Limit};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Unit;
use crate::layers::arguments::Class;
use crate::lower::scope::{LearnedArgument, called, located};

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
    /// What each unit counts in the mean by its class, which the last end holds, where not all count alike.
    pub counts: Option<Counts>,
    /// Whether the value is the exponential of the mean (`perplexity`).
    pub exponential: bool,
    /// That it is a function of the user's.
    pub own: Option<Own>,
    /// The rank of the weight, where that is a path.
    pub weight: Option<usize>,
    /// The rank of the mask, if there is one.
    pub mask: Option<usize>,
}

/// What a unit counts in the mean by its class.
#[derive(Debug, Default)]
pub struct Counts {
    /// What each class counts; nothing if all count alike.
    pub weights: Vec<f64>,
    /// The classes that do not count.
    pub pad_tokens: Vec<Class>,
    /// Further ones, which need not be among those that there are.
    pub ignored: Vec<Class>,
}

/// A function of the user's.
#[derive(Debug)]
pub struct Own {
    /// How it is called in messages.
    pub name: String,
    /// Where each end stands.
    pub ends: Vec<Span>,
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
            (Some(counts), _, [before @ .., last]) => {
                let ignored = counts.ignored.iter().map(|class| class.code(runtime));
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
                let without = without.map(|class| class.code(runtime));
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

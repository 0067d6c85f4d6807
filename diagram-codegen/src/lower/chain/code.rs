//! The code of a chain: fields of a module, one expression a step, and a module for each `repeat`.

use std::collections::HashMap;

use diagram_core::Product;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::Side;
use super::shapes::{Kind, Typed, steps};
use crate::layers::Field;
use crate::lower::names::{camel_case, generated};
use crate::lower::scope::{Scope, dim_ident, field_ident, size_code_by};
use crate::lower::{Body, Copies};

/// The variables that hold the factors of an input: `x`, `x1`, `x2`.
pub(crate) fn input_idents(count: usize) -> Vec<Ident> {
    let name = |index| match index {
        0 => field_ident("x"),
        _ => format_ident!("x{index}", span = Span::call_site()),
    };
    (0..count).map(name).collect()
}

/// Several as a tuple, one as itself.
pub(crate) fn tuple(parts: &[impl ToTokens]) -> TokenStream {
    match parts {
        [one] => one.to_token_stream(),
        several => quote!((#(#several),*)),
    }
}

/// An expression in which the factors of the input `x` are variables of their own.
fn opened(count: usize, code: &TokenStream) -> TokenStream {
    if count == 1 {
        return code.clone();
    }
    let inputs = tuple(&input_idents(count));
    quote!({ let #inputs = x; #code })
}

/// The body of a morphism that is made of these steps.
pub(super) fn body<'a>(
    model: &Ident,
    scope: &Scope,
    morphism: &str,
    input: &Product,
    typed: Vec<Typed>,
) -> Body<'a> {
    let mut module = Module::new(model, scope, camel_case(morphism));
    let forward = module.chain(input, typed);
    Body::Layers {
        fields: module.fields,
        forward,
        reads: module.reads,
        copies: module.copies,
    }
}

/// A module whose fields are numbered by layer, in order: `linear_1`, `linear_2`.
struct Module<'n> {
    /// The diagram, and what of it the module is: together they are its name.
    model: &'n Ident,
    what: String,
    scope: &'n Scope,
    numbers: HashMap<&'static str, usize>,
    fields: Vec<(Ident, Field)>,
    /// The dynamic dims that its `forward` is told.
    reads: Vec<String>,
    copies: Vec<Copies>,
}

impl<'n> Module<'n> {
    fn new(model: &'n Ident, scope: &'n Scope, what: String) -> Self {
        Module {
            model,
            what,
            scope,
            numbers: HashMap::new(),
            fields: Vec::new(),
            reads: Vec::new(),
            copies: Vec::new(),
        }
    }

    fn read(&mut self, dims: &[String]) {
        for dim in dims {
            if !self.reads.contains(dim) {
                self.reads.push(dim.clone());
            }
        }
    }

    /// `linear_2`
    fn number(&mut self, name: &'static str) -> String {
        let number = self.numbers.entry(name).or_insert(0);
        *number += 1;
        format!("{name}_{number}")
    }

    /// One expression a step, where `x` is its input: a tensor, or a tuple of those of a product.
    fn chain(&mut self, input: &Product, typed: Vec<Typed>) -> Vec<TokenStream> {
        let mut forward = Vec::new();
        let mut input = input.clone();
        for one in typed {
            let output = one.output.clone();
            match one.kind {
                Kind::Layer(layer, built) => {
                    let name = layer.name;
                    self.read(&built.reads);
                    forward.extend(match (built.field, built.forward) {
                        (Some(field), code) => Some(self.layer(name, field, code, input.0.len())),
                        (None, code) => code.map(|code| opened(input.0.len(), &code)),
                    });
                }
                Kind::Power(times, inner) => {
                    let names: Vec<_> = times.symbols().into_iter().map(str::to_owned).collect();
                    self.read(&names);
                    let times = size_code_by(&times, &|name| dim_ident(name).to_token_stream());
                    let inner = self.chain(&input, inner);
                    forward.push(quote!({
                        let mut x = x;
                        for _ in 0..#times {
                            x = { #(let x = #inner;)* x };
                        }
                        x
                    }));
                }
                Kind::Parallel(side, chains) => {
                    forward.push(self.parallel(side, &input, chains, output.0.len()));
                }
                Kind::Residual(inner) => {
                    let inner = self.chain(&input, inner);
                    forward.push(quote!({
                        let shortcut = ::core::clone::Clone::clone(&x);
                        #(let x = #inner;)*
                        shortcut + x
                    }));
                }
                Kind::Copies(copies, inner) => {
                    let count = self.scope.size_code(&copies);
                    forward.push(self.copies(&count, one.text, &input, inner));
                }
                Kind::Unrolled(all) => {
                    for copy in all {
                        let end = copy.last().map(|last| last.output.clone());
                        forward.extend(self.chain(&input, copy));
                        input = end.unwrap_or(input);
                    }
                }
            }
            input = output;
        }
        forward
    }

    /// A tuple of what chains give side by side; `count` factors in all.
    fn parallel(
        &mut self,
        side: Side,
        input: &Product,
        chains: Vec<Vec<Typed>>,
        count: usize,
    ) -> TokenStream {
        let inputs = input_idents(input.0.len());
        let last = chains.len().saturating_sub(1);
        let mut names = (0..count).map(|index| format_ident!("y{index}", span = Span::call_site()));
        let mut code = TokenStream::new();
        let mut all = Vec::new();
        for (position, chain) in chains.into_iter().enumerate() {
            let (given, start) = match side {
                Side::Copied if position < last => {
                    (quote!(::core::clone::Clone::clone(&x)), input.clone())
                }
                Side::Copied => (quote!(x), input.clone()),
                Side::Split => {
                    let factor = input.0.get(position).cloned();
                    let (given, factor) = (inputs.get(position), factor.map(Product::from));
                    (quote!(#given), factor.unwrap_or_else(|| input.clone()))
                }
            };
            let width = chain.last().map_or(&start, |last| &last.output).0.len();
            let inner = self.chain(&start, chain);
            let results: Vec<_> = names.by_ref().take(width).collect();
            let pattern = tuple(&results);
            code.extend(quote!(let #pattern = { let x = #given; #(let x = #inner;)* x };));
            all.extend(results);
        }
        let all = tuple(&all);
        let open = (side == Side::Split).then(|| {
            let inputs = tuple(&inputs);
            quote!(let #inputs = x;)
        });
        quote!({ #open #code #all })
    }

    /// A field for a layer, and the call of it: `code`, where it is `layer`, or else its `forward`.
    fn layer(
        &mut self,
        name: &'static str,
        field: Field,
        code: Option<TokenStream>,
        inputs: usize,
    ) -> TokenStream {
        let ident = field_ident(&self.number(name));
        let call = match code {
            None => {
                let inputs = input_idents(inputs);
                quote!(self.#ident.forward(#(#inputs),*))
            }
            Some(code) => quote!({ let layer = &self.#ident; #code }),
        };
        let call = opened(inputs, &call);
        self.fields.push((ident, field));
        call
    }

    /// A field for copies, and their calls in turn.
    fn copies(
        &mut self,
        count: &TokenStream,
        text: String,
        shape: &Product,
        inner: Vec<Typed>,
    ) -> TokenStream {
        let number = self.number("repeat");
        let what = format!("{}{}", self.what, camel_case(&number));
        let (ty, field) = (generated(self.model, &what), field_ident(&number));
        let steps = steps(&inner);
        let mut module = Module::new(self.model, self.scope, what);
        let forward = module.chain(shape, inner);
        let names = module.fields.iter().map(|(name, _)| name);
        let inits = module.fields.iter().map(|(_, field)| &field.init);
        let init = quote!(::core::iter::Iterator::collect(::core::iter::Iterator::map(
            0..#count,
            |_| #ty { #(#names: #inits),* }
        )));
        let list = quote!(::std::vec::Vec<#ty>);
        self.fields.push((field.clone(), Field { ty: list, init }));
        self.read(&module.reads);
        let reads = module.reads.iter().map(|name| dim_ident(name));
        let inputs = input_idents(shape.0.len());
        let call = quote!(copy.forward(#(#inputs),* #(, #reads)*));
        let call = opened(inputs.len(), &call);
        let call = quote!({
            let mut x = x;
            for copy in &self.#field {
                x = #call;
            }
            x
        });
        self.copies.push(Copies {
            field,
            ty,
            text,
            shape: shape.clone(),
            steps,
            fields: module.fields,
            forward,
            reads: module.reads,
            copies: module.copies,
        });
        call
    }
}

//! The code of a chain: fields of a module, one expression a step, and a module for each `repeat`.

use std::collections::HashMap;

use diagram_core::Shape;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::shapes::{Kind, Typed, steps};
use crate::layers::Field;
use crate::lower::names::{camel_case, generated};
use crate::lower::scope::{dim_ident, field_ident, size_code};
use crate::lower::{Body, Copies};

/// The body of a morphism that is made of these steps.
pub(super) fn body<'a>(
    model: &Ident,
    morphism: &str,
    input: &Shape,
    typed: Vec<Typed>,
) -> Body<'a> {
    let mut module = Module::new(model, camel_case(morphism));
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
    numbers: HashMap<&'static str, usize>,
    fields: Vec<(Ident, Field)>,
    /// The dynamic dims that its `forward` is told.
    reads: Vec<String>,
    copies: Vec<Copies>,
}

impl<'n> Module<'n> {
    fn new(model: &'n Ident, what: String) -> Self {
        Module {
            model,
            what,
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

    /// One expression a step, where `x` is its input.
    fn chain(&mut self, input: &Shape, typed: Vec<Typed>) -> Vec<TokenStream> {
        let mut forward = Vec::new();
        let mut input = input.clone();
        for one in typed {
            let output = one.output.clone();
            match one.kind {
                Kind::Layer(name, built) => {
                    self.read(&built.reads);
                    forward.extend(match (built.field, built.forward) {
                        (Some(field), code) => Some(self.layer(name, field, code)),
                        (None, code) => code,
                    });
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
                    let count = size_code(&copies, &quote!(self));
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

    /// A field for a layer, and the call of it: `code`, where it is `layer`, or else its `forward`.
    fn layer(
        &mut self,
        name: &'static str,
        field: Field,
        code: Option<TokenStream>,
    ) -> TokenStream {
        let ident = field_ident(&self.number(name));
        let call = match code {
            None => quote!(self.#ident.forward(x)),
            Some(code) => quote!({ let layer = &self.#ident; #code }),
        };
        self.fields.push((ident, field));
        call
    }

    /// A field for copies, and their calls in turn.
    fn copies(
        &mut self,
        count: &TokenStream,
        text: String,
        shape: &Shape,
        inner: Vec<Typed>,
    ) -> TokenStream {
        let number = self.number("repeat");
        let what = format!("{}{}", self.what, camel_case(&number));
        let (ty, field) = (generated(self.model, &what), field_ident(&number));
        let steps = steps(&inner);
        let mut module = Module::new(self.model, what);
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
        let call = quote!({
            let mut x = x;
            for copy in &self.#field {
                x = copy.forward(x #(, #reads)*);
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

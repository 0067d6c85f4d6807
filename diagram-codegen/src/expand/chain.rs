//! The code of a chain of layers: fields of a module, one expression per step, and a module for each `repeat`.

use std::collections::HashMap;

use diagram_core::{Combinator, Layer, Product, Side, Step, StepKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::layers::{self, At, Field};
use super::sizes::size_code_by;
use crate::idents::{camel_case, dim_ident, field_ident, generated, input_idents, tuple};
use crate::scope::Scope;

/// The module of a morphism that is made of layers.
#[derive(Default)]
pub(crate) struct Chain {
    /// The layers that need a field, by name.
    pub(crate) fields: Vec<(Ident, Field)>,
    /// What is done to `x`, in order.
    pub(crate) forward: Vec<TokenStream>,
    /// The dynamic dims that this reads, as variables of [`dim_ident`]'s names.
    pub(crate) reads: Vec<String>,
    /// The modules of those fields that hold the copies of a `repeat`.
    pub(crate) copies: Vec<Copies>,
}

/// The module of the copies of a `repeat`, which keep the shape.
pub(crate) struct Copies {
    /// The field that holds the copies.
    pub(crate) field: Ident,
    /// The module's type.
    pub(crate) ty: Ident,
    /// The `repeat`, as written.
    pub(crate) text: String,
    /// The shapes before and after each copy.
    pub(crate) shape: Product,
    /// The steps of a copy.
    pub(crate) steps: Vec<Step>,
    /// The module of one copy.
    pub(crate) chain: Chain,
}

impl Chain {
    /// The module of a morphism that is made of these steps.
    pub(crate) fn of(
        (model, morphism): (&Ident, &str),
        scope: &Scope,
        burn: &TokenStream,
        input: &Product,
        steps: &[Step],
    ) -> Self {
        let mut module = Module {
            model,
            what: camel_case(morphism),
            scope,
            burn,
            numbers: HashMap::new(),
            made: Chain::default(),
        };
        module.made.forward = module.chain(input, steps);
        module.made
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

/// A module whose fields are numbered by layer, in order: `linear_1`, `linear_2`.
struct Module<'n> {
    /// The diagram, and what of it the module is: together they are its name.
    model: &'n Ident,
    what: String,
    scope: &'n Scope,
    burn: &'n TokenStream,
    numbers: HashMap<String, usize>,
    made: Chain,
}

impl Module<'_> {
    fn read(&mut self, dims: &[String]) {
        for dim in dims {
            if !self.made.reads.contains(dim) {
                self.made.reads.push(dim.clone());
            }
        }
    }

    /// `linear_2`
    fn number(&mut self, name: &str) -> String {
        let number = self.numbers.entry(name.to_owned()).or_insert(0);
        *number += 1;
        format!("{name}_{number}")
    }

    /// One expression per step, where `x` is its input: a tensor, or a tuple of those of a product.
    fn chain(&mut self, input: &Product, steps: &[Step]) -> Vec<TokenStream> {
        let mut forward = Vec::new();
        let mut input = input;
        for step in steps {
            match &step.kind {
                StepKind::Layer(layer) => forward.extend(self.layer(layer, input, &step.output)),
                StepKind::Combinator(combinator) => {
                    self.combinator(combinator, step, input, &mut forward);
                }
            }
            input = &step.output;
        }
        forward
    }

    fn combinator(
        &mut self,
        combinator: &Combinator,
        step: &Step,
        input: &Product,
        forward: &mut Vec<TokenStream>,
    ) {
        match combinator {
            Combinator::Power { times } => {
                let names: Vec<_> = times.symbols().into_iter().map(str::to_owned).collect();
                self.read(&names);
                let times = size_code_by(times, &|name| dim_ident(name).to_token_stream());
                let inner = self.chain(input, &step.inner);
                forward.push(quote!({
                    let mut x = x;
                    for _ in 0..#times {
                        x = { #(let x = #inner;)* x };
                    }
                    x
                }));
            }
            Combinator::Parallel { side, .. } => forward.push(self.parallel(*side, input, step)),
            Combinator::Residual => {
                let inner = self.chain(input, &step.inner);
                forward.push(quote!({
                    let shortcut = ::core::clone::Clone::clone(&x);
                    #(let x = #inner;)*
                    shortcut + x
                }));
            }
            Combinator::Repeat { copies } => {
                let count = self.scope.size_code(copies);
                forward.push(self.copies(&count, step, input));
            }
            Combinator::Unrolled { .. } => {
                let mut input = input;
                for copy in step.chains() {
                    forward.extend(self.chain(input, copy));
                    input = copy.last().map_or(input, |last| &last.output);
                }
            }
        }
    }

    /// A tuple of the outputs of chains side by side.
    fn parallel(&mut self, side: Side, input: &Product, step: &Step) -> TokenStream {
        let (inputs, chains) = (input_idents(input.0.len()), step.chains());
        let last = chains.len().saturating_sub(1);
        let count = step.output.0.len();
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

    /// The call of a layer, and its field if it needs one. `None` where it changes nothing.
    fn layer(&mut self, layer: &Layer, input: &Product, output: &Product) -> Option<TokenStream> {
        let name = &layer.call.name;
        let code = layers::code(name)?;
        let built = code(&At {
            call: &layer.call.simplified(),
            inputs: &input.0,
            output,
            scope: self.scope,
            burn: self.burn,
        });
        self.read(&built.reads);
        let inputs = input.0.len();
        let Some(field) = built.field else {
            return built.forward.map(|code| opened(inputs, &code));
        };
        let ident = field_ident(&self.number(name));
        let call = match built.forward {
            None => {
                let inputs = input_idents(inputs);
                quote!(self.#ident.forward(#(#inputs),*))
            }
            Some(code) => quote!({ let layer = &self.#ident; #code }),
        };
        self.made.fields.push((ident, field));
        Some(opened(inputs, &call))
    }

    /// A field for copies, and their calls in turn.
    fn copies(&mut self, count: &TokenStream, step: &Step, shape: &Product) -> TokenStream {
        let number = self.number("repeat");
        let what = format!("{}{}", self.what, camel_case(&number));
        let (ty, field) = (generated(self.model, &what), field_ident(&number));
        let chain = Chain::of(
            (self.model, &what),
            self.scope,
            self.burn,
            shape,
            &step.inner,
        );
        let names = chain.fields.iter().map(|(name, _)| name);
        let inits = chain.fields.iter().map(|(_, field)| &field.init);
        let init = quote!(::core::iter::Iterator::collect(::core::iter::Iterator::map(
            0..#count,
            |_| #ty { #(#names: #inits),* }
        )));
        let list = quote!(::std::vec::Vec<#ty>);
        self.made
            .fields
            .push((field.clone(), Field { ty: list, init }));
        self.read(&chain.reads);
        let reads = chain.reads.iter().map(|name| dim_ident(name));
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
        self.made.copies.push(Copies {
            field,
            ty,
            text: step.to_string(),
            shape: shape.clone(),
            steps: step.inner.clone(),
            chain,
        });
        call
    }
}

//! The code of every loss: a function of the runtime under the name of the row of `diagram_layers::losses`, and what
//! it takes after the ends.
//!
//! The rule of a row has typed the call before: its code finds all that it needs.

use diagram_core::{Call, Dim, Measure, Shape};
use diagram_layers::losses::{self, ITSELF};
use diagram_layers::{Parameter, ParameterKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scalars::{For, flag_code};
use crate::scope::Scope;

mod classes;
pub(crate) mod function;
mod value;

pub(crate) use value::Built;
use value::Counts;

/// A loss with its arguments, on its ends.
pub(crate) struct At<'a> {
    /// The loss.
    pub(crate) call: &'a Call,
    /// The shapes of the ends, the prediction's first.
    pub(crate) ends: &'a [Shape],
    /// What names stand for.
    pub(crate) scope: &'a Scope,
    /// The path of the runtime in generated code (`…::loss::kl` is a function there).
    pub(crate) runtime: &'a TokenStream,
    /// The expression whose fields are the hyper-parameters of type `f64` in generated code.
    pub(crate) hypers: &'a TokenStream,
    /// The expression whose fields are those of other types.
    pub(crate) config: &'a TokenStream,
}

/// The code of a loss.
type Code = fn(&At<'_>) -> Built;

/// The code of the losses that are more than a function of their name on all arguments.
static OTHERS: [(&str, Code); 5] = [
    ("cross_entropy", classes::cross_entropy),
    ("accuracy", classes::along),
    ("top_k", classes::top_k),
    ("perplexity", classes::perplexity),
    ("soft_cross_entropy", classes::soft_cross_entropy),
];

/// The code of a loss, a function of the user's or a path that is minimised as it is.
pub(crate) fn built(
    measure: &Measure,
    ends: &[Shape],
    places: &function::Places<'_>,
    scope: &Scope,
    runtime: &TokenStream,
) -> Built {
    let (hypers, config) = (quote!(self.hyper), quote!(self.config));
    let call = match measure {
        Measure::Itself => Call::new(ITSELF.name),
        Measure::Loss(call) => call.simplified(),
        Measure::Function {
            function,
            arguments,
        } => {
            let arguments = arguments.as_deref().unwrap_or_default();
            return function::built((function, arguments), places, scope, (&hypers, &config));
        }
    };
    At {
        call: &call,
        ends,
        scope,
        runtime,
        hypers: &hypers,
        config: &config,
    }
    .built()
}

impl At<'_> {
    fn built(&self) -> Built {
        if self.call.name == ITSELF.name {
            return self.function("itself", Vec::new());
        }
        let mut others = OTHERS.iter();
        match others.find(|(name, _)| *name == self.call.name) {
            Some((_, code)) => code(self),
            None => self.plain(),
        }
    }

    /// A function of the runtime's, on the ends and these arguments.
    fn function(&self, function: &str, arguments: Vec<TokenStream>) -> Built {
        let (runtime, name) = (self.runtime, format_ident!("{function}"));
        Built {
            function: quote!(#runtime::loss::#name),
            arguments,
            sum: self.call.word("reduce") == Some("sum"),
            ..Built::default()
        }
    }

    /// The runtime's function of the loss's name, on the ends and all arguments in the order of the table,
    /// except those that say how a unit is read.
    fn plain(&self) -> Built {
        let parameters = losses::find(&self.call.name).map_or(&[][..], |loss| loss.parameters);
        let apart =
            |parameter: &&Parameter| !matches!(parameter.name, "reduce" | "axis" | "ignore");
        let arguments = parameters.iter().filter(apart);
        let arguments = arguments.map(|parameter| self.argument(parameter));
        self.function(&self.call.name, arguments.collect())
    }

    /// An argument, or what stands for it.
    fn argument(&self, parameter: &Parameter) -> TokenStream {
        let (call, name) = (self.call, parameter.name);
        let size = |size: &Dim| self.scope.size_code_of(size, self.config);
        let given = match &parameter.kind {
            ParameterKind::Float(range) => call.float(name).map(|scalar| {
                let given = For {
                    argument: name,
                    range: *range,
                };
                self.scope.scalar_code(scalar, self.hypers, given)
            }),
            ParameterKind::Flag => call.flag(name).map(|flag| flag_code(flag, self.config)),
            ParameterKind::Size => call.size(name).map(size),
            ParameterKind::Sizes { .. } => call.sizes(name).and_then(<[Dim]>::first).map(size),
            ParameterKind::Numbers(_) => {
                let numbers = self.numbers(name);
                Some(quote!(&[#(#numbers),*]))
            }
            _ => None,
        };
        given.unwrap_or_else(|| parameter.default.parse().unwrap_or_default())
    }

    /// The numbers that an argument gives.
    fn numbers(&self, name: &str) -> Vec<f64> {
        let numbers = self.call.numbers(name).unwrap_or_default().iter();
        numbers.map(|number| number.get()).collect()
    }
}

#[cfg(test)]
mod tests;

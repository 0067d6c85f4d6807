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

/// The code of every loss, by the name of its row.
static CODE: [(&str, Code); 30] = [
    ("mse", plain),
    ("l1", plain),
    ("l2", plain),
    ("lp", plain),
    ("huber", plain),
    ("smooth_l1", plain),
    ("poisson_nll", plain),
    ("gaussian_nll", plain),
    ("binary_cross_entropy", plain),
    ("hinge_embedding", plain),
    ("soft_margin", plain),
    ("margin_ranking", plain),
    ("cross_entropy", classes::cross_entropy),
    ("multi_margin", plain),
    ("accuracy", classes::along),
    ("top_k", classes::top_k),
    ("perplexity", classes::perplexity),
    ("kl", plain),
    ("soft_cross_entropy", classes::soft_cross_entropy),
    ("kl_normal", plain),
    ("cosine", plain),
    ("cosine_embedding", plain),
    ("triplet", plain),
    ("triplet_margin", plain),
    ("info_nce", plain),
    ("barlow_twins", plain),
    ("variance", plain),
    ("covariance", plain),
    ("ctc", plain),
    ("rnnt", plain),
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
        let mut codes = CODE.iter();
        let code = codes.find(|(name, _)| *name == self.call.name);
        code.map_or_else(Built::default, |(_, code)| code(self))
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

    /// What the function is given for a parameter: the argument, or what stands for it. Nothing for one that says
    /// how units are read, which is done outside of the function.
    fn argument(&self, parameter: &Parameter) -> Option<TokenStream> {
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
            _ => return None,
        };
        Some(given.unwrap_or_else(|| parameter.default.parse().unwrap_or_default()))
    }

    /// The numbers that an argument gives.
    fn numbers(&self, name: &str) -> Vec<f64> {
        let numbers = self.call.numbers(name).unwrap_or_default().iter();
        numbers.map(|number| number.get()).collect()
    }
}

/// The runtime's function of the loss's name, on the ends and its arguments in the order of the table.
fn plain(at: &At<'_>) -> Built {
    let row = losses::find(&at.call.name);
    let parameters = row.map_or(&[][..], |loss| loss.parameters).iter();
    let arguments = parameters.filter_map(|parameter| at.argument(parameter));
    at.function(&at.call.name, arguments.collect())
}

#[cfg(test)]
mod tests;

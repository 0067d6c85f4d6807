//! Constants: their values in the configuration, and what rustc is to check.

use std::fmt::Write;

use diagram_core::dim::Relation;
use diagram_core::{Dim, Fault};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::{Context, signature};
use crate::diagnostic::outdented;
use crate::expand::sizes::value_code;
use crate::lower::{Assertion, Lowered};

/// Stands around the number of a dim where its value belongs.
const MARK: char = '\0';

/// What rustc is to check, a constant each.
pub(super) struct Checks {
    /// What no generics decide.
    fixed: Vec<TokenStream>,
    /// What generics decide, by name: constants of the model, which are evaluated where one is built.
    pub(super) generic: Vec<(Ident, TokenStream)>,
}

impl Checks {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let signatures = signature::checks(context).into_iter();
        let is_generic = |check: &TokenStream| !context.generics.named_in(check).is_empty();
        let (mut generic, fixed): (Vec<_>, Vec<_>) =
            signatures.partition(|(_, check)| is_generic(check));
        let fixed = fixed.into_iter().chain(assertions(context, false));
        let fixed = fixed.map(|(_, check)| check).collect();
        generic.extend(assertions(context, true));
        Checks { fixed, generic }
    }
}

pub(super) fn items(context: &Context<'_>, checks: &Checks) -> TokenStream {
    let values = values(context);
    let fixed = checks.fixed.iter();
    let fixed = fixed.map(|check| quote!(#[allow(deprecated)] const _: () = #check;));
    let generic = checks.generic.iter();
    let generic: Vec<_> = generic
        .map(|(name, check)| quote!(const #name: () = #check;))
        .collect();
    let (implementing, model) = (context.implementing(), context.model_type());
    let generic = (!generic.is_empty()).then(|| {
        quote! {
            #[allow(dead_code, deprecated)]
            #implementing #model { #(#generic)* }
        }
    });
    quote!(#values #(#fixed)* #generic)
}

/// The values of the constants that no generics decide. Here each is named once, where rustc says what is
/// wrong with its name and type.
fn values(context: &Context<'_>) -> Option<TokenStream> {
    let constants = context.lowered.scope.constants();
    let aliases = constants.iter().filter_map(|constant| {
        let (alias, path) = (constant.alias.as_ref()?, &constant.path.0);
        Some(quote!(const #alias: usize = #path;))
    });
    let aliases: Vec<_> = aliases.collect();
    let config = context.named("Config");
    (!aliases.is_empty()).then(|| {
        quote! {
            #[allow(dead_code, deprecated)]
            impl #config { #(#aliases)* }
        }
    })
}

/// The paths of the constants that generics decide.
pub(super) fn decided_by_generics(lowered: &Lowered<'_>) -> TokenStream {
    let constants = lowered.scope.constants();
    let decided = constants.iter().filter(|one| one.alias.is_none());
    let paths = decided.map(|one| one.path.0.to_token_stream());
    paths.collect()
}

/// The names and values of constants, for the checks at run time; without those that generics decide where
/// they have no values.
pub(super) fn sizes(
    context: &Context<'_>,
    config: &TokenStream,
    generic: bool,
) -> Vec<TokenStream> {
    let constants = context.lowered.scope.constants();
    let known = constants
        .iter()
        .filter(|one| generic || one.alias.is_some());
    let pairs = known.map(|constant| {
        let (name, path) = (&constant.name, &constant.path.0);
        // What generics decide is named here, where rustc says what is wrong with its name and type.
        let value = match &constant.alias {
            Some(_) => constant.code(config),
            None => quote!(#path),
        };
        quote!((#name, #value))
    });
    pairs.collect()
}

/// What it is to check of constants.
fn assertions(context: &Context<'_>, generic: bool) -> impl Iterator<Item = (Ident, TokenStream)> {
    let runtime = &context.runtime;
    let all = context.lowered.assertions.iter().enumerate();
    all.filter_map(move |(index, together)| {
        let checks = together.iter().filter(|one| one.generic == generic);
        let checks: Vec<_> = checks.map(|one| check(context, one)).collect();
        let name = format_ident!("__ASSERTED_{index}");
        let body = quote!({ use #runtime::{Piece, assert}; #(#checks)* });
        (!checks.is_empty()).then_some((name, body))
    })
}

/// A check at the place of what it speaks of.
fn check(context: &Context<'_>, assertion: &Assertion) -> TokenStream {
    let constants = context.lowered.scope.constants();
    let config = context.named("Config");
    let value = |dim: &Dim| {
        value_code(dim, &|symbol| {
            let constant = constants.iter().find(|constant| constant.name == symbol);
            constant.map_or_else(TokenStream::new, |one| one.code(&quote!(#config)))
        })
    };
    let (left, right) = (value(&assertion.fact.left), value(&assertion.fact.right));
    let holds = match assertion.fact.relation {
        Relation::Equal => quote!(#left == #right),
        Relation::AtLeast => quote!(#left >= #right),
    };
    let (text, dims) = marked(assertion);
    let pieces = text.split(MARK).enumerate().map(|(index, piece)| {
        // Every second piece is the number of a dim.
        let dim = piece
            .parse()
            .ok()
            .and_then(|number: usize| dims.get(number));
        match dim.filter(|_| index % 2 == 1) {
            Some(dim) => {
                let value = value(dim);
                quote!(Piece::Value(#value))
            }
            None => quote!(Piece::Text(#piece)),
        }
    });
    // rustc shows the call: from the function to its arguments.
    let arguments = quote!(#holds, &[#(#pieces),*]);
    let mut group = Group::new(proc_macro2::Delimiter::Parenthesis, arguments);
    group.set_span(assertion.place.end);
    let group = TokenTree::Group(group);
    let function = Ident::new("assert", assertion.place.start);
    quote!(#function #group;)
}

/// The text of a fault with marks where values belong: behind the dims and constants that its first line
/// names, else in a note. Beside it the dims, by number.
fn marked(assertion: &Assertion) -> (String, Vec<Dim>) {
    let Assertion { fact, fault, .. } = assertion;
    let symbols = fact.symbols().into_iter().map(Dim::symbol);
    let mut dims: Vec<Dim> = [&fact.left, &fact.right].into_iter().cloned().collect();
    dims.retain(|dim| dim.literal().is_none());
    dims.extend(symbols);
    let mut fault = Fault {
        detail: None,
        ..fault.clone()
    };
    let mut note = String::new();
    for (number, dim) in dims.iter().enumerate() {
        let (name, mark) = (dim.quoted(), format!(" = {MARK}{number}{MARK}"));
        let known = fault.message.contains(&format!("{name} = {MARK}"));
        match fault.message.find(&name) {
            Some(_) if known => {}
            Some(at) => fault.message.insert_str(at + name.len(), &mark),
            None if matches!(dim, Dim::Symbol(_)) => {
                let comma = if note.is_empty() { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(note, "{comma}{name}{mark}");
            }
            None => {}
        }
    }
    if !note.is_empty() {
        fault = fault.note(note);
    }
    (outdented(&fault), dims)
}

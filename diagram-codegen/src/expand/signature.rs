//! What the caller's modules are stated to be (`#[signature]`), beside what is drawn: rustc compares.

use diagram_core::dim::{Fact, Facts, Relation};
use diagram_core::{Dim, Shape};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{Bodies, Context, Mapped};
use crate::idents::tuple;
use crate::lower::Body;
use crate::signature::{self, code};
use crate::syntax::tree::bare;

/// A constant assertion, with a name, for each morphism that is a module of the caller's, a method of one, or
/// a slot.
pub(super) fn checks(context: &Context<'_>) -> Vec<(Ident, TokenStream)> {
    if context.bodies == Bodies::Skeleton {
        return Vec::new();
    }
    // An average has the type and the ends of what it averages.
    let morphisms = context.morphisms().filter(|one| !one.is_average_field());
    let checks = morphisms.filter_map(|mapped| {
        let name = format_ident!("__SIGNATURE_{}", mapped.id.0);
        Some((name, check(context, &mapped)?))
    });
    checks.collect()
}

/// The block that asserts it.
fn check(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let (behind, method, at) = match mapped.body {
        Body::Method { of, method } => (context.mapped(*of), (*method).clone(), method.span()),
        Body::Slot { parameter, .. } => {
            let input = tuple(&context.space_tensors(mapped.ends()?.0));
            let drawn = drawn(context, mapped, "apply");
            let stated = quote!(<#parameter as #runtime::Map<#input>>::SIGNATURE);
            return Some(agree(runtime, &drawn, &stated, mapped.name.span()));
        }
        _ => {
            let place = mapped.name.span();
            let forward = format_ident!("forward", span = Span::call_site());
            (context.mapped(mapped.id), forward, place)
        }
    };
    let Body::Module { ty, .. } = behind.body else {
        return None;
    };
    let name = signature::name(&method);
    let drawn = drawn(context, mapped, &bare(&method));
    let agree = agree(runtime, &drawn, &quote!(<#ty>::#name), at);
    // A type's own constant comes before that of a trait, which says that nothing is stated.
    Some(quote! {{
        #[allow(dead_code, deprecated, non_upper_case_globals)]
        trait __Unstated {
            const #name: ::core::option::Option<#runtime::Stated> = ::core::option::Option::None;
        }
        impl<T: ?::core::marker::Sized> __Unstated for T {}
        #agree
    }})
}

/// The assertion, as if all of it stood at a place, where rustc then reports what is wrong.
fn agree(
    runtime: &TokenStream,
    drawn: &TokenStream,
    stated: &TokenStream,
    at: Span,
) -> TokenStream {
    let agree = Ident::new("agree", at);
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#drawn, #stated));
    arguments.set_span(at);
    quote!({ use #runtime::agree; #agree #arguments })
}

/// The arrow, over the symbols of a grid: those that are left after the facts are solved.
fn drawn(context: &Context<'_>, mapped: &Mapped<'_>, method: &str) -> TokenStream {
    let (runtime, diagram) = (&context.runtime, context.diagram());
    let morphism = mapped.morphism;
    let (constants, config) = (
        context.lowered.scope.constants(),
        context.named("Config").into_token_stream(),
    );
    let constant = |name: &str| constants.iter().find(|constant| constant.name == name);
    // Constants have their values here, so what is stated of them solves nothing.
    let given = diagram.facts.given().iter().cloned();
    let (of_constants, others): (Vec<Fact>, Vec<Fact>) = given.partition(|fact| {
        fact.symbols()
            .into_iter()
            .any(|name| constant(name).is_some())
    });
    let facts = Facts::new(others).unwrap_or_default();
    let ends = [&morphism.domain, &morphism.codomain];
    let objects = ends.map(|spaces| {
        let names = spaces.iter().map(|space| diagram.space(space));
        quote!(&[#(#names),*])
    });
    let ends = ends.map(|spaces| {
        let shapes = spaces.iter().map(|space| diagram.shape(space));
        shapes.collect::<Vec<Shape>>()
    });

    let mut symbols: Vec<&str> = Vec::new();
    for dim in ends.iter().flatten().flat_map(|shape| &shape.dims) {
        join(&mut symbols, &dim.symbols());
    }
    let solved = |name: &str| facts.apply(&Dim::symbol(name)).into_owned();
    let solutions: Vec<Dim> = symbols.iter().map(|name| solved(name)).collect();
    let mut grid: Vec<&str> = Vec::new();
    for dim in &solutions {
        join(&mut grid, &dim.symbols());
    }
    let of_constants = of_constants.iter().map(|fact| Fact {
        left: facts.apply(&fact.left).into_owned(),
        right: facts.apply(&fact.right).into_owned(),
        ..*fact
    });
    let conditions: Vec<Fact> = of_constants
        .chain(facts.conditions().iter().cloned())
        .filter(|fact| fact.symbols().iter().any(|name| grid.contains(name)))
        .collect();
    for fact in &conditions {
        join(&mut grid, &fact.symbols());
    }
    grid.retain(|name| constant(name).is_none());

    let in_grid = |name: &str| match constant(name) {
        Some(constant) => code::number(&constant.code(&config)),
        None => {
            let place = grid.iter().position(|known| *known == name);
            code::symbol(place.unwrap_or_default())
        }
    };
    let leaf = |name: &str| code::parts(&solved(name), &in_grid);
    let text = code::text(&ends);
    let ends = ends.each_ref().map(|shapes| code::factors(shapes, &leaf));
    let symbols = symbols.iter().zip(&solutions);
    let symbols = symbols.map(|(name, dim)| {
        let code = code::arithmetic(dim, &in_grid);
        quote!((#name, #code))
    });
    let conditions = conditions.iter().map(|fact| {
        let sign = match fact.relation {
            Relation::Equal => '=',
            Relation::AtLeast => '>',
        };
        let [left, right] = [&fact.left, &fact.right].map(|dim| code::arithmetic(dim, &in_grid));
        quote!((#sign, #left, #right))
    });
    let (name, size) = (&morphism.name, grid.len());
    quote! {
        &#runtime::Drawn {
            morphism: #name,
            method: #method,
            text: #text,
            objects: [#(#objects),*],
            ends: [#(#ends),*],
            grid: #size,
            facts: &[#(#conditions),*],
            symbols: &[#(#symbols),*],
        }
    }
}

/// Adds names that are not there yet.
fn join<'n>(names: &mut Vec<&'n str>, more: &[&'n str]) {
    for name in more {
        if !names.contains(name) {
            names.push(name);
        }
    }
}

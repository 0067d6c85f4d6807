//! What the caller's modules are stated to be (`#[signature]`), beside what is drawn: rustc compares.

use diagram_core::dim::Relation;
use diagram_core::{Dim, Shape};
use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Bodies, Context, Mapped};
use crate::lower::Body;
use crate::lower::scope::located;
use crate::signature::{self, code};
use crate::syntax::tree::bare;

/// A constant assertion for each morphism that is a module of the caller's, or a method of one.
pub(super) fn items(context: &Context<'_>) -> TokenStream {
    if context.bodies == Bodies::Skeleton {
        return TokenStream::new();
    }
    let all = context.morphisms();
    let checks = all.filter_map(|mapped| check(context, &mapped));
    checks.map(|check| quote!(const _: () = #check;)).collect()
}

/// The block that asserts it.
fn check(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (behind, method, at) = match mapped.body {
        Body::Method { of, method } => (context.mapped(*of), (*method).clone(), method.span()),
        _ => {
            let place = mapped.name.span();
            let forward = format_ident!("forward", span = Span::call_site());
            (context.mapped(mapped.id), forward, place)
        }
    };
    let Body::Module { ty, .. } = behind.body else {
        return None;
    };
    let (runtime, name) = (&context.runtime, signature::name(&method));
    let drawn = drawn(context, mapped, &bare(&method));
    // What is wrong is reported where all of the call seems to stand.
    let at = at.resolved_at(Span::call_site());
    let agree = located(&quote!(#runtime::agree), at);
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#drawn, <#ty>::#name));
    arguments.set_span(at);
    // A type's own constant comes before that of a trait, which says that nothing is stated.
    Some(quote! {{
        #[allow(dead_code, non_upper_case_globals)]
        trait __Unstated {
            const #name: ::core::option::Option<#runtime::Stated> = ::core::option::Option::None;
        }
        impl<T: ?::core::marker::Sized> __Unstated for T {}
        #agree #arguments
    }})
}

/// The arrow, over the symbols of a grid: those that are left after the facts are solved.
fn drawn(context: &Context<'_>, mapped: &Mapped<'_>, method: &str) -> TokenStream {
    let (runtime, diagram) = (&context.runtime, context.diagram());
    let (facts, morphism) = (&diagram.facts, mapped.morphism);
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
    let conditions = facts.conditions().iter();
    let conditions: Vec<_> = conditions
        .filter(|fact| fact.symbols().iter().any(|name| grid.contains(name)))
        .collect();
    for fact in &conditions {
        join(&mut grid, &fact.symbols());
    }

    let in_grid = |name: &str| {
        let place = grid.iter().position(|known| *known == name);
        code::symbol(place.unwrap_or_default())
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

//! A loss on the bench: built from text, for ends from text.

use diagram_core::Shape;
use diagram_layers::losses::{End, find};
use proc_macro2::Span;
use quote::quote;

use super::super::{At, Built};
use crate::arguments::{self, Arguments};
use crate::bench::{parsed, scope, shape_of, texts};
use crate::place::{Place, Placed};
use crate::syntax::tree::Argument;

/// A loss with its arguments.
pub(super) struct Bench {
    name: &'static str,
    arguments: Vec<Argument>,
}

impl Bench {
    pub(super) fn new(name: &'static str, arguments: &str) -> Self {
        Bench {
            name,
            arguments: parsed(arguments),
        }
    }

    /// Each end: its path, object and shape.
    fn build(&self, ends: &[(&str, &str, &str)]) -> Result<Built, Vec<Placed>> {
        let place = Place::of(Span::call_site());
        let end = |(text, object, shape): &(&str, &str, &str)| End {
            text: (*text).to_owned(),
            object: (*object).to_owned(),
            shape: shape_of(shape),
            datum: text == object,
        };
        let ends: Vec<_> = ends.iter().map(end).collect();
        let scope = scope();
        let loss = find(self.name).expect("a loss");
        let arguments: Arguments = arguments::read_loss(loss, &self.arguments, place, &scope)?;
        loss.typed(&arguments.call, &ends, &scope.facts)
            .map_err(|wrong| vec![arguments.placed(wrong)])?;
        let shapes: Vec<Shape> = ends.into_iter().map(|end| end.shape).collect();
        Ok(At {
            call: &arguments.call,
            ends: &shapes,
            scope: &scope,
            runtime: &quote!(runtime),
            hypers: &quote!(hyper),
            config: &quote!(config),
        }
        .built())
    }

    fn built(&self, ends: &[(&str, &str, &str)]) -> Built {
        self.build(ends)
            .unwrap_or_else(|faults| panic!("{}", texts(&faults)))
    }

    /// The function, and what it takes after the ends.
    pub(super) fn code(&self, ends: &[(&str, &str, &str)]) -> String {
        let built = self.built(ends);
        let (function, arguments) = (&built.function, &built.arguments);
        quote!(#function(#(#arguments),*)).to_string()
    }

    /// The code of the cell's value, where the first end is `a`.
    pub(super) fn value(&self, ends: &[(&str, &str, &str)]) -> String {
        let built = self.built(ends);
        built.value(&quote!(runtime), vec![quote!(a)]).to_string()
    }

    pub(super) fn fault(&self, ends: &[(&str, &str, &str)]) -> String {
        texts(&self.build(ends).expect_err("a fault"))
    }
}

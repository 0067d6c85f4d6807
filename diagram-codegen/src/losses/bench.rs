//! A loss on the bench: built from text, for ends from text.

use proc_macro2::Span;
use quote::quote;

use super::{Built, End, Site};
use crate::layers::Arguments;
use crate::layers::bench::{parsed, scope, shape_of, texts};
use crate::lower::scope::Placed;
use crate::syntax::tree::{Argument, Place};

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
            place,
        };
        let ends: Vec<_> = ends.iter().map(end).collect();
        let site = Site {
            ends: &ends,
            place,
            runtime: &quote!(runtime),
            hypers: &quote!(hyper),
            config: &quote!(config),
            scope: &scope(),
        };
        let loss = super::find(self.name).expect("a loss");
        let arguments = Arguments::of_loss(loss, &self.arguments, place, &scope())?;
        (loss.build)(&arguments, &site).map_err(|fault| vec![fault])
    }

    /// The function, and what it takes after the ends.
    pub(super) fn code(&self, ends: &[(&str, &str, &str)]) -> String {
        let built = self
            .build(ends)
            .unwrap_or_else(|faults| panic!("{}", texts(&faults)));
        let (function, arguments) = (&built.function, &built.arguments);
        quote!(#function(#(#arguments),*)).to_string()
    }

    /// The code of the cell's value, where the first end is `a`.
    pub(super) fn value(&self, ends: &[(&str, &str, &str)]) -> String {
        let built = self
            .build(ends)
            .unwrap_or_else(|faults| panic!("{}", texts(&faults)));
        built.value(&quote!(runtime), vec![quote!(a)]).to_string()
    }

    pub(super) fn fault(&self, ends: &[(&str, &str, &str)]) -> String {
        texts(&self.build(ends).expect_err("a fault"))
    }
}

//! From tokens to the tree as written: one `Parse` a construct of the grammar.
//!
//! Reading never stops at the first fault. What has an obvious meaning is recorded and read as meant
//! (a half-drawn arrow, a keyword as a name); an item that cannot be read is skipped to its `;` and
//! kept as [`ItemKind::Invalid`](tree::ItemKind::Invalid).

mod arrow;
mod awry;
mod cell;
mod definition;
mod door;
mod found;
mod header;
mod item;
mod path;
mod print;
mod reader;
mod recover;
mod rust;
mod shape;
mod signature;
mod statement;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub mod tree;

use std::collections::HashMap;

use diagram_core::{Code, Fault};
use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

use crate::diagnostic::Diagnostics;
use crate::place::Place;
use found::Found;
use reader::Reader;

pub use words::{is_keyword, is_path_keyword};

/// Reads any number of diagrams; every fault is recorded at its token, in source order.
pub fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<tree::Diagram> {
    let tokens = match door::admit(tokens) {
        Ok(tokens) => tokens,
        Err(Error(fault)) => {
            diagnostics.fault(fault.0, fault.1);
            return Vec::new();
        }
    };
    let found = Found::default();
    let mut diagrams = Vec::new();
    let read = |input: ParseStream<'_>| {
        diagrams = header::diagrams(Reader::new(input, &found));
        Ok(())
    };
    // The only error is syn's about tokens left over inside a group: those are recorded already.
    let _ = read.parse2(tokens);
    for (place, fault) in found.into_faults() {
        diagnostics.fault(place, fault);
    }
    distinct(diagrams, diagnostics)
}

/// Reads the signature of a method; every fault is recorded at its token.
pub fn signature(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<tree::Signature> {
    let tokens = diagnostics.take(door::admit(tokens).map_err(|Error(fault)| *fault))?;
    let found = Found::of_signature();
    let mut signature = None;
    let read = |input: ParseStream<'_>| {
        signature = signature::whole(Reader::new(input, &found));
        Ok(())
    };
    let _ = read.parse2(tokens);
    for (place, fault) in found.into_faults() {
        diagnostics.fault(place, fault);
    }
    signature
}

/// The first diagram of each name: one macro call declares it once.
fn distinct(diagrams: Vec<tree::Diagram>, diagnostics: &mut Diagnostics) -> Vec<tree::Diagram> {
    let mut first: HashMap<String, Place> = HashMap::new();
    let mut kept = Vec::new();
    for diagram in diagrams {
        let (name, place) = (tree::bare(&diagram.name), Place::of(diagram.name.span()));
        // Of those with conditions at most one is there, as far as is known here.
        let mut attributes = diagram.attributes.iter();
        if attributes.any(|attribute| attribute.path().is_ident("cfg")) {
            kept.push(diagram);
        } else if let Some(first) = first.get(&name) {
            // error: the diagram `Classifier` is declared twice [D0107]
            let twice = format!("the diagram `{name}` is declared twice");
            diagnostics.fault(place, Fault::new(Code::DeclaredTwice, twice));
            let here = format!("the diagram `{name}` is declared here first");
            diagnostics.fault(*first, Fault::new(Code::DeclaredTwice, here));
        } else {
            first.insert(name, place);
            kept.push(diagram);
        }
    }
    kept
}

/// A construct of the grammar.
trait Parse: Sized {
    /// Reads one, and leaves what follows it.
    fn parse(reader: Reader<'_>) -> Result<Self>;
}

/// Why a construct cannot be read, and where.
#[derive(Debug)]
struct Error(Box<(Place, Fault)>);

type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn new(place: Place, fault: Fault) -> Self {
        Error(Box::new((place, fault)))
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.0.1.help = Some(help.into());
        self
    }
}

/// What syn says of a piece of Rust.
impl From<syn::Error> for Error {
    fn from(error: syn::Error) -> Self {
        Error::new(
            Place::of(error.span()),
            Fault::new(Code::UnexpectedToken, error.to_string()),
        )
    }
}

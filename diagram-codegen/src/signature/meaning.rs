//! The meaning of a signature: its symbols, and the constants of Rust in it.

use diagram_core::dim::Facts;
use diagram_core::{Code, Dim, Fault, Kind, Shape, check};
use proc_macro2::TokenStream;
use quote::ToTokens;

use super::code;
use crate::diagnostic::Diagnostics;
use crate::place::{Place, Placed};
use crate::scope;
use crate::syntax::tree::{self, DimKind, bare};

/// What a signature says. Constants are symbols of the dims, by their text.
pub(crate) struct Meaning {
    /// What is taken and what is given.
    pub(crate) ends: [Vec<Shape>; 2],
    /// The symbols, in order.
    pub(super) symbols: Vec<String>,
    constants: Vec<(String, syn::Path)>,
}

impl Meaning {
    /// What the tree says, if nothing in it is at fault.
    pub(crate) fn of(tree: &tree::Signature, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut reading = Reading::default();
        let ends = tree.ends.each_ref().map(|shapes| {
            let shapes = shapes.iter().map(|shape| reading.shape(shape, diagnostics));
            shapes.collect::<Vec<_>>()
        });
        // error: `h` stands alone on no axis, so nothing binds it [D0201]
        for (name, place) in &reading.symbols {
            let alone =
                |dim: &tree::Dim| matches!(&dim.kind, DimKind::Name(ident) if bare(ident) == *name);
            let mut dims = tree.ends.iter().flatten().flat_map(|shape| &shape.dims);
            if !dims.any(alone) {
                let message = format!("`{name}` stands alone on no axis, so nothing binds it");
                diagnostics.fault(*place, Fault::new(Code::UnboundDim, message));
            }
        }
        let [domain, codomain] = ends.map(|shapes| shapes.into_iter().collect::<Option<Vec<_>>>());
        Some(Meaning {
            ends: [domain?, codomain?],
            symbols: reading.symbols.into_iter().map(|(name, _)| name).collect(),
            constants: reading.constants,
        })
    }

    /// The code of a symbol or constant.
    pub(super) fn leaf(&self, name: &str) -> TokenStream {
        let constant = self.constants.iter().find(|(text, _)| text == name);
        if let Some((_, path)) = constant {
            return code::number(&path.to_token_stream());
        }
        let place = self.symbols.iter().position(|symbol| symbol == name);
        code::symbol(place.unwrap_or_default())
    }
}

#[derive(Default)]
struct Reading {
    symbols: Vec<(String, Place)>,
    constants: Vec<(String, syn::Path)>,
}

impl Reading {
    fn shape(&mut self, shape: &tree::Shape, diagnostics: &mut Diagnostics) -> Option<Shape> {
        let kinds = [Kind::Float, Kind::Int, Kind::Bool];
        let written = |kind: &Kind| shape.kind.as_ref().is_some_and(|word| word == kind.name());
        let kind = kinds.into_iter().find(written).unwrap_or_default();
        let dims = shape
            .dims
            .iter()
            .map(|dim| diagnostics.take(self.extent(dim)));
        // Every fault is to be found.
        let dims: Vec<Option<Dim>> = dims.collect();
        let dims = dims.into_iter().collect::<Option<_>>()?;
        Some(Shape { kind, dims })
    }

    fn extent(&mut self, written: &tree::Dim) -> Result<Dim, Placed> {
        let dim = self.dim(written)?;
        let checked = check::extent("an axis cannot have", &dim, &Facts::default());
        checked.map_err(|fault| (written.place, fault))?;
        Ok(dim)
    }

    fn dim(&mut self, dim: &tree::Dim) -> Result<Dim, Placed> {
        Ok(match &dim.kind {
            DimKind::Number(literal) => scope::number(literal, dim.place)?,
            DimKind::Name(name) if !scope::is_constant(&bare(name)) => {
                let name = bare(name);
                if self.symbols.iter().all(|(known, _)| *known != name) {
                    self.symbols.push((name.clone(), dim.place));
                }
                Dim::Symbol(name)
            }
            DimKind::Name(name) => self.constant(bare(name), syn::Path::from(name.clone())),
            DimKind::Constant(path) => self.constant(path.text(), path.0.clone()),
            DimKind::Binary(op, left, right) => Dim::binary(*op, self.dim(left)?, self.dim(right)?),
        })
    }

    fn constant(&mut self, text: String, path: syn::Path) -> Dim {
        if self.constants.iter().all(|(known, _)| *known != text) {
            self.constants.push((text.clone(), path));
        }
        Dim::Symbol(text)
    }
}

//! The words in paths that leave the value: of its gradient, and of its draws.

use diagram_core::{Code, Fault, Kind, Multiple, Path, Term};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

use super::Lowering;
use super::paths::Typed;
use super::scope::{HyperType, is_constant};
use crate::layers::arguments::{float, learned_start};
use crate::syntax::tree::{self, Number, Scalar, ScalarKind, bare};

/// What a multiple that is learned is called in the diagram, before its own name.
pub(crate) const LEARNED: &str = "learned.";

impl Lowering<'_, '_> {
    /// `again(p)`: every application in the path anew.
    pub(super) fn again(&mut self, path: &tree::Path) -> Option<Vec<Typed>> {
        let factors = self.path(path)?;
        Some(self.drawn_again(factors))
    }

    /// The same with new draws.
    pub(super) fn drawn_again(&mut self, factors: Vec<Typed>) -> Vec<Typed> {
        let ends: Vec<_> = factors.iter().map(|factor| factor.path).collect();
        let anew = self.diagram.paths.again(&ends).into_iter();
        let typed = anew.zip(factors);
        typed
            .map(|(path, Typed { end, .. })| Typed { path, end })
            .collect()
    }

    /// `stop(p)`: the value of a path, through which no gradient passes.
    pub(super) fn stop(&mut self, path: &tree::Path) -> Option<Vec<Typed>> {
        let factors = self.path(path)?;
        // What is stopped is so already.
        let stopped = |term: &Term| matches!(term, Term::Stop(_));
        Some(self.floats(factors, |term| (!stopped(term)).then_some(Term::Stop)))
    }

    /// `scale(p, k)` and `reverse(p, k)`: the value of a path, whose gradient is multiplied.
    pub(super) fn scaled(
        &mut self,
        word: &Ident,
        path: &tree::Path,
        scalar: &Scalar,
    ) -> Option<Vec<Typed>> {
        let factors = self.path(path);
        let multiple = match self.multiple(word, scalar) {
            Ok(multiple) => multiple,
            Err(fault) => {
                self.fault(scalar.place, fault);
                return None;
            }
        };
        // No gradient is left of one that is multiplied by 0.
        if multiple.of.parse::<f64>() == Ok(0.0) {
            return Some(self.floats(factors?, |_| Some(Term::Stop)));
        }
        let scale = |path| Term::Scale(path, multiple.clone());
        Some(self.floats(factors?, |_| Some(scale)))
    }
}

impl Lowering<'_, '_> {
    /// The factors of Float objects, each as this term of it; no gradient passes the others anyway.
    fn floats<T: FnOnce(Path) -> Term>(
        &mut self,
        factors: Vec<Typed>,
        made: impl Fn(&Term) -> Option<T>,
    ) -> Vec<Typed> {
        let factors = factors.into_iter().map(|Typed { path, end }| {
            let float = self.diagram.object(end.object).shape.kind == Kind::Float;
            let made = made(self.diagram.paths.term(path)).filter(|_| float);
            let path = made.map_or(path, |made| self.diagram.paths.intern(made(path)));
            Typed { path, end }
        });
        factors.collect()
    }

    /// What `scale` and `reverse` multiply a gradient by.
    fn multiple(&mut self, word: &Ident, scalar: &Scalar) -> Result<Multiple, Fault> {
        let of = match &scalar.kind {
            ScalarKind::Number(literal) => {
                let number = Number {
                    negative: false,
                    literal: literal.clone(),
                    place: scalar.place,
                };
                let value = float(&number).filter(|value| value.is_finite());
                // error: `1e999` is no number that a gradient can be multiplied by [D0311]
                let message =
                    || format!("`{number}` is no number that a gradient can be multiplied by");
                let value = value.ok_or_else(|| Fault::new(Code::ArgumentType, message()))?;
                value.to_string()
            }
            ScalarKind::Name(name) => self.named_multiple(word, name)?,
            ScalarKind::Constant(path) => self.constant(path.text(), path.0.to_token_stream()),
            ScalarKind::Learned(number) => {
                let start = learned_start(number, scalar.place).map_err(|(_, fault)| fault)?;
                let name = self.learned(None, "scale", start);
                format!("{LEARNED}{name}")
            }
        };
        let negative = scalar.negative != (word == "reverse");
        Ok(Multiple { negative, of })
    }

    /// A Rust constant, by its text; its code is the user's own.
    fn constant(&mut self, text: String, code: TokenStream) -> String {
        self.multiples.insert(text.clone(), code);
        text
    }

    fn named_multiple(&mut self, word: &Ident, ident: &Ident) -> Result<String, Fault> {
        let (word, name) = (bare(word), bare(ident));
        match self.scope.hyper(&name) {
            Some(hyper) if hyper.ty == HyperType::Float => Ok(name),
            Some(hyper) => {
                // error: `scale` takes a number, like `0.5`, but is given `hidden` of type `usize` [D0311]
                let message = format!(
                    "`{word}` takes a number, like `0.5`, but is given `{name}` of type `{}`",
                    hyper.ty
                );
                let fault = Fault::new(Code::ArgumentType, message);
                Err(fault.help(format!("declare it as `{name}: f64`")))
            }
            // A name in upper case is a Rust constant, as in arguments.
            None if is_constant(&name) && self.names.get(&name).is_none() => {
                Ok(self.constant(name, ident.to_token_stream()))
            }
            None => Err(self.scope.no_float(&name)),
        }
    }
}

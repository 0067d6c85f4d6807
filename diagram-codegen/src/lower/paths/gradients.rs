//! The words in paths that leave the value: of its gradient, and of its draws.

use diagram_core::{Code, Fault, HyperType, Kind, Multiple, Path, Scalar, Term, check};
use proc_macro2::Ident;

use crate::arguments::{finite, learned_start};
use crate::lower::paths::{PathTyping, Typed};
use crate::place::Place;
use crate::scope::is_constant;
use crate::syntax::tree::{self, Rust, ScalarKind, bare};

impl PathTyping<'_, '_> {
    /// `again(p)`: every application in the path anew.
    pub(in crate::lower) fn again(&mut self, path: &tree::Path) -> Option<Vec<Typed>> {
        let factors = self.path(path)?;
        self.drawn_again(factors, path.place)
    }

    /// The same with new draws.
    pub(in crate::lower) fn drawn_again(
        &mut self,
        factors: Vec<Typed>,
        place: Place,
    ) -> Option<Vec<Typed>> {
        let ends: Vec<_> = factors.iter().map(|factor| factor.path).collect();
        let anew = self.diagram.paths.again(&ends).into_iter();
        if !self.stays_small(place) {
            return None;
        }
        let typed = anew.zip(factors);
        let typed = typed.map(|(path, Typed { end, .. })| Typed { path, end });
        Some(typed.collect())
    }

    /// `stop(p)`: the value of a path, through which no gradient passes.
    pub(in crate::lower) fn stop(&mut self, path: &tree::Path) -> Option<Vec<Typed>> {
        let factors = self.path(path)?;
        // What is stopped is so already.
        let stopped = |term: &Term| matches!(term, Term::Stop(_));
        Some(self.floats(factors, |term| (!stopped(term)).then_some(Term::Stop)))
    }

    /// `scale(p, k)` and `reverse(p, k)`: the value of a path, whose gradient is multiplied.
    pub(in crate::lower) fn scaled(
        &mut self,
        word: &Ident,
        path: &tree::Path,
        scalar: &tree::Scalar,
    ) -> Option<Vec<Typed>> {
        let factors = self.path(path);
        let multiple = match self.multiple(word, path, scalar) {
            Ok(multiple) => multiple,
            Err(fault) => {
                self.fault(scalar.place, fault);
                return None;
            }
        };
        // No gradient is left of one that is multiplied by 0.
        if multiple.of.number() == Some(0.0) {
            return Some(self.floats(factors?, |_| Some(Term::Stop)));
        }
        let scale = |path| Term::Scale(path, multiple.clone());
        Some(self.floats(factors?, |_| Some(scale)))
    }
}

impl PathTyping<'_, '_> {
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
    fn multiple(
        &mut self,
        word: &Ident,
        path: &tree::Path,
        scalar: &tree::Scalar,
    ) -> Result<Multiple, Fault> {
        let of = match &scalar.kind {
            ScalarKind::Number(literal) => {
                let number = tree::Number {
                    negative: false,
                    literal: literal.clone(),
                    place: scalar.place,
                };
                let value = finite(&number);
                // error: `1e999` is no number that a gradient can be multiplied by [D0311]
                let message =
                    || format!("`{number}` is no number that a gradient can be multiplied by");
                let value = value.ok_or_else(|| Fault::new(Code::ArgumentType, message()))?;
                Scalar::Number(value)
            }
            ScalarKind::Name(name) => self.named_multiple(word, name)?,
            ScalarKind::Constant(path) => Scalar::Constant(self.rules.scope.snippet(path)),
            ScalarKind::Learned(number) => {
                let start = learned_start(number, scalar.place).map_err(|(_, fault)| fault)?;
                let reports = &mut self.rules.reports;
                Scalar::Learned(
                    self.learned
                        .multiple(path, word, start, scalar.place, reports),
                )
            }
        };
        let negative = scalar.negative != (word == "reverse");
        Ok(Multiple { negative, of })
    }

    fn named_multiple(&mut self, word: &Ident, ident: &Ident) -> Result<Scalar, Fault> {
        let (word, name) = (bare(word), bare(ident));
        match self.rules.scope.hyper(&name) {
            Some(hyper) if hyper.ty == HyperType::Float => Ok(Scalar::Hyper(name)),
            Some(hyper) => Err(check::multiple_of_type(&word, &name, &hyper.ty)),
            // A name in upper case is a Rust constant, as in arguments.
            None if is_constant(&name) && self.names.get(&name).is_none() => Ok(Scalar::Constant(
                self.rules.scope.snippet(&Rust(ident.clone())),
            )),
            None => Err(self.rules.scope.no_float(&name)),
        }
    }
}

//! Combinators: what is made of a chain of layers inside a chain. `residual(f)` and `repeat(n, f)`.

use diagram_core::{Code, Dim, Fault};
use diagram_layers::layers::chain::COPIES;
use diagram_layers::layers::is_known;
use proc_macro2::Ident;

use crate::arguments;
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree::{self, Argument, Chain, DefinitionKind, ValueKind, bare, shown};

/// What is made of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lower) enum Combinator {
    /// `residual(f)`: x + f(x).
    Residual,
    /// `repeat(n, f)`: n copies of f, each with weights of its own.
    Repeat,
}

/// Layers that may stand inside, for proposals.
const EXAMPLE: &str = "linear >> relu";

/// A combinator as it is given its arguments.
pub(in crate::lower) struct CombinatorArguments<'a> {
    /// The number of copies of a `repeat`, and where it is written.
    pub(in crate::lower) copies: Option<(Dim, Place)>,
    /// The layers inside.
    pub(in crate::lower) inner: Inner<'a>,
}

/// A chain as an argument: a layer's name alone is read as a name.
pub(in crate::lower) enum Inner<'a> {
    /// `relu`
    Name(&'a Ident),
    /// `linear(64) >> relu`
    Chain(&'a Chain),
}

/// The combinator of this name.
#[must_use]
pub(in crate::lower) fn find(name: &str) -> Option<Combinator> {
    match name {
        "residual" => Some(Combinator::Residual),
        "repeat" => Some(Combinator::Repeat),
        _ => None,
    }
}

impl Combinator {
    /// Its name.
    #[must_use]
    pub(in crate::lower) fn name(self) -> &'static str {
        match self {
            Combinator::Residual => "residual",
            Combinator::Repeat => "repeat",
        }
    }

    /// How it is written, for proposals.
    #[must_use]
    pub(in crate::lower) fn example(self) -> String {
        self.around(EXAMPLE)
    }

    fn around(self, layers: &str) -> String {
        match self {
            Combinator::Residual => format!("`residual({layers})`"),
            Combinator::Repeat => format!("`repeat(2, {layers})`"),
        }
    }

    /// Reads its arguments as written; `place` is all of it.
    ///
    /// # Errors
    ///
    /// Every fault of the arguments, each at its own.
    pub(in crate::lower) fn read<'a>(
        self,
        arguments: &'a [Argument],
        place: Place,
        scope: &Scope,
    ) -> Result<CombinatorArguments<'a>, Vec<Placed>> {
        let named = arguments.iter().find_map(|argument| argument.name.as_ref());
        if let Some(name) = named {
            return Err(vec![self.named(name, arguments)]);
        }
        let (copies, layers) = match (self, arguments) {
            // A name alone that is declared nowhere may be meant as either.
            (Combinator::Repeat, [one]) if is_undeclared(&one.value, scope) => {
                return Err(vec![self.no_layers(None, place)]);
            }
            (Combinator::Repeat, [first, rest @ ..]) if is_count(&first.value, scope) => {
                (Some(first), rest)
            }
            (Combinator::Repeat, [first, rest @ ..]) => {
                return Err(vec![no_count(&first.value, rest, scope)]);
            }
            (_, arguments) => (None, arguments),
        };
        let inner = match layers {
            [] => Err(self.no_layers(copies, place)),
            [one] => self.inner(&one.value),
            [_, second, ..] => Err(self.too_many(copies, layers, &second.value)),
        };
        let copies = copies.map(|first| {
            let written = std::slice::from_ref(first);
            let read = arguments::read(self.name(), &COPIES, written, place, scope)?;
            Ok(read
                .call
                .size("copies")
                .map(|copies| (copies.clone(), first.value.place)))
        });
        match (copies.transpose(), inner) {
            (Ok(copies), Ok(inner)) => Ok(CombinatorArguments {
                copies: copies.flatten(),
                inner,
            }),
            (Err(faults), Ok(_)) => Err(faults),
            (Ok(_), Err(fault)) => Err(vec![fault]),
            (Err(mut faults), Err(fault)) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }

    // error: `repeat` has no argument `n`: it takes what it is given without names [D0106]
    fn named(self, name: &Ident, arguments: &[Argument]) -> Placed {
        let message = format!(
            "`{}` has no argument `{}`: it takes what it is given without names",
            self.name(),
            bare(name)
        );
        let values: Vec<_> = arguments
            .iter()
            .map(|argument| shown(&argument.value))
            .collect();
        let help = format!(
            "leave the name out: `{}({})`",
            self.name(),
            values.join(", ")
        );
        let fault = Fault::new(Code::UnknownArgument, message).help(help);
        (name.span().into(), fault)
    }

    // error: `residual` needs the layers whose output it adds to its input [D0310]
    // error: `repeat` needs the layers that it copies [D0310]
    // error: `repeat` needs a number of copies, and the layers that it copies [D0310]
    fn no_layers(self, copies: Option<&Argument>, place: Place) -> Placed {
        let (what, help) = match (self, copies) {
            (Combinator::Residual, _) => (
                "the layers whose output it adds to its input",
                self.example(),
            ),
            (Combinator::Repeat, Some(copies)) => (
                "the layers that it copies",
                format!("`repeat({}, {EXAMPLE})`", shown(&copies.value)),
            ),
            (Combinator::Repeat, None) => (
                "a number of copies, and the layers that it copies",
                self.example(),
            ),
        };
        let message = format!("`{}` needs {what}", self.name());
        (place, Fault::new(Code::MissingArgument, message).help(help))
    }

    // error: `residual` takes one chain of layers, but is given `tanh` as well [D0313]
    fn too_many(
        self,
        copies: Option<&Argument>,
        layers: &[Argument],
        second: &tree::Value,
    ) -> Placed {
        let message = format!(
            "`{}` takes one chain of layers, but is given `{}` as well",
            self.name(),
            shown(second)
        );
        let copies = copies.map(|copies| format!("{}, ", shown(&copies.value)));
        let help = format!(
            "make one chain of them: `{}({}{})`",
            self.name(),
            copies.unwrap_or_default(),
            joined(layers)
        );
        let fault = Fault::new(Code::TooManyArguments, message);
        (second.place, fault.help(help))
    }

    /// The layers inside.
    fn inner(self, value: &tree::Value) -> Result<Inner<'_>, Placed> {
        match &value.kind {
            ValueKind::Name(name) => return Ok(Inner::Name(name)),
            ValueKind::Definition(definition) => match (definition.frozen, &definition.kind) {
                // error: `frozen` cannot stand inside `residual`: it speaks of a whole morphism [D0001]
                (Some(frozen), _) => {
                    let message = format!(
                        "`frozen` cannot stand inside `{}`: it speaks of a whole morphism",
                        self.name()
                    );
                    let fault = Fault::new(Code::UnexpectedToken, message);
                    return Err((frozen, fault));
                }
                (None, DefinitionKind::Chain(chain)) => return Ok(Inner::Chain(chain)),
                (None, _) => {}
            },
            _ => {}
        }
        // error: `residual` takes layers, but is given `3` [D0311]
        // error: `repeat` takes layers after the number of copies, but is given `3` [D0311]
        let after = match self {
            Combinator::Residual => "",
            Combinator::Repeat => " after the number of copies",
        };
        let message = format!(
            "`{}` takes layers{after}, but is given `{}`",
            self.name(),
            shown(value)
        );
        let fault = Fault::new(Code::ArgumentType, message).help(self.example());
        Err((value.place, fault))
    }
}

/// The first argument of `repeat` is no number of copies: it is left out, or stands second.
fn no_count(first: &tree::Value, rest: &[Argument], scope: &Scope) -> Placed {
    let given = shown(first);
    match rest {
        // error: `repeat` takes the number of copies first, but is given `relu` [D0311]
        [count] if is_count(&count.value, scope) => {
            let message =
                format!("`repeat` takes the number of copies first, but is given `{given}`");
            let help = format!("swap them: `repeat({}, {given})`", shown(&count.value));
            let fault = Fault::new(Code::ArgumentType, message);
            (first.place, fault.help(help))
        }
        // error: `repeat` needs the number of copies before its layers [D0310]
        _ => {
            let values = std::iter::once(given).chain(rest.iter().map(|one| shown(&one.value)));
            let layers = values.collect::<Vec<_>>().join(" >> ");
            let message = "`repeat` needs the number of copies before its layers";
            let help = Combinator::Repeat.around(&layers);
            let fault = Fault::new(Code::MissingArgument, message);
            (first.place, fault.help(help))
        }
    }
}

fn joined(layers: &[Argument]) -> String {
    let layers: Vec<_> = layers.iter().map(|one| shown(&one.value)).collect();
    layers.join(" >> ")
}

/// Whether a value is meant as a number of copies. A name that is none of the diagram's is one if it is
/// no layer's.
fn is_count(value: &tree::Value, scope: &Scope) -> bool {
    match &value.kind {
        ValueKind::Definition(_) => false,
        ValueKind::Name(name) => !is_known(&bare(name)) || is_declared(name, scope),
        _ => true,
    }
}

fn is_undeclared(value: &tree::Value, scope: &Scope) -> bool {
    matches!(&value.kind, ValueKind::Name(name)
        if !is_known(&bare(name)) && !is_declared(name, scope))
}

fn is_declared(name: &Ident, scope: &Scope) -> bool {
    let name = bare(name);
    scope.hyper(&name).is_some() || scope.is_dynamic(&name)
}

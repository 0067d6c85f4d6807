//! Which argument is for which parameter.

use diagram_core::{Argument as CallArgument, Call, Code, Fault};
use diagram_layers::arguments as rules;
use diagram_layers::layers;
use diagram_layers::losses::Loss;
use diagram_layers::{Parameter, ParameterKind};
use proc_macro2::Ident;

use super::{ArgumentPlaces, Arguments};
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree::{self, Argument, ValueKind, bare};

/// Reads arguments against a table. `place` is all of the layer, `of` its name.
///
/// # Errors
///
/// Every fault, in the order written; what is missing comes last.
pub fn read(
    of: &'static str,
    parameters: &'static [Parameter],
    written: &[Argument],
    place: Place,
    scope: &Scope,
) -> Result<Arguments, Vec<Placed>> {
    let reader = Reader::new(of, parameters, false, scope);
    reader.read(written, place)
}

/// The same of a loss, whose numbers may be learned.
///
/// # Errors
///
/// As of [`read`].
pub fn read_loss(
    loss: &'static Loss,
    written: &[Argument],
    place: Place,
    scope: &Scope,
) -> Result<Arguments, Vec<Placed>> {
    let reader = Reader::new(loss.name, loss.parameters, true, scope);
    reader.read(written, place)
}

/// Those arguments of a loss that can be read, for what does not depend on the others.
pub fn readable_loss(
    loss: &'static Loss,
    written: &[Argument],
    place: Place,
    scope: &Scope,
) -> Arguments {
    let reader = Reader::new(loss.name, loss.parameters, true, scope);
    reader.readable(written, place).0
}

pub(super) struct Reader<'a> {
    pub(super) of: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// Whether numbers may be learned.
    pub(super) learns: bool,
    pub(super) scope: &'a Scope,
}

impl<'a> Reader<'a> {
    fn new(
        of: &'static str,
        parameters: &'static [Parameter],
        learns: bool,
        scope: &'a Scope,
    ) -> Self {
        Reader {
            of,
            parameters,
            learns,
            scope,
        }
    }

    fn read(&self, written: &[Argument], place: Place) -> Result<Arguments, Vec<Placed>> {
        match self.readable(written, place) {
            (arguments, faults) if faults.is_empty() => Ok(arguments),
            (_, faults) => Err(faults),
        }
    }

    /// What can be read, and what is wrong with the rest.
    fn readable(&self, written: &[Argument], place: Place) -> (Arguments, Vec<Placed>) {
        let mut call = Call::new(self.of);
        let mut places = Vec::new();
        let mut faults = Vec::new();
        let mut seen: Vec<&'static str> = Vec::new();
        let mut all_named = true;
        let mut positional = self.parameters.iter().filter(|p| p.positional);
        for argument in written {
            let parameter = match &argument.name {
                Some(name) => self.called(name),
                None => positional
                    .next()
                    .map_or_else(|| self.stands_for(argument, written), Ok),
            };
            let parameter = match parameter {
                Ok(parameter) => parameter,
                Err(fault) => {
                    all_named = false;
                    faults.push(fault);
                    continue;
                }
            };
            let name = parameter.name;
            if seen.contains(&name) {
                faults.push(self.twice(name, argument));
                continue;
            }
            seen.push(name);
            match self.value(parameter, argument) {
                Ok(value) => {
                    call.arguments.push(CallArgument {
                        name: name.to_owned(),
                        value,
                        unnamed: argument.name.is_none(),
                    });
                    places.push(ArgumentPlaces {
                        name,
                        place: argument.value.place,
                        items: items(&argument.value),
                    });
                }
                Err(fault) => faults.push(fault),
            }
        }
        // A misspelt name is most likely the one that is missing: one fault is enough.
        if all_named {
            let missing = self
                .parameters
                .iter()
                .filter(|parameter| parameter.required);
            let missing = missing.filter(|parameter| !seen.contains(&parameter.name));
            faults.extend(missing.map(|parameter| (place, rules::missing(self.of, parameter))));
        }
        let arguments = Arguments {
            call,
            place,
            places,
        };
        (arguments, faults)
    }

    /// The parameter that an argument names.
    fn called(&self, name: &Ident) -> Result<&'static Parameter, Placed> {
        let text = bare(name);
        self.parameters
            .iter()
            .find(|parameter| parameter.is_called(&text))
            .ok_or_else(|| {
                let fault = rules::unknown(self.of, self.parameters, &text);
                (Place::of(name.span()), fault)
            })
    }

    /// The parameter that an argument without a name is for, after the positional ones: the one of
    /// the hyper-parameter's name.
    fn stands_for(
        &self,
        argument: &Argument,
        written: &[Argument],
    ) -> Result<&'static Parameter, Placed> {
        let value = &argument.value;
        let hyper = match &value.kind {
            ValueKind::Name(name) => self.scope.hyper(&bare(name)),
            _ => None,
        };
        let parameter = hyper.and_then(|hyper| {
            self.parameters
                .iter()
                .find(|parameter| parameter.is_called(&hyper.name))
        });
        parameter.ok_or_else(|| (value.place, self.too_many(value, written)))
    }

    fn too_many(&self, value: &tree::Value, written: &[Argument]) -> Fault {
        let known = || self.parameters.iter();
        let positional = known().filter(|parameter| parameter.positional).count();
        let named: Vec<_> = known().filter(|parameter| !parameter.positional).collect();
        // error: `relu` takes no arguments, but is given `3` [D0313]
        // error: `kl` takes its arguments by name, but is given `4.0` without one [D0313]
        // error: `linear` takes one argument without a name, but is given `3` as well [D0313]
        let takes = match (positional, named.len()) {
            (0, 0) => format!("no arguments, but is given `{value}`"),
            (0, _) => format!("its arguments by name, but is given `{value}` without one"),
            (1, _) => format!("one argument without a name, but is given `{value}` as well"),
            _ => format!("{positional} arguments without names, but is given `{value}` as well"),
        };
        let fault = Fault::new(
            Code::TooManyArguments,
            format!("`{}` takes {takes}", self.of),
        );
        // Other libraries tell a norm the width of its input.
        let norm = positional == 0 && named.iter().any(|one| one.name == "epsilon");
        let width = norm && written.len() == 1 && is_whole(value);
        let mut taking = named.iter().filter(|one| may_take(&one.kind, value));
        match (taking.next(), taking.next()) {
            // `relu(linear(64))`
            _ if positional == 0 && named.is_empty() && is_layers(value) => fault.help(format!(
                "layers follow each other: `{value} >> {}`",
                self.of
            )),
            _ if positional == 0 && named.is_empty() => {
                fault.help(format!("leave it out: `{}`", self.of))
            }
            (Some(one), None) if !width => fault.help(format!("name it: `{} = {value}`", one.name)),
            _ if width => {
                let help = "the size of its input follows from what stands before it";
                fault.help(format!("{help}: `{}`", self.of))
            }
            _ => match self.without_input(positional, written) {
                Some(help) => fault.help(help),
                None if matches!(value.kind, ValueKind::Number(_)) && self.takes_sizes() => fault
                    .note("the sizes of what it is given follow from what stands before it")
                    .note(self.list()),
                None => fault.note(self.list()),
            },
        }
    }

    fn takes_sizes(&self) -> bool {
        let mut positional = self.parameters.iter().filter(|one| one.positional);
        positional.any(|one| matches!(one.kind, ParameterKind::Size | ParameterKind::Sizes { .. }))
    }

    /// Other libraries are told the width of the input first: where no other argument is meant.
    fn without_input(&self, positional: usize, written: &[Argument]) -> Option<String> {
        let width = self.parameters.first()?;
        let follows = matches!(width.kind, ParameterKind::Size) && !width.required;
        let (_, rest) = written.split_first()?;
        let unnamed = rest.iter().filter(|one| one.name.is_none()).count();
        let rest: Vec<_> = rest.iter().map(ToString::to_string).collect();
        let help = format!(
            "the size of its input follows from what stands before it: `{}({})`",
            self.of,
            rest.join(", ")
        );
        (follows && positional == 1 && unnamed == 1).then_some(help)
    }

    fn twice(&self, name: &str, argument: &Argument) -> Placed {
        let start = argument.name.as_ref().map(|name| Place::of(name.span()));
        let place = start.map_or(argument.value.place, |start| start.to(argument.value.place));
        (place, rules::repeated(self.of, name))
    }

    fn list(&self) -> String {
        rules::listed(self.of, self.parameters)
    }
}

/// Whether a value is of a kind that a parameter takes.
fn may_take(kind: &ParameterKind, value: &tree::Value) -> bool {
    let number = matches!(value.kind, ValueKind::Number(_) | ValueKind::Dim(_));
    let switch = matches!(value.kind, ValueKind::Bool(_));
    match kind {
        ParameterKind::Switch | ParameterKind::Flag => !number,
        ParameterKind::Word(_) | ParameterKind::Initializer => !number && !switch,
        _ => !switch,
    }
}

/// Where the items of a list stand.
fn items(value: &tree::Value) -> Vec<Place> {
    match &value.kind {
        ValueKind::List(values) => values.iter().map(|value| value.place).collect(),
        _ => Vec::new(),
    }
}

fn is_layers(value: &tree::Value) -> bool {
    match &value.kind {
        ValueKind::Definition(_) => true,
        ValueKind::Name(name) => layers::is_known(&bare(name)),
        _ => false,
    }
}

fn is_whole(value: &tree::Value) -> bool {
    matches!(value.kind, ValueKind::Number(_)) && value.to_string().parse::<u64>().is_ok()
}

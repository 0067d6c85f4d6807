//! Averages of other morphisms: `target = ema(online, decay = 0.996);`

use std::collections::HashSet;

use diagram_core::check::{self, Unaveraged};
use diagram_core::{Average, Code, Definition, Fault, MorphismId, Scalar};
use diagram_layers::{adaptation, layers};
use proc_macro2::Ident;

use crate::arguments;
use crate::lower::definitions::composites::Waiting;
use crate::lower::definitions::defining::Defining;
use crate::lower::definitions::methods::Method;
use crate::lower::output::Body;
use crate::place::Place;
use crate::scope::is_constant;
use crate::syntax::tree::{self, Argument, DefinitionKind, ValueKind, bare};

/// `target = ema(online, decay = 0.996)`, which waits until every module is known.
pub(in crate::lower) struct Averaged<'a> {
    pub(in crate::lower) id: MorphismId,
    pub(in crate::lower) definition: &'a tree::Definition,
    pub(in crate::lower) arguments: &'a [Argument],
}

impl<'a> Defining<'_, 'a, '_> {
    /// Each becomes a module like that behind another morphism.
    pub(in crate::lower) fn averages(
        &mut self,
        averages: &[Averaged<'a>],
        composites: &[Waiting<'a>],
        methods: &[Method<'a>],
    ) {
        let composites = composites.iter().map(|one| one.id).collect();
        for one in averages {
            if self.average(one, averages, &composites, methods).is_none() {
                self.faulty.morphisms.insert(one.id);
            }
        }
    }

    fn average(
        &mut self,
        one: &Averaged<'a>,
        averages: &[Averaged<'a>],
        composites: &HashSet<MorphismId>,
        methods: &[Method<'a>],
    ) -> Option<()> {
        let place = one.definition.place;
        let (first, rest) = match one.arguments.split_first() {
            Some((first, rest)) if first.name.is_none() => (Some(first), rest),
            _ => (None, one.arguments),
        };
        let of = match first {
            Some(first) => self.averaged(&first.value),
            None => {
                // error: `ema` needs the morphism that it averages, as in `ema(online, decay = 0.996)` [D0310]
                let message =
                    "`ema` needs the morphism that it averages, as in `ema(online, decay = 0.996)`";
                self.fault(place, Fault::new(Code::MissingArgument, message));
                None
            }
        };
        // What is given in the morphism's place may be meant as the decay.
        let decay = if of.is_some() || !rest.is_empty() {
            self.decay(rest, place)
        } else {
            None
        };
        if let Some(frozen) = one.definition.frozen {
            let of = first.map(|first| first.value.to_string());
            let fault =
                check::frozen_average(&self.output.diagram.morphism(one.id).name, of.as_deref());
            self.fault(frozen, fault);
        }
        let (of, name) = of?;
        if let Some(fault) = self.nothing_to_average(one.id, of, averages, composites, methods) {
            self.fault(name.span().into(), fault);
            return None;
        }
        if self.faulty.morphisms.contains(&of) || self.faulty.morphisms.contains(&one.id) {
            return None;
        }
        let diagram = &mut self.output.diagram;
        let drawn = self.rules.settled_in(diagram, place, |diagram, _| {
            let (average, of) = (diagram.morphism(one.id), diagram.morphism(of));
            let drawn = check::drawn_as(diagram, average, &of.domain, &of.codomain);
            drawn.map_err(|fault| fault.note(format!("`{}` : {}", of.name, diagram.arrow(of))))
        });
        let (decay, ()) = decay.zip(drawn)?;
        let definition = self.output.diagram.morphism(of).definition.clone();
        self.output.define(one.id, definition, Body::Average { of });
        self.output.diagram.morphisms[one.id.0].average = Some(Average { of, decay });
        Some(())
    }

    /// The arguments behind the morphism.
    fn decay(&mut self, written: &[Argument], place: Place) -> Option<Scalar> {
        let known = |name: &Ident| self.rules.scope.hyper(&bare(name)).is_some();
        let stands_alone = |value: &tree::Value| matches!(&value.kind, ValueKind::Name(name) if name == "decay" && known(name));
        let mut unnamed = written.iter().filter(|argument| argument.name.is_none());
        if let Some(one) = unnamed.find(|argument| !stands_alone(&argument.value)) {
            let value = &one.value;
            let fault = match &value.kind {
                ValueKind::Name(name) if !known(name) && !is_constant(&bare(name)) => {
                    self.rules.scope.no_float(&bare(name))
                }
                // error: `ema` takes `decay` by name, but is given `0.996` without one [D0313]
                _ => {
                    let message =
                        format!("`ema` takes `decay` by name, but is given `{value}` without one");
                    let fault = Fault::new(Code::TooManyArguments, message);
                    fault.help(format!("name it: `decay = {value}`"))
                }
            };
            self.fault(value.place, fault);
            return None;
        }
        let read = self
            .rules
            .decided(|scope| arguments::read("ema", &adaptation::AVERAGE, written, place, scope));
        read?.call.float("decay").cloned()
    }

    /// The morphism that is averaged, by its name.
    fn averaged<'v>(&mut self, value: &'v tree::Value) -> Option<(MorphismId, &'v Ident)> {
        if let ValueKind::Name(name) = &value.kind {
            let text = bare(name);
            let absent = self.names.get(&text).is_none();
            let other = text.starts_with(char::is_uppercase) || layers::is_known(&text);
            if !(absent && other) {
                return Some((self.morphism_named(name)?, name));
            }
        }
        // error: `ema` averages a morphism of the diagram, but is given `linear(64)` [D0311]
        let message = format!("`ema` averages a morphism of the diagram, but is given `{value}`");
        let fault = Fault::new(Code::ArgumentType, message);
        let help = match &value.kind {
            ValueKind::Name(_) | ValueKind::Definition(_) => {
                Some("draw it as a morphism of its own, and name that here".to_owned())
            }
            _ => None,
        };
        self.fault(value.place, fault.maybe_help(help));
        None
    }

    /// Why a morphism has no weights of its own that could be averaged.
    fn nothing_to_average(
        &self,
        id: MorphismId,
        of: MorphismId,
        averages: &[Averaged<'_>],
        composites: &HashSet<MorphismId>,
        methods: &[Method<'_>],
    ) -> Option<Fault> {
        let name = &self.output.diagram.morphism(of).name;
        let fault = |why| Some(check::nothing_to_average(name, why));
        if id == of {
            return fault(Unaveraged::Itself);
        }
        if let Some(other) = averages.iter().find(|other| other.id == of) {
            let of = other.arguments.first().map(|first| first.value.to_string());
            return fault(Unaveraged::Average(&of.unwrap_or_default()));
        }
        if composites.contains(&of) {
            return fault(Unaveraged::Composite);
        }
        if let Some(method) = methods.iter().find(|method| method.id == of) {
            let (module, called) = (&bare(method.of), &bare(method.called));
            return fault(Unaveraged::Method { module, called });
        }
        if self.faulty.morphisms.contains(&of) || self.output.diagram.morphism(of).has_weights() {
            return None;
        }
        match self.output.diagram.morphism(of).definition {
            Definition::Function { .. } => fault(Unaveraged::Function),
            _ => fault(Unaveraged::Weightless),
        }
    }

    /// Averages of what never changes; to be asked when all that is frozen is known.
    pub(in crate::lower) fn still_averages(&mut self, averages: &[Averaged<'a>]) {
        for one in averages {
            let morphism = self.output.diagram.morphism(one.id);
            let Some(average) = &morphism.average else {
                continue;
            };
            let of = self.output.diagram.morphism(average.of);
            if of.frozen {
                // warning: `target` never moves: `online`, which it averages, is frozen [D0706]
                let message = format!(
                    "`{}` never moves: `{}`, which it averages, is frozen",
                    morphism.name, of.name
                );
                let fault = Fault::new(Code::StillAverage, message);
                let name = morphism.name.clone();
                self.rules
                    .reports
                    .warn_of([&name], one.definition.place, fault);
            }
        }
    }
}

/// What a definition is the average of, as written.
pub(in crate::lower) fn average_of(definition: &tree::Definition) -> Option<&Ident> {
    match &definition.kind {
        DefinitionKind::Special { word, arguments } if word == "ema" => {
            match &arguments.first()?.value.kind {
                ValueKind::Name(name) => Some(name),
                _ => None,
            }
        }
        _ => None,
    }
}

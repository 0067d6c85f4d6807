//! Where a layer takes Int and is given Float: the object that is to be Int. The diagram is lowered again with that
//! object, which shows what else takes it so.

use std::collections::HashSet;

use diagram_core::spelling::raw;
use diagram_core::{Code, Kind, Measure, MorphismId, ObjectId, Product, Shape, Space, Term};
use proc_macro2::LineColumn;

use crate::diagnostic::Diagnostics;
use crate::lower::header::names::Entity;
use crate::lower::rules::{Rules, Trial};
use crate::lower::{Body, Lowered, Lowering, lower_with};

/// How many objects are tried in turn as Int.
const TRIED: usize = 8;

/// How many data a message names.
const SHOWN: usize = 6;

impl Rules<'_> {
    /// The shapes that a morphism reads, where an object is tried as Int for it alone.
    pub(super) fn tried_as_int(&self, reader: MorphismId, domain: &[Space], read: &mut Product) {
        if let Some(Trial {
            object,
            readers: Some(readers),
        }) = &self.trial
            && readers.contains(&reader)
        {
            let factors = read.0.iter_mut().zip(domain);
            let of_it = factors.filter(|(_, space)| space.object == *object);
            of_it.for_each(|(shape, _)| shape.kind = Kind::Int);
        }
    }

    /// Whether an object is tried as Int wherever it stands.
    pub(super) fn is_tried_as_int(&self, object: ObjectId) -> bool {
        let trial = self.trial.as_ref();
        trial.is_some_and(|trial| trial.readers.is_none() && trial.object == object)
    }
}

impl Lowering<'_, '_> {
    /// The help for layers that take Int and are given Float: the declaration of an object of their domain as Int,
    /// if all else takes it so, or else data of their own.
    pub(super) fn say_what_is_int(&mut self) {
        let found = std::mem::take(&mut self.faulty.kinds);
        if self.rules.trial.is_some() {
            return;
        }
        let mut seen = HashSet::new();
        let domains = found
            .iter()
            .map(|(_, id)| &self.output.diagram.morphism(*id).domain);
        let objects = domains.flatten().map(|space| space.object);
        let objects = objects.filter(|object| {
            self.output.diagram.object(*object).shape.kind == Kind::Float && seen.insert(*object)
        });
        for object in objects.take(TRIED).collect::<Vec<_>>() {
            self.try_as_int(object, &found);
        }
    }

    fn try_as_int(&mut self, object: ObjectId, found: &[(usize, MorphismId)]) {
        let reads = |id: MorphismId| {
            let mut domain = self.output.diagram.morphism(id).domain.iter();
            domain.any(|space| space.object == object)
        };
        let found: Vec<_> = found.iter().filter(|(_, id)| reads(*id)).collect();
        let trial = |readers| {
            let mut diagnostics = Diagnostics::default();
            let trial = Some(Trial { object, readers });
            let lowered = lower_with(self.tree, &mut diagnostics, trial);
            (diagnostics, lowered)
        };
        let (read, lowered) = trial(Some(found.iter().map(|(_, id)| *id).collect()));
        let (known, remaining) = (of_kinds(self.rules.reports.diagnostics), of_kinds(&read));
        // Other layers of the same chains do not take it.
        if !remaining.is_subset(&known) {
            return;
        }
        let known = places(self.rules.reports.diagnostics).chain(places(&read));
        let known: HashSet<_> = known.collect();
        let suits_all = places(&trial(None).0).all(|place| known.contains(&place))
            && !is_read_by_code(&lowered, object);
        let settled = found.into_iter().filter_map(|(position, id)| {
            let (place, fault) = self.rules.reports.diagnostics.faults().get(*position)?;
            let settled = !remaining.contains(&(place.start.start(), fault.message.clone()));
            (settled && fault.help.is_none()).then_some((*position, *id))
        });
        for (position, id) in settled.collect::<Vec<_>>() {
            let (help, note) = if suits_all {
                (Some(self.declared_int(object)), self.data_of(object))
            } else {
                (self.own_indices(object, id), None)
            };
            if let Some((_, fault)) = self
                .rules
                .reports
                .diagnostics
                .faults_after(position)
                .first_mut()
            {
                fault.help = help;
                fault.notes.extend(note);
            }
        }
    }

    /// The declaration of an object as Int.
    // help: declare `data Tokens: Int[batch, len];`
    fn declared_int(&self, object: ObjectId) -> String {
        let declared = self.output.diagram.object(object);
        let data = match self.names.get(&declared.name) {
            Some(Entity::Space(..)) => "data ",
            _ => "",
        };
        let shape = as_int(&declared.shape);
        format!("declare `{data}{}: {shape};`", raw(&declared.name))
    }

    /// The data of an object, where they are several.
    // note: `Left` and `Right` are data of `Tokens`
    fn data_of(&self, object: ObjectId) -> Option<String> {
        let data = self.output.diagram.data.iter();
        let data = data.filter(|datum| datum.space.object == object);
        let data: Vec<_> = data.map(|datum| format!("`{}`", datum.name)).collect();
        let (last, rest) = data.split_last().filter(|(_, rest)| !rest.is_empty())?;
        let named = match data.len().saturating_sub(SHOWN) {
            0 => format!("{} and {last}", rest.join(", ")),
            more => format!("{} and {more} more", data.get(..SHOWN)?.join(", ")),
        };
        let object = &self.output.diagram.object(object).name;
        Some(format!("{named} are data of `{object}`"))
    }

    /// Data for one morphism alone, in place of an object that is Float for others.
    // help: others take `Page` as Float: declare `data PageIndices: Int[batch, 8];` and draw
    // `PageIndices --read--> Vectors;`
    fn own_indices(&self, object: ObjectId, reader: MorphismId) -> Option<String> {
        let (declared, morphism) = (
            self.output.diagram.object(object),
            self.output.diagram.morphism(reader),
        );
        let (own, shape) = (format!("{}Indices", declared.name), as_int(&declared.shape));
        let mut codomains = self
            .output
            .diagram
            .morphisms
            .iter()
            .flat_map(|one| &one.codomain);
        let mut data = self.output.diagram.data.iter();
        let is_given = data.any(|datum| datum.space.object == object)
            && codomains.all(|space| space.object != object);
        if !is_given || self.names.get(&own).is_some() {
            return None;
        }
        let from = morphism.domain.iter().map(|space| {
            let written = self.output.diagram.space(space);
            match written.strip_prefix(&declared.name) {
                Some(dims) if space.object == object => format!("{own}{dims}"),
                _ => written,
            }
        });
        let (from, to) = (
            from.collect::<Vec<_>>().join(" * "),
            self.output.diagram.product(&morphism.codomain),
        );
        let (object, name) = (&declared.name, raw(&morphism.name));
        Some(format!(
            "others take `{object}` as Float: declare `data {own}: {shape};` and draw `{from} --{name}--> {to};`"
        ))
    }
}

fn as_int(shape: &Shape) -> Shape {
    Shape {
        kind: Kind::Int,
        ..shape.clone()
    }
}

/// Whether code of the user's is given an object as it is drawn: its kind is part of the types there.
fn is_read_by_code(lowered: &Lowered<'_>, object: ObjectId) -> bool {
    let diagram = &lowered.diagram;
    let mut morphisms = diagram.morphisms.iter().zip(&lowered.morphisms);
    let mut cells = diagram.cells.iter();
    morphisms.any(|(morphism, part)| {
        let code = !matches!(
            part.body,
            Body::Layers | Body::Composite { .. } | Body::Unknown
        );
        code && morphism.domain.iter().any(|space| space.object == object)
    }) || cells.any(|cell| {
        let mut ends = cell.ends.iter().map(|end| diagram.paths.term(*end));
        matches!(cell.loss, Measure::Function { .. })
            && ends.any(
                |end| matches!(end, Term::Datum(id) if diagram.datum(*id).space.object == object),
            )
    })
}

/// Where the faults of kinds start, and their first lines: the same wherever the same layers are lowered.
fn of_kinds(found: &Diagnostics) -> HashSet<(LineColumn, String)> {
    let kinds = found.faults().iter();
    let kinds = kinds.filter(|(_, fault)| fault.code == Code::KindMismatch);
    kinds
        .map(|(place, fault)| (place.start.start(), fault.message.clone()))
        .collect()
}

/// Where faults start, and what they are.
fn places(found: &Diagnostics) -> impl Iterator<Item = (LineColumn, Code)> {
    found
        .faults()
        .iter()
        .map(|(place, fault)| (place.start.start(), fault.code))
}

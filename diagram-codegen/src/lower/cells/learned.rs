//! Scalars that are trained beside the morphisms: their names, and where none can stand.

use std::collections::{HashMap, HashSet};

use diagram_core::{CellRole, Code, Fault, Learned, LearnedId, Measure, Number, Scalar, check};
use proc_macro2::{Ident, Literal};

use crate::idents::snake_case;
use crate::lower::reports::Reports;
use crate::place::Place;
use crate::syntax::tree::{self, DimKind, Ends, PathKind, Rust, bare};

/// The learned scalars, and their names. A name is made of what is written in the cell alone, so a scalar keeps it whatever
/// stands before the cell: a record finds its field again.
#[derive(Default)]
pub(in crate::lower) struct LearnedScalars {
    pub(in crate::lower) scalars: Vec<Learned>,
    /// The name of the present cell, if it has one.
    named: Option<String>,
    /// The names in its ends, joined.
    ends: String,
    /// How many cells there are, with the present one.
    cells: usize,
    /// Where each name stands, and in which cell.
    taken: HashMap<String, Taken>,
    /// The cells of which it is said that they share a name with one before, each with that one.
    alike: HashSet<(usize, usize)>,
    /// The cells at which it is said that their scalars are learned there first.
    first: HashSet<usize>,
}

struct Taken {
    cell: usize,
    place: Place,
    /// How many scalars of this cell would have the name.
    count: usize,
}

/// Two cells have a scalar of one name.
struct Clash {
    /// Whether nothing was said of these two.
    is_new: bool,
    /// Where the first of them learns it, if nothing was said there.
    first: Option<Place>,
}

impl LearnedScalars {
    /// A cell begins: what is learned from here on is its own.
    pub(in crate::lower) fn begin(&mut self, cell: Option<&Ident>, ends: &Ends) {
        self.named = cell.map(bare);
        self.ends = match (cell, ends) {
            (Some(_), _) => String::new(),
            (None, Ends::Agree(left, right)) => format!("{}_{}", spelt(left), spelt(right)),
            (None, Ends::Minimize(path)) => spelt(path),
        };
        self.cells += 1;
    }

    /// The name of an argument or a weight: `pair_temperature`, `look_read_temperature`.
    fn of_cell(&self, stands_for: &str) -> String {
        let cell = self.named.as_deref().unwrap_or(&self.ends);
        format!("{cell}_{stands_for}")
    }

    /// The name of what the gradient of a path is multiplied by: `told_embed_scale`, `embed_scale`.
    fn of_path(&self, path: &tree::Path, word: &Ident) -> String {
        let name = format!("{}_{}", spelt(path), bare(word));
        match &self.named {
            Some(cell) => format!("{cell}_{name}"),
            None => name,
        }
    }

    /// This name. Only scalars of one cell that are written alike are told apart by their order: `embed_scale_2`.
    fn take(&mut self, name: String, place: Place) -> Result<String, (String, Clash)> {
        // A number that is compared or minimised stands first.
        let mut free = if name.starts_with(|first: char| first.is_ascii_digit()) {
            format!("_{name}")
        } else {
            name
        };
        if let Some(taken) = self.taken.get_mut(&free)
            && taken.cell == self.cells
        {
            taken.count += 1;
            free = format!("{free}_{}", taken.count);
        }
        if let Some(taken) = self.taken.get(&free) {
            let clash = Clash {
                is_new: self.alike.insert((taken.cell, self.cells)),
                first: self.first.insert(taken.cell).then_some(taken.place),
            };
            return Err((free, clash));
        }
        let (cell, count) = (self.cells, 1);
        let taken = Taken { cell, place, count };
        self.taken.insert(free.clone(), taken);
        Ok(free)
    }

    /// A scalar that stands for an argument or the weight of the present cell.
    pub(in crate::lower) fn argument(
        &mut self,
        stands_for: &str,
        start: Number,
        place: Place,
        reports: &mut Reports<'_>,
    ) -> LearnedId {
        let name = self.of_cell(stands_for);
        self.scalar(name, start, place, reports)
    }

    /// A scalar that the gradient of a path is multiplied by.
    pub(in crate::lower) fn multiple(
        &mut self,
        path: &tree::Path,
        word: &Ident,
        start: Number,
        place: Place,
        reports: &mut Reports<'_>,
    ) -> LearnedId {
        let name = self.of_path(path, word);
        self.scalar(name, start, place, reports)
    }

    fn scalar(
        &mut self,
        name: String,
        start: Number,
        place: Place,
        reports: &mut Reports<'_>,
    ) -> LearnedId {
        let name = self.take(name, place);
        let name = name.unwrap_or_else(|(name, clash)| {
            let help = match &self.named {
                Some(_) => "rename the cell: its learned scalars are named after it",
                None => "name the cell: its learned scalars are named after it",
            };
            if clash.is_new {
                reports.fault(place, check::learned_named_twice(&name).help(help));
            }
            if let Some(first) = clash.first {
                let here = format!("`{name}` is learned here first");
                reports.fault(first, Fault::new(Code::DeclaredTwice, here));
            }
            // In the code beside the fault it has a name of its own, so that rustc has nothing to add.
            format!("{name}_{}", self.scalars.len())
        });
        self.scalars.push(Learned { name, start });
        LearnedId(self.scalars.len() - 1)
    }

    /// What the loss of a cell learns, each scalar under an id of its own.
    pub(in crate::lower) fn arguments(
        &mut self,
        role: CellRole,
        measure: &mut Measure,
        place: Place,
        reports: &mut Reports<'_>,
    ) {
        for (argument, scalar) in measure.scalars_mut() {
            let Scalar::LearnedFrom(start) = *scalar else {
                continue;
            };
            if role == CellRole::Watched {
                reports.fault(place, check::learned_in_a_watch(&argument));
            }
            *scalar = Scalar::Learned(self.argument(&argument, start, place, reports));
        }
    }
}

/// The names in a path, joined; of more than three the first and the last.
fn spelt(path: &tree::Path) -> String {
    let mut names = Vec::new();
    spell(path, &mut names);
    match names.as_slice() {
        [first, _, _, .., last] => format!("{first}_{last}"),
        names => names.join("_"),
    }
}

fn spell(path: &tree::Path, names: &mut Vec<String>) {
    let name = |name: &Ident| snake_case(&bare(name));
    match &path.kind {
        PathKind::Name(ident) => names.push(name(ident)),
        PathKind::Compose(parts) | PathKind::Tuple(parts) => {
            for part in parts {
                spell(part, names);
            }
        }
        PathKind::Apply(ident, arguments) => {
            names.push(name(ident));
            for argument in arguments {
                spell(argument, names);
            }
        }
        PathKind::Gradient { word, path, .. } => {
            names.push(name(word));
            spell(path, names);
        }
        PathKind::Power(of, count) => {
            spell(of, names);
            match &count.0.kind {
                DimKind::Number(times) => names.push(digits(times)),
                DimKind::Name(times) => names.push(name(times)),
                // Arithmetic is no part of a name.
                _ => {}
            }
        }
        PathKind::Factor(of, object) => {
            spell(of, names);
            names.push(name(object));
        }
        PathKind::Position(of, position) => {
            spell(of, names);
            names.push(digits(position));
        }
        PathKind::Number(number) => names.push(digits(&number.literal)),
    }
}

/// A number as a part of a name: `0_5`.
fn digits(number: &Rust<Literal>) -> String {
    number
        .text()
        .replace(|letter: char| !letter.is_alphanumeric(), "_")
}

//! Whether every id names something.

use diagram_core::{
    Call, Cell, DatumId, Definition, Indexed, LearnedId, Measure, Morphism, MorphismId, ObjectId,
    Path, Scalar, Space, Term, Value, Weight,
};

use super::{At, ReadError, Reader, form};

/// An id is one of so many.
fn known(what: &str, id: usize, count: usize) -> Result<(), ReadError> {
    if id < count {
        return Ok(());
    }
    let plural = if count == 1 { "is" } else { "are" };
    Err(form(format!(
        "there is no {what} {id}: there {plural} {count}"
    )))
}

/// What the default loss of an object learns has no id yet.
fn default_loss_ids(loss: &Measure) -> Result<(), ReadError> {
    match loss.learned().first() {
        None => Ok(()),
        Some((argument, _)) => Err(form(format!(
            "each cell learns `{argument}` of a default loss under an id of its own: `LearnedFrom` says from where"
        ))),
    }
}

fn path_id(Path(id): Path, count: usize) -> Result<(), ReadError> {
    known("path", id, count)
}

fn path_ids(list: &str, paths: &[Path], count: usize) -> Result<(), ReadError> {
    let mut paths = paths.iter().enumerate();
    paths.try_for_each(|(index, path)| path_id(*path, count).at_item(list, index))
}

/// The paths that a term is made of, of so many.
pub(super) fn term_paths(term: &Term, count: usize) -> Result<(), ReadError> {
    match term {
        Term::Datum(_) | Term::Input(_) => Ok(()),
        Term::Apply(_, arguments, _) => path_ids("Apply[1]", arguments, count),
        Term::Factor(path, _) => path_id(*path, count).at("Factor[0]"),
        Term::Power(power, arguments) => {
            path_ids("Power[0].body", &power.body, count)?;
            path_ids("Power[1]", arguments, count)
        }
        Term::Stop(path) => path_id(*path, count).at("Stop"),
        Term::Number(path, _) => path_id(*path, count).at("Number[0]"),
        Term::Scale(path, _) => path_id(*path, count).at("Scale[0]"),
    }
}

impl Reader<'_> {
    pub(super) fn ids(self) -> Result<(), ReadError> {
        let diagram = self.diagram;
        for (index, object) in diagram.objects.iter().enumerate() {
            let ids = object.default_loss.as_ref();
            let ids = ids.map_or(Ok(()), |loss| default_loss_ids(loss).at("default_loss"));
            ids.at_named("objects", index, "object", &object.name)?;
        }
        for (index, datum) in diagram.data.iter().enumerate() {
            let space = self.space_id(&datum.space).at("space");
            space.at_named("data", index, "datum", &datum.name)?;
        }
        for (index, morphism) in diagram.morphisms.iter().enumerate() {
            let ids = self.morphism_ids(morphism);
            ids.at_named("morphisms", index, "morphism", &morphism.name)?;
        }
        for (index, term) in diagram.paths.terms().enumerate() {
            self.term_ids(term).at_item("paths.terms", index)?;
        }
        for (index, cell) in diagram.cells.iter().enumerate() {
            let ids = self.cell_ids(cell);
            ids.at_named("cells", index, "cell", &cell.label())?;
        }
        for (index, range) in diagram.index_ranges.iter().enumerate() {
            let of = match range.of {
                Indexed::Classes(cell)
                | Indexed::InputLengths(cell)
                | Indexed::TargetLengths(cell) => known("cell", cell, diagram.cells.len()),
                Indexed::Vectors(id) => self.morphism_id(id),
            };
            let datum = self.datum_id(range.datum).at("datum");
            let lengths = range.blank.as_ref().map(|blank| blank.lengths);
            let lengths = lengths.map_or(Ok(()), |id| self.datum_id(id).at("blank.lengths"));
            let known = datum.and(of.at("of")).and(lengths);
            known.at_item("index_ranges", index)?;
        }
        self.learned_is_used()
    }

    fn object_id(self, ObjectId(id): ObjectId) -> Result<(), ReadError> {
        known("object", id, self.diagram.objects.len())
    }

    fn datum_id(self, DatumId(id): DatumId) -> Result<(), ReadError> {
        known("datum", id, self.diagram.data.len())
    }

    fn morphism_id(self, MorphismId(id): MorphismId) -> Result<(), ReadError> {
        known("morphism", id, self.diagram.morphisms.len())
    }

    fn learned_id(self, LearnedId(id): LearnedId) -> Result<(), ReadError> {
        known("learned scalar", id, self.diagram.learned.len())
    }

    fn path_id(self, path: Path) -> Result<(), ReadError> {
        path_id(path, self.diagram.paths.len())
    }

    fn path_ids(self, list: &str, paths: &[Path]) -> Result<(), ReadError> {
        path_ids(list, paths, self.diagram.paths.len())
    }

    fn space_id(self, space: &Space) -> Result<(), ReadError> {
        self.object_id(space.object).at("object")
    }

    fn morphism_ids(self, morphism: &Morphism) -> Result<(), ReadError> {
        for (list, spaces) in [
            ("domain", &morphism.domain),
            ("codomain", &morphism.codomain),
        ] {
            for (index, space) in spaces.iter().enumerate() {
                self.space_id(space).at_item(list, index)?;
            }
        }
        if let Some(average) = &morphism.average {
            self.morphism_id(average.of).at("average.of")?;
        }
        match &morphism.definition {
            Definition::Method { of, .. } => self.morphism_id(*of).at("definition.Method.of"),
            Definition::Composite { paths, .. } => {
                self.path_ids("definition.Composite.paths", paths)
            }
            Definition::Parameter { .. }
            | Definition::Layers { .. }
            | Definition::Module { .. }
            | Definition::Function(_) => Ok(()),
        }
    }

    /// What a term names besides paths.
    fn term_ids(self, term: &Term) -> Result<(), ReadError> {
        match term {
            Term::Datum(id) => self.datum_id(*id).at("Datum"),
            Term::Apply(id, ..) => self.morphism_id(*id).at("Apply[0]"),
            Term::Scale(_, multiple) => self.scalar_id(&multiple.of).at("Scale[1].of"),
            Term::Input(_)
            | Term::Factor(..)
            | Term::Power(..)
            | Term::Stop(_)
            | Term::Number(..) => Ok(()),
        }
    }

    fn scalar_id(self, scalar: &Scalar) -> Result<(), ReadError> {
        match scalar {
            Scalar::Learned(id) => self.learned_id(*id).at("Learned"),
            Scalar::LearnedFrom(_) => Err(form(
                "only the default loss of an object learns without an id",
            )),
            Scalar::Number(_) | Scalar::Hyper(_) | Scalar::Constant(_) => Ok(()),
        }
    }

    /// Every learned scalar is one that something learns.
    fn learned_is_used(self) -> Result<(), ReadError> {
        let diagram = self.diagram;
        let mut used = vec![false; diagram.learned.len()];
        let terms = diagram.paths.terms().filter_map(|term| match term {
            Term::Scale(_, multiple) => Some(&multiple.of),
            _ => None,
        });
        let of_terms = terms.filter_map(|scalar| match scalar {
            Scalar::Learned(id) => Some(*id),
            _ => None,
        });
        let of_cells = diagram.cells.iter().flat_map(|cell| {
            let weight = match cell.weight {
                Weight::Learned(id) => Some(id),
                Weight::Scalar(_) | Weight::Path(_) => None,
            };
            let arguments = cell.loss.learned().into_iter().map(|(_, id)| id);
            weight.into_iter().chain(arguments)
        });
        for LearnedId(id) in of_terms.chain(of_cells) {
            used[id] = true;
        }
        match used.iter().position(|used| !used) {
            None => Ok(()),
            Some(id) => Err(form("nothing uses this scalar")).at_item("learned", id),
        }
    }

    fn cell_ids(self, cell: &Cell) -> Result<(), ReadError> {
        self.path_ids("ends", &cell.ends)?;
        match &cell.weight {
            Weight::Scalar(scalar) => self.scalar_id(scalar).at("weight.Scalar")?,
            Weight::Path(clause) => self.path_id(clause.path).at("weight.Path.path")?,
            Weight::Learned(id) => self.learned_id(*id).at("weight.Learned")?,
        }
        if let Some(mask) = &cell.mask {
            self.path_id(mask.path).at("mask.path")?;
        }
        match &cell.loss {
            Measure::Loss(loss) => self.call_ids(loss).at("loss.Loss"),
            Measure::Itself => Ok(()),
            Measure::Function { .. } => {
                let mut scalars = cell.loss.scalars();
                scalars.try_for_each(|(_, scalar)| {
                    self.scalar_id(scalar).at("loss.Function.arguments")
                })
            }
        }
    }

    fn call_ids(self, call: &Call) -> Result<(), ReadError> {
        for (index, argument) in call.arguments.iter().enumerate() {
            let ids = match &argument.value {
                Value::Float(scalar) => self.scalar_id(scalar).at("value.Float"),
                _ => Ok(()),
            };
            ids.at_item("arguments", index)?;
        }
        Ok(())
    }
}

//! Cells: their ends, losses, weights and masks.

use diagram_core::{
    Call, Cell, CellRole, Clause, Entry, Fault, Kind, Limit, Measure, Number, Path, Scalar, Shape,
    Space, Term, Weight, Where, Wrong, check,
};

use super::{At, ReadError, Reader, fault, form, wrong};
use crate::losses::{self, End, Form, Loss, Typed, Unit};

impl Reader<'_> {
    /// What every cell is on its ends.
    pub(super) fn cells(self) -> Result<Vec<Typed>, ReadError> {
        let cells = self.diagram.cells.iter().enumerate();
        let typed = cells.map(|(index, cell)| {
            self.cell(cell)
                .at_named("cells", index, "cell", &cell.label())
        });
        typed.collect()
    }

    fn cell(self, cell: &Cell) -> Result<Typed, ReadError> {
        if cell.ends.is_empty() {
            return Err(form("a cell has an end")).at("ends");
        }
        if cell.role == CellRole::Watched && cell.name.is_none() {
            return Err(form("what is watched has a name")).at("name");
        }
        let spaces = self.ends_of(&cell.ends).at("ends")?;
        let ends = cell.ends.iter().zip(&spaces).enumerate();
        let ends = ends.map(|(index, (path, space))| self.end(cell, index, *path, space));
        let ends: Vec<End> = ends.collect();
        self.numbers(cell).at("ends")?;
        let typed = self.measured(cell, &ends, &spaces)?;
        if let (CellRole::Watched, Some((name, _))) = (cell.role, cell.loss.learned().first()) {
            return Err(check::learned_in_a_watch(name)).at("loss");
        }
        self.cell_weight(cell, &typed).at("weight")?;
        if let Some(mask) = &cell.mask {
            self.units(Kind::Bool, mask, cell, &typed).at("mask")?;
        }
        self.is_a_class(cell, &ends, &typed).at("ends")?;
        Ok(typed)
    }

    /// An end as losses see it.
    fn end(self, cell: &Cell, index: usize, path: Path, space: &Space) -> End {
        let diagram = self.diagram;
        // The sides as they were written, which nothing else of a diagram says.
        let sides = cell.text.split_once(" ~ ").map(<[&str; 2]>::from);
        let side = sides.and_then(|sides| sides.get(index).copied());
        let text = match (cell.ends.len(), side) {
            (2, Some(side)) => side.to_owned(),
            (1, None) => cell.text.clone(),
            _ => diagram.path_text(path),
        };
        let shape = diagram.shape(space);
        let shape = match diagram.paths.term(path) {
            Term::Number(_, filled) => filled.shape(&shape),
            _ => shape,
        };
        End {
            text,
            object: diagram.space(space),
            shape,
            datum: matches!(diagram.paths.term(path), Term::Datum(_)),
        }
    }

    /// A number stands beside the path that it is shaped as.
    fn numbers(self, cell: &Cell) -> Result<(), ReadError> {
        for (index, end) in cell.ends.iter().enumerate() {
            let Term::Number(like, _) = self.diagram.paths.term(*end) else {
                continue;
            };
            let beside = match cell.ends.as_slice() {
                [one, other] => [other, one].get(index).copied(),
                _ => None,
            };
            if beside != Some(like) {
                let text = "a number is shaped as the other side of its cell";
                return Err(form(text).within(format!("[{index}]")));
            }
        }
        Ok(())
    }

    /// What a cell is measured by, on its ends.
    fn measured(self, cell: &Cell, ends: &[End], spaces: &[Space]) -> Result<Typed, ReadError> {
        let itself = Call::new("");
        let (row, loss, place) = match &cell.loss {
            Measure::Itself => (&losses::ITSELF, &itself, "loss"),
            Measure::Loss(loss) => (row(cell, &loss.name)?, loss, "loss.Loss"),
            Measure::Function { arguments, .. } => {
                self.given(arguments.as_deref().unwrap_or_default())
                    .at("loss")?;
                limits(cell, &[])?;
                let units = ends.first().map(|end| end.shape.dims.clone());
                return Ok(Typed {
                    unit: Unit::Element,
                    units: units.unwrap_or_default(),
                    classes: None,
                    sequences: None,
                });
            }
        };
        // A loss of two paths compares them; others are to be minimised.
        if row.ends.is_empty() {
            if ends.len() != 2 {
                return Err(losses::compares_two(row.name, ends.len())).at("ends");
            }
        } else {
            losses::formed(row, ends, Form::Minimize).at("ends")?;
        }
        if row.parallel {
            self.in_one_object(ends, spaces).at("ends")?;
        }
        let at = |found: Wrong| match found {
            (Where::End(index), found) => fault(found).within(format!("ends[{index}]")),
            (Where::Ends, found) => fault(found).within("ends"),
            found => wrong(loss, found).within(place),
        };
        self.arguments(loss, row.parameters, true).map_err(at)?;
        let facts = &self.diagram.facts;
        let typed = row.typed(loss, ends, facts).map_err(at)?;
        limits(cell, &row.limits(loss))?;
        Ok(typed)
    }

    /// All ends are in one object.
    fn in_one_object(self, ends: &[End], spaces: &[Space]) -> Result<(), Fault> {
        let mut pairs = ends.iter().zip(spaces);
        let Some((first, space)) = pairs.next() else {
            return Ok(());
        };
        pairs.try_for_each(|(other, of)| {
            check::parallel(self.diagram, (&first.text, space), (&other.text, of))
        })
    }

    fn cell_weight(self, cell: &Cell, typed: &Typed) -> Result<(), ReadError> {
        let one = Weight::Scalar(Scalar::Number(Number::ONE));
        match &cell.weight {
            weight if cell.role == CellRole::Watched && *weight != one => {
                Err(fault(check::weight_of_a_watch()))
            }
            Weight::Scalar(scalar) => self.weight(scalar).at("Scalar"),
            Weight::Path(clause) => self.units(Kind::Float, clause, cell, typed).at("Path"),
            Weight::Learned(_) => Ok(()),
        }
    }

    /// A mask or a weight says something of the units of a loss.
    fn units(
        self,
        kind: Kind,
        clause: &Clause,
        cell: &Cell,
        typed: &Typed,
    ) -> Result<(), ReadError> {
        if let Term::Number(..) = self.diagram.paths.term(clause.path) {
            return Err(form("a number stands only on one side of a cell")).at("path");
        }
        let ends = self.ends_of(&[clause.path]).at("path")?;
        let shapes = self.diagram.shapes(&ends);
        let empty = Shape::float(Vec::new());
        let shape = shapes.one().unwrap_or(&empty);
        let loss = cell.loss.name().unwrap_or_default();
        let facts = &self.diagram.facts;
        let of = (loss, typed);
        losses::of_units(kind, (&clause.text, shape), of, facts).at("path")
    }

    /// A number that is a class is one of those that there are.
    fn is_a_class(self, cell: &Cell, ends: &[End], typed: &Typed) -> Result<(), ReadError> {
        let Some(classes) = &typed.classes else {
            return Ok(());
        };
        let of = ends
            .first()
            .map_or(String::new(), |end| format!("`{}`", end.text));
        for (index, end) in cell.ends.iter().enumerate() {
            let Term::Number(_, filled) = self.diagram.paths.term(*end) else {
                continue;
            };
            let Entry::Int(class) = filled.value else {
                continue;
            };
            let text = class.to_string();
            losses::is_a_class((class, &text), classes, &of, &self.diagram.facts)
                .map_err(|found| fault(found).within(format!("[{index}]")))?;
        }
        Ok(())
    }

    /// Every trained cell must reach something to train.
    pub(super) fn trained(self) -> Result<(), ReadError> {
        let trained = |id| check::is_trainable(self.diagram, id);
        let trainable = check::trainable_paths(self.diagram, &trained);
        for (index, cell) in self.diagram.cells.iter().enumerate() {
            let learns = !cell.loss.learned().is_empty();
            let moved = learns || cell.ends.iter().any(|end| trainable[end.0]);
            if cell.role == CellRole::Trained && !moved {
                let nothing = check::nothing_to_train(self.diagram, cell);
                return Err(nothing).at_named("cells", index, "cell", &cell.label());
            }
        }
        Ok(())
    }
}

/// The row of a loss, which is none that is only watched where the cell is trained.
fn row(cell: &Cell, name: &str) -> Result<&'static Loss, ReadError> {
    let row = losses::find(name);
    let row = row.ok_or_else(|| losses::spelling::unknown(name));
    let row = row.at("loss.Loss.name")?;
    if row.watch_only && cell.role == CellRole::Trained {
        return Err(losses::metric_trained(row, Some(&cell.text))).at("loss.Loss.name");
    }
    Ok(row)
}

fn limits(cell: &Cell, limits: &[Limit]) -> Result<(), ReadError> {
    if cell.limits == limits {
        return Ok(());
    }
    Err(form("`limits` is not that of the loss")).at("limits")
}

//! The loss of a cell, on its ends.

use diagram_core::{CellRole, FunctionArgument, Limit, Measure, ObjectId, Where, check};
use diagram_layers::losses;

use crate::arguments;
use crate::lower::cells::ends::{PlacedEnd, bare_ends, form};
use crate::lower::cells::measures::{FoundLoss, find_loss};
use crate::lower::cells::numbers::takes;
use crate::lower::paths::Typed;
use crate::lower::{CellPart, Lowering};
use crate::place::Place;
use crate::scope::Scope;
use crate::syntax::tree::{self, Ends, shown};

/// A loss with its arguments on its ends.
pub(in crate::lower) struct Applied {
    pub(in crate::lower) measure: Measure,
    pub(in crate::lower) limits: Vec<Limit>,
    pub(in crate::lower) typed: losses::Typed,
    pub(in crate::lower) argument_places: Vec<Place>,
}

impl<'a> Lowering<'a, '_> {
    /// What a cell is compared by: what it names, else the default loss of the left side's object, else of the
    /// right's. `mse` where there is none.
    pub(in crate::lower) fn loss_of<'c>(
        &self,
        cell: &'c tree::Cell,
        ends: Option<&[Typed]>,
    ) -> Option<&'c tree::Loss>
    where
        'a: 'c,
    {
        let agree = matches!(cell.ends, Ends::Agree(..));
        let mut ends = ends.into_iter().flatten().filter(|_| agree);
        let default = || ends.find_map(|end| self.default_losses.get(&end.end.object).copied());
        cell.clauses.loss.as_ref().or_else(default)
    }

    /// The loss of an object, without what only a cell can tell.
    pub(in crate::lower) fn default_loss(
        &mut self,
        object: ObjectId,
        default: Option<&'a tree::Loss>,
    ) {
        let Some(default) = default else { return };
        let found = find_loss(default, CellRole::Trained, None);
        let Some(found) = self.rules.take(found) else {
            return;
        };
        let measure = match found {
            FoundLoss::Known(loss) => {
                let arguments = default.arguments.as_deref().unwrap_or_default();
                let read = self
                    .rules
                    .decided(|scope| arguments::read_loss(loss, arguments, default.place, scope));
                read.map(|read| Measure::Loss(read.call))
            }
            FoundLoss::Function(_) => {
                let read = arguments::function::read(default, &self.rules.scope);
                let read = self.rules.take(read);
                read.map(|read| self.own_function(default, read.arguments))
            }
        };
        if let Some(measure) = measure {
            self.output.diagram.objects[object.0].default_loss = Some(measure);
            self.default_losses.insert(object, default);
        }
    }

    /// A function of the user's with its arguments.
    fn own_function(&self, written: &tree::Loss, given: Vec<FunctionArgument>) -> Measure {
        Measure::Function {
            function: self.rules.scope.snippet(&written.path),
            arguments: written.arguments.as_ref().map(|_| given),
        }
    }

    /// The loss with its arguments, on ends that it takes.
    pub(in crate::lower) fn applied_loss(
        &mut self,
        cell: &tree::Cell,
        part: &CellPart<'_>,
        (found, written): (&FoundLoss, Option<&tree::Loss>),
        ends: &[PlacedEnd],
        typed: &[Typed],
    ) -> Option<Applied> {
        let applied = match (found, written) {
            (FoundLoss::Known(loss), _) => self.row(cell, part, (loss, written), ends, typed)?,
            (FoundLoss::Function(_), None) => return None,
            (FoundLoss::Function(_), Some(written)) => {
                let read = arguments::function::read(written, &self.rules.scope);
                let read = self.rules.take(read)?;
                let first = ends.first();
                let units = first.map(|end| end.end.shape.dims.clone());
                Applied {
                    measure: self.own_function(written, read.arguments),
                    limits: Vec::new(),
                    typed: losses::Typed {
                        unit: losses::Unit::Element,
                        units: units.unwrap_or_default(),
                        classes: None,
                        sequences: None,
                    },
                    argument_places: read.places,
                }
            }
        };
        // Equal ends of what is minimised are meant, if anyone writes them.
        if let Ends::Agree(left, right) = &cell.ends {
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let (left, right) = (shown(left), shown(right));
            let zero = check::always_zero(&self.output.diagram, [&left, &right], &paths, part.role);
            if let Some(warning) = zero {
                self.warn(&[part.attributes], cell.place, warning);
            }
        }
        Some(applied)
    }

    /// A loss of the tables.
    fn row(
        &mut self,
        cell: &tree::Cell,
        part: &CellPart<'_>,
        (loss, written): (&'static losses::Loss, Option<&tree::Loss>),
        ends: &[PlacedEnd],
        typed: &[Typed],
    ) -> Option<Applied> {
        // What an object's loss does not take is said at the cell.
        let by = cell.clauses.loss.as_ref();
        let place = by.map_or(cell.place, |loss| loss.place);
        let alone = bare_ends(ends);
        let formed = losses::formed(loss, &alone, form(&cell.ends));
        self.rules
            .reports
            .diagnostics
            .take(formed.map_err(|fault| (cell.place, fault)))?;
        if loss.parallel {
            self.in_one_object(cell, ends, typed)?;
        }
        let arguments = written.and_then(|loss| loss.arguments.as_deref());
        let arguments = arguments.unwrap_or_default();
        let read = self
            .rules
            .decided(|scope| arguments::read_loss(loss, arguments, place, scope))?;
        let measured = self.rules.decided(|scope| {
            let measured = loss.typed(&read.call, &alone, &scope.facts);
            measured.map_err(|(at, fault)| {
                let place = match at {
                    Where::End(end) => ends.get(end).map_or(place, |end| end.place),
                    Where::Ends => match (ends.first(), ends.last()) {
                        (Some(first), Some(last)) => first.place.to(last.place),
                        _ => place,
                    },
                    at => read.place(&at),
                };
                vec![(place, fault)]
            })
        })?;
        self.takes_numbers(cell, part, (loss, written, &read.call), typed);
        let measure = match &cell.ends {
            Ends::Minimize(_) if written.is_none() => Measure::Itself,
            _ => Measure::Loss(read.call.clone()),
        };
        Some(Applied {
            measure,
            limits: loss.limits(&read.call),
            typed: measured,
            argument_places: Vec::new(),
        })
    }

    /// All ends are in one object.
    fn in_one_object(
        &mut self,
        cell: &tree::Cell,
        ends: &[PlacedEnd],
        typed: &[Typed],
    ) -> Option<()> {
        let mut pairs = ends.iter().zip(typed);
        let Some(first) = pairs.next() else {
            return Some(());
        };
        for other in pairs {
            let place = match &cell.ends {
                Ends::Agree(left, right) => left.place.to(right.place),
                Ends::Minimize(_) => other.0.place,
            };
            let diagram = &mut self.output.diagram;
            self.rules.settled_in(diagram, place, |diagram, scope| {
                let parallel = check::parallel(
                    diagram,
                    (&first.0.end.text, &first.1.end),
                    (&other.0.end.text, &other.1.end),
                );
                parallel.map_err(|fault| {
                    if are_logits_and_classes(ends, scope) {
                        fault.help(format!("`{} by cross_entropy`", cell.ends))
                    } else {
                        fault
                    }
                })
            })?;
        }
        Some(())
    }
}

/// Whether the ends are logits and their classes, which `cross_entropy` takes.
fn are_logits_and_classes(ends: &[PlacedEnd], scope: &Scope) -> bool {
    let loss = losses::find("cross_entropy").map(FoundLoss::Known);
    ends.len() == 2 && loss.is_some_and(|loss| takes(&loss, None, &bare_ends(ends), scope))
}

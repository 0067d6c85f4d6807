//! The loss of a cell, on its ends.

use diagram_core::{Diagram, Limit, Measure, Where, check};
use diagram_layers::losses;

use crate::arguments;
use crate::lower::cells::ends::{PlacedEnd, bare_ends, form};
use crate::lower::cells::measures::{FoundLoss, numbers_warning, own_function};
use crate::lower::cells::numbers::takes;
use crate::lower::output::CellPart;
use crate::lower::paths::Typed;
use crate::lower::rules::Rules;
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

/// A cell whose ends are known, and what its loss is typed with.
pub(in crate::lower) struct Measuring<'p, 'd> {
    pub(in crate::lower) rules: &'p mut Rules<'d>,
    pub(in crate::lower) diagram: &'p mut Diagram,
    pub(in crate::lower) cell: &'p tree::Cell,
    pub(in crate::lower) part: &'p CellPart<'p>,
    pub(in crate::lower) ends: &'p [PlacedEnd],
    pub(in crate::lower) typed: &'p [Typed],
}

impl Measuring<'_, '_> {
    /// The loss with its arguments, on ends that it takes.
    pub(in crate::lower) fn applied(
        &mut self,
        found: &FoundLoss,
        written: Option<&tree::Loss>,
    ) -> Option<Applied> {
        let (cell, part) = (self.cell, self.part);
        let applied = match (found, written) {
            (FoundLoss::Known(loss), _) => self.row(loss, written)?,
            (FoundLoss::Function(_), None) => return None,
            (FoundLoss::Function(_), Some(written)) => {
                let read = arguments::function::read(written, &self.rules.scope);
                let read = self.rules.take(read)?;
                let first = self.ends.first();
                let units = first.map(|end| end.end.shape.dims.clone());
                Applied {
                    measure: own_function(written, read.arguments, &self.rules.scope),
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
            let paths: Vec<_> = self.typed.iter().map(|typed| typed.path).collect();
            let (left, right) = (shown(left), shown(right));
            let zero = check::always_zero(self.diagram, [&left, &right], &paths, part.role);
            if let Some(warning) = zero {
                self.rules
                    .reports
                    .warn(&[part.attributes], cell.place, warning);
            }
        }
        Some(applied)
    }

    /// A loss of the tables.
    fn row(
        &mut self,
        loss: &'static losses::Loss,
        written: Option<&tree::Loss>,
    ) -> Option<Applied> {
        let (cell, part, ends) = (self.cell, self.part, self.ends);
        // What an object's loss does not take is said at the cell.
        let by = cell.clauses.loss.as_ref();
        let place = by.map_or(cell.place, |loss| loss.place);
        let alone = bare_ends(ends);
        let formed = losses::formed(loss, &alone, form(&cell.ends));
        self.rules
            .take(formed.map_err(|fault| (cell.place, fault)))?;
        if loss.parallel {
            self.in_one_object()?;
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
        let row = (loss, written, &read.call);
        if let Some(warning) = numbers_warning(self.diagram, cell, row, self.typed) {
            self.rules
                .reports
                .warn(&[part.attributes], cell.place, warning);
        }
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
    fn in_one_object(&mut self) -> Option<()> {
        let (cell, ends) = (self.cell, self.ends);
        let mut pairs = ends.iter().zip(self.typed);
        let Some(first) = pairs.next() else {
            return Some(());
        };
        for other in pairs {
            let place = match &cell.ends {
                Ends::Agree(left, right) => left.place.to(right.place),
                Ends::Minimize(_) => other.0.place,
            };
            self.rules
                .settled_in(self.diagram, place, |diagram, scope| {
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

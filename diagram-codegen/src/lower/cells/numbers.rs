//! Numbers on one side of a cell: constants of the other side's shape, of the kind that the loss takes there.

use diagram_core::{Code, Dim, Entry, Fault, Filled, Kind, Number, Shape, Term};
use diagram_layers::losses::{self, End};

use crate::arguments::{self, finite};
use crate::lower::cells::ends::{PlacedEnd, bare_ends};
use crate::lower::cells::measures::FoundLoss;
use crate::lower::paths::{PathTyping, Typed};
use crate::lower::rules::Rules;
use crate::scope::Scope;
use crate::syntax::tree::{self, Ends, PathKind};

impl PathTyping<'_, '_> {
    /// The ends of a cell where one is a number: a constant that the loss takes there.
    pub(in crate::lower) fn with_number(
        &mut self,
        cell: &tree::Cell,
        (measure, by): (&FoundLoss, Option<&tree::Loss>),
        ends: &mut [PlacedEnd],
        typed: &mut [Typed],
    ) -> Option<()> {
        let Some((at, number)) = number_in(&cell.ends) else {
            return Some(());
        };
        let like = ends.get(at)?.end.shape.clone();
        let mut found = None;
        for (kind, without) in candidates(&like) {
            ends.get_mut(at)?.end.shape = Filled::shape_of(kind, without, &like);
            if takes(measure, by, &bare_ends(ends), &self.rules.scope) {
                found = Some((kind, without));
                break;
            }
        }
        // Where the loss takes none, its own message says why.
        let (kind, without) = found.unwrap_or((like.kind, None));
        ends.get_mut(at)?.end.shape = Filled::shape_of(kind, without, &like);
        let value = value(number, kind, &measure.name());
        let value = self
            .rules
            .take(value.map_err(|fault| (number.place, fault)))?;
        let of = typed.get_mut(at)?;
        let term = Term::Number(of.path, Filled { value, without });
        of.path = self.diagram.paths.intern(term);
        Some(())
    }
}

impl Rules<'_> {
    /// A number that is a class is one of those that there are.
    pub(in crate::lower) fn is_a_class(&mut self, ends: &Ends, classes: Option<&Dim>, of: &str) {
        let (Some((_, number)), Some(classes)) = (number_in(ends), classes) else {
            return;
        };
        // What is no whole number was said before.
        let Some(class) = number.whole() else {
            return;
        };
        let (text, facts) = (number.to_string(), &self.scope.facts);
        if let Err(fault) = losses::is_a_class((class, &text), classes, of, facts) {
            self.fault(number.place, fault);
        }
    }
}

/// Whether a loss takes these ends, whatever is said of its arguments. A function of the user's takes what it
/// takes.
pub(in crate::lower) fn takes(
    measure: &FoundLoss,
    by: Option<&tree::Loss>,
    ends: &[End],
    scope: &Scope,
) -> bool {
    let FoundLoss::Known(loss) = measure else {
        return true;
    };
    let given = by.and_then(|loss| loss.arguments.as_deref());
    let place = by.map_or_else(|| proc_macro2::Span::call_site().into(), |loss| loss.place);
    let given = given.unwrap_or_default();
    let arguments = arguments::readable_loss(loss, given, place, scope);
    let measured = loss.typed(&arguments.call, ends, &scope.facts);
    !measured.is_err_and(|(_, fault)| fault.code == Code::LossEnds)
}

/// The side that is a number.
fn number_in(ends: &Ends) -> Option<(usize, &tree::Number)> {
    match ends {
        Ends::Agree(left, right) => match (&left.kind, &right.kind) {
            (_, PathKind::Number(number)) => Some((1, number)),
            (PathKind::Number(number), _) => Some((0, number)),
            _ => None,
        },
        Ends::Minimize(_) => None,
    }
}

/// What a number beside a tensor may be, the likeliest first: as that is, of another kind, or a class for
/// each unit.
fn candidates(like: &Shape) -> impl Iterator<Item = (Kind, Option<usize>)> {
    let kinds = [like.kind, Kind::Float, Kind::Int, Kind::Bool];
    let classes = (0..like.rank()).rev().map(|axis| (Kind::Int, Some(axis)));
    kinds.into_iter().map(|kind| (kind, None)).chain(classes)
}

/// A number as an entry of this kind.
fn value(number: &tree::Number, kind: Kind, loss: &str) -> Result<Entry, Fault> {
    let found = finite(number);
    let taken = match (found, kind) {
        (Some(value), Kind::Float) => return Ok(Entry::Float(value)),
        (Some(_), Kind::Int) => match number.whole() {
            Some(value) => return Ok(Entry::Int(value)),
            None => "a whole number",
        },
        (Some(value), Kind::Bool) if value.get() == 0.0 => return Ok(Entry::Bool(false)),
        (Some(value), Kind::Bool) if value == Number::ONE => return Ok(Entry::Bool(true)),
        // error: `1e999` is no number that a cell can compare with [D0311]
        (None, _) => {
            let message = format!("`{number}` is no number that a cell can compare with");
            return Err(Fault::new(Code::ArgumentType, message));
        }
        (Some(_), Kind::Bool) => "0 or 1",
    };
    // error: `cross_entropy` takes Int there: a whole number, not `0.5` [D0311]
    let message = format!("`{loss}` takes {kind} there: {taken}, not `{number}`");
    Err(Fault::new(Code::ArgumentType, message))
}

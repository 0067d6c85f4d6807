//! Reading a diagram that was written as JSON.
//!
//! What is read may come from anywhere, so all of it is checked, by the rules by which a diagram is checked that
//! is written in the language: those of [`diagram_core::check`] and of the rows of the tables. An error says where
//! in the JSON it is, and what is wrong there in the words of the same fault of a written diagram.
//!
//! A part is checked after those that it depends on: what ids name, names and dims, objects and data, definitions,
//! paths, cells, and then the rules about the whole. What follows from other parts (shapes after layers, costs,
//! traits, limits, numbers in Int data) is computed again, and must be what is written.

use diagram_core::{Call, Diagram, HyperType, Value, Where, Wrong};

use crate::arguments::{self, Arguments};
use crate::parameter::Parameter;

mod cells;
mod error;
mod ids;
mod morphisms;
mod names;
mod objects;
mod paths;
mod scalars;
mod steps;
mod text;
mod whole;

use error::{At, fault, form};
pub use error::{ReadError, Reason};

/// The diagram that a text of JSON is.
///
/// ```
/// let text = r#"{"format": 2}"#;
/// let error = diagram_layers::read(text).unwrap_err();
/// let said = "at `format`: the diagram is written in format 2, and format 1 is read here";
/// assert!(error.to_string().starts_with(said));
/// ```
///
/// # Errors
///
/// It is no JSON, none of a diagram in this format, or of a diagram that a rule forbids.
pub fn read(text: &str) -> Result<Diagram, ReadError> {
    let mut diagram = text::parse(text)?;
    check(&mut diagram)?;
    Ok(diagram)
}

/// Checks a diagram that was read without its rules.
fn check(diagram: &mut Diagram) -> Result<(), ReadError> {
    Reader { diagram }.ids()?;
    // From here on every id names something.
    // What rustc was asked of constants is written, except that nothing is too large.
    let written = diagram.facts.clone();
    diagram.facts = written.clone().over(variables(diagram)).fitting();
    let reader = Reader { diagram };
    reader.names()?;
    reader.objects()?;
    reader.ends()?;
    reader.definitions()?;
    reader.paths()?;
    reader.composites()?;
    let cells = reader.cells()?;
    reader.whole(&cells)?;
    diagram.facts = written;
    Ok(())
}

/// The names in dims that are no constants.
fn variables(diagram: &Diagram) -> Vec<String> {
    let hypers = diagram.hypers.iter();
    let sizes = hypers.filter(|hyper| hyper.ty == HyperType::Size);
    let dynamics = diagram.dynamics.iter().cloned();
    dynamics
        .chain(sizes.map(|hyper| hyper.name.clone()))
        .collect()
}

/// What the parts of the reading share.
#[derive(Clone, Copy)]
struct Reader<'a> {
    diagram: &'a Diagram,
}

impl Reader<'_> {
    /// The arguments of a call, against those of its row.
    fn arguments(
        self,
        call: &Call,
        parameters: &'static [Parameter],
        learns: bool,
    ) -> Result<(), Wrong> {
        arguments::check(&Arguments {
            call,
            parameters,
            learns,
            diagram: self.diagram,
        })
    }
}

/// A fault of a call, at its argument.
fn wrong(call: &Call, (at, found): Wrong) -> ReadError {
    let (name, inner) = match at {
        Where::Argument(name) | Where::Item(name, _) => (name, None),
        Where::Inside(inside) => (inside.0, Some(inside.1)),
        Where::Whole | Where::End(_) | Where::Ends => return fault(found),
    };
    let mut arguments = call.arguments.iter().enumerate().rev();
    let Some((index, argument)) = arguments.find(|(_, one)| one.name == name) else {
        return fault(found);
    };
    let error = match (inner, &argument.value) {
        (Some(inner), Value::Call(call)) => wrong(call, (inner, found)).within("value.Call"),
        _ => fault(found),
    };
    error.within(format!("arguments[{index}]"))
}

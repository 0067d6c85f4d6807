//! Diagrams from text, for tools: what they mean, and what is wrong with them at which line and column.

use diagram_core::{Code, Diagram, Fault};
use proc_macro2::{LexError, Span, TokenStream};

use crate::diagnostic::Diagnostics;
use crate::expand;
use crate::lower;
use crate::place::{Place, Placed};
use crate::syntax;

/// What [`check`] found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The diagrams, in order. Where something is at fault, each is as much as is known.
    pub diagrams: Vec<Diagram>,
    /// What stops code from being generated, in source order.
    pub faults: Vec<Found>,
    /// What is allowed and hardly meant, in source order.
    pub warnings: Vec<Found>,
}

/// A fault, and where it is in the text.
#[derive(Clone, Debug)]
pub struct Found {
    /// The fault.
    pub fault: Fault,
    /// Where its first token starts.
    pub start: Position,
    /// Where its last token ends.
    pub end: Position,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// Reads any number of diagrams as they stand in `diagram! { … }`, and checks them by all rules of the macro. What
/// only rustc knows, the values of constants and the types of modules, is not checked.
///
/// ```
/// let checked = diagram_codegen::check("Small { data Image: [8]; Image --f--> Image; f = lineer; }");
/// let found = &checked.faults[0];
/// assert_eq!(found.fault.message, "there is no layer `lineer`");
/// assert_eq!((found.start.line, found.start.column), (1, 50));
/// ```
#[must_use]
pub fn check(text: &str) -> Checked {
    let tokens: TokenStream = match text.parse() {
        Ok(tokens) => tokens,
        Err(error) => return unreadable(&error),
    };
    let mut diagnostics = Diagnostics::default();
    let trees = syntax::parse(tokens, &mut diagnostics);
    let diagrams = trees.iter().map(|tree| {
        let mut lowered = lower::lower(tree, &mut diagnostics);
        // Two morphisms may not become one type.
        expand::modules(&mut lowered, &mut diagnostics);
        lowered.diagram
    });
    let diagrams = diagrams.collect();
    Checked {
        diagrams,
        faults: found(diagnostics.faults()),
        warnings: found(diagnostics.warnings()),
    }
}

/// The text falls into no tokens.
fn unreadable(error: &LexError) -> Checked {
    // error: this is no token of Rust: a quote or a bracket is not closed, most likely [D0001]
    let message = "this is no token of Rust: a quote or a bracket is not closed, most likely";
    let fault = Fault::new(Code::UnexpectedToken, message);
    Checked {
        faults: found(&[(Place::of(error.span()), fault)]),
        ..Checked::default()
    }
}

fn found(placed: &[Placed]) -> Vec<Found> {
    let mut found: Vec<_> = placed
        .iter()
        .map(|(place, fault)| Found {
            fault: fault.clone(),
            start: position(place.start, Span::start),
            end: position(place.end, Span::end),
        })
        .collect();
    found.sort_by_key(|found| found.start);
    found
}

fn position(span: Span, end: fn(&Span) -> proc_macro2::LineColumn) -> Position {
    let at = end(&span);
    Position {
        line: at.line,
        column: at.column + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(found: &[Found]) -> Vec<(&str, usize, usize)> {
        let places = found.iter().map(|found| {
            (
                found.fault.code.number(),
                found.start.line,
                found.start.column,
            )
        });
        places.collect()
    }

    #[test]
    fn faults_are_at_their_lines_and_columns() {
        let checked = check(
            "pub First(hidden: usize = 4) {\n    dyn batch;\n    data Image: [batch, 8];\n    data Label: Int[batch];\n    \
             Logits: [batch, 10];\n    Image --model--> Logits;\n    model = linear(hidden) >> lineer >> linear(12);\n    \
             model ~ Labl by cross_entropy;\n}",
        );
        assert_eq!(
            places(&checked.faults),
            [("D0104", 7, 31), ("D0102", 8, 13)]
        );
        let end = checked.faults[1].end;
        assert_eq!((end.line, end.column), (8, 17));
        assert_eq!(checked.diagrams[0].name, "First");
        assert_eq!(checked.diagrams[0].data.len(), 2);
    }

    #[test]
    fn a_sound_text_is_its_diagrams() {
        let one = |name: &str| {
            format!(
                "{name} {{ dyn batch; data Image: [batch, 8]; Image --f--> Image; f = linear; rest: f ~ Image; }}"
            )
        };
        let checked = check(&format!("{} {}", one("First"), one("Second")));
        assert!(checked.faults.is_empty(), "{:?}", checked.faults);
        let names: Vec<_> = checked.diagrams.iter().map(|one| &one.name).collect();
        assert_eq!(names, ["First", "Second"]);
        assert_eq!(checked.diagrams[0].cells.len(), 1);
        let warned = check("One { dyn batch; data Image: [batch, 8]; Rest: [batch]; }");
        assert_eq!(places(&warned.warnings), [("D0701", 1, 42)]);
    }

    #[test]
    fn a_watch_of_a_function_without_a_name_has_a_name_of_its_own() {
        let checked = check(
            "One { dyn batch; data Image: [batch, 8]; data Blur: [batch, 8]; Image ~ Blur by losses::cross; }",
        );
        let faults = checked.faults.iter().map(|found| found.fault.to_string());
        let said = faults.collect::<Vec<_>>().join("\n");
        assert!(
            said.ends_with("`watch value: Image ~ Blur by losses::cross;`"),
            "{said}"
        );
    }

    #[test]
    fn what_falls_into_no_tokens_is_a_fault_at_its_place() {
        for text in ["One { \"", "One {", "One }", "'", "/*"] {
            let checked = check(text);
            assert_eq!(checked.faults.len(), 1, "{text}");
            assert_eq!(checked.faults[0].start.line, 1, "{text}");
            assert!(checked.diagrams.is_empty(), "{text}");
        }
    }
}

//! Cells: their ends and clauses, and what else takes clauses.

use std::fmt::Display;

use diagram_core::{Code, Fault};
use proc_macro2::Delimiter;
use syn::buffer::Cursor;

use super::path::{at_number, learned};
use super::reader::{Reader, after_sign, after_signs, is_path_keyword};
use super::tree::{
    Argument, Cell, Clauses, Ends, Loss, Number, Path, PathKind, WeightClause, bare,
};
use super::{Error, Parse, Result, rust};
use crate::place::Place;
use diagram_layers::losses;

/// The words that clauses start with.
pub(super) const CLAUSES: [&str; 3] = ["by", "weight", "mask"];

/// Whether a minimised cell comes next, and not a morphism of that name.
pub(super) fn at_minimize(reader: Reader<'_>) -> bool {
    reader.cursor().ident().is_some_and(|(word, after)| {
        word == "minimize"
            && (after.ident().is_some() || after.group(Delimiter::Parenthesis).is_some())
    })
}

impl Parse for Cell {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let ends = if at_minimize(reader) {
            reader.skip();
            Ends::Minimize(Path::parse(reader)?)
        } else {
            let left = Path::parse(reader)?;
            tilde(reader, &left)?;
            Ends::Agree(left, Path::parse(reader)?)
        };
        let clauses = Clauses::parse(reader)?;
        Ok(Cell {
            ends,
            clauses,
            place: reader.since(start),
        })
    }
}

/// `~` between the ends, or what a beginner writes for it.
fn tilde(reader: Reader<'_>, left: &Path) -> Result<()> {
    if reader.eat_sign("~").is_some() {
        if let Some(place) = reader.eat_sign("=").or_else(|| reader.eat_sign("~")) {
            // error: the ends of a cell are joined by one `~` [D0001]
            let message = "the ends of a cell are joined by one `~`";
            reader.record(place, Fault::new(Code::UnexpectedToken, message));
        }
        return Ok(());
    }
    if let Some(place) = reader.eat_signs("==").or_else(|| reader.eat_signs("=")) {
        reader.eat_signs("~");
        reader.record(place, equals_for_tilde());
        return Ok(());
    }
    if let Some((place, found)) = other_sign(reader) {
        // error: the ends of a cell are joined by `~`, not `vs` [D0001]
        let message = format!("the ends of a cell are joined by `~`, not `{found}`");
        reader.record(place, Fault::new(Code::UnexpectedToken, message));
        return Ok(());
    }
    if let PathKind::Apply(name, paths) = &left.kind
        && let Some(loss) = losses::spelling::meant(&bare(name))
        && let [prediction, target] = &paths[..]
    {
        return Err(loss_called(left.place, loss, prediction, target));
    }
    if matches!(left.kind, PathKind::Tuple(_)) && reader.at_signs("-") {
        // error: a product of objects is written `A * B` [D0001]
        let fault = Fault::new(
            Code::UnexpectedToken,
            "a product of objects is written `A * B`",
        );
        return Err(Error::new(left.place, fault));
    }
    let error = reader.expected(&format!("`~` and a second path after `{left}`"));
    // `0.5 * f ~ g`
    let weighted = matches!(left.kind, PathKind::Number(_)) && reader.at_sign("*");
    Err(if weighted {
        error.help(format!("a weight stands after its cell: `weight {left}`"))
    } else {
        error
    })
}

/// Takes what is written for `~` between two paths: `vs`, `-`, `,`, `<->`.
fn other_sign(reader: Reader<'_>) -> Option<(Place, String)> {
    let starts_path = |cursor: Cursor<'_>| {
        cursor.ident().is_some() || cursor.group(Delimiter::Parenthesis).is_some()
    };
    let cursor = reader.cursor();
    let signs = ["<->", "-", ",", "&", "!"];
    let sign = signs
        .iter()
        .find(|sign| after_signs(cursor, sign).is_some_and(starts_path));
    if let Some(sign) = sign {
        return Some((reader.eat_signs(sign)?, (*sign).to_owned()));
    }
    let (word, after) = cursor.ident()?;
    let word = word.to_string();
    let and = matches!(
        word.as_str(),
        "vs" | "and" | "like" | "is" | "to" | "equals"
    );
    let place = and.then(|| reader.eat_word(&word)).flatten()?;
    starts_path(after).then_some((place, word))
}

// error: a loss is named after the paths that it compares [D0001]
pub(super) fn loss_called(
    place: Place,
    loss: &str,
    prediction: &impl Display,
    target: &impl Display,
) -> Error {
    let message = "a loss is named after the two paths that it compares";
    let fault = Fault::new(Code::UnexpectedToken, message);
    Error::new(
        place,
        fault.help(format!("`{prediction} ~ {target} by {loss}`")),
    )
}

// error: the ends of a cell are joined by `~`, not `=` [D0005]
pub(super) fn equals_for_tilde() -> Fault {
    Fault::new(
        Code::EqualsForTilde,
        "the ends of a cell are joined by `~`, not `=`",
    )
}

impl Parse for Clauses {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let mut clauses = Clauses::default();
        loop {
            if let Some(place) = reader.eat_word("by") {
                let loss = Loss::parse(reader)?;
                keep(reader, place, "by", &mut clauses.loss, loss);
            } else if let Some(place) = reader.eat_word("weight") {
                let weight = WeightClause::parse(reader)?;
                keep(reader, place, "weight", &mut clauses.weight, weight);
            } else if let Some(place) = reader.eat_word("mask") {
                let mask = Path::parse(reader)?;
                keep(reader, place, "mask", &mut clauses.mask, mask);
            } else {
                return Ok(clauses);
            }
        }
    }
}

/// Keeps the first of several.
fn keep<T>(reader: Reader<'_>, place: Place, word: &str, slot: &mut Option<T>, value: T) {
    if slot.is_some() {
        // error: `by` is given twice to one cell [D0010]
        let message = format!("`{word}` is given twice to one cell");
        reader.record(place, Fault::new(Code::RepeatedClause, message));
    } else {
        *slot = Some(value);
    }
}

impl Parse for Loss {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        if reader.cursor().ident().is_none() && !reader.at_sign("::") {
            return Err(reader.expected("a loss"));
        }
        let start = reader.start();
        let path = rust::path(reader)?;
        let arguments = arguments(reader)?;
        Ok(Loss {
            path,
            arguments,
            place: reader.since(start),
        })
    }
}

/// `('(' argument,* ')')?`
pub(super) fn arguments(reader: Reader<'_>) -> Result<Option<Vec<Argument>>> {
    if !reader.at_group(Delimiter::Parenthesis) {
        return Ok(None);
    }
    reader
        .group(Delimiter::Parenthesis, |inner| inner.list(Argument::parse))
        .map(Some)
}

/// The default loss of an object, `by` loss.
pub(super) fn default_loss(reader: Reader<'_>) -> Result<Option<Loss>> {
    reader
        .eat_word("by")
        .map(|_| Loss::parse(reader))
        .transpose()
}

impl Parse for WeightClause {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let Some(sign) = reader.eat_sign("=").or_else(|| reader.eat_sign(":")) else {
            return weight(reader);
        };
        let weight = weight(reader)?;
        // error: a weight follows its word without a sign [D0001]
        let message = "a weight follows its word without a sign";
        let help = format!("`weight {weight}`");
        reader.record(sign, Fault::new(Code::UnexpectedToken, message).help(help));
        Ok(weight)
    }
}

/// `learned(0.5)`, `0.5`, a constant, a path.
fn weight(reader: Reader<'_>) -> Result<WeightClause> {
    if let Some(place) = reader.eat_word("learned") {
        let start = if reader.at_group(Delimiter::Parenthesis) {
            Some(learned(reader)?)
        } else {
            None
        };
        return Ok(WeightClause::Learned(start, reader.since(place.start)));
    }
    if at_number(reader) {
        return Ok(WeightClause::Number(Number::parse(reader)?));
    }
    if reader.cursor().ident().is_none()
        && !reader.at_sign("::")
        && !reader.at_group(Delimiter::Parenthesis)
    {
        // error: expected a weight, found `;` [D0001]
        return Err(reader
            .expected("a weight")
            .help("`weight 0.5`, a constant, or a hyper-parameter of type `f64`"));
    }
    let constant = reader.at_sign("::")
        || reader.cursor().ident().is_some_and(|(ident, after)| {
            after_sign(after, "::").is_some() || is_path_keyword(&ident.to_string())
        });
    if constant {
        return Ok(WeightClause::Constant(rust::path(reader)?));
    }
    let path = Path::parse(reader)?;
    Ok(match path.kind {
        // `weight (0.5)`
        PathKind::Number(number) => WeightClause::Number(number),
        _ => WeightClause::Path(path),
    })
}

//! Paths: terms over morphisms and data.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident, Literal};

use super::reader::{RESERVED, Reader, after_sign, is_number};
use super::tree::{Count, Dim, DimKind, Number, Path, PathKind, Rust, Scalar, ScalarKind, bare};
use super::{Error, Parse, Result, rust};
use crate::place::Place;

/// How many `^` and `.` may follow one atom.
const POSTFIXES: usize = 64;

impl Parse for Path {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let first = post(reader)?;
        let mut parts = vec![first];
        while reader.eat_sign(">>").is_some() {
            parts.push(post(reader)?);
        }
        if let Some(place) = reader.eat_signs("->") {
            // error: `->` does not compose paths: `>>` does [D0004]
            let fault = Fault::new(Code::ThinArrow, "`->` does not compose paths: `>>` does")
                .note("an arrow between objects carries a name: `A --f--> B`");
            return Err(Error::new(place, fault));
        }
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                parts.extend(last);
                Ok(Path {
                    kind: PathKind::Compose(parts),
                    place: reader.since(start),
                })
            }
        }
    }
}

fn post(reader: Reader<'_>) -> Result<Path> {
    let start = reader.start();
    let mut path = atom(reader)?;
    for _ in 0..=POSTFIXES {
        if reader.eat_signs("^").is_some() {
            let kind = PathKind::Power(Box::new(path), Count::parse(reader)?);
            path = Path {
                kind,
                place: reader.since(start),
            };
        } else if reader.eat_sign(".").is_some() {
            path = factor(reader, start, path)?;
        } else {
            return Ok(path);
        }
    }
    // error: more than 64 powers and factors of one path [D0001]
    let message = format!("more than {POSTFIXES} powers and factors of one path");
    Err(Error::new(
        reader.since(start),
        Fault::new(Code::UnexpectedToken, message),
    ))
}

/// `.Mean`, `.0`; `.0.1` arrives as the literal `0.1`.
fn factor(reader: Reader<'_>, start: proc_macro2::Span, path: Path) -> Result<Path> {
    let Some((literal, _)) = reader.cursor().literal() else {
        let name = reader.name("a factor")?;
        let kind = PathKind::Factor(Box::new(path), name);
        return Ok(Path {
            kind,
            place: reader.since(start),
        });
    };
    let text = literal.to_string();
    if !text.chars().all(|c| c.is_ascii_digit() || c == '.') || text.ends_with('.') {
        return Err(
            reader.expected("a factor by its object or its position, such as `.Mean` or `.0`")
        );
    }
    reader.skip();
    let place = reader.since(start);
    let mut path = path;
    for digits in text.split('.') {
        let mut position: Literal = digits.parse().map_err(|_| reader.expected("a position"))?;
        position.set_span(literal.span());
        path = Path {
            kind: PathKind::Position(Box::new(path), Rust(position)),
            place,
        };
    }
    Ok(path)
}

fn atom(reader: Reader<'_>) -> Result<Path> {
    let start = reader.start();
    if reader.at_group(Delimiter::Parenthesis) {
        if reader.at_unit() {
            // error: a path to nothing [D0001]
            let fault = Fault::new(Code::UnexpectedToken, "a path to nothing");
            return Err(Error::new(
                reader.here(),
                fault.help("`(p, q)` is a path to a product"),
            ));
        }
        let mut paths = reader.group(Delimiter::Parenthesis, |inner| inner.list(Path::parse))?;
        let place = reader.since(start);
        return match (paths.pop(), paths.is_empty()) {
            (Some(only), true) => Ok(Path { place, ..only }),
            (last, _) => {
                paths.extend(last);
                Ok(Path {
                    kind: PathKind::Tuple(paths),
                    place,
                })
            }
        };
    }
    let said = reader.cursor().literal();
    let kind = if said.is_some_and(|(literal, _)| reader.found().is_said(&literal.to_string())) {
        PathKind::Name(reader.name("a morphism or a datum")?)
    } else if at_number(reader) {
        PathKind::Number(Number::parse(reader)?)
    } else if let Some((ident, after)) = reader.cursor().ident() {
        if ident == "self" && after_sign(after, ".").is_some() {
            // error: a path is made of the diagram's own names, without `self` [D0001]
            let message = "a path is made of the diagram's own names, without `self`";
            return Err(Error::new(
                reader.here(),
                Fault::new(Code::UnexpectedToken, message),
            ));
        }
        if ident == "_" || after_sign(after, "::").is_some() {
            // error: a path is made of the diagram's own names [D0001]
            let fault = Fault::new(
                Code::UnexpectedToken,
                "a path is made of the diagram's own names",
            )
            .help("give the function a name: `f = fn path::to::function;`");
            return Err(Error::new(reader.here(), fault));
        }
        let name = reader.name("a morphism or a datum")?;
        if RESERVED.iter().any(|(word, _)| name == word) {
            word(reader, name)?
        } else if reader.at_group(Delimiter::Parenthesis) {
            PathKind::Apply(
                name,
                reader.group(Delimiter::Parenthesis, |inner| inner.list(Path::parse))?,
            )
        } else {
            PathKind::Name(name)
        }
    } else {
        return Err(reader.expected("a path"));
    };
    Ok(Path {
        kind,
        place: reader.since(start),
    })
}

/// `stop(p)`, `again(p)`, `scale(p, k)`, `reverse(p, k)`
fn word(reader: Reader<'_>, name: Ident) -> Result<PathKind> {
    let place = Place::of(name.span());
    let text = bare(&name);
    let meaning = RESERVED
        .iter()
        .find(|(word, _)| *word == text)
        .map_or("", |(_, meaning)| meaning);
    if reader.found().is_said(&text) && !reader.at_group(Delimiter::Parenthesis) {
        return Ok(PathKind::Name(name));
    }
    if text == "learned" || !reader.at_group(Delimiter::Parenthesis) {
        // error: `stop` is a word of the language, so it cannot name a path [D0009]
        let message = format!("`{text}` is a word of the language, so it cannot name a path");
        return Err(Error::new(
            place,
            Fault::new(Code::ReservedWord, message).note(meaning),
        ));
    }
    let gradient = matches!(text.as_str(), "scale" | "reverse");
    reader.group(Delimiter::Parenthesis, |inner| {
        let path = Path::parse(inner)?;
        let scalar = if gradient {
            inner.sign(",", "the path whose gradient is scaled")?;
            Some(Scalar::parse(inner)?)
        } else {
            None
        };
        inner.eat_sign(",");
        if !inner.is_empty() {
            // error: `stop` takes one path [D0001]
            let takes = if gradient {
                "a path and a number"
            } else {
                "one path"
            };
            let message = format!("`{text}` takes {takes}");
            let fault = Fault::new(Code::UnexpectedToken, message).note(meaning);
            return Err(Error::new(inner.here(), fault));
        }
        Ok(match scalar {
            Some(scalar) => PathKind::Gradient {
                word: name,
                path: Box::new(path),
                scalar,
            },
            None => PathKind::Apply(name, vec![path]),
        })
    })
}

/// Whether a number comes next, with or without its sign.
pub(super) fn at_number(reader: Reader<'_>) -> bool {
    let cursor = reader.cursor();
    let digits = after_sign(cursor, "-").unwrap_or(cursor);
    digits
        .literal()
        .is_some_and(|(literal, _)| is_number(&literal))
}

impl Parse for Number {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        if !at_number(reader) {
            return Err(reader.expected("a number"));
        }
        let start = reader.start();
        let negative = reader.eat_sign("-").is_some();
        let literal = reader
            .literal()
            .ok_or_else(|| reader.expected("a number"))?;
        let number = Number {
            negative,
            literal: Rust(literal),
            place: reader.since(start),
        };
        match reader.eat_sign("%") {
            Some(_) => Ok(in_percent(number, reader.since(start), reader)),
            None => Ok(number),
        }
    }
}

/// A number in percent is reported, and read as the fraction that it means.
fn in_percent(number: Number, place: Place, reader: Reader<'_>) -> Number {
    let fraction = number.value().and_then(diagram_core::Number::new);
    let fraction = fraction.map(diagram_core::Number::hundredth);
    // error: a number is given as a fraction, not in percent [D0001]
    let message = "a number is given as a fraction, not in percent";
    let fault = Fault::new(Code::UnexpectedToken, message);
    let help = fraction.map(|fraction| format!("`{fraction}`"));
    reader.record(place, fault.maybe_help(help));
    let digits = fraction.map(|fraction| Literal::f64_unsuffixed(fraction.get().abs()));
    Number {
        literal: digits.map_or(number.literal, Rust),
        ..number
    }
}

/// `learned(0.07)`, after the word.
pub(super) fn learned(reader: Reader<'_>) -> Result<Number> {
    if !reader.at_group(Delimiter::Parenthesis) {
        return Err(reader.expected("the value it starts from, `learned(0.5)`"));
    }
    reader.group(Delimiter::Parenthesis, Number::parse)
}

impl Parse for Scalar {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let negative = reader.eat_sign("-").is_some();
        let kind = match (reader.cursor().literal(), reader.cursor().ident()) {
            (Some((literal, _)), _) if is_number(&literal) => {
                reader.skip();
                ScalarKind::Number(Rust(literal))
            }
            (_, Some((ident, _))) if ident == "learned" => {
                reader.skip();
                ScalarKind::Learned(learned(reader)?)
            }
            (_, Some((_, after))) if after_sign(after, "::").is_some() => {
                ScalarKind::Constant(rust::path(reader)?)
            }
            (_, Some(_)) => ScalarKind::Name(reader.name("a number")?),
            _ => return Err(reader.expected("a number or a hyper-parameter")),
        };
        Ok(Scalar {
            negative,
            kind,
            place: reader.since(start),
        })
    }
}

impl Parse for Count {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let what = "how often, such as `3`, `n` or `(n + 1)`";
        if reader.at_group(Delimiter::Parenthesis) {
            return reader.group(Delimiter::Parenthesis, Dim::parse).map(Count);
        }
        let start = reader.start();
        let kind = match reader.cursor().ident() {
            Some((_, after)) if after_sign(after, "::").is_some() => {
                DimKind::Constant(rust::path(reader)?)
            }
            Some(_) => DimKind::Name(reader.name("a count")?),
            None => DimKind::Number(reader.integer(what)?),
        };
        Ok(Count(Dim {
            kind,
            place: reader.since(start),
        }))
    }
}

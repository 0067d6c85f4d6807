//! Shapes, dims and facts.

use diagram_core::dim::Op;
use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident, Literal};
use syn::buffer::Cursor;

use super::reader::{Reader, after_sign, is_number};
use super::tree::{Dim, DimKind, Dims, Fact, Rust, Shape};
use super::{Error, Parse, Result, rust};
use crate::place::Place;

/// How many operands one dim may have.
const OPERANDS: usize = 256;

const KINDS: [&str; 3] = ["Float", "Int", "Bool"];

/// Whether a shape comes next, and not the name of an object with its dims.
pub(super) fn at_shape(reader: Reader<'_>) -> bool {
    let after_kind = reader
        .cursor()
        .ident()
        .filter(|(ident, _)| KINDS.iter().any(|kind| ident == kind));
    let dims = after_kind.map_or(reader.cursor(), |(_, dims)| dims);
    dims.group(Delimiter::Bracket).is_some()
}

impl Parse for Shape {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let kind = match reader.cursor().ident() {
            Some(_) => Some(reader.name("an element kind")?),
            None => None,
        };
        if let Some(kind) = &kind
            && !KINDS.iter().any(|known| kind == known)
        {
            return Err(no_kind(reader.since(start), &kind.to_string()));
        }
        let other = [Delimiter::Parenthesis, Delimiter::Brace];
        let other = other.into_iter().find(|other| reader.at_group(*other));
        if !reader.at_group(Delimiter::Bracket) && other.is_none() {
            return Err(reader.expected("a shape such as `[batch, 10]`"));
        }
        let group = reader.start();
        let dims = reader.group(other.unwrap_or(Delimiter::Bracket), dims)?;
        if other.is_some() {
            // error: the dims of a shape stand in square brackets [D0001]
            let written: Vec<_> = dims.iter().map(ToString::to_string).collect();
            let kind = kind.as_ref().map_or(String::new(), ToString::to_string);
            let message = "the dims of a shape stand in square brackets";
            let fault = Fault::new(Code::UnexpectedToken, message);
            reader.record(
                reader.since(group),
                fault.help(format!("`{kind}[{}]`", written.join(", "))),
            );
        }
        let place = reader.since(start);
        if dims.is_empty() {
            // error: a shape has at least one axis [D0001]
            return Err(Error::new(
                place,
                Fault::new(Code::UnexpectedToken, "a shape has at least one axis"),
            ));
        }
        Ok(Shape { kind, dims, place })
    }
}

/// Whether a shape comes here, in other brackets than its own: `(batch, 10)`, `Float(batch, 10)`, `Tensor<2>`.
pub(super) fn mistaken_shape(cursor: Cursor<'_>) -> bool {
    let kind = cursor
        .ident()
        .filter(|(ident, _)| KINDS.iter().any(|kind| ident == kind));
    let dims = kind.as_ref().map_or(cursor, |(_, dims)| *dims);
    let groups = [Delimiter::Parenthesis, Delimiter::Brace];
    let closed = groups.iter().any(|group| {
        dims.group(*group)
            .is_some_and(|(_, _, rest)| rest.eof() || after_sign(rest, ";").is_some())
    });
    closed
        || kind.is_some()
            && (dims.eof() || after_sign(dims, ";").is_some() || after_sign(dims, "<").is_some())
}

/// `dim,*`, read as meant where a `,` is missing or is another sign.
fn dims(reader: Reader<'_>) -> Result<Vec<Dim>> {
    let mut dims = Vec::new();
    while !reader.is_empty() {
        dims.push(Dim::parse(reader)?);
        if reader.eat_sign(",").is_some() || reader.is_empty() {
            continue;
        }
        let place = reader.here();
        let error = reader.expected("`,` between dims");
        let by = reader.cursor().ident().is_some_and(|(word, after)| {
            word == "x" && (after.ident().is_some() || after.literal().is_some())
        });
        // error: dims are separated by `,`, not `x` [D0001]
        let sign = if by { "x" } else { ";" };
        if by && reader.eat_word("x").is_some() || reader.eat_sign(";").is_some() {
            let message = format!("dims are separated by `,`, not `{sign}`");
            reader.record(place, Fault::new(Code::UnexpectedToken, message));
        } else if reader.cursor().ident().is_some() || reader.cursor().literal().is_some() {
            reader.fail(error);
        } else {
            return Err(error);
        }
    }
    Ok(dims)
}

// error: there is no element kind `int` [D0001]
fn no_kind(place: Place, kind: &str) -> Error {
    let message = format!("there is no element kind `{kind}`");
    let near = match kind.to_lowercase().as_str() {
        "integer" | "long" | "i64" | "i32" | "usize" => Some("Int"),
        "boolean" => Some("Bool"),
        "f32" | "f64" | "tensor" => Some("Float"),
        _ => nearest(kind, KINDS),
    };
    let help = near.map_or_else(
        || "the kinds are `Float` (which may be left out), `Int` and `Bool`".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Error::new(place, Fault::new(Code::UnexpectedToken, message).help(help))
}

impl Parse for Dims {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let bindings = reader.group(Delimiter::Bracket, |inner| {
            inner.list(|inner| {
                let left = Dim::parse(inner)?;
                inner.sign("=", "the dim that gets another value")?;
                Ok((left, Dim::parse(inner)?))
            })
        })?;
        if bindings.is_empty() {
            return Err(Error::new(
                reader.since(start),
                // error: the brackets after an object hold dims and their values [D0001]
                Fault::new(
                    Code::UnexpectedToken,
                    "the brackets after an object hold dims and their values",
                )
                .help("`[batch = many]`"),
            ));
        }
        Ok(Dims {
            bindings,
            place: reader.since(start),
        })
    }
}

/// `dims?` after the name of a datum's object.
pub(super) fn dims_after(reader: Reader<'_>, object: &Ident) -> Result<Option<Dims>> {
    let Some((inner, ..)) = reader.cursor().group(Delimiter::Bracket) else {
        return Ok(None);
    };
    // `int[batch]`: no dim gets another value, so a shape was meant.
    let mut rest = inner;
    while !rest.eof() && after_sign(rest, "=").is_none() {
        rest = rest.token_tree().map_or(rest, |(_, rest)| rest);
    }
    if rest.eof() && !inner.eof() {
        return Err(no_kind(Place::of(object.span()), &object.to_string()));
    }
    Dims::parse(reader).map(Some)
}

impl Parse for Fact {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let left = Dim::parse(reader)?;
        for (sign, equal) in [("==", true), (">=", false)] {
            if reader.eat_sign(sign).is_some() {
                let right = Dim::parse(reader)?;
                return Ok(Fact { left, equal, right });
            }
        }
        // error: expected `==` or `>=` between two dims, found `>` [D0001]
        let error = reader.expected("`==` or `>=` between two dims");
        let signs = ["=", ">", "<", "<="];
        let Some(sign) = signs.iter().find(|sign| reader.eat_sign(sign).is_some()) else {
            return Err(error);
        };
        // Read as meant: dims are whole numbers, so what is greater is greater by 1.
        let right = Dim::parse(reader)?;
        let fact = match *sign {
            "=" => Fact {
                equal: true,
                left,
                right,
            },
            ">" => at_least(left, one_more(right)),
            "<" => at_least(right, one_more(left)),
            _ => at_least(right, left),
        };
        reader.fail(error.help(format!("`{fact}`")));
        Ok(fact)
    }
}

fn at_least(left: Dim, right: Dim) -> Fact {
    Fact {
        left,
        equal: false,
        right,
    }
}

fn one_more(dim: Dim) -> Dim {
    let place = dim.place;
    let number = |value| Dim {
        kind: DimKind::Number(Rust(Literal::u64_unsuffixed(value))),
        place,
    };
    if let DimKind::Number(Rust(literal)) = &dim.kind
        && let Some(more) = literal
            .to_string()
            .parse::<u64>()
            .ok()
            .and_then(|value| value.checked_add(1))
    {
        return number(more);
    }
    let one = number(1);
    Dim {
        kind: DimKind::Binary(Op::Add, Box::new(dim), Box::new(one)),
        place,
    }
}

impl Parse for Dim {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        sum(reader, &mut 0)
    }
}

fn sum(reader: Reader<'_>, operands: &mut usize) -> Result<Dim> {
    operations(reader, operands, &[Op::Add, Op::Sub], |reader, operands| {
        operations(reader, operands, &[Op::Mul, Op::Div, Op::Rem], operand)
    })
}

/// Operations of one precedence, from the left.
fn operations(
    reader: Reader<'_>,
    operands: &mut usize,
    ops: &[Op],
    next: impl Fn(Reader<'_>, &mut usize) -> Result<Dim>,
) -> Result<Dim> {
    let start = reader.start();
    let mut left = next(reader, operands)?;
    while let Some(op) = ops.iter().copied().find(|op| reader.at_sign(op.symbol())) {
        reader.skip();
        let right = next(reader, operands)?;
        let kind = DimKind::Binary(op, Box::new(left), Box::new(right));
        left = Dim {
            kind,
            place: reader.since(start),
        };
    }
    Ok(left)
}

fn operand(reader: Reader<'_>, operands: &mut usize) -> Result<Dim> {
    *operands += 1;
    if *operands > OPERANDS {
        // error: a dim of more than 256 operands [D0001]
        let message = format!("a dim of more than {OPERANDS} operands");
        return Err(Error::new(
            reader.here(),
            Fault::new(Code::UnexpectedToken, message),
        ));
    }
    if reader.at_group(Delimiter::Parenthesis) {
        return reader.group(Delimiter::Parenthesis, |inner| sum(inner, operands));
    }
    let start = reader.start();
    let kind = match (reader.cursor().literal(), reader.cursor().ident()) {
        (Some((literal, _)), _) if is_number(&literal) => {
            reader.skip();
            DimKind::Number(Rust(literal))
        }
        (_, Some((_, after))) if after_sign(after, "::").is_some() => {
            DimKind::Constant(rust::path(reader)?)
        }
        (_, Some((ident, _))) if ident != "_" => DimKind::Name(reader.name("a dim")?),
        _ if reader.at_sign("::") => DimKind::Constant(rust::path(reader)?),
        _ if reader.at_sign("-") => {
            // error: an extent is at least 1, so it has no sign [D0203]
            let fault = Fault::new(
                Code::NotPositive,
                "an extent is at least 1, so it has no sign",
            );
            return Err(Error::new(reader.here(), fault));
        }
        // error: expected a dim, found `?` [D0001]
        _ => {
            let error = reader.expected("a dim");
            let open = ["?", "*", ".."].iter().any(|sign| reader.at_signs(sign));
            return Err(if open || reader.at_word("_") {
                error.help(if reader.found().in_signature {
                    "a size that varies has a name: `batch`"
                } else {
                    "a size that varies has a name: `dyn batch;`"
                })
            } else if reader.cursor().literal().is_some() {
                error.help("a dim is named without quotes")
            } else {
                error
            });
        }
    };
    Ok(Dim {
        kind,
        place: reader.since(start),
    })
}

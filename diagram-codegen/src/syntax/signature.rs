//! The signature of a method: `[b, 1, 8, 8] -> [b, 10]`.

use super::reader::Reader;
use super::tree::{Shape, Signature};
use super::{Parse, Result};

const EXAMPLE: &str = "a signature says what is taken and what is given: `[b, 1, 8, 8] -> [b, 10]`";

/// A signature, and nothing after it.
pub(super) fn whole(reader: Reader<'_>) -> Option<Signature> {
    let read = Signature::parse(reader).and_then(|signature| {
        if reader.is_empty() {
            Ok(signature)
        } else {
            // error: expected the end of the signature, found `,` [D0001]
            Err(reader.expected("the end of the signature").help(EXAMPLE))
        }
    });
    read.map_err(|error| reader.fail(error)).ok()
}

impl Parse for Signature {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let domain = if reader.at_unit() {
            reader.skip();
            Vec::new()
        } else {
            product(reader)?
        };
        let taken = reader.since(start);
        if reader.eat_sign("->").is_none() {
            // error: expected `->` and what is given, but nothing follows [D0001]
            return Err(reader.expected("`->` and what is given").help(EXAMPLE));
        }
        let start = reader.start();
        let codomain = product(reader)?;
        Ok(Signature {
            ends: [domain, codomain],
            places: [taken, reader.since(start)],
        })
    }
}

/// Shapes with `*` between them.
fn product(reader: Reader<'_>) -> Result<Vec<Shape>> {
    if reader.is_empty() {
        return Err(reader.expected("a shape such as `[b, 10]`").help(EXAMPLE));
    }
    let mut factors = vec![Shape::parse(reader)?];
    while reader.eat_sign("*").is_some() {
        factors.push(Shape::parse(reader)?);
    }
    Ok(factors)
}

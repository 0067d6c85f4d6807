//! The texts of the errors about a signature and an arrow that disagree.

use diagram_core::Code;

use super::{Arithmetic, Bound, Dim, Drawn, Factor, Place, Point, Size, Stated, at};
use crate::message::Message;

/// The error that an axis has different sizes in the two.
// error: `teacher` ends in `Logits`: axis 1 is 10, but `forward` is stated to give 12 [D0319]
// error: `shrink` takes `Image`: axis 1 is 3, but `forward` is stated to take 1 [D0319]
// error: `teacher` ends in `Logits`: axis 1 is `CLASSES` = 10, but `forward` is stated to give 12 [D0319]
pub(super) const fn of_axis(
    drawn: &Drawn,
    stated: &Stated,
    bound: &Bound,
    place: Place,
    point: &Point,
) -> Message {
    let (side, factor, axis) = place;
    let (one, other) = (at(drawn.ends, place), at(stated.3, place));
    let mut message = Message::new();
    subject(&mut message, drawn, side, factor);
    message.push_str(": axis ");
    message.push_number(axis as i128);
    message.push_str(" is ");
    extent(&mut message, one);
    predicate(&mut message, drawn, side);
    extent(&mut message, other);
    shapes(&mut message, drawn, stated);
    let mut symbol = 0;
    while symbol < stated.2.len() {
        let (name, dim) = (stated.2[symbol], bound[symbol].0);
        if mentions(other.1, symbol) && !is_named(dim, name) {
            message.push_all(&[NOTE, "`", name, "` is ", dim]);
        }
        symbol += 1;
    }
    if let ([('n', _)], [('n', _)]) = (one.1, other.1) {
        return message;
    }
    let mut before = "differs at ";
    let (mut open, mut close) = ("", "");
    message.push_str(NOTE);
    let mut symbol = 0;
    while symbol < drawn.symbols.len() {
        let (name, code) = drawn.symbols[symbol];
        let value = Size::of(code, &point.grid, None).value;
        if let (true, Some(value)) = (matters(code, point), value) {
            message.push_all(&[before, name, " = "]);
            message.push_number(value);
            (before, open, close) = (", ", " (", ")");
        }
        symbol += 1;
    }
    message.push_str(open);
    message.push_number(point.values.0);
    message.push_str(" is not ");
    message.push_number(point.values.1);
    message.push_str(close);
    message
}

/// The error that the two differ in kind or rank on a side, or in the number of factors, if they do.
// error: `teacher` ends in `Logits` of rank 2, but `forward` is stated to give rank 3 [D0319]
// error: `read` takes `Text` of kind Int, but `forward` is stated to take Float [D0319]
// error: `answer` takes 2 tensors, but `forward` is stated to take 1 [D0319]
pub(super) const fn of_types(drawn: &Drawn, stated: &Stated, side: usize) -> Option<Message> {
    let (ones, others) = (drawn.ends[side], stated.3[side]);
    let mut message = Message::new();
    if ones.len() != others.len() {
        message.push_all(&["`", drawn.morphism]);
        message.push_str(if side == 0 { "` takes " } else { "` gives " });
        message.push_number(ones.len() as i128);
        message.push_str(if ones.len() == 1 {
            " tensor"
        } else {
            " tensors"
        });
        predicate(&mut message, drawn, side);
        message.push_number(others.len() as i128);
        shapes(&mut message, drawn, stated);
        return Some(message);
    }
    let mut factor = 0;
    while factor < ones.len() {
        let (one, other) = (ones[factor], others[factor]);
        if one.0 != other.0 {
            subject(&mut message, drawn, side, factor);
            message.push_all(&[" of kind ", kind(one)]);
            predicate(&mut message, drawn, side);
            message.push_str(kind(other));
            shapes(&mut message, drawn, stated);
            return Some(message);
        }
        if one.1.len() != other.1.len() {
            subject(&mut message, drawn, side, factor);
            message.push_str(" of rank ");
            message.push_number(one.1.len() as i128);
            predicate(&mut message, drawn, side);
            message.push_str("rank ");
            message.push_number(other.1.len() as i128);
            shapes(&mut message, drawn, stated);
            return Some(message);
        }
        factor += 1;
    }
    None
}

const NOTE: &str = "\n  = note: ";

/// `` `teacher` ends in `Logits` ``
const fn subject(message: &mut Message, drawn: &Drawn, side: usize, factor: usize) {
    let verb = if side == 0 {
        "` takes `"
    } else {
        "` ends in `"
    };
    message.push_all(&["`", drawn.morphism, verb, drawn.objects[side][factor], "`"]);
}

/// `` , but `forward` is stated to give ``
const fn predicate(message: &mut Message, drawn: &Drawn, side: usize) {
    let verb = if side == 0 { "take " } else { "give " };
    message.push_all(&[", but `", drawn.method, "` is stated to ", verb]);
}

/// The end of the first line, and the two shapes, one below the other.
const fn shapes(message: &mut Message, drawn: &Drawn, stated: &Stated) {
    message.push_all(&[" [", Code::StatedOtherwise.number(), "]\n"]);
    message.push_all(&[NOTE, "drawn  : ", drawn.text]);
    message.push_all(&[NOTE, "stated : ", stated.1]);
}

const fn kind((sign, _): Factor) -> &'static str {
    match sign {
        'I' => "Int",
        'B' => "Bool",
        _ => "Float",
    }
}

/// A dim, and its value if it is a constant.
const fn extent(message: &mut Message, (shown, code): Dim) {
    message.push_str(shown);
    if let [('n', value)] = code
        && !shown.is_empty()
        && !shown.as_bytes()[0].is_ascii_digit()
    {
        message.push_str(" = ");
        message.push_number(*value as i128);
    }
}

/// Whether a dim is this name, in backticks.
const fn is_named(dim: &str, name: &str) -> bool {
    let (dim, name) = (dim.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at < name.len() && at + 2 < dim.len() && dim[at + 1] == name[at] {
        at += 1;
    }
    at == name.len() && dim.len() == at + 2
}

/// Whether a code has this symbol.
const fn mentions(code: Arithmetic, symbol: usize) -> bool {
    let mut at = 0;
    while at < code.len() {
        if let ('s', number) = code[at]
            && number == symbol
        {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a dim depends on a symbol of the grid on which the dims at a point depend.
const fn matters(code: Arithmetic, point: &Point) -> bool {
    let mut symbol = 0;
    while symbol < point.extents.len() {
        if point.extents[symbol] > 1 && mentions(code, symbol) {
            return true;
        }
        symbol += 1;
    }
    false
}

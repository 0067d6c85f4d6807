//! Whether the stated signature of a module (`#[signature]`) agrees with its arrow, as rustc decides it.
//!
//! A signature is a constant of the module's type, made of plain Rust values, so that the attribute
//! needs no path of this crate. A dim in it is its text and its code, in prefix notation: `2 * h` is
//! `[('*', 0), ('n', 2), ('s', 0)]`, where `n` is a number and `s` is a symbol by its position.
//!
//! A symbol of the signature stands for the drawn dim on the axis where the symbol first stands alone. The dims that
//! should then be equal are compared as in `diagram_core::dim::normal`, on a grid on which agreement is a proof. The
//! comparison takes at most [`STEPS`] steps; anything beyond them is left to the check of sizes at the call.

use crate::message::Message;

mod size;
#[cfg(test)]
mod tests;
mod text;

use size::Size;

/// The largest number of numbers, symbols and operations that are read for one arrow. rustc takes half a second for
/// them. For ten times as many it reports an error, because the evaluation takes too long.
const STEPS: usize = 20_000;

/// The largest number of symbols in an arrow or a signature; nothing is claimed about one that has more.
const SYMBOLS: usize = 32;

/// The code of a dim.
type Arithmetic = &'static [(char, usize)];

/// A dim as messages show it, and its code.
type Dim = (&'static str, Arithmetic);

/// A factor of a product: its kind (`F`, `I` or `B`) and its dims.
type Factor = (char, &'static [Dim]);

/// The domain and the codomain of a map.
type Ends = [&'static [Factor]; 2];

/// A stated signature: whether ranks and kinds are those of the Rust types of the method, the text, the symbols, the
/// ends.
pub type Stated = (bool, &'static str, &'static [&'static str], Ends);

/// A fact about the symbols of the grid: `=`, or `>` for at least.
type Fact = (char, Arithmetic, Arithmetic);

/// A morphism that is a method, as it is drawn.
pub struct Drawn {
    /// The morphism.
    pub morphism: &'static str,
    /// The method.
    pub method: &'static str,
    /// Its shapes as a text.
    pub text: &'static str,
    /// The objects at its ends.
    pub objects: [&'static [&'static str]; 2],
    /// Their shapes, over the symbols of the grid.
    pub ends: Ends,
    /// The number of symbols of the grid. The value of each is any positive number.
    pub grid: usize,
    /// The facts about them.
    pub facts: &'static [Fact],
    /// The dims of the diagram, by the symbols of the grid.
    pub symbols: &'static [Dim],
}

/// The drawn dim that each symbol of a signature stands for.
type Bound = [Dim; SYMBOLS];

/// Asserts that a method's signature, if it has one, agrees with its arrow.
///
/// # Panics
///
/// If it does not agree; the compiler reports the panic.
#[track_caller]
pub const fn agree(drawn: &Drawn, stated: Option<Stated>) {
    if let Some(message) = disagreement(drawn, stated, &mut { STEPS }) {
        panic!("{}", message.as_str());
    }
}

/// The text of the error if a method's signature, if it has one, disagrees with its arrow. The comparison takes at
/// most this number of steps; no steps are left if it did not reach the end.
const fn disagreement(drawn: &Drawn, stated: Option<Stated>, left: &mut usize) -> Option<Message> {
    let Some(stated) = stated else {
        return None;
    };
    let (typed, _, symbols, ends) = stated;
    let mut side = 0;
    while side < 2 {
        match text::of_types(drawn, &stated, side) {
            // rustc compares the drawing with the Rust types, and reports the difference itself.
            Some(_) if typed => return None,
            Some(message) => return Some(message),
            None => side += 1,
        }
    }
    if drawn.grid > SYMBOLS || symbols.len() > SYMBOLS {
        return None;
    }
    let bound = bind(drawn.ends, ends);
    let mut side = 0;
    while side < 2 {
        let mut factor = 0;
        while factor < ends[side].len() {
            let mut axis = 0;
            while axis < ends[side][factor].1.len() {
                let place = (side, factor, axis);
                let pair = (at(drawn.ends, place), at(ends, place));
                if let Some(point) = difference(drawn, pair, &bound, left) {
                    return Some(text::of_axis(drawn, &stated, &bound, place, &point));
                }
                axis += 1;
            }
            factor += 1;
        }
        side += 1;
    }
    None
}

/// Side, factor and axis.
type Place = (usize, usize, usize);

const fn at(ends: Ends, (side, factor, axis): Place) -> Dim {
    ends[side][factor].1[axis]
}

/// The dims that are drawn where the symbols first stand alone, in the domain or else in the codomain.
const fn bind(drawn: Ends, stated: Ends) -> Bound {
    let nothing: Dim = ("", &[]);
    let mut bound = [nothing; SYMBOLS];
    let mut side = 0;
    while side < 2 {
        let mut factor = 0;
        while factor < stated[side].len() {
            let mut axis = 0;
            while axis < stated[side][factor].1.len() {
                if let [('s', symbol)] = at(stated, (side, factor, axis)).1
                    && bound[*symbol].1.is_empty()
                {
                    bound[*symbol] = at(drawn, (side, factor, axis));
                }
                axis += 1;
            }
            factor += 1;
        }
        side += 1;
    }
    bound
}

/// A point at which a drawn dim and the stated dim differ.
struct Point {
    /// The symbols of the grid.
    grid: [Size; SYMBOLS],
    /// The number of values of each that should be tried: 1 if the dims do not depend on it.
    extents: [u128; SYMBOLS],
    /// The values of the two.
    values: (i128, i128),
}

/// The first point of the grid at which a drawn dim and the stated dim differ. A point at which both are sizes
/// comes before any other.
const fn difference(
    drawn: &Drawn,
    pair: (Dim, Dim),
    bound: &Bound,
    left: &mut usize,
) -> Option<Point> {
    let mut extents = [1; SYMBOLS];
    let mut grid = [Size::symbol(0); SYMBOLS];
    let mut symbol = 0;
    while symbol < drawn.grid {
        grid[symbol] = Size::symbol(1);
        let (one, other) = read(pair, &grid, bound);
        *left = left.saturating_sub(one.steps + other.steps);
        extents[symbol] = one.and('-', other).extent();
        grid[symbol] = Size::symbol(0);
        symbol += 1;
    }
    let mut symbol = 0;
    while symbol < drawn.grid {
        grid[symbol] = Size::number(1);
        symbol += 1;
    }
    let mut found = None;
    loop {
        let (one, other) = read(pair, &grid, bound);
        let Some(rest) = left.checked_sub(one.steps + other.steps + drawn.grid) else {
            *left = 0;
            return found;
        };
        *left = rest;
        if let (Some(one), Some(other)) = (one.value, other.value)
            && one != other
            && hold(drawn.facts, &grid, left)
        {
            let sizes = one > 0 && other > 0;
            if sizes || found.is_none() {
                let values = (one, other);
                found = Some(Point {
                    grid,
                    extents,
                    values,
                });
            }
            if sizes {
                return found;
            }
        }
        if !advance(&mut grid, &extents, drawn.grid) {
            return found;
        }
    }
}

/// The values of a drawn dim and of the stated dim at a point.
const fn read((drawn, stated): (Dim, Dim), grid: &[Size; SYMBOLS], bound: &Bound) -> (Size, Size) {
    let one = Size::of(drawn.1, grid, None);
    (one, Size::of(stated.1, grid, Some(bound)))
}

/// Goes to the next point, the last symbol changing first; `false` after the last point.
const fn advance(grid: &mut [Size; SYMBOLS], extents: &[u128; SYMBOLS], symbols: usize) -> bool {
    let mut symbol = symbols;
    while symbol > 0 {
        symbol -= 1;
        match grid[symbol].value {
            Some(value) if value.unsigned_abs() < extents[symbol] => {
                grid[symbol] = Size::number(value + 1);
                return true;
            }
            _ => grid[symbol] = Size::number(1),
        }
    }
    false
}

/// Whether all facts that have a value at a point hold there.
const fn hold(facts: &[Fact], grid: &[Size; SYMBOLS], left: &mut usize) -> bool {
    let mut at = 0;
    while at < facts.len() {
        let (relation, one, other) = facts[at];
        let (one, other) = (Size::of(one, grid, None), Size::of(other, grid, None));
        *left = left.saturating_sub(one.steps + other.steps);
        let holds = match (relation, one.value, other.value) {
            ('=', Some(one), Some(other)) => one == other,
            (_, Some(one), Some(other)) => one >= other,
            _ => false,
        };
        if !holds {
            return false;
        }
        at += 1;
    }
    true
}

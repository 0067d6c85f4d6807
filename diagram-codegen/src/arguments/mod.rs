//! Arguments of layers and losses: what is written, read against the table of a row.
//!
//! All faults are found in one pass, each at its own argument. What depends on the shape at the place
//! of use (an axis by its dim) is resolved later, by the rule of the row.

use diagram_core::{Call, Where, Wrong};

use crate::place::{Place, Placed};

mod activation;
mod choice;
mod class;
pub mod function;
mod initializer;
mod read;
mod scalar;
mod value;
mod written;

#[cfg(test)]
mod tests;

pub use read::{read, read_loss, readable_loss};
pub use scalar::{finite, learned_start};

/// The arguments of one layer or loss, as its table describes them, and where they stand.
#[derive(Debug)]
pub struct Arguments {
    /// The layer or loss with its arguments.
    pub call: Call,
    place: Place,
    places: Vec<ArgumentPlaces>,
}

/// Where an argument stands, and its items if it is a list.
#[derive(Debug)]
struct ArgumentPlaces {
    name: &'static str,
    place: Place,
    items: Vec<Place>,
}

impl Arguments {
    /// Where a part of the call stands. The ends of a cell are elsewhere: they are at the whole call.
    #[must_use]
    pub fn place(&self, at: &Where) -> Place {
        let given = |name: &str| self.places.iter().find(|written| written.name == name);
        match at {
            Where::Argument(name) => given(name).map_or(self.place, |written| written.place),
            Where::Inside(inside) => given(&inside.0).map_or(self.place, |written| written.place),
            Where::Item(name, item) => given(name).map_or(self.place, |written| {
                let item = written.items.get(*item).copied();
                item.unwrap_or(written.place)
            }),
            Where::Whole | Where::End(_) | Where::Ends => self.place,
        }
    }

    /// A fault of a rule, at its place.
    #[must_use]
    pub fn placed(&self, (at, fault): Wrong) -> Placed {
        (self.place(&at), fault)
    }
}

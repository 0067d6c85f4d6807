//! Where things stand in the source.

use std::fmt;

use proc_macro2::Span;

/// From the first token of a construct to its last.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its first token.
    pub start: Span,
    /// Its last token.
    pub end: Span,
}

impl Place {
    /// The place of one token.
    #[must_use]
    pub fn of(span: Span) -> Self {
        Place {
            start: span,
            end: span,
        }
    }

    /// From the start of this place to the end of `last`.
    #[must_use]
    pub fn to(self, last: Place) -> Self {
        Place {
            start: self.start,
            end: last.end,
        }
    }
}

/// A fault and where it is.
pub type Placed = (Place, diagram_core::Fault);

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::of(span)
    }
}

/// Trees are compared as written, wherever they stand.
impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("_")
    }
}

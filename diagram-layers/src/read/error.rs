//! Why a text is no diagram, and where in it.

use std::error::Error;
use std::fmt;

use diagram_core::Fault;

/// Why a text is no diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Where in the JSON: `morphisms[2].definition.Layers.steps[0]`; empty where it is all of it.
    pub place: String,
    /// What has a name there: ``the morphism `encoder` ``.
    pub part: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a text that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It does not have the form of a diagram. A diagram that is written in the language always has.
    Form(String),
    /// What a diagram that is written in the language is told, too.
    Fault(Box<Fault>),
}

impl fmt::Display for ReadError {
    /// ``at `objects[0].shape.dims[1]`, in the object `Image`: there is no dim `bacth` [D0103]``, then notes and
    /// help
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(out, "at `{}`", self.place)?;
            if let Some(part) = &self.part {
                write!(out, ", in {part}")?;
            }
            out.write_str(": ")?;
        }
        match &self.reason {
            Reason::Form(text) => out.write_str(text),
            Reason::Fault(fault) => fault.fmt(out),
        }
    }
}

impl Error for ReadError {}

impl ReadError {
    /// The same, further inside.
    pub(super) fn within(mut self, outer: impl Into<String>) -> Self {
        let mut place = outer.into();
        if !self.place.is_empty() && !self.place.starts_with('[') {
            place.push('.');
        }
        place.push_str(&self.place);
        self.place = place;
        self
    }
}

/// A fault, at a place that is still to be said.
pub(super) fn fault(fault: Fault) -> ReadError {
    ReadError {
        place: String::new(),
        part: None,
        reason: Reason::Fault(Box::new(fault)),
    }
}

/// What no written diagram can be.
pub(super) fn form(text: impl Into<String>) -> ReadError {
    ReadError {
        place: String::new(),
        part: None,
        reason: Reason::Form(text.into()),
    }
}

/// Says where an error is, from the inside to the outside.
pub(super) trait At<T> {
    /// In a field.
    fn at(self, place: &str) -> Result<T, ReadError>;

    /// In an item of a list.
    fn at_item(self, list: &str, index: usize) -> Result<T, ReadError>;

    /// In an item of a list of the diagram, which has a name.
    fn at_named(self, list: &str, index: usize, what: &str, name: &str) -> Result<T, ReadError>;
}

impl<T, E: Into<ReadError>> At<T> for Result<T, E> {
    fn at(self, place: &str) -> Result<T, ReadError> {
        self.map_err(|error| error.into().within(place))
    }

    fn at_item(self, list: &str, index: usize) -> Result<T, ReadError> {
        self.map_err(|error| error.into().within(format!("{list}[{index}]")))
    }

    fn at_named(self, list: &str, index: usize, what: &str, name: &str) -> Result<T, ReadError> {
        self.at_item(list, index).map_err(|mut error| {
            error
                .part
                .get_or_insert_with(|| format!("the {what} `{name}`"));
            error
        })
    }
}

impl From<Fault> for ReadError {
    fn from(found: Fault) -> Self {
        fault(found)
    }
}

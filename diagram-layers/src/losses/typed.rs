//! What a loss is on its ends.

use diagram_core::Dim;

/// What a loss is on its ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// What its values are of.
    pub unit: Unit,
    /// The axes of its units, those of its elements where it has a value per element.
    pub units: Vec<Dim>,
    /// How many classes the target tells apart, where it holds classes.
    pub classes: Option<Dim>,
    /// The sequences that it aligns, if it aligns such.
    pub sequences: Option<Sequences>,
}

/// Sequences of several lengths, which further ends of the loss give.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// The extent of the axis that the third end counts along.
    pub time: Dim,
    /// The extent of the axis that the fourth end counts along.
    pub length: Dim,
    /// The class that stands for nothing, and so in no target.
    pub blank: Dim,
}

/// What a loss gives one value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An element. A unit is an index of axis 0 (of a mask's or weight's axes, where those are more), the rest
    /// is averaged or added up.
    Element,
    /// An index of all axes but that of the classes or entries.
    Index,
    /// The whole batch.
    Batch,
}

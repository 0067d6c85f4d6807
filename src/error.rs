//! The errors of a batch, a module or hyper-parameters at run time.

use std::fmt;
use std::path::Path;

use diagram_core::dim::Fact;
use diagram_core::{Code, Dim, Limit, Shape};

mod text;

/// A fault that only run time can show. Its text has the form of the macro's own errors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagramError {
    /// Two axes of one call give a dim two values.
    TwoValues {
        /// The morphism whose arguments disagree; `None` for a batch.
        morphism: Option<String>,
        /// The dim, by name.
        dim: String,
        /// The tensor that gave the dim its value, and the axis.
        first: (Box<Given>, usize),
        /// The tensor that gives it another value, and the axis.
        second: (Box<Given>, usize),
    },
    /// A tensor has another extent than drawn.
    WrongSize {
        /// The morphism whose argument it is; `None` for a datum of a batch.
        morphism: Option<String>,
        /// The tensor.
        given: Box<Given>,
        /// The axis that differs.
        axis: usize,
        /// The values of the dims that occur in the shape.
        values: Vec<(String, usize)>,
    },
    /// A tensor without elements.
    Empty {
        /// The morphism whose argument it is; `None` for a datum of a batch.
        morphism: Option<String>,
        /// The tensor.
        given: Box<Given>,
        /// The axis of extent 0.
        axis: usize,
    },
    /// A module of the caller returned another shape than drawn.
    WrongOutput {
        /// The morphism that the module is.
        morphism: String,
        /// The object that it ends in, and the returned tensor.
        given: Box<Given>,
        /// The first axis that differs; `None` if the ranks differ.
        axis: Option<usize>,
        /// The values of the dims that occur in the shape.
        values: Vec<(String, usize)>,
    },
    /// A function as a loss did not return one value per unit.
    WrongValues {
        /// The function, as written.
        function: String,
        /// The sizes of the values.
        sizes: Vec<usize>,
        /// The sizes of its first end.
        end: Vec<usize>,
    },
    /// A hyper-parameter that sizes something is 0.
    ZeroHyper {
        /// The hyper-parameter, by name.
        hyper: String,
        /// The first thing that it sizes.
        sizes: Shaped,
    },
    /// The weight of a cell is negative, infinite or not a number.
    BadWeight {
        /// The cell, by name, or as it is written if it has none.
        cell: String,
        /// The weight.
        weight: String,
    },
    /// The decay of an average is not from 0 to 1.
    BadDecay {
        /// The average, by name.
        average: String,
        /// The decay.
        decay: String,
    },
    /// An average and the morphism that it averages have different parameters.
    OtherParameters {
        /// The average, by name.
        average: String,
        /// The morphism that it averages.
        of: String,
        /// The path and the shape of the first parameter that differs, in each of the two that has one.
        first: Vec<(String, String)>,
    },
    /// No parameter of a model that is to be trained asks for a gradient.
    Untrainable {
        /// The model's type.
        model: String,
    },
    /// A computed dim is not positive, or has no value.
    NotPositive {
        /// The object, morphism or layer that has the dim.
        shaped: Shaped,
        /// Its shape.
        shape: Shape,
        /// The axis of the dim.
        axis: usize,
        /// The values of the symbols in the dim.
        values: Vec<(String, usize)>,
    },
    /// A size that hyper-parameters or a call give is too large to compute, or for memory.
    TooLarge {
        /// The object, morphism or layer that has the size.
        of: Box<Shaped>,
        /// The part of it that is too large: "axis 1".
        what: String,
        /// The size.
        dim: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// A power in a path with less than one application.
    NoTurns {
        /// The morphisms that are applied, in order.
        applied: Vec<String>,
        /// The number of applications.
        times: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// A `repeat` with less than one copy.
    NoCopies {
        /// The morphism, by name.
        morphism: String,
        /// The `repeat`, as written.
        layer: String,
        /// The number of its copies.
        copies: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// The rank of the adapters of a morphism is less than 1.
    NoRank {
        /// The morphism, by name.
        morphism: String,
        /// The rank.
        rank: Dim,
        /// The values of the symbols in it.
        values: Vec<(String, usize)>,
    },
    /// No parameter of a module that is to be adapted has rank 2.
    NothingToAdapt {
        /// The morphism that the module is.
        morphism: String,
    },
    /// A module that is to be trained by its adapters has none.
    NoAdapters {
        /// The morphism that the module is.
        morphism: String,
    },
    /// An argument is out of its range at the value of a hyper-parameter.
    OutOfRange {
        /// The morphism or cell, by name.
        of: String,
        /// The layer or loss, as written.
        part: String,
        /// The argument, and its range.
        limit: Box<Limit>,
        /// Its value, if it can be computed.
        value: Option<String>,
    },
    /// The total of a loss is infinite or not a number.
    NotFinite {
        /// Its value.
        total: String,
        /// The cells in order, each with its value.
        cells: Vec<(String, String)>,
        /// The position of the first that is infinite or not a number.
        first: Option<usize>,
        /// The path of the last checkpoint that the training wrote before.
        checkpoint: Option<String>,
    },
    /// A number of a configuration that is to be saved is infinite or not a number.
    NotSavable {
        /// The field, with the names of the fields around it.
        field: String,
        /// Its value.
        value: String,
    },
    /// An entry of a datum stands for nothing: for example, for a class that does not exist.
    NoSuchEntry {
        /// The datum.
        datum: Box<Given>,
        /// The entry.
        value: i64,
        /// The index of the entry.
        index: Vec<usize>,
        /// The entries that there may be.
        allowed: Box<Allowed>,
        /// Whether the entries of the datum seem to be counted from 1.
        from_one: bool,
    },
    /// An entry within the length of a target is the class that stands for nothing.
    BlankEntry {
        /// The datum.
        datum: Box<Given>,
        /// The entry.
        value: i64,
        /// The index of the entry.
        index: Vec<usize>,
        /// The cell whose blank it is, by name, or as it is written if it has none.
        cell: String,
        /// The datum that has the lengths.
        lengths: String,
        /// The length of this target.
        length: i64,
    },
    /// An entry of a datum that weighs a cell is negative, infinite or not a number.
    BadUnitWeight {
        /// The datum.
        datum: Box<Given>,
        /// The entry.
        value: String,
        /// The index of the entry.
        index: Vec<usize>,
        /// The first cell that it weighs, by name, or as it is written if it has none.
        cell: String,
    },
    /// A parameter of a morphism made of layers has another shape than it was built with.
    OtherLayer {
        /// The morphism, by name.
        morphism: String,
        /// The path of the parameter in it.
        parameter: String,
        /// The shape that it was built with.
        built: Vec<usize>,
        /// The shape that it has.
        given: Vec<usize>,
    },
    /// A Float datum has another number type than the parameters that read it.
    OtherType {
        /// The datum, by name.
        datum: String,
        /// Its type.
        given: String,
        /// The morphism that has the parameters.
        morphism: String,
        /// Their type.
        parameters: String,
    },
    /// An entry of a Float datum is infinite or not a number.
    DataNotFinite {
        /// The datum, by name.
        datum: String,
        /// The entry.
        value: String,
        /// The index of the entry.
        index: Vec<usize>,
    },
    /// A stated fact does not hold, or has no value.
    BrokenFact {
        /// The fact, as stated.
        fact: Fact,
        /// The values of its symbols.
        values: Vec<(String, usize)>,
    },
}

/// A tensor that a call got, and the shape that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The datum, or the object of which the tensor should be a value.
    pub name: String,
    /// Its position among the data, arguments or results, from 0.
    pub position: usize,
    /// The shape as drawn.
    pub shape: Shape,
    /// The extents of the tensor.
    pub sizes: Vec<usize>,
}

/// The numbers that may stand in a datum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Their meaning: ``the classes of `hard` ``.
    pub of: String,
    /// The number of such classes or vectors, as drawn; the extent of the axis if they are lengths.
    pub extent: Dim,
    /// The value of `extent`.
    pub count: i64,
    /// The first of the numbers.
    pub first: i64,
    /// The last of the numbers.
    pub last: i64,
}

/// A part of a diagram that has a shape: an object, a morphism, or a layer of a morphism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shaped {
    /// An object, by name.
    Object(String),
    /// A morphism, by name.
    Morphism(String),
    /// A layer in a morphism's chain.
    Layer {
        /// The morphism, by name.
        morphism: String,
        /// The layer, as written.
        layer: String,
    },
}

impl DiagramError {
    /// The same error, in a training that has written this checkpoint before.
    pub(crate) fn after(mut self, last: Option<&Path>) -> Self {
        if let DiagramError::NotFinite { checkpoint, .. } = &mut self {
            *checkpoint = last.map(|path| path.display().to_string());
        }
        self
    }

    /// The code of the error. `docs/errors.md` has a section for each.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            DiagramError::TwoValues { morphism: None, .. } => Code::BatchDisagrees,
            DiagramError::TwoValues {
                morphism: Some(_), ..
            } => Code::TwoValues,
            DiagramError::WrongSize { .. } => Code::WrongSize,
            DiagramError::Empty { .. } => Code::EmptyBatch,
            DiagramError::WrongOutput { .. } | DiagramError::WrongValues { .. } => {
                Code::WrongOutput
            }
            DiagramError::ZeroHyper { .. }
            | DiagramError::NotPositive { .. }
            | DiagramError::NoCopies { .. }
            | DiagramError::NoTurns { .. }
            | DiagramError::NoRank { .. } => Code::NotPositive,
            DiagramError::TooLarge { .. } => Code::DimOverflow,
            DiagramError::NothingToAdapt { .. } => Code::NothingToAdapt,
            DiagramError::NoAdapters { .. } => Code::NoAdapters,
            DiagramError::BadWeight { .. } | DiagramError::BadUnitWeight { .. } => Code::BadWeight,
            DiagramError::OutOfRange { .. } | DiagramError::BadDecay { .. } => Code::ArgumentRange,
            DiagramError::OtherParameters { .. } => Code::OtherParameters,
            DiagramError::NotFinite { .. } => Code::NotFinite,
            DiagramError::NotSavable { .. } => Code::NotSavable,
            DiagramError::NoSuchEntry { .. } | DiagramError::BlankEntry { .. } => Code::NoSuchEntry,
            DiagramError::Untrainable { .. } => Code::Untrainable,
            DiagramError::OtherLayer { .. } => Code::OtherLayer,
            DiagramError::OtherType { .. } => Code::OtherType,
            DiagramError::DataNotFinite { .. } => Code::DataNotFinite,
            DiagramError::BrokenFact { .. } => Code::BrokenFact,
        }
    }
}

impl fmt::Display for DiagramError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault().fmt(out)
    }
}

impl std::error::Error for DiagramError {}

impl fmt::Display for Shaped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shaped::Object(name) | Shaped::Morphism(name) => write!(out, "`{name}`"),
            Shaped::Layer { morphism, layer } => write!(out, "`{layer}` of `{morphism}`"),
        }
    }
}

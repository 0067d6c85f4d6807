//! A diagram as data: the macro checks it, the runtime reads it, and the pictures draw it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::cell::{Cell, CellRole, Measure, Weight};
use crate::dim::{Dim, Facts};
use crate::format::Format;
use crate::generic::Generic;
use crate::id::{DatumId, MorphismId, ObjectId};
use crate::path::{Path, Paths, Term};
use crate::range::Limit;
use crate::scalar::{Class, Number, Scalar, Snippet};
use crate::shape::Shape;
use crate::space::Space;
use crate::step::Step;

/// A checked diagram: every name is resolved and every shape agrees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagram {
    /// The format in which it is written as data.
    pub format: Format,
    /// Its name, which is the generated struct's.
    pub name: String,
    /// The first paragraph of its documentation.
    pub documentation: String,
    /// Generic parameters; those of slots come last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generics: Vec<Generic>,
    /// Hyper-parameters, in order of declaration.
    pub hypers: Vec<Hyper>,
    /// Dynamic dims, in order of declaration.
    pub dynamics: Vec<String>,
    /// Constants that dims name, as written, in the order of their first use. rustc knows their values. Const
    /// generics are among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<String>,
    /// Stated facts about the dims (`where`), in order.
    pub facts: Facts,
    /// Objects, in order of declaration.
    pub objects: Vec<Object>,
    /// Data, in order of declaration: the fields of a batch.
    pub data: Vec<Datum>,
    /// Morphisms: drawn ones in the order drawn, then composites that have no arrow.
    pub morphisms: Vec<Morphism>,
    /// Cells and watches, in order.
    pub cells: Vec<Cell>,
    /// Every path of the cells and composites.
    pub paths: Paths,
    /// Scalars that are trained beside the morphisms, in the order in which they are written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<Learned>,
    /// The numbers that may stand in Int data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index_ranges: Vec<IndexRange>,
}

/// A hyper-parameter: its value is known when a model is built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hyper {
    /// Its name, a field of the configuration.
    pub name: String,
    /// Its type.
    pub ty: HyperType,
    /// Its default, an expression.
    pub default: Option<Snippet>,
}

/// The type of a hyper-parameter, which decides where it may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HyperType {
    /// `usize`: it may size axes and parameters.
    Size,
    /// `f64`: it may be a rate, a weight, a temperature.
    Float,
    /// `bool`: a switch.
    Bool,
    /// Any other type.
    Other(Snippet),
}

impl fmt::Display for HyperType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            HyperType::Size => "usize",
            HyperType::Float => "f64",
            HyperType::Bool => "bool",
            HyperType::Other(ty) => &ty.text,
        })
    }
}

/// A positive scalar that is trained (`learned(0.07)`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// Its name: that of its cell, or the names in a cell without a name, followed by its role there.
    pub name: String,
    /// Its first value.
    pub start: Number,
}

/// A named space of tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The shape of its points.
    pub shape: Shape,
    /// The loss by which paths to it are compared if a cell names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_loss: Option<Measure>,
}

/// A value of an object that comes with every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datum {
    /// Its name.
    pub name: String,
    /// The field of the batch that holds it: the name in snake case.
    pub field: String,
    /// The space of which it is a point.
    pub space: Space,
}

/// The numbers that may stand in an Int datum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexRange {
    /// The datum.
    pub datum: DatumId,
    /// The meaning of each number.
    pub of: Indexed,
    /// The number of such classes or vectors; the extent of the axis if they are lengths.
    pub count: Dim,
    /// Further numbers that may stand there, because they are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Class>,
    /// The class that may stand only after the end of a sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank: Option<Blank>,
}

/// A class that stands for nothing (`ctc`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// The class.
    pub class: Dim,
    /// The lengths of the sequences.
    pub lengths: DatumId,
}

/// The meaning of the numbers in an Int datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Indexed {
    /// The classes of a cell, by its index in [`Diagram::cells`].
    Classes(usize),
    /// The vectors of the layer that a morphism starts with.
    Vectors(MorphismId),
    /// The number of steps of each sample's input that a cell reads.
    InputLengths(usize),
    /// The number of entries of each sample's target that a cell reads.
    TargetLengths(usize),
}

impl Indexed {
    /// The first and the last of the numbers, if there are `count` classes, vectors or steps.
    #[must_use]
    pub fn ends(self, count: i64) -> (i64, i64) {
        match self {
            Indexed::Classes(_) | Indexed::Vectors(_) => (0, count - 1),
            // A target may be empty. No input is: an alignment has a first step.
            Indexed::TargetLengths(_) => (0, count),
            Indexed::InputLengths(_) => (1, count),
        }
    }
}

/// A named, parameterised map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Morphism {
    /// Its name.
    pub name: String,
    /// Its domain: the factors of a product, or one space. Its dynamic dims stand for the dims that the
    /// arguments of an application have there.
    pub domain: Vec<Space>,
    /// Its codomain: the factors of a product, or one space.
    pub codomain: Vec<Space>,
    /// Its definition.
    pub definition: Definition,
    /// Whether it is never updated and stays in evaluation mode (`frozen`).
    pub frozen: bool,
    /// Its low-rank adapters (`lora`). They are trained, while its other weights and its mode stay as if it
    /// were frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapters: Option<Adapters>,
    /// Its average (`ema`), if it is one. The definition is then that of the averaged morphism, and nothing
    /// trains it. A method is an average if its module is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<Average>,
    /// Whether it is an arrow of the drawing; a composite may be none.
    pub drawn: bool,
}

impl Morphism {
    /// Whether it has weights of its own, trained or frozen.
    #[must_use]
    pub fn has_weights(&self) -> bool {
        match &self.definition {
            Definition::Layers { parameters, .. } => *parameters,
            Definition::Module { .. } | Definition::Parameter { .. } => true,
            Definition::Method { .. } | Definition::Function(_) | Definition::Composite { .. } => {
                false
            }
        }
    }

    /// Whether training changes its own weights.
    #[must_use]
    pub fn is_trained(&self) -> bool {
        self.has_weights() && !self.frozen && self.average.is_none()
    }
}

/// An exponential moving average of another morphism's weights. It starts as a copy of them. After each step
/// that changed them it becomes `decay` times itself plus 1 − `decay` times them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Average {
    /// The averaged morphism.
    pub of: MorphismId,
    /// The share of it that stays at a step, from 0 to 1.
    pub decay: Scalar,
}

/// Low-rank adapters: a matrix of weights `W` becomes `W + alpha / rank * A B`, where the rank is the number of
/// columns of `A` and of rows of `B`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapters {
    /// The rank, at least 1.
    pub rank: Dim,
    /// The factor of their product, times the rank. If it is left out, it is the rank.
    pub alpha: Option<Scalar>,
    /// Whether the matrices under them are kept in eight bits.
    pub quantized: bool,
}

impl fmt::Display for Adapters {
    /// As arguments: `rank = 8, alpha = 16`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rank = {}", self.rank)?;
        if let Some(alpha) = &self.alpha {
            write!(out, ", alpha = {alpha}")?;
        }
        if self.quantized {
            out.write_str(", quantized = true")?;
        }
        Ok(())
    }
}

/// The definition of a morphism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Definition {
    /// A learned constant: its values are its weights.
    Parameter {
        /// The initializer that draws them, if one is written.
        initializer: Option<Call>,
        /// The arguments of it that hyper-parameters give.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        limits: Vec<Limit>,
    },
    /// A chain of Burn's layers.
    Layers {
        /// Its steps, in order.
        steps: Vec<Step>,
        /// Whether any of them has weights.
        parameters: bool,
    },
    /// The caller's own module.
    Module {
        /// Its type.
        ty: Snippet,
        /// The configuration that builds it; if there is none, the caller passes the module.
        config: Option<Snippet>,
    },
    /// Another method of the module behind a morphism: the same weights, frozen or adapted as that is.
    Method {
        /// The morphism that has the module, a [`Definition::Module`].
        of: MorphismId,
        /// The method, by name.
        method: String,
    },
    /// A function or a closure, which has no weights and may be random: `fn noise::salt`, or `|x| x.exp()`.
    Function(Snippet),
    /// A composite of other morphisms.
    Composite {
        /// The composite, as written.
        text: String,
        /// A path for each factor of its codomain, with [`Term::Input`] for
        /// its arguments.
        paths: Vec<Path>,
    },
}

impl Diagram {
    /// The object with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0]
    }

    /// The datum with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn datum(&self, id: DatumId) -> &Datum {
        &self.data[id.0]
    }

    /// The morphism with this id.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn morphism(&self, id: MorphismId) -> &Morphism {
        &self.morphisms[id.0]
    }

    /// The morphism whose weights this one applies: itself, or the one whose method it is.
    ///
    /// # Panics
    ///
    /// If the id is of another diagram.
    #[must_use]
    pub fn behind(&self, id: MorphismId) -> MorphismId {
        match self.morphism(id).definition {
            Definition::Method { of, .. } => of,
            Definition::Parameter { .. }
            | Definition::Layers { .. }
            | Definition::Module { .. }
            | Definition::Function(_)
            | Definition::Composite { .. } => id,
        }
    }

    /// The meaning of the numbers of a datum: ``the classes of `hard` ``,
    /// ``the vectors of `embedding(9, 8)` in `embed` ``.
    ///
    /// # Panics
    ///
    /// If what the range is about is of another diagram.
    #[must_use]
    pub fn indexed(&self, range: &IndexRange) -> String {
        let label = |cell: usize| self.cells.get(cell).map(Cell::label).unwrap_or_default();
        match range.of {
            Indexed::Classes(cell) => format!("the classes of `{}`", label(cell)),
            Indexed::InputLengths(cell) => format!("the input lengths of `{}`", label(cell)),
            Indexed::TargetLengths(cell) => format!("the target lengths of `{}`", label(cell)),
            Indexed::Vectors(id) => {
                let morphism = self.morphism(id);
                let steps = match &morphism.definition {
                    Definition::Layers { steps, .. } => steps.as_slice(),
                    _ => &[],
                };
                let layer = steps.first().map(Step::to_string).unwrap_or_default();
                format!("the vectors of `{layer}` in `{}`", morphism.name)
            }
        }
    }

    /// The datum that a path is, stopped or not.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn datum_of(&self, mut path: Path) -> Option<DatumId> {
        loop {
            match self.paths.term(path) {
                Term::Datum(datum) => return Some(*datum),
                Term::Stop(of) | Term::Scale(of, _) => path = *of,
                Term::Apply(..)
                | Term::Power(..)
                | Term::Factor(..)
                | Term::Input(_)
                | Term::Number(..) => return None,
            }
        }
    }

    /// The cells whose units a datum weighs.
    pub fn weighed_by(&self, datum: DatumId) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| match &cell.weight {
            Weight::Path(clause) => self.datum_of(clause.path) == Some(datum),
            Weight::Scalar(_) | Weight::Learned(_) => false,
        })
    }

    /// Whether hyper-parameters give arguments of layers or losses.
    #[must_use]
    pub fn has_limits(&self) -> bool {
        let of_morphisms = self
            .morphisms
            .iter()
            .any(|morphism| match &morphism.definition {
                Definition::Layers { steps, .. } => Step::all(steps)
                    .iter()
                    .any(|step| !step.limits().is_empty()),
                Definition::Parameter { limits, .. } => !limits.is_empty(),
                Definition::Module { .. }
                | Definition::Method { .. }
                | Definition::Function(_)
                | Definition::Composite { .. } => false,
            });
        of_morphisms || self.cells.iter().any(|cell| !cell.limits.is_empty())
    }

    /// The cells that are trained, in order.
    pub fn trained_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells
            .iter()
            .filter(|cell| cell.role == CellRole::Trained)
    }

    /// The cells that are watched, in order.
    pub fn watched_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells
            .iter()
            .filter(|cell| cell.role == CellRole::Watched)
    }
}

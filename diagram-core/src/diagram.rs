//! A diagram as data: what the macro checked, what the runtime reads, what the pictures draw.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::cell::{Cell, CellRole, Measure, Weight};
use crate::dim::{Dim, Facts};
use crate::format::Format;
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
    /// Generic parameters: `const CLASSES: usize`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generics: Vec<Snippet>,
    /// Hyper-parameters, in order of declaration.
    pub hypers: Vec<Hyper>,
    /// Dynamic dims, in order of declaration.
    pub dynamics: Vec<String>,
    /// Constants that dims name, as written, in the order in which they are named first: rustc knows their
    /// values, const generics among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<String>,
    /// What is stated of the dims (`where`), in order.
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

/// A hyper-parameter: known when a model is built.
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

/// The type of a hyper-parameter, which says what may be done with it.
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
    /// Its name: of its cell, or of what is written in a cell without a name, and of what it stands for there.
    pub name: String,
    /// What it is at first.
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
    /// The loss by which paths to it are compared where a cell names none.
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
    /// The space it is a point of.
    pub space: Space,
}

/// Which numbers may stand in an Int datum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexRange {
    /// The datum.
    pub datum: DatumId,
    /// What each number stands for.
    pub of: Indexed,
    /// How many of those there are; the extent of the axis where they are lengths.
    pub count: Dim,
    /// Further numbers that may stand there, because they are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Class>,
    /// The class that none of its sequences has, which may only stand behind their ends.
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

/// What the numbers in an Int datum stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Indexed {
    /// The classes of a cell, by its index in [`Diagram::cells`].
    Classes(usize),
    /// The vectors of the layer that a morphism starts with.
    Vectors(MorphismId),
    /// How much of the time of each sample a cell reads.
    InputLengths(usize),
    /// How much of the target of each sample a cell reads.
    TargetLengths(usize),
}

impl Indexed {
    /// The first and the last of the numbers, where there are so many of what they stand for.
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
    /// Where it starts: the factors of a product, or one space. Its dynamic dims stand for whatever the
    /// arguments of an application have there.
    pub domain: Vec<Space>,
    /// Where it ends: the factors of a product, or one space.
    pub codomain: Vec<Space>,
    /// What it is made of.
    pub definition: Definition,
    /// Never updated, in evaluation mode (`frozen`).
    pub frozen: bool,
    /// Its low-rank adapters (`lora`), which are trained while its other weights and its mode stay as if
    /// it were frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapters: Option<Adapters>,
    /// That it is an average (`ema`): its definition is that of what it averages, and nothing trains it. A
    /// method is one where its module is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<Average>,
    /// Whether it is an arrow of the drawing; a composite need not be.
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

    /// Whether training changes weights of its own.
    #[must_use]
    pub fn is_trained(&self) -> bool {
        self.has_weights() && !self.frozen && self.average.is_none()
    }
}

/// An exponential moving average of another morphism's weights. It starts as a copy of them, and after
/// each step that changed them is `decay` of itself and the rest of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Average {
    /// The morphism that it averages.
    pub of: MorphismId,
    /// How much of it stays at a step, from 0 to 1.
    pub decay: Scalar,
}

/// Low-rank adapters: a matrix of weights `W` becomes `W + alpha / rank * A B`, where the columns of `A`
/// and the rows of `B` are as many as the rank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapters {
    /// The rank, at least 1.
    pub rank: Dim,
    /// What their product is scaled by, times the rank. Where it is left out it is the rank.
    pub alpha: Option<Scalar>,
    /// Whether the matrices that they stand on are kept in eight bits.
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

/// What a morphism is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Definition {
    /// A learned constant: its values are its weights.
    Parameter {
        /// The initializer that draws them, if it is written.
        initializer: Option<Call>,
        /// Those of its arguments that hyper-parameters give.
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
        /// The configuration that builds it; without one the caller passes the module.
        config: Option<Snippet>,
    },
    /// Another method of the module behind a morphism: the same weights, frozen or adapted as that is.
    Method {
        /// The morphism whose module it is of, a [`Definition::Module`].
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

    /// The morphism whose weights this one applies: itself, or the one that it is a method of.
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

    /// What the numbers of a datum stand for: ``the classes of `hard` ``, ``the vectors of `embedding(9, 8)` in
    /// `embed` ``.
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

    /// What is watched, in order.
    pub fn watched_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells
            .iter()
            .filter(|cell| cell.role == CellRole::Watched)
    }
}

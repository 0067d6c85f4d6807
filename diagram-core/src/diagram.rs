//! A diagram as data: what the macro checked, what the runtime reads, what the pictures draw.

use std::convert::Infallible;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cell::{Cell, CellRole};
use crate::cost::Cost;
use crate::dim::{Dim, Facts};
use crate::numbers::Gives;
use crate::path::{Path, Paths};
use crate::range::Limit;
use crate::shape::{Product, Shape};
use crate::space::Space;

/// An index into [`Diagram::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId(pub usize);

/// An index into [`Diagram::data`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatumId(pub usize);

/// An index into [`Diagram::morphisms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MorphismId(pub usize);

/// A checked diagram: every name is resolved and every shape agrees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Diagram {
    /// Its name, which is the generated struct's.
    pub name: String,
    /// The first paragraph of its documentation.
    pub documentation: String,
    /// Generic parameters, as written: `const CLASSES: usize`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generics: Vec<String>,
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
    /// What entries of Int data stand for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entries>,
}

/// A hyper-parameter: known when a model is built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hyper {
    /// Its name, a field of the configuration.
    pub name: String,
    /// Its Rust type, as written.
    pub type_name: String,
    /// Its default, as written.
    pub default: Option<String>,
}

/// A positive scalar that is trained (`learned(0.07)`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// Its name: that of its cell, if it has one, and of what it stands for there.
    pub name: String,
    /// What it is at first.
    pub start: f64,
}

/// A named space of tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The shape of its points.
    pub shape: Shape,
    /// The loss, as written, by which paths to it are compared where a cell names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
}

/// A value of an object that comes with every sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// Its name.
    pub name: String,
    /// The field of the batch that holds it: the name in snake case.
    pub field: String,
    /// The space it is a point of.
    pub space: Space,
}

/// What the entries of an Int datum stand for: the first so many numbers, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The datum.
    pub datum: DatumId,
    /// What they stand for, for messages: ``the classes of `hard` ``.
    pub of: String,
    /// How many of those there are.
    pub count: Dim,
    /// Further numbers that may stand there, because they are ignored: whole numbers, or constants as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// A named, parameterised map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
            Definition::Method { .. }
            | Definition::Function { .. }
            | Definition::Composite { .. } => false,
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
pub struct Average {
    /// The morphism that it averages.
    pub of: MorphismId,
    /// A number, a constant or the name of a hyper-parameter, as written; from 0 to 1.
    pub decay: String,
}

/// Low-rank adapters: a matrix of weights `W` becomes `W + alpha / rank * A B`, where the columns of `A`
/// and the rows of `B` are as many as the rank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adapters {
    /// The rank, at least 1.
    pub rank: Dim,
    /// What their product is scaled by, times the rank: a number or the name of a hyper-parameter. Where
    /// it is left out it is the rank.
    pub alpha: Option<String>,
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
pub enum Definition {
    /// A learned constant: its values are its weights.
    Parameter {
        /// How they are drawn at first, as written; empty where that is left out.
        initializer: String,
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
        /// Its type, as written.
        type_name: String,
        /// The configuration that builds it, as written; without one the caller passes the module.
        config: Option<String>,
    },
    /// Another method of the module behind a morphism: the same weights, frozen or adapted as that is.
    Method {
        /// The morphism whose module it is of, a [`Definition::Module`].
        of: MorphismId,
        /// The method, by name.
        method: String,
    },
    /// A function or a closure, which has no weights and may be random.
    Function {
        /// As written: `fn noise::salt`, or `|x| x.exp()`.
        text: String,
    },
    /// A composite of other morphisms.
    Composite {
        /// The composite, as written.
        text: String,
        /// A path for each factor of its codomain, with [`Term::Input`](crate::path::Term::Input) for
        /// its arguments.
        paths: Vec<Path>,
    },
}

/// A layer or combinator in a chain, and the shape after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The layer, as written: `linear(hidden)`, or `residual(linear >> relu)`.
    pub layer: String,
    /// The shapes after it.
    pub output: Product,
    /// Those of its arguments that hyper-parameters give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// What it costs, if it is a layer.
    #[serde(default, skip_serializing_if = "Cost::is_none")]
    pub cost: Cost,
    /// Which numbers it gives, if it is a layer that gives one tensor.
    #[serde(default, skip_serializing_if = "Gives::is_unknown")]
    pub gives: Gives,
    /// What it finds on which axis, if it is a layer to which that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// What it makes of the steps inside it; `None` for a layer, which has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combinator: Option<Combinator>,
    /// The steps inside a combinator, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Step>,
}

/// What stands on which axis of a layer's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// `[batch, channels, height, width]`
    Images,
}

/// What is made of a chain inside a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Combinator {
    /// Chains on one input each, side by side: `(f, g)` gives all of them what it is given, `f * g`
    /// each a factor of it. The steps are those of all chains, in order.
    Parallel {
        /// How many steps each chain has.
        chains: Vec<usize>,
    },
    /// The chain so many times, with one set of weights: `f^n`.
    Power {
        /// How often.
        times: Dim,
    },
    /// What it is given, plus the chain of it: `residual(f)` is x + f(x).
    Residual,
    /// The chain so many times, each with weights of its own, at one shape. The steps are those of
    /// one copy.
    Repeat {
        /// How many copies.
        copies: Dim,
    },
    /// The chain so many times, each with weights of its own, at shapes of their own. The steps are
    /// those of all copies, in order.
    Unrolled {
        /// How many copies.
        copies: u64,
    },
}

impl Step {
    /// A layer, which has no steps inside it.
    pub fn layer(layer: impl Into<String>, output: impl Into<Product>) -> Self {
        Step {
            layer: layer.into(),
            output: output.into(),
            limits: Vec::new(),
            cost: Cost::NONE,
            gives: Gives::Unknown,
            layout: None,
            combinator: None,
            inner: Vec::new(),
        }
    }

    /// Every step, those inside a combinator before it.
    #[must_use]
    pub fn all(steps: &[Step]) -> Vec<&Step> {
        let mut all = Vec::new();
        let seen: Result<(), Infallible> = Step::try_each(steps, &mut |step| {
            all.push(step);
            Ok(())
        });
        match seen {
            Ok(()) => all,
            Err(never) => match never {},
        }
    }

    /// The shapes that a chain goes through: `[batch, 8] -> linear(4) [batch, 4]`.
    #[must_use]
    pub fn trail(input: &Product, steps: &[Step]) -> String {
        steps.iter().fold(input.to_string(), |trail, step| {
            format!("{trail} -> {} {}", step.layer, step.output)
        })
    }

    /// Shows every step to `see`, those inside a combinator before it, up to the first error.
    ///
    /// # Errors
    ///
    /// That of `see`.
    pub fn try_each<'a, E>(
        steps: &'a [Step],
        see: &mut dyn FnMut(&'a Step) -> Result<(), E>,
    ) -> Result<(), E> {
        for step in steps {
            Step::try_each(&step.inner, see)?;
            see(step)?;
        }
        Ok(())
    }
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
    #[must_use]
    pub fn behind(&self, id: MorphismId) -> MorphismId {
        match self.morphism(id).definition {
            Definition::Method { of, .. } => of,
            Definition::Parameter { .. }
            | Definition::Layers { .. }
            | Definition::Module { .. }
            | Definition::Function { .. }
            | Definition::Composite { .. } => id,
        }
    }

    /// Whether hyper-parameters give arguments of layers or losses.
    #[must_use]
    pub fn has_limits(&self) -> bool {
        let of_morphisms = self
            .morphisms
            .iter()
            .any(|morphism| match &morphism.definition {
                Definition::Layers { steps, .. } => {
                    Step::all(steps).iter().any(|step| !step.limits.is_empty())
                }
                Definition::Parameter { limits, .. } => !limits.is_empty(),
                Definition::Module { .. }
                | Definition::Method { .. }
                | Definition::Function { .. }
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

//! What morphisms are made of, and the arguments of layers and losses.

use proc_macro2::{Ident, Literal};

use super::{Count, Dim, Number, Rust};
use crate::place::Place;

/// What a morphism is made of, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The place of the word `frozen` before it.
    pub frozen: Option<Place>,
    /// What it is made of.
    pub kind: DefinitionKind,
    /// All of it.
    pub place: Place,
}

/// What a definition can be.
#[derive(Clone, Debug, PartialEq)]
pub enum DefinitionKind {
    /// `_`
    Slot,
    /// `fn noise::salt_and_pepper`
    Function(Rust<syn::ExprPath>),
    /// `|x| x.exp()`
    Closure(Rust<syn::ExprClosure>),
    /// `Teacher`, or `Encoder: EncoderConfig::new(hidden)`
    Module {
        /// The caller's type.
        ty: Rust<syn::Type>,
        /// The configuration that builds it.
        config: Option<Box<Rust<syn::Expr>>>,
    },
    /// `teacher.features`
    Method {
        /// The morphism whose module it is of.
        morphism: Ident,
        /// The method.
        method: Ident,
    },
    /// `lora(Vit, rank = 8)`
    Adapted {
        /// What is given adapters.
        of: Box<Definition>,
        /// Rank, alpha, ….
        arguments: Vec<Argument>,
    },
    /// `ema(online, decay = 0.996)`, `parameter(initializer = zeros)`
    Special {
        /// `ema` or `parameter`.
        word: Ident,
        /// What is given to it.
        arguments: Vec<Argument>,
    },
    /// `flatten >> linear(hidden) >> relu`: layers, or morphisms of the diagram.
    Chain(Chain),
}

/// `factor ('>>' factor)*`
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// At least one.
    pub factors: Vec<Product>,
    /// All of it.
    pub place: Place,
}

/// `power ('*' power)*`
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// At least one.
    pub powers: Vec<Power>,
    /// All of it.
    pub place: Place,
}

/// `step ('^' count)?`
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// What is repeated.
    pub step: Step,
    /// How often.
    pub count: Option<Count>,
}

/// `name ('(' argument,* ')' | '[' dim,* ']')? | '(' chain,+ ')'`
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// All of it.
    pub place: Place,
}

/// What a step can be.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// `relu`, or a morphism's name.
    Name(Ident),
    /// `conv2d(16, kernel = 3)`
    Call(Ident, Vec<Argument>),
    /// `reshape[batch, 784]`
    Dims(Ident, Vec<Dim>),
    /// `again(encoder >> head)`
    Again(Ident, Box<Chain>),
    /// `(linear, linear)`; one chain in parentheses is a group.
    Chains(Vec<Chain>),
}

/// `(name '=')? value`
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The parameter it is for.
    pub name: Option<Ident>,
    /// What is given.
    pub value: Value,
}

/// What may be given to a layer, a loss or an inclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// All of it.
    pub place: Place,
}

/// What a value can be. A name may turn out to be a hyper-parameter, a word or a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `3`, `-0.5`
    Number(Number),
    /// `hidden`, `same`, `relu`
    Name(Ident),
    /// `2 * hidden`: arithmetic on sizes (a single number or name is not written so).
    Dim(Dim),
    /// `crate::RATE`
    Constant(Rust<syn::Path>),
    /// `"text"`
    Text(Rust<Literal>),
    /// `true`, `false`
    Bool(bool),
    /// `learned(0.07)`
    Learned(Number),
    /// `[3, 5]`
    List(Vec<Value>),
    /// `conv2d(3) >> relu`, a closure, a module: what may define a morphism.
    Definition(Box<Definition>),
}

/// Dims in brackets as the one argument of their layer.
pub(crate) fn listed(dims: &[Dim], place: Place) -> Argument {
    let values = dims.iter().map(|dim| Value {
        kind: ValueKind::Dim(dim.clone()),
        place: dim.place,
    });
    Argument {
        name: None,
        value: Value {
            kind: ValueKind::List(values.collect()),
            place,
        },
    }
}

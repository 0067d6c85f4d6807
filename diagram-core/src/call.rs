//! Calls: a layer, a loss, an initializer or an activation with its arguments.
//!
//! What a call means (its arguments, its shape rule, its cost) is a row of the tables of `diagram-layers`. Here it
//! is a value that can be compared, stored and shown: [`Call`] is written as it stands in a diagram when displayed.

use serde::{Deserialize, Serialize};

use crate::dim::Dim;
use crate::fault::{Code, Fault};
use crate::scalar::{Class, Flag, Number, Scalar};
use crate::shape::Shape;

mod axis;
mod text;

pub use axis::Axis;
pub(crate) use text::listed;

/// A name, and what it is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The name of a row: `conv2d`, `kl`, `normal`.
    pub name: String,
    /// What it is given, in the order written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Argument>,
}

/// What is given for one parameter of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The parameter, by name.
    pub name: String,
    /// What is given.
    pub value: Value,
    /// Whether it is written without its name; it means the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unnamed: bool,
}

/// What is given for a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A size.
    Size(Dim),
    /// A size for each axis.
    Sizes(Vec<Dim>),
    /// The sizes of parts, or one for all of them.
    Parts(Vec<Dim>),
    /// What is added around an input.
    Padding(Padding),
    /// A number.
    Float(Scalar),
    /// `true` or `false`.
    Flag(Flag),
    /// One of a few words.
    Word(String),
    /// A factor for each axis.
    Scales(Vec<Number>),
    /// Numbers, as many as one likes.
    Numbers(Vec<Number>),
    /// Classes, as many as one likes.
    Classes(Vec<Class>),
    /// An axis.
    Axis(Axis),
    /// A shape's dims in brackets.
    Dims(Vec<Dim>),
    /// Axes in brackets.
    Axes(Vec<Axis>),
    /// An initializer or an activation.
    Call(Call),
}

/// What is added around an input before a window moves over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Padding {
    /// As much as keeps the size at stride 1.
    Same,
    /// Nothing.
    Valid,
    /// For each axis, before and after it.
    Explicit(Vec<(Dim, Dim)>),
}

/// Of what a fault of a call speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// All of the call.
    Whole,
    /// An argument, by its parameter; all of the call where that is left out.
    Argument(String),
    /// An item of an argument that is a list.
    Item(String, usize),
    /// A part of an argument that is a call.
    Inside(Box<(String, Where)>),
    /// An end of the cell, by position.
    End(usize),
    /// All ends of the cell.
    Ends,
}

impl Where {
    /// An argument, by its parameter.
    #[must_use]
    pub fn argument(name: &str) -> Self {
        Where::Argument(name.to_owned())
    }

    /// The same of a call that is given for a parameter.
    #[must_use]
    pub fn inside(self, name: &str) -> Self {
        match self {
            Where::Whole => Where::argument(name),
            at => Where::Inside(Box::new((name.to_owned(), at))),
        }
    }
}

/// A fault, and of what it speaks.
pub type Wrong = (Where, Fault);

/// Two calls are equal when they mean the same: the order of arguments, and whether their names are written, do
/// not count.
impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        let given = |argument: &Argument| other.given(&argument.name) == Some(&argument.value);
        self.name == other.name
            && self.arguments.len() == other.arguments.len()
            && self.arguments.iter().all(given)
    }
}

impl Call {
    /// A call without arguments.
    pub fn new(name: impl Into<String>) -> Self {
        Call {
            name: name.into(),
            arguments: Vec::new(),
        }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.arguments.push(Argument {
            name: name.to_owned(),
            value,
            unnamed: false,
        });
        self
    }

    /// The same without an argument.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let others = self.arguments.iter().filter(|one| one.name != name);
        Call {
            name: self.name.clone(),
            arguments: others.cloned().collect(),
        }
    }

    /// What is given for a parameter, by name.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Value> {
        let mut arguments = self.arguments.iter();
        arguments.find_map(|argument| (argument.name == name).then_some(&argument.value))
    }

    /// A size, if given.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<&Dim> {
        match self.given(name)? {
            Value::Size(dim) => Some(dim),
            _ => None,
        }
    }

    /// Sizes, if given: one per axis, or those of parts.
    #[must_use]
    pub fn sizes(&self, name: &str) -> Option<&[Dim]> {
        match self.given(name)? {
            Value::Sizes(dims) | Value::Parts(dims) => Some(dims),
            _ => None,
        }
    }

    /// A padding, if given.
    #[must_use]
    pub fn padding(&self, name: &str) -> Option<&Padding> {
        match self.given(name)? {
            Value::Padding(padding) => Some(padding),
            _ => None,
        }
    }

    /// A number, if given.
    #[must_use]
    pub fn float(&self, name: &str) -> Option<&Scalar> {
        match self.given(name)? {
            Value::Float(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// `true` or `false`, if given.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        match self.given(name)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// `true` or `false`, if that is given and known.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.flag(name)? {
            Flag::Literal(on) => Some(*on),
            Flag::Hyper(_) => None,
        }
    }

    /// A word, if given.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.given(name)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Numbers, as many as are given: one per axis, or as many as one likes.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[Number]> {
        match self.given(name)? {
            Value::Scales(numbers) | Value::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Classes, as many as are given.
    #[must_use]
    pub fn classes(&self, name: &str) -> &[Class] {
        match self.given(name) {
            Some(Value::Classes(classes)) => classes,
            _ => &[],
        }
    }

    /// An initializer or an activation, if given.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Call> {
        match self.given(name)? {
            Value::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The dims in brackets.
    #[must_use]
    pub fn dims(&self) -> &[Dim] {
        let mut arguments = self.arguments.iter();
        let dims = arguments.find_map(|argument| match &argument.value {
            Value::Dims(dims) => Some(dims.as_slice()),
            _ => None,
        });
        dims.unwrap_or_default()
    }

    /// An axis of a shape, if given.
    ///
    /// # Errors
    ///
    /// A number that is no axis, or a dim that is none or several.
    #[must_use]
    pub fn axis(&self, name: &str, shape: &Shape) -> Option<Result<usize, Wrong>> {
        let Value::Axis(axis) = self.given(name)? else {
            return None;
        };
        let axis = axis.of(shape, &self.name, shape.rank());
        Some(axis.map_err(|fault| (Where::argument(name), fault)))
    }

    /// A required axis of a shape.
    ///
    /// # Errors
    ///
    /// As [`Call::axis`].
    pub fn required_axis(&self, name: &str, shape: &Shape) -> Result<usize, Wrong> {
        self.axis(name, shape).unwrap_or_else(|| self.missing(name))
    }

    /// A required place for a new axis of a shape, which may stand behind its last one.
    ///
    /// # Errors
    ///
    /// As [`Call::axis`].
    pub fn new_axis(&self, name: &str, shape: &Shape) -> Result<usize, Wrong> {
        let Some(Value::Axis(axis)) = self.given(name) else {
            return self.missing(name);
        };
        let axis = axis.of(shape, &self.name, shape.rank() + 1);
        axis.map_err(|fault| (Where::argument(name), fault))
    }

    /// The axes in brackets.
    ///
    /// # Errors
    ///
    /// As [`Call::axis`], at the item.
    pub fn axes(&self, shape: &Shape) -> Result<Vec<usize>, Wrong> {
        let mut arguments = self.arguments.iter();
        let given = arguments.find_map(|argument| match &argument.value {
            Value::Axes(axes) => Some((&argument.name, axes)),
            _ => None,
        });
        let Some((name, axes)) = given else {
            return Ok(Vec::new());
        };
        let found = axes.iter().enumerate().map(|(item, written)| {
            let found = written.of(shape, &self.name, shape.rank());
            found.map_err(|fault| (Where::Item(name.clone(), item), fault))
        });
        found.collect()
    }

    /// The fault of a required argument that is not there.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn missing<T>(&self, name: &str) -> Result<T, Wrong> {
        let message = format!("`{}` needs `{name}`", self.name);
        Err((Where::Whole, Fault::new(Code::MissingArgument, message)))
    }

    /// Its numbers, with those of the calls inside it.
    pub fn scalars_mut(&mut self) -> Vec<&mut Scalar> {
        let values = self
            .arguments
            .iter_mut()
            .map(|argument| &mut argument.value);
        let scalars = values.flat_map(|value| match value {
            Value::Float(scalar) => vec![scalar],
            Value::Call(call) => call.scalars_mut(),
            _ => Vec::new(),
        });
        scalars.collect()
    }
}

impl Value {
    /// The sizes in it, except the dims of a shape.
    #[must_use]
    pub fn sizes(&self) -> Vec<&Dim> {
        match self {
            Value::Size(dim) => vec![dim],
            Value::Sizes(dims) | Value::Parts(dims) => dims.iter().collect(),
            Value::Padding(Padding::Explicit(sides)) => {
                let sides = sides.iter();
                sides.flat_map(|(before, after)| [before, after]).collect()
            }
            _ => Vec::new(),
        }
    }
}

//! What may be given to a layer or a loss: the rows of its table of arguments.

use diagram_core::Range;

/// What may be given to a layer or a loss.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Other names for it, Burn's among them.
    pub aliases: &'static [&'static str],
    /// What is given.
    pub kind: ParameterKind,
    /// Whether it may be given without its name, in the order of the table.
    pub positional: bool,
    /// Whether it must be given.
    pub required: bool,
    /// What it is, for messages and docs: "the extent of the window".
    pub summary: &'static str,
    /// What stands for it where it is left out, as it would be written; empty where it must be given or
    /// what stands for it is no value.
    pub default: &'static str,
}

/// What is given for a parameter.
#[derive(Debug)]
pub enum ParameterKind {
    /// A size of at least 1.
    Size,
    /// A size of at least 0, dynamic dims among its symbols: `seq - 1`.
    Offset,
    /// A size of at least 1, dynamic dims among its symbols.
    Extent,
    /// Sizes of at least `least`: one for all of so many axes, or one per axis.
    Sizes {
        /// How many axes.
        axes: usize,
        /// The smallest size.
        least: i32,
    },
    /// A padding of so many axes: a number for all, one per axis, one per side (all that stand before an
    /// axis, then all after), `same` or `valid`. Burn pads three axes alike on both sides.
    Padding {
        /// How many axes.
        axes: usize,
    },
    /// A number in a range.
    Float(Range),
    /// `true` or `false`, where a shape or the code depends on it.
    Switch,
    /// `true` or `false`, or a hyper-parameter of type `bool`.
    Flag,
    /// One of these words: `nearest`.
    Word(&'static [&'static str]),
    /// The sizes of parts in brackets, dynamic dims among them, or one for all: `[64, 32]`, `32`.
    Parts,
    /// Numbers greater than 0: one for all of so many axes, or one per axis.
    Scales {
        /// How many axes.
        axes: usize,
    },
    /// Numbers in a range, as many as one likes: `[0.5, 2]`, or one without brackets.
    Numbers(Range),
    /// Whole numbers in a range or constants, as many as one likes: `[0, PAD]`, or one without brackets.
    Classes(Range),
    /// An axis, by number or by its dim.
    Axis,
    /// Dims in brackets, dynamic ones among them: `reshape[batch, 8, 8]`.
    Dims,
    /// Axes in brackets, by number or by their dims: `permute[0, 2, 1]`.
    Axes,
    /// How weights are drawn: `zeros`, `normal(std = 0.02)`.
    Initializer,
    /// An activation by the name of its layer: `relu`, `leaky_relu(negative_slope = 0.2)`.
    Activation,
}

impl Parameter {
    /// An optional parameter, given by its name.
    #[must_use]
    pub const fn new(name: &'static str, kind: ParameterKind, summary: &'static str) -> Self {
        Parameter {
            name,
            aliases: &[],
            kind,
            positional: false,
            required: false,
            summary,
            default: "",
        }
    }

    /// The same with other names.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Parameter { aliases, ..self }
    }

    /// The same with a default.
    #[must_use]
    pub const fn default(self, default: &'static str) -> Self {
        Parameter { default, ..self }
    }

    /// The same, which may be given without its name.
    #[must_use]
    pub const fn positional(self) -> Self {
        Parameter {
            positional: true,
            ..self
        }
    }

    /// The same, which must be given.
    #[must_use]
    pub const fn required(self) -> Self {
        Parameter {
            required: true,
            ..self
        }
    }

    /// Whether this is one of its names.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl ParameterKind {
    /// What its numbers may be.
    #[must_use]
    pub fn range(&self) -> Range {
        match self {
            ParameterKind::Float(range)
            | ParameterKind::Numbers(range)
            | ParameterKind::Classes(range) => *range,
            ParameterKind::Size | ParameterKind::Extent | ParameterKind::Parts => {
                Range::at_least(1)
            }
            ParameterKind::Sizes { least, .. } => Range::at_least(*least),
            ParameterKind::Offset | ParameterKind::Padding { .. } => Range::at_least(0),
            ParameterKind::Scales { .. } => Range::POSITIVE,
            ParameterKind::Switch
            | ParameterKind::Flag
            | ParameterKind::Word(_)
            | ParameterKind::Axis
            | ParameterKind::Dims
            | ParameterKind::Axes
            | ParameterKind::Initializer
            | ParameterKind::Activation => Range::ANY,
        }
    }

    /// What is expected, for messages.
    #[must_use]
    pub fn takes(&self) -> &'static str {
        match self {
            ParameterKind::Size => "a whole number or a size, like `64` or `2 * hidden`",
            ParameterKind::Offset | ParameterKind::Extent => {
                "a whole number or a size, like `1` or `seq - 1`"
            }
            ParameterKind::Sizes { axes: 1, .. } => "a whole number, like `3`",
            ParameterKind::Sizes { axes: 2, .. } => {
                "a whole number or one per axis, like `3` or `[3, 5]`"
            }
            ParameterKind::Sizes { .. } => {
                "a whole number or one per axis, like `3` or `[3, 5, 5]`"
            }
            ParameterKind::Padding { axes: 1 } => {
                "a whole number or one per side, like `1` or `[1, 2]`, or `same` or `valid`"
            }
            ParameterKind::Padding { axes: 2 } => {
                "a whole number, one per axis or one per side, like `1` or `[1, 2]`, or `same` or `valid`"
            }
            ParameterKind::Padding { .. } => {
                "a whole number or one per axis, like `1` or `[1, 2, 2]`, or `same` or `valid`"
            }
            ParameterKind::Float(_) => "a number, like `0.5`",
            ParameterKind::Switch | ParameterKind::Flag => "`true` or `false`",
            ParameterKind::Word(_) => "a word",
            ParameterKind::Parts => "sizes in brackets or one for all, like `[64, 32]` or `32`",
            ParameterKind::Scales { axes: 1 } => "a number, like `2` or `0.5`",
            ParameterKind::Scales { .. } => "a number or one per axis, like `2` or `[0.5, 2]`",
            ParameterKind::Numbers(_) => "numbers in brackets, like `[0.5, 2]`",
            ParameterKind::Classes(_) => "whole numbers or constants, like `0` or `[0, PAD]`",
            ParameterKind::Axis => "an axis, by number like `1` or by its dim",
            ParameterKind::Dims => "dims in brackets, like `[batch, 8, 8]`",
            ParameterKind::Axes => "axes in brackets, by number or by their dims, like `[0, 2, 1]`",
            ParameterKind::Initializer => "an initializer, like `zeros` or `normal(std = 0.02)`",
            ParameterKind::Activation => {
                "an activation, like `relu` or `leaky_relu(negative_slope = 0.2)`"
            }
        }
    }
}

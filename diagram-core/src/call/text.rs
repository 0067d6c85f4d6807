//! Calls as they are written in a diagram.

use std::fmt::{self, Display, Formatter};

use super::{Argument, Call, Padding, Value};
use crate::dim::Dim;

impl Display for Call {
    /// `conv2d(8, kernel = 3)`, `reshape[batch, 8, 8]`, `relu`
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.arguments.as_slice() {
            [] => out.write_str(&self.name),
            [
                Argument {
                    value: value @ (Value::Dims(_) | Value::Axes(_)),
                    ..
                },
            ] => write!(out, "{}{value}", self.name),
            arguments => write!(out, "{}({})", self.name, listed(arguments)),
        }
    }
}

impl Display for Argument {
    /// `kernel = 3`, or its value alone where the name is not written
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if !self.unnamed {
            write!(out, "{} = ", self.name)?;
        }
        self.value.fmt(out)
    }
}

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Size(dim) => dim.fmt(out),
            Value::Sizes(dims) => out.write_str(&one_or_all(dims)),
            Value::Parts(dims) => out.write_str(&one_or_list(dims)),
            Value::Padding(Padding::Same) => out.write_str("same"),
            Value::Padding(Padding::Valid) => out.write_str("valid"),
            Value::Padding(Padding::Explicit(sides)) => out.write_str(&padding(sides)),
            Value::Float(scalar) => scalar.fmt(out),
            Value::Flag(flag) => flag.fmt(out),
            Value::Word(word) => out.write_str(word),
            Value::Scales(scales) => out.write_str(&one_or_all(scales)),
            Value::Numbers(numbers) => out.write_str(&one_or_list(numbers)),
            Value::Classes(classes) => out.write_str(&one_or_list(classes)),
            Value::Axis(axis) => axis.fmt(out),
            Value::Dims(dims) => write!(out, "[{}]", listed(dims)),
            Value::Axes(axes) => write!(out, "[{}]", listed(axes)),
            Value::Call(call) => call.fmt(out),
        }
    }
}

/// Items with commas between them.
pub(crate) fn listed<T: Display>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

/// One value that stands for several equal ones.
fn one_or_all<T: Display + PartialEq>(items: &[T]) -> String {
    match items {
        [first, rest @ ..] if rest.iter().all(|item| item == first) => first.to_string(),
        several => format!("[{}]", listed(several)),
    }
}

/// A list; the brackets are left out if it has one item.
fn one_or_list<T: Display>(items: &[T]) -> String {
    match items {
        [one] => one.to_string(),
        several => format!("[{}]", listed(several)),
    }
}

/// One size for all sides, one per axis, or those before each axis and then those after.
fn padding(sides: &[(Dim, Dim)]) -> String {
    let (before, after): (Vec<_>, Vec<_>) = sides.iter().cloned().unzip();
    if before == after {
        return one_or_all(&before);
    }
    format!("[{}, {}]", listed(&before), listed(&after))
}

#[cfg(test)]
mod tests {
    use crate::call::{Argument, Axis, Call, Padding, Value};
    use crate::dim::{Dim, Op};
    use crate::scalar::{Flag, Number, Scalar};

    #[test]
    fn a_call_reads_as_it_is_written() {
        let number = |value| Number::new(value).expect("finite");
        let size = |value: u64| Dim::Literal(value);
        let channels = Argument {
            name: "channels".to_owned(),
            value: Value::Size(Dim::symbol("hidden")),
            unnamed: true,
        };
        let conv = Call {
            arguments: vec![channels],
            ..Call::new("conv2d")
        };
        let padding = |sides: &[(u64, u64)]| {
            let sides = sides.iter().map(|(one, other)| (size(*one), size(*other)));
            Value::Padding(Padding::Explicit(sides.collect()))
        };
        let normal = Call::new("normal").with("std", Value::Float(Scalar::Number(number(0.02))));
        for (call, text) in [
            (Call::new("relu"), "relu"),
            (conv.clone(), "conv2d(hidden)"),
            (
                conv.clone()
                    .with("kernel", Value::Sizes(vec![size(3), size(3)])),
                "conv2d(hidden, kernel = 3)",
            ),
            (
                conv.clone()
                    .with("kernel", Value::Sizes(vec![size(3), size(5)])),
                "conv2d(hidden, kernel = [3, 5])",
            ),
            (
                conv.clone().with("padding", padding(&[(1, 1), (1, 1)])),
                "conv2d(hidden, padding = 1)",
            ),
            (
                conv.clone().with("padding", padding(&[(1, 1), (2, 2)])),
                "conv2d(hidden, padding = [1, 2])",
            ),
            (
                conv.with("padding", padding(&[(1, 0), (2, 0)])),
                "conv2d(hidden, padding = [1, 2, 0, 0])",
            ),
            (
                Call::new("split").with("parts", Value::Parts(vec![size(3), size(3)])),
                "split(parts = [3, 3])",
            ),
            (
                Call::new("linear")
                    .with("bias", Value::Flag(Flag::Literal(false)))
                    .with("initializer", Value::Call(normal)),
                "linear(bias = false, initializer = normal(std = 0.02))",
            ),
            (
                Call::new("permute")
                    .with("axes", Value::Axes(vec![Axis::Number(1), Axis::Number(0)])),
                "permute[1, 0]",
            ),
            (
                Call::new("softmax").with("axis", Value::Axis(Axis::Dim("seq".to_owned()))),
                "softmax(axis = seq)",
            ),
            (
                Call::new("cross_entropy")
                    .with("weights", Value::Numbers(vec![number(1.0), number(1.0)])),
                "cross_entropy(weights = [1.0, 1.0])",
            ),
        ] {
            assert_eq!(call.to_string(), text);
        }
    }

    #[test]
    fn calls_that_mean_the_same_are_equal() {
        let named = |unnamed| Call {
            name: "linear".to_owned(),
            arguments: vec![Argument {
                name: "d_output".to_owned(),
                value: Value::Size(Dim::Literal(8)),
                unnamed,
            }],
        };
        assert_eq!(named(true), named(false));
        let bias = |on| Value::Flag(Flag::Literal(on));
        let one = named(true).with("bias", bias(true));
        let other = Call::new("linear")
            .with("bias", bias(true))
            .with("d_output", Value::Size(Dim::Literal(8)));
        assert_eq!(one, other);
        assert_ne!(one, named(true));
        assert_ne!(named(true), one);
        assert_ne!(one, named(true).with("bias", bias(false)));
        assert_eq!(one.without("bias"), named(false));
    }

    #[test]
    fn dims_are_shown_as_they_are_written_and_compared_by_what_they_are() {
        let double = || Dim::binary(Op::Mul, Dim::Literal(2), Dim::symbol("k"));
        let kernel = |left, right| {
            let kernel = Dim::binary(Op::Add, left, right);
            Call::new("conv1d").with("kernel", Value::Sizes(vec![kernel]))
        };
        let one = kernel(Dim::Literal(1), double());
        let other = kernel(double(), Dim::Literal(1));
        assert_eq!(one.to_string(), "conv1d(kernel = 1 + 2 * k)");
        assert_eq!(one, other);
        assert_eq!(one.simplified().to_string(), other.simplified().to_string());
        assert_ne!(one, kernel(Dim::Literal(2), double()));
    }
}

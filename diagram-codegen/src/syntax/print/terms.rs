//! Shapes, paths, cells' parts, values and definitions: what messages quote.

use std::fmt::{self, Display, Formatter};

use diagram_core::dim::Op;

use super::{After, Joined, commas};
use crate::syntax::tree::{
    Argument, Arrow, Chain, Count, Definition, DefinitionKind, Dim, DimKind, Dims, Fact, Loss,
    Node, Number, Path, PathKind, Power, Product, Scalar, ScalarKind, Shape, Space, Step, StepKind,
    Value, ValueKind, WeightClause,
};

impl Display for Shape {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}[{}]", After("", &self.kind), commas(&self.dims))
    }
}

impl Display for Space {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Space::Own(shape) => shape.fmt(out),
            Space::Of { object, dims } => write!(out, "{object}{}", After("", dims)),
        }
    }
}

impl Display for Dims {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let bindings: Vec<String> = self
            .bindings
            .iter()
            .map(|(dim, value)| format!("{dim} = {value}"))
            .collect();
        write!(out, "[{}]", commas(&bindings))
    }
}

impl Display for Dim {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DimKind::Number(literal) => literal.fmt(out),
            DimKind::Name(name) => name.fmt(out),
            DimKind::Constant(path) => path.fmt(out),
            DimKind::Binary(op, left, right) => {
                let weak = matches!(op, Op::Add | Op::Sub);
                operand(out, left, !weak && is_sum(left))?;
                write!(out, " {} ", op.symbol())?;
                operand(out, right, is_sum(right) || !weak && is_binary(right))
            }
        }
    }
}

fn operand(out: &mut Formatter<'_>, dim: &Dim, parentheses: bool) -> fmt::Result {
    if parentheses {
        write!(out, "({dim})")
    } else {
        dim.fmt(out)
    }
}

fn is_binary(dim: &Dim) -> bool {
    matches!(dim.kind, DimKind::Binary(..))
}

fn is_sum(dim: &Dim) -> bool {
    matches!(dim.kind, DimKind::Binary(Op::Add | Op::Sub, ..))
}

impl Display for Fact {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {} {}",
            self.left,
            if self.equal { "==" } else { ">=" },
            self.right
        )
    }
}

impl Display for Node {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if self.factors.is_empty() {
            return out.write_str("()");
        }
        let factors: Vec<String> = self
            .factors
            .iter()
            .map(|(object, dims)| format!("{object}{}", After("", dims)))
            .collect();
        Joined(&factors, " * ").fmt(out)
    }
}

impl Display for Arrow {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if self.forward {
            write!(out, "--{}-->", self.name)
        } else {
            write!(out, "<--{}--", self.name)
        }
    }
}

impl Display for Loss {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.path.fmt(out)?;
        match &self.arguments {
            Some(arguments) => write!(out, "({})", commas(arguments)),
            None => Ok(()),
        }
    }
}

impl Display for WeightClause {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            WeightClause::Learned(None, _) => out.write_str("learned"),
            WeightClause::Learned(Some(start), _) => write!(out, "learned({start})"),
            WeightClause::Number(number) => number.fmt(out),
            WeightClause::Constant(path) => path.fmt(out),
            WeightClause::Path(path) => path.fmt(out),
        }
    }
}

impl Display for Number {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}{}",
            if self.negative { "-" } else { "" },
            self.literal
        )
    }
}

impl Display for Argument {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(out, "{name} = {}", self.value),
            None => self.value.fmt(out),
        }
    }
}

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ValueKind::Number(number) => number.fmt(out),
            ValueKind::Name(name) => name.fmt(out),
            ValueKind::Dim(dim) => dim.fmt(out),
            ValueKind::Constant(path) => path.fmt(out),
            ValueKind::Text(literal) => literal.fmt(out),
            ValueKind::Bool(value) => value.fmt(out),
            ValueKind::Learned(start) => write!(out, "learned({start})"),
            ValueKind::List(values) => write!(out, "[{}]", commas(values)),
            ValueKind::Definition(definition) => definition.fmt(out),
        }
    }
}

impl Display for Path {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PathKind::Name(name) => name.fmt(out),
            PathKind::Compose(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    out.write_str(if index > 0 { " >> " } else { "" })?;
                    grouped(out, part, matches!(part.kind, PathKind::Compose(_)))?;
                }
                Ok(())
            }
            PathKind::Apply(name, paths) => write!(out, "{name}({})", commas(paths)),
            PathKind::Gradient { word, path, scalar } => write!(out, "{word}({path}, {scalar})"),
            PathKind::Tuple(paths) => write!(out, "({})", commas(paths)),
            PathKind::Power(path, count) => {
                grouped(out, path, matches!(path.kind, PathKind::Compose(_)))?;
                write!(out, "^{count}")
            }
            PathKind::Factor(path, name) => {
                grouped(out, path, needs_group_before_dot(path))?;
                write!(out, ".{name}")
            }
            PathKind::Position(path, index) => {
                grouped(out, path, needs_group_before_dot(path))?;
                write!(out, ".{index}")
            }
            PathKind::Number(number) => number.fmt(out),
        }
    }
}

/// A number before a `.` would become a float.
fn needs_group_before_dot(path: &Path) -> bool {
    matches!(
        path.kind,
        PathKind::Compose(_) | PathKind::Number(_) | PathKind::Power(..)
    )
}

fn grouped(out: &mut Formatter<'_>, path: &Path, parentheses: bool) -> fmt::Result {
    if parentheses {
        write!(out, "({path})")
    } else {
        path.fmt(out)
    }
}

impl Display for Count {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        operand(out, &self.0, is_binary(&self.0))
    }
}

impl Display for Scalar {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(if self.negative { "-" } else { "" })?;
        match &self.kind {
            ScalarKind::Number(literal) => literal.fmt(out),
            ScalarKind::Name(name) => name.fmt(out),
            ScalarKind::Constant(path) => path.fmt(out),
            ScalarKind::Learned(start) => write!(out, "learned({start})"),
        }
    }
}

impl Display for Definition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(if self.frozen.is_some() { "frozen " } else { "" })?;
        match &self.kind {
            DefinitionKind::Slot => out.write_str("_"),
            DefinitionKind::Function(path) => write!(out, "fn {path}"),
            DefinitionKind::Closure(closure) => closure.fmt(out),
            DefinitionKind::Module { ty, config } => write!(out, "{ty}{}", After(": ", config)),
            DefinitionKind::Method { morphism, method } => write!(out, "{morphism}.{method}"),
            DefinitionKind::Adapted { of, arguments } if arguments.is_empty() => {
                write!(out, "lora({of})")
            }
            DefinitionKind::Adapted { of, arguments } => {
                write!(out, "lora({of}, {})", commas(arguments))
            }
            DefinitionKind::Special { word, arguments } => {
                write!(out, "{word}({})", commas(arguments))
            }
            DefinitionKind::Chain(chain) => chain.fmt(out),
        }
    }
}

impl Display for Chain {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Joined(&self.factors, " >> ").fmt(out)
    }
}

impl Display for Product {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Joined(&self.powers, " * ").fmt(out)
    }
}

impl Display for Power {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.step, After("^", &self.count))
    }
}

impl Display for Step {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StepKind::Name(name) => name.fmt(out),
            StepKind::Call(name, arguments) => write!(out, "{name}({})", commas(arguments)),
            StepKind::Dims(name, dims) => write!(out, "{name}[{}]", commas(dims)),
            StepKind::Again(word, chain) => write!(out, "{word}({chain})"),
            StepKind::Chains(chains) => write!(out, "({})", commas(chains)),
        }
    }
}

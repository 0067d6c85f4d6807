//! A dim as data: a number, a name, or a list of operations and operands.
//!
//! A list is flat, with each operation before its two operands: `["Add", "Mul", 2, "hidden", 1]` is
//! `2 * hidden + 1`. So no dim nests deeper than readers of JSON go. An operand may be a list as well:
//! `["Add", ["Mul", 2, "hidden"], 1]` is the same dim. A name that is spelt as an operation is a list of its own:
//! `["Add"]`.

use serde::{Deserialize, Serialize};

use super::{Dim, MAX_NODES, Op};

/// A dim as it is serialised.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a dim: a whole number, a name, or an operation with two dims"
)]
pub(super) enum SerialisedDim {
    Number(u64),
    Word(String),
    List(Vec<SerialisedDim>),
}

impl From<Dim> for SerialisedDim {
    fn from(dim: Dim) -> Self {
        let (mut open, mut list) = (vec![dim], Vec::new());
        while let Some(dim) = open.pop() {
            list.push(match dim {
                Dim::Literal(value) => SerialisedDim::Number(value),
                Dim::Symbol(name) if Op::named(&name).is_some() => {
                    SerialisedDim::List(vec![SerialisedDim::Word(name)])
                }
                Dim::Symbol(name) => SerialisedDim::Word(name),
                Dim::Binary(op, left, right) => {
                    open.extend([*right, *left]);
                    SerialisedDim::Word(op.name().to_owned())
                }
            });
        }
        match list.pop() {
            Some(only) if list.is_empty() => only,
            end => {
                list.extend(end);
                SerialisedDim::List(list)
            }
        }
    }
}

impl TryFrom<SerialisedDim> for Dim {
    type Error = String;

    fn try_from(serialised: SerialisedDim) -> Result<Self, String> {
        let list = match serialised {
            SerialisedDim::Number(value) => return Ok(Dim::Literal(value)),
            SerialisedDim::Word(name) => return Ok(Dim::Symbol(name)),
            SerialisedDim::List(list) => list,
        };
        let long = || format!("a dim has at most {MAX_NODES} numbers, names and operations");
        // Asked before there is a deep dim, which would take a deep stack.
        if list.len() > MAX_NODES {
            return Err(long());
        }
        if let [SerialisedDim::Word(name)] = list.as_slice() {
            return Ok(Dim::symbol(name));
        }
        let mut operands = Vec::new();
        for item in list.into_iter().rev() {
            let op = match &item {
                SerialisedDim::Word(word) => Op::named(word),
                SerialisedDim::Number(_) | SerialisedDim::List(_) => None,
            };
            let operand = match op {
                None => Dim::try_from(item)?,
                Some(op) => match (operands.pop(), operands.pop()) {
                    (Some(left), Some(right)) => Dim::binary(op, left, right),
                    _ => return Err(format!("`{}` is an operation with two dims", op.name())),
                },
            };
            operands.push(operand);
        }
        match (operands.pop(), operands.pop()) {
            (Some(dim), None) if dim.is_too_long() => Err(long()),
            (Some(dim), None) => Ok(dim),
            _ => Err("a list is one operation with two dims".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dim, MAX_NODES, Op};

    fn read(text: &str) -> Result<Dim, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn written(dim: &Dim) -> String {
        serde_json::to_string(dim).expect("a dim is data")
    }

    /// `1 op 1 op … op 1`, from the left or from the right.
    fn ones(ones: usize, op: Op, from_the_left: bool) -> Dim {
        (1..ones).fold(Dim::Literal(1), |dim, _| {
            if from_the_left {
                Dim::binary(op, dim, Dim::Literal(1))
            } else {
                Dim::binary(op, Dim::Literal(1), dim)
            }
        })
    }

    #[test]
    fn operations_stand_before_their_operands() {
        let double = Dim::binary(Op::Mul, Dim::Literal(2), Dim::symbol("hidden"));
        let dim = Dim::binary(Op::Sub, double, Dim::symbol("Rem"));
        assert_eq!(written(&dim), r#"["Sub","Mul",2,"hidden",["Rem"]]"#);
        for text in [
            r#"["Sub","Mul",2,"hidden",["Rem"]]"#,
            r#"["Sub",["Mul",2,"hidden"],["Rem"]]"#,
        ] {
            assert_eq!(read(text), Ok(dim.clone()), "{text}");
        }
        for name in ["hidden", "Add"] {
            assert_eq!(read(&written(&Dim::symbol(name))), Ok(Dim::symbol(name)));
        }
    }

    #[test]
    fn the_longest_dims_are_read() {
        for op in Op::ALL {
            for from_the_left in [true, false] {
                let dim = ones(MAX_NODES / 2, op, from_the_left);
                assert_eq!(read(&written(&dim)), Ok(dim));
                let long = written(&ones(MAX_NODES / 2 + 1, op, from_the_left));
                let error = read(&long).expect_err("a dim that is too long");
                assert!(error.starts_with("a dim has at most 2000 "), "{error}");
            }
        }
    }

    #[test]
    fn other_lists_are_no_dims() {
        let deep = |depth| format!("{}1{}", r#"["Add",1,"#.repeat(depth), "]".repeat(depth));
        assert!(read(&deep(100)).is_ok());
        let many = |items: usize| format!("[{}1]", r#""Add","#.repeat(items));
        let wide = format!("[{}1]", format!(r#""Add",{},"#, deep(100)).repeat(900));
        for (text, error) in [
            ("[]", "a list is one operation with two dims"),
            (r#"["Add"]x"#, "trailing characters"),
            (r#"["Add",1]"#, "`Add` is an operation with two dims"),
            (r#"["Add",1,2,3]"#, "a list is one operation with two dims"),
            (r#"["Pow",1,2]"#, "a list is one operation with two dims"),
            (&many(1_000_000), "a dim has at most 2000 "),
            (&wide, "a dim has at most 2000 "),
            ("-1", "expected a dim: a whole number, a name, or "),
            (
                r#"["Add",1,2.5]"#,
                "expected a dim: a whole number, a name, or ",
            ),
        ] {
            let found = read(text).expect_err(error);
            assert!(found.starts_with(error), "{found}");
        }
    }
}

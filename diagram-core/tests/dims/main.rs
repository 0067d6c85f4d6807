//! Dims against brute force: equality, simplification, positivity and the text form.

mod constants;
mod facts;
mod laws;
mod worked;

use diagram_core::dim::{Dim, Fact, Facts, Op};

/// Reads a dim with the usual precedence, all operators left-associative.
fn dim(text: &str) -> Dim {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut tokens = spaced.split_whitespace().peekable();
    let dim = sum(&mut tokens);
    assert_eq!(tokens.next(), None, "{text}");
    dim
}

type Tokens<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn sum(tokens: &mut Tokens) -> Dim {
    let mut left = product(tokens);
    while let Some(op) = operator(tokens, &[Op::Add, Op::Sub]) {
        left = Dim::binary(op, left, product(tokens));
    }
    left
}

fn product(tokens: &mut Tokens) -> Dim {
    let mut left = factor(tokens);
    while let Some(op) = operator(tokens, &[Op::Mul, Op::Div, Op::Rem]) {
        left = Dim::binary(op, left, factor(tokens));
    }
    left
}

fn factor(tokens: &mut Tokens) -> Dim {
    match tokens.next().expect("a factor") {
        "(" => {
            let inner = sum(tokens);
            assert_eq!(tokens.next(), Some(")"));
            inner
        }
        token => token
            .parse()
            .map_or_else(|_| Dim::symbol(token), Dim::Literal),
    }
}

fn operator(tokens: &mut Tokens, ops: &[Op]) -> Option<Op> {
    let op = ops.iter().find(|op| tokens.peek() == Some(&op.symbol()))?;
    tokens.next();
    Some(*op)
}

fn fact(text: &str) -> Fact {
    match text.split_once("==") {
        Some((left, right)) => Fact::equal(dim(left), dim(right)),
        None => {
            let (left, right) = text.split_once(">=").expect("a fact");
            Fact::at_least(dim(left), dim(right))
        }
    }
}

/// Facts, separated by commas, that do not contradict each other.
fn facts(text: &str) -> Facts {
    let facts = text.split(',').filter(|fact| !fact.is_empty());
    Facts::new(facts.map(fact).collect()).expect("no contradiction")
}

fn holds(fact: &Fact, values: &[(String, u64)]) -> bool {
    let (left, right) = (value(&fact.left, values), value(&fact.right, values));
    match fact.relation.symbol() {
        "==" => left.is_some() && left == right,
        _ => left.is_some() && left >= right,
    }
}

/// Whether a counterexample keeps to the facts; one that names none of a fact's symbols says nothing of it.
fn keeps(facts: &Facts, witness: &[(String, u64)]) -> bool {
    let named = |symbol: &&str| witness.iter().any(|(name, _)| name == symbol);
    let mut spoken_of = facts
        .given()
        .iter()
        .filter(|fact| fact.symbols().iter().any(named));
    spoken_of.all(|fact| holds(fact, witness))
}

fn value(dim: &Dim, values: &[(String, u64)]) -> Option<i128> {
    let value_of = |name: &str| {
        values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| *value)
    };
    dim.evaluate(&value_of).ok()
}

fn named(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

fn conv(input: &Dim, kernel: u64, stride: u64, padding: u64) -> Dim {
    let padded = Dim::binary(Op::Add, input.clone(), Dim::Literal(2 * padding));
    let last = Dim::binary(Op::Sub, padded, Dim::Literal(kernel));
    let steps = Dim::binary(Op::Div, last, Dim::Literal(stride));
    Dim::binary(Op::Add, steps, Dim::Literal(1))
}

fn transposed(input: &Dim, kernel: u64, stride: u64, padding: u64) -> Dim {
    let last = Dim::binary(Op::Sub, input.clone(), Dim::Literal(1));
    let spread = Dim::binary(Op::Mul, last, Dim::Literal(stride));
    let full = Dim::binary(Op::Add, spread, Dim::Literal(kernel));
    Dim::binary(Op::Sub, full, Dim::Literal(2 * padding))
}

//! Calls and chains of layers.

use super::Matching;
use crate::call::{Axis, Call, Padding, Value};
use crate::scalar::Flag;
use crate::step::{Combinator, Step, StepKind};

impl Matching<'_> {
    pub(super) fn call(&mut self, one: &Call, other: &Call) -> bool {
        one.name == other.name
            && one.arguments.len() == other.arguments.len()
            && one.arguments.iter().all(|argument| {
                let given = other.given(&argument.name);
                given.is_some_and(|value| self.value(&argument.value, value))
            })
    }

    fn value(&mut self, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Size(one), Value::Size(other)) => self.dim(one, other),
            (Value::Sizes(one), Value::Sizes(other))
            | (Value::Parts(one), Value::Parts(other))
            | (Value::Dims(one), Value::Dims(other)) => self.list(one, other, Self::dim),
            (Value::Padding(Padding::Explicit(one)), Value::Padding(Padding::Explicit(other))) => {
                self.list(one, other, |own, one, other| {
                    own.dim(&one.0, &other.0) && own.dim(&one.1, &other.1)
                })
            }
            (Value::Float(one), Value::Float(other)) => self.scalar(one, other),
            (Value::Flag(Flag::Hyper(one)), Value::Flag(Flag::Hyper(other))) => {
                self.hyper(one, other)
            }
            (Value::Axis(one), Value::Axis(other)) => self.axis(one, other),
            (Value::Axes(one), Value::Axes(other)) => self.list(one, other, Self::axis),
            (Value::Call(one), Value::Call(other)) => self.call(one, other),
            (one, other) => one == other,
        }
    }

    fn axis(&mut self, one: &Axis, other: &Axis) -> bool {
        match (one, other) {
            (Axis::Dim(one), Axis::Dim(other)) => self.size(one, other),
            (one, other) => one == other,
        }
    }

    pub(super) fn step(&mut self, one: &Step, other: &Step) -> bool {
        let kinds = match (&one.kind, &other.kind) {
            (StepKind::Layer(one), StepKind::Layer(other)) => self.call(&one.call, &other.call),
            (StepKind::Combinator(one), StepKind::Combinator(other)) => match (one, other) {
                (Combinator::Power { times: one }, Combinator::Power { times: other })
                | (Combinator::Repeat { copies: one }, Combinator::Repeat { copies: other }) => {
                    self.dim(one, other)
                }
                (one, other) => one == other,
            },
            _ => false,
        };
        kinds
            && self.list(&one.inner, &other.inner, Self::step)
            && self.product(&one.output, &other.output)
    }
}

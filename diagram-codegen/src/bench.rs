//! A layer or loss on the bench: built from text, at a shape from text.

use diagram_core::{Dim, HyperType, Kind, Product, Shape, Step, dim::Op};
use diagram_layers::layers;
use proc_macro2::Span;
use quote::quote;

use crate::diagnostic::Diagnostics;
use crate::expand::layers::{At, Built, code};
use crate::lower::{LayerSite, layer_at};
use crate::place::{Place, Placed};
use crate::scope::{Scope, ScopedHyper};
use crate::syntax::parse;
use crate::syntax::tree::{Argument, DefinitionKind, ItemKind, StepKind, listed};

/// A layer with its arguments.
pub(crate) struct Bench {
    name: &'static str,
    text: String,
    arguments: Vec<Argument>,
    target: Option<Shape>,
    scope: Scope,
}

/// Dynamic dims, and hyper-parameters of each type.
pub(crate) fn scope() -> Scope {
    let hyper = |name: &str, ty| ScopedHyper {
        name: name.to_owned(),
        ty,
    };
    Scope {
        hypers: vec![
            hyper("hidden", HyperType::Size),
            hyper("kernel", HyperType::Size),
            hyper("rate", HyperType::Float),
            hyper("temperature", HyperType::Float),
            hyper("bias", HyperType::Bool),
            hyper("name", HyperType::Other("String".into())),
        ],
        dynamics: vec!["batch".to_owned(), "seq".to_owned()],
        ..Scope::default()
    }
}

impl Bench {
    pub(crate) fn new(name: &'static str, arguments: &str) -> Self {
        Bench {
            name,
            text: if arguments.is_empty() {
                name.to_owned()
            } else {
                format!("{name}({arguments})")
            },
            arguments: parsed(arguments),
            target: None,
            scope: scope(),
        }
    }

    /// A layer whose arguments stand in brackets.
    pub(crate) fn bracketed(name: &'static str, dims: &str) -> Self {
        let place = Place::of(Span::call_site());
        let StepKind::Dims(_, parsed) = step(&format!("layer[{dims}]")) else {
            panic!("{dims}")
        };
        Bench {
            text: format!("{name}[{dims}]"),
            arguments: vec![listed(&parsed, place)],
            ..Bench::new(name, "")
        }
    }

    pub(crate) fn target(mut self, shape: &str) -> Self {
        self.target = Some(shape_of(shape));
        self
    }

    fn step(&self, inputs: &[Shape]) -> Result<Step, Vec<Placed>> {
        let site = LayerSite {
            text: &self.text,
            place: Place::of(Span::call_site()),
            inputs,
            target: self.target.as_ref(),
            open: None,
            scope: &self.scope,
        };
        let row = layers::find(self.name).expect("a layer");
        layer_at(row, &self.arguments, &site)
    }

    fn build(&self, input: &str) -> Result<(Product, Built), Vec<Placed>> {
        let inputs = shapes_of(input);
        let step = self.step(&inputs)?;
        let layer = step.as_layer().expect("a layer");
        let code = code(self.name).expect("code");
        let built = code(&At {
            call: &layer.call.simplified(),
            inputs: &inputs,
            output: &step.output,
            scope: &self.scope,
            burn: &quote!(burn),
        });
        Ok((step.output, built))
    }

    fn typed(&self, input: &str) -> Product {
        self.both(input).0
    }

    fn built(&self, input: &str) -> Built {
        self.both(input).1
    }

    fn both(&self, input: &str) -> (Product, Built) {
        self.build(input)
            .unwrap_or_else(|faults| panic!("{input}: {}", texts(&faults)))
    }

    /// Whether it works sample by sample.
    pub(crate) fn is_sample_wise(&self, input: &str) -> bool {
        let step = self.step(&shapes_of(input));
        let step = step.unwrap_or_else(|faults| panic!("{input}: {}", texts(&faults)));
        step.as_layer().expect("a layer").traits.sample_wise
    }

    pub(crate) fn shape(&self, input: &str) -> String {
        self.typed(input).to_string()
    }

    /// The extent of an axis, for values of the symbols.
    pub(crate) fn value(&self, input: &str, axis: usize, values: &[(&str, u64)]) -> i128 {
        let value = |name: &str| {
            values
                .iter()
                .find(|value| value.0 == name)
                .map(|value| value.1)
        };
        self.typed(input).0[0].dims[axis]
            .evaluate(&value)
            .expect("a value")
    }

    pub(crate) fn ty(&self, input: &str) -> String {
        self.built(input).field.expect("a field").ty.to_string()
    }

    pub(crate) fn init(&self, input: &str) -> String {
        self.built(input).field.expect("a field").init.to_string()
    }

    pub(crate) fn forward(&self, input: &str) -> Option<String> {
        self.built(input).forward.map(|code| code.to_string())
    }

    /// The dynamic dims that the call must tell.
    pub(crate) fn told(&self, input: &str) -> Vec<String> {
        self.built(input).reads
    }

    /// All faults, as they are shown.
    pub(crate) fn fault(&self, input: &str) -> String {
        texts(&self.build(input).expect_err("a fault"))
    }
}

pub(crate) fn texts(faults: &[Placed]) -> String {
    faults
        .iter()
        .map(|(_, fault)| fault.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

/// `[batch, 8] * Int[batch]`
fn shapes_of(text: &str) -> Vec<Shape> {
    text.split("] * ").map(shape_of).collect()
}

/// `Int[batch, hidden, 3]`
pub(crate) fn shape_of(text: &str) -> Shape {
    let (kind, dims) = text.trim_end_matches(']').split_once('[').expect("a shape");
    let kind = match kind {
        "Int" => Kind::Int,
        "Bool" => Kind::Bool,
        _ => Kind::Float,
    };
    let factor = |text: &str| {
        text.parse()
            .map_or_else(|_| Dim::symbol(text), Dim::Literal)
    };
    let dim = |text: &str| match (text.split_once(" * "), text.split_once(" + ")) {
        (Some((left, right)), _) => Dim::binary(Op::Mul, factor(left), factor(right)),
        (_, Some((left, right))) => Dim::binary(Op::Add, factor(left), factor(right)),
        (None, None) => factor(text),
    };
    Shape {
        kind,
        dims: dims.split(", ").map(dim).collect(),
    }
}

/// Arguments as they are written in parentheses.
pub(crate) fn parsed(text: &str) -> Vec<Argument> {
    match step(&format!("layer({text})")) {
        StepKind::Call(_, arguments) => arguments,
        _ => panic!("{text}"),
    }
}

fn step(text: &str) -> StepKind {
    let text = format!("Bench {{ f = {text}; }}");
    let mut diagnostics = Diagnostics::default();
    let trees = parse(text.parse().expect("tokens"), &mut diagnostics);
    assert!(
        diagnostics.is_clean(),
        "{text}: {}",
        texts(diagnostics.faults())
    );
    let item = trees
        .into_iter()
        .flat_map(|tree| tree.items)
        .next()
        .expect("an item");
    let ItemKind::Definition { definition, .. } = item.kind else {
        panic!("{text}")
    };
    let DefinitionKind::Chain(chain) = definition.kind else {
        panic!("{text}")
    };
    let power = chain
        .factors
        .into_iter()
        .flat_map(|factor| factor.powers)
        .next();
    power.expect("a step").step.kind
}

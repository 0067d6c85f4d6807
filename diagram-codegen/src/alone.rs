//! A layer alone, from text: what tests and tools ask of its shape rule.

use diagram_core::{Code, Cost, Fault, Product, check};
use diagram_layers::layers::find;
use proc_macro2::{Span, TokenStream};

use crate::diagnostic::Diagnostics;
use crate::lower::{LayerSite, layer_at};
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::parse;
use crate::syntax::tree::{DefinitionKind, ItemKind, Step, StepKind, bare, listed, shown};

/// The shapes after a layer and what it costs, written as in a diagram (`conv2d(8, kernel = [3, 2], stride = 2)`), on an
/// input, which may be a product. `scope` holds the names that its arguments and the input's dims may
/// use.
///
/// # Errors
///
/// Every fault of the layer and its arguments, else the first extent after it that cannot exist, as in
/// a diagram; a text that is not one layer.
pub fn alone(text: &str, input: &Product, scope: &Scope) -> Result<(Product, Cost), Vec<Fault>> {
    let step = step(text)?;
    let brackets = matches!(step.kind, StepKind::Dims(..));
    let (name, arguments) = match &step.kind {
        StepKind::Name(name) => (bare(name), Vec::new()),
        StepKind::Call(name, arguments) => (bare(name), arguments.clone()),
        StepKind::Dims(name, dims) => (bare(name), vec![listed(dims, step.place)]),
        StepKind::Again(..) | StepKind::Chains(_) => return Err(vec![no_layer(text)]),
    };
    let layer = find(&name).ok_or_else(|| {
        vec![Fault::new(
            Code::UnknownLayer,
            format!("there is no layer `{name}`"),
        )]
    })?;
    if layer.in_brackets() != brackets {
        return Err(vec![no_layer(text)]);
    }
    let shown = shown(&step);
    if input.0.len() != 1 && !layer.several {
        return Err(vec![check::takes_one(layer.name, &shown, input)]);
    }
    let site = LayerSite {
        text: &shown,
        place: Place::of(Span::call_site()),
        inputs: &input.0,
        target: None,
        open: None,
        scope,
    };
    let typed = layer_at(layer, &arguments, &site).map_err(without_places)?;
    for dim in typed.output.dims() {
        check::extent(&format!("`{shown}` gives"), dim, &scope.facts)
            .map_err(|fault| vec![fault])?;
    }
    let cost = Cost::of_steps(std::slice::from_ref(&typed));
    Ok((typed.output, cost))
}

/// The one step of a chain.
fn step(text: &str) -> Result<Step, Vec<Fault>> {
    let tokens: Result<TokenStream, _> = format!("Alone {{ f = {text}; }}").parse();
    let mut diagnostics = Diagnostics::default();
    let trees = parse(tokens.map_err(|_| vec![no_layer(text)])?, &mut diagnostics);
    if !diagnostics.is_clean() {
        return Err(without_places(diagnostics.faults().to_vec()));
    }
    let mut steps = trees
        .into_iter()
        .flat_map(|tree| tree.items)
        .filter_map(|item| match item.kind {
            ItemKind::Definition { definition, .. } => Some(definition.kind),
            _ => None,
        })
        .filter_map(|definition| match definition {
            DefinitionKind::Chain(chain) => Some(chain.factors),
            _ => None,
        })
        .flatten()
        .flat_map(|factor| factor.powers);
    match (steps.next(), steps.next()) {
        (Some(power), None) if power.count.is_none() => Ok(power.step),
        _ => Err(vec![no_layer(text)]),
    }
}

fn no_layer(text: &str) -> Fault {
    Fault::new(Code::UnexpectedToken, format!("`{text}` is not one layer"))
}

fn without_places(faults: Vec<Placed>) -> Vec<Fault> {
    faults.into_iter().map(|(_, fault)| fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{scope, shape_of};

    fn after(text: &str, input: &str) -> String {
        match alone(text, &shape_of(input).into(), &scope()).map(|(shape, _)| shape) {
            Ok(shape) => shape.to_string(),
            Err(faults) => {
                let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
                faults.join("\n")
            }
        }
    }

    #[test]
    fn a_layer_alone_gives_its_shape() {
        assert_eq!(after("relu", "[batch, 8]"), "[batch, 8]");
        assert_eq!(
            after("linear(2 * hidden)", "[batch, 8]"),
            "[batch, 2 * hidden]"
        );
    }

    #[test]
    fn or_its_faults() {
        assert_eq!(
            after("relu(1, 2)", "[batch, 8]")
                .lines()
                .filter(|line| line.contains("D0313"))
                .count(),
            2
        );
        assert!(after("linear(hidden - 2 * hidden)", "[8]").contains("[D0203]"));
        assert!(after("lineer(3)", "[8]").contains("[D0104]"));
        for text in [
            "relu >> relu",
            "relu * relu",
            "relu^2",
            "(relu)",
            "_",
            "\"",
            "",
            "}",
        ] {
            assert!(!after(text, "[8]").starts_with('['), "{text}");
        }
    }
}

//! A diagram as text for a terminal, in the order and words of the language.

use std::fmt::{self, Formatter};

use crate::call::listed;
use crate::cell::{Cell, CellRole, Measure, Weight};
use crate::diagram::{Average, Definition, Diagram, Morphism};
use crate::step::Step;

pub(super) fn render(diagram: &Diagram, out: &mut Formatter<'_>) -> fmt::Result {
    let generics = match diagram.generics.as_slice() {
        [] => String::new(),
        generics => format!("<{}>", listed(generics)),
    };
    writeln!(out, "{}{generics}{}", diagram.name, hypers(diagram))?;
    if !diagram.dynamics.is_empty() {
        writeln!(out, "  dyn {}", diagram.dynamics.join(", "))?;
    }
    if !diagram.facts.given().is_empty() {
        let facts = diagram.facts.given().iter().map(ToString::to_string);
        writeln!(out, "  where {}", facts.collect::<Vec<_>>().join(", "))?;
    }
    section(
        out,
        "objects",
        diagram.objects.iter().enumerate().map(|(index, object)| {
            let own = diagram
                .data
                .iter()
                .filter(|datum| datum.space.object.0 == index);
            let data: Vec<_> = own.map(|datum| diagram.datum_text(datum)).collect();
            let data = match data.as_slice() {
                [] => String::new(),
                [one] if *one == object.name => "  datum".to_owned(),
                several => format!("  data {}", several.join(", ")),
            };
            let loss = object
                .default_loss
                .as_ref()
                .map(|loss| format!("  by {loss}"));
            let loss = loss.unwrap_or_default();
            (object.name.clone(), format!("{}{data}{loss}", object.shape))
        }),
    )?;
    section(
        out,
        "morphisms",
        diagram
            .morphisms
            .iter()
            .map(|morphism| (diagram.arrow(morphism), definition(diagram, morphism))),
    )?;
    section(
        out,
        "cells",
        diagram
            .cells
            .iter()
            .map(|cell| (label(cell), cell_text(cell))),
    )
}

fn hypers(diagram: &Diagram) -> String {
    let hypers: Vec<_> = diagram
        .hypers
        .iter()
        .map(|hyper| {
            let default = hyper.default.as_ref().map(|value| format!(" = {value}"));
            format!(
                "{}: {}{}",
                hyper.name,
                hyper.ty,
                default.unwrap_or_default()
            )
        })
        .collect();
    if hypers.is_empty() {
        String::new()
    } else {
        format!("({})", hypers.join(", "))
    }
}

/// A heading and aligned rows; nothing if there are no rows.
pub(super) fn section(
    out: &mut Formatter<'_>,
    heading: &str,
    rows: impl Iterator<Item = (String, String)>,
) -> fmt::Result {
    let rows: Vec<_> = rows.collect();
    let Some(width) = rows.iter().map(|(left, _)| left.chars().count()).max() else {
        return Ok(());
    };
    writeln!(out, "  {heading}")?;
    rows.iter().try_for_each(|(left, right)| {
        let row = format!("    {left:width$}  {right}");
        writeln!(out, "{}", row.trim_end())
    })
}

fn definition(diagram: &Diagram, morphism: &Morphism) -> String {
    if let (Some(Average { of, decay }), true) = (&morphism.average, morphism.has_weights()) {
        return format!("= ema({}, decay = {decay})", diagram.morphism(*of).name);
    }
    let frozen = if morphism.frozen { "frozen " } else { "" };
    let text = match &morphism.definition {
        Definition::Layers { steps, .. } => Step::trail(&diagram.shapes(&morphism.domain), steps),
        Definition::Parameter {
            initializer: None, ..
        } => "parameter".to_owned(),
        Definition::Parameter {
            initializer: Some(initializer),
            ..
        } => format!("parameter(initializer = {initializer})"),
        Definition::Module { ty, config: None } => ty.to_string(),
        Definition::Module {
            ty,
            config: Some(config),
        } => format!("{ty}: {config}"),
        // `frozen` and `lora` are said of the module.
        Definition::Method { of, method } => {
            return format!("= {}.{method}", diagram.morphism(*of).name);
        }
        Definition::Function(function) => function.to_string(),
        Definition::Composite { text, .. } => text.clone(),
    };
    match &morphism.adapters {
        Some(adapters) => format!("= lora({text}, {adapters})"),
        None => format!("= {frozen}{text}"),
    }
}

pub(super) fn label(cell: &Cell) -> String {
    let name = cell.name.as_deref().unwrap_or("_");
    match cell.role {
        CellRole::Trained => name.to_owned(),
        CellRole::Watched => format!("watch {name}"),
    }
}

fn cell_text(cell: &Cell) -> String {
    let by = match &cell.loss {
        Measure::Itself => String::new(),
        loss => format!("  by {loss}"),
    };
    format!("{}{by}{}", cell.text, clauses(cell))
}

/// The weight and the mask of a cell.
pub(super) fn clauses(cell: &Cell) -> String {
    let weight = match (&cell.weight, cell.role) {
        (_, CellRole::Watched) => String::new(),
        (Weight::Scalar(scalar), _) => format!("  weight {scalar}"),
        (Weight::Path(clause), _) => format!("  weight {}", clause.text),
        (Weight::Learned(_), _) => "  weight learned".to_owned(),
    };
    let mask = match &cell.mask {
        Some(clause) => format!("  mask {}", clause.text),
        None => String::new(),
    };
    format!("{weight}{mask}")
}

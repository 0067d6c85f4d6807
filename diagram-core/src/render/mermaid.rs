//! A diagram as a Mermaid flowchart, which many Markdown viewers draw.

use std::fmt::Write;

use crate::cell::CellRole;
use crate::diagram::Diagram;
use crate::id::ObjectId;

pub(super) fn render(diagram: &Diagram) -> String {
    let mut text = String::from("flowchart LR\n");
    // Writing to a string cannot fail.
    let _ = write_nodes(diagram, &mut text).and_then(|()| write_arrows(diagram, &mut text));
    text
}

fn write_nodes(diagram: &Diagram, text: &mut String) -> std::fmt::Result {
    for (index, object) in diagram.objects.iter().enumerate() {
        let data = diagram
            .data
            .iter()
            .filter(|datum| datum.space.object == ObjectId(index));
        let others: Vec<_> = data
            .clone()
            .map(|datum| diagram.datum_text(datum))
            .filter(|name| *name != object.name)
            .collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!("<br/>{}", others.join(", "))
        };
        let label = format!(
            "{}{others}<br/><small>{}</small>",
            object.name, object.shape
        );
        if data.count() > 0 {
            writeln!(text, "    {}[[\"{label}\"]]", object.name)?;
        } else {
            writeln!(text, "    {}[\"{label}\"]", object.name)?;
        }
    }
    Ok(())
}

fn write_arrows(diagram: &Diagram, text: &mut String) -> std::fmt::Result {
    for morphism in diagram.morphisms.iter().filter(|morphism| morphism.drawn) {
        let label = match (&morphism.adapters, morphism.frozen) {
            _ if morphism.average.is_some() => format!("{} (ema)", morphism.name),
            (Some(_), _) => format!("{} (lora)", morphism.name),
            (None, true) => format!("{} (frozen)", morphism.name),
            (None, false) => morphism.name.clone(),
        };
        // A constant starts nowhere: a small node of its own stands for that.
        if let ([], [to]) = (&morphism.domain[..], &morphism.codomain[..]) {
            let (name, to) = (&morphism.name, &diagram.object(to.object).name);
            writeln!(text, "    {name}_unit(( )) -- \"{label}\" --> {to}")?;
        }
        for (from, to) in morphism
            .domain
            .iter()
            .flat_map(|from| morphism.codomain.iter().map(move |to| (from, to)))
        {
            // Nodes are objects; where an end is one at other dims, the arrow says so.
            let rebound = [from, to].into_iter().filter(|end| !end.dims.is_empty());
            let rebound = rebound.fold(String::new(), |text, end| {
                format!("{text}<br/>{}", diagram.space(end))
            });
            let name = |end: &crate::Space| diagram.object(end.object).name.as_str();
            let (from, to) = (name(from), name(to));
            writeln!(text, "    {from} -- \"{label}{rebound}\" --> {to}")?;
        }
    }
    for fact in diagram.facts.given() {
        writeln!(text, "    %% where {fact}")?;
    }
    for cell in diagram
        .cells
        .iter()
        .filter(|cell| cell.role == CellRole::Trained)
    {
        let name = cell.name.as_deref().unwrap_or("cell");
        // A comment ends with its line; a function's path or a diagram that was read may have several.
        let cell = format!("{name}: {} by {}", cell.text, cell.loss).replace(['\n', '\r'], " ");
        writeln!(text, "    %% {cell}")?;
    }
    Ok(())
}

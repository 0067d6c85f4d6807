//! An argument in a table of the documentation, of a layer or of a loss.

use diagram_core::Range;
use diagram_layers::{Parameter, ParameterKind};

/// `` `prob`: the probability that an element becomes 0, at least 0 and less than 1 ``
pub(crate) fn argument(parameter: &Parameter, in_brackets: bool) -> String {
    let name = parameter.name;
    let written = match (parameter.positional, parameter.default) {
        _ if in_brackets => format!("`[{name}]`"),
        (_, "") => format!("`{name}`"),
        (_, default) => format!("`{name} = {default}`"),
    };
    let range = match &parameter.kind {
        ParameterKind::Float(range)
        | ParameterKind::Numbers(range)
        | ParameterKind::Classes(range)
            if *range != Range::ANY =>
        {
            format!("; {range}")
        }
        _ => String::new(),
    };
    let aliases: Vec<_> = parameter
        .aliases
        .iter()
        .map(|alias| format!("`{alias}`"))
        .collect();
    let aliases = if aliases.is_empty() {
        String::new()
    } else {
        format!(" (or {})", aliases.join(", "))
    };
    let named = if parameter.positional || in_brackets {
        ""
    } else {
        ", by name"
    };
    format!("{written}{aliases}{named}: {}{range}", parameter.summary)
}

//! What stands in the documentation of generated items.

use std::fmt::Write;

use diagram_core::{Cell, Combinator, Datum, Definition, Product, Step};

use super::chain::Copies;
use super::{Context, Mapped};
use crate::lower::CellPart;
use crate::syntax::tree::bare;

/// The model: its text form.
pub(super) fn model(context: &Context<'_>) -> String {
    let diagram = context.diagram();
    let summary = if diagram.documentation.is_empty() {
        format!("The learning diagram `{}`.\n\n", diagram.name)
    } else {
        "\n".to_owned()
    };
    format!(
        "{summary}Built by [`{}::init`]. The diagram:\n\n```text\n{diagram}```",
        context.named("Config")
    )
}

/// The configuration.
pub(super) fn config(context: &Context<'_>) -> String {
    format!(
        "The configuration of [`{}`]: its hyper-parameters and weights.",
        context.model()
    )
}

/// `init` and `try_init`.
pub(super) fn init(context: &Context<'_>) -> String {
    let frozen: Vec<_> = context
        .morphisms()
        .filter(|mapped| mapped.morphism.frozen || mapped.morphism.adapters.is_some())
        .map(|mapped| format!("`{}`", mapped.morphism.name))
        .collect();
    let frozen = match frozen.as_slice() {
        [] => String::new(),
        names => format!(
            " Frozen modules ({}) are copies with parameters of their own; the caller's clones do not change.",
            names.join(", ")
        ),
    };
    let averages = names_of(context.averages());
    let averages = match averages.as_str() {
        "" => String::new(),
        names => format!(
            " The averages ({names}) start as copies of the averaged morphisms, with parameters of their own."
        ),
    };
    format!("Builds the model on a device.{frozen}{averages}")
}

/// The names of morphisms, in backticks.
fn names_of<'a>(morphisms: impl IntoIterator<Item = Mapped<'a>>) -> String {
    let names = morphisms.into_iter();
    let names = names.map(|mapped| format!("`{}`", mapped.morphism.name));
    names.collect::<Vec<_>>().join(", ")
}

/// The error of `try_init` that adapters may cause, where there are some.
pub(super) fn nothing_to_adapt(context: &Context<'_>) -> Option<String> {
    let adapted = context.morphisms().filter(Mapped::is_adapted_field);
    let names: Vec<_> = adapted
        .map(|mapped| format!("`{}`", mapped.morphism.name))
        .collect();
    let names = (!names.is_empty()).then(|| names.join(", "))?;
    Some(format!(
        " Or there is nothing to adapt: a module ({names}) has no parameter of rank 2."
    ))
}

/// `freeze_as_drawn`.
pub(super) fn freeze_as_drawn(
    frozen: &[Mapped<'_>],
    adapted: &[Mapped<'_>],
    averages: &[Mapped<'_>],
) -> String {
    let names: Vec<_> = frozen
        .iter()
        .chain(adapted)
        .map(|mapped| format!("`{}`", mapped.morphism.name))
        .collect();
    if names.is_empty() && averages.is_empty() {
        return "The model as it is: its diagram freezes nothing.".to_owned();
    }
    let adapters = if adapted.is_empty() {
        ""
    } else {
        " Adapters do not change, and an adapted module without adapters is given some."
    };
    let kept: Vec<_> = averages
        .iter()
        .map(|mapped| format!("`{}`", mapped.morphism.name))
        .collect();
    let frozen = match (names.join(", "), kept.join(", ")) {
        (frozen, kept) if kept.is_empty() => format!("Freezes what the diagram freezes ({frozen})"),
        (frozen, kept) if frozen.is_empty() => {
            format!("Takes the gradients from the averages ({kept})")
        }
        (frozen, kept) => format!(
            "Freezes what the diagram freezes ({frozen}), takes the gradients from the averages ({kept})"
        ),
    };
    format!(
        "{frozen}, and leaves the rest as it is.{adapters}\n\nA model is so after \
         `init`, and `unfreeze`, `set_require_grad`, `apply_lora` or a module assigned to a field can undo \
         it. Each becomes a copy with parameters of its own; clones elsewhere do not change."
    )
}

/// The function that builds one morphism's module.
pub(super) fn init_part(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    let frozen = if mapped.morphism.frozen {
        " It is not frozen yet: `freeze_as_drawn` of the model it is assigned to does that."
    } else if mapped.morphism.adapters.is_some() {
        " It has no adapters yet: `freeze_as_drawn` of the model it is assigned to gives it some."
    } else {
        ""
    };
    format!(
        "Builds the module of the morphism `{}` alone, to replace it in a model.{frozen}\n\n\
         # Panics\n\nIf `try_init` returns an error.",
        context.diagram().arrow(mapped.morphism)
    )
}

/// The trait of what fills a slot.
pub(super) fn slot(
    context: &Context<'_>,
    mapped: &Mapped<'_>,
    given: &str,
    wanted: &str,
) -> String {
    format!(
        "The modules that can fill the slot `{}` of [`{}`]: a Burn module that implements `Map<{given}, Output = {wanted}>`.\n\n{}",
        context.diagram().arrow(mapped.morphism),
        context.model(),
        shapes(context, mapped)
    )
}

/// A morphism's arrow.
pub(super) fn arrow(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    let frozen = match &mapped.morphism.adapters {
        _ if mapped.is_average_field() => average(context, mapped),
        Some(adapters) => format!(", adapted (`{adapters}`)"),
        None if mapped.morphism.frozen => ", frozen".to_owned(),
        None => String::new(),
    };
    format!(
        "The morphism `{}`{frozen}.",
        context.diagram().arrow(mapped.morphism)
    )
}

/// What a morphism is the average of, after its arrow.
fn average(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    let of = context.averaged(mapped);
    let of = of.map(|of| format!(", the average of `{}`, never trained", of.morphism.name));
    of.unwrap_or_default()
}

/// The type of a morphism's module.
pub(super) fn morphism_type(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    format!(
        "The module of the morphism `{}` of [`{}`].",
        context.diagram().arrow(mapped.morphism),
        context.model()
    )
}

/// The shapes that a morphism's input goes through.
pub(super) fn shapes(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    let diagram = context.diagram();
    let domain = diagram.shapes(&mapped.morphism.domain);
    let codomain = diagram.shapes(&mapped.morphism.codomain);
    match &mapped.morphism.definition {
        Definition::Layers { steps, .. } => trail(&domain, steps),
        Definition::Parameter { .. } => format!("`{codomain}`"),
        Definition::Module { .. }
        | Definition::Method { .. }
        | Definition::Function(_)
        | Definition::Composite { .. } => {
            format!("`{domain}` → `{codomain}`")
        }
    }
}

/// The shapes that a chain goes through, then those inside each of its combinators. What is inside a
/// `repeat` of one module stands at that module.
pub(super) fn trail(input: &Product, steps: &[Step]) -> String {
    let mut text = format!("`{}`", line(input, steps));
    inside(input, steps, &mut text);
    text
}

fn inside(input: &Product, steps: &[Step], text: &mut String) {
    let before = std::iter::once(input).chain(steps.iter().map(|step| &step.output));
    for (step, input) in steps.iter().zip(before) {
        if let Some(Combinator::Residual | Combinator::Power { .. } | Combinator::Unrolled { .. }) =
            step.as_combinator()
        {
            let line = line(input, &step.inner);
            // Writing to a string cannot fail.
            let _ = write!(text, "\n- inside `{step}`: `{line}`");
            inside(input, &step.inner, text);
        }
    }
}

fn line(input: &Product, steps: &[Step]) -> String {
    let steps = steps.iter().map(|step| format!("{step} {}", step.output));
    let all = std::iter::once(input.to_string()).chain(steps);
    all.collect::<Vec<_>>().join(" → ")
}

/// The type of the copies of a `repeat`.
pub(super) fn copies_type(context: &Context<'_>, mapped: &Mapped<'_>, copies: &Copies) -> String {
    format!(
        "One copy of `{}` in the morphism `{}` of [`{}`].",
        copies.text,
        mapped.morphism.name,
        context.model()
    )
}

/// A morphism's method.
pub(super) fn method(context: &Context<'_>, mapped: &Mapped<'_>) -> String {
    let what = match &mapped.morphism.definition {
        _ if mapped.is_average_field() => format!(
            "Applies the morphism `{}`{}.",
            context.diagram().arrow(mapped.morphism),
            average(context, mapped)
        ),
        Definition::Composite { text, .. } => {
            format!(
                "The composite `{}` = `{text}`.",
                context.diagram().arrow(mapped.morphism)
            )
        }
        Definition::Method { of, method } => {
            let module = &context.diagram().morphism(*of).name;
            format!(
                "Applies the morphism `{}`, the method `{method}` of the module of [`{module}`](Self::{module}).",
                context.diagram().arrow(mapped.morphism)
            )
        }
        Definition::Parameter { .. } => format!(
            "The learned constant `{}`.",
            context.diagram().arrow(mapped.morphism)
        ),
        Definition::Function(function) => format!(
            "Applies the morphism `{}` = `{function}`.",
            context.diagram().arrow(mapped.morphism)
        ),
        Definition::Layers { .. } | Definition::Module { .. } => format!(
            "Applies the morphism `{}`.",
            context.diagram().arrow(mapped.morphism)
        ),
    };
    let further = context.diagram().further_dims(mapped.id);
    let further = match further.as_slice() {
        [] => String::new(),
        [one] => format!("\n\n`{one}` is a size that the arguments do not show."),
        several => format!(
            "\n\n`{}` are sizes that the arguments do not show.",
            several.join("`, `")
        ),
    };
    format!(
        "{what}\n\n{}{further}\n\n# Panics\n\nOn an argument of another size than drawn.",
        shapes(context, mapped)
    )
}

/// A datum's field.
pub(super) fn datum(context: &Context<'_>, datum: &Datum) -> String {
    let (diagram, name) = (context.diagram(), &datum.name);
    let (space, shape) = (diagram.space(&datum.space), diagram.shape(&datum.space));
    if space == *name {
        format!("The datum `{name}`: `{shape}`.")
    } else {
        format!("The datum `{name}` of `{space}`: `{shape}`.")
    }
}

/// A cell's field. Where something is at fault its ends may not be known.
pub(super) fn cell(part: &CellPart<'_>, known: Option<&Cell>) -> String {
    let name = part.name.as_ref().map(bare).unwrap_or_default();
    known.map_or_else(
        || format!("The cell `{name}`."),
        |cell| {
            format!(
                "The cell `{}` by `{}`, unweighted, of shape `[1]`.",
                cell.text, cell.loss
            )
        },
    )
}

//! What says of the units of a loss how they count: masks and weights that are paths; and numbers beside classes.

use diagram_core::dim::{Facts, Op, Positivity, simplify};
use diagram_core::{Code, Dim, Fault, Kind, Shape};

use super::site::left_to_rustc;
use super::typed::{Typed, Unit};

/// A mask (Bool) or a weight (Float) says something of the units of a loss. `text` is the path as written.
///
/// # Errors
///
/// It is of another kind, the loss has no units, or it does not lie on their leading axes.
pub fn of_units(
    kind: Kind,
    (text, shape): (&str, &Shape),
    (loss, measured): (&str, &Typed),
    facts: &Facts,
) -> Result<(), Fault> {
    let (word, code) = match kind {
        Kind::Bool => ("mask", Code::BadMask),
        Kind::Float | Kind::Int => ("weight", Code::BadWeight),
    };
    if shape.kind != kind {
        // error: a mask is Bool, but `Present` is Float[batch] [D0417]
        let message = format!("a {word} is {kind}, but `{text}` is {}", shape.with_kind());
        return Err(Fault::new(code, message));
    }
    if measured.unit == Unit::Batch {
        // error: `info_nce` has one value for the whole batch, and no units for the mask `Present` [D0417]
        let message = format!(
            "`{loss}` has one value for the whole batch, and no units for the {word} `{text}`"
        );
        return Err(Fault::new(code, message));
    }
    let leading = Shape {
        kind,
        dims: measured.units.iter().take(shape.rank()).cloned().collect(),
    };
    let Some(difference) = leading.difference(shape, facts) else {
        return Ok(());
    };
    let whole = Shape {
        kind: Kind::Float,
        dims: measured.units.clone(),
    };
    let of = if loss.is_empty() {
        "the path".to_owned()
    } else {
        format!("`{loss}`")
    };
    // error: the mask `Real` does not lie on leading axes of the values of `cross_entropy` [D0417]
    let message = format!("the {word} `{text}` does not lie on leading axes of the values of {of}");
    let width = text.chars().count().max("values".len() - 2);
    let padding = |name: &str| " ".repeat(width.saturating_sub(name.chars().count()));
    let fault = Fault::new(code, message)
        .note(format!(
            "values{} : {whole}",
            " ".repeat(width + 2 - "values".len())
        ))
        .note(format!("`{text}`{} : {shape}", padding(text)));
    Err(left_to_rustc(fault, Some(&difference)))
}

/// A whole number beside classes is one of them: those below `classes`. `text` is the number as written, and `of`
/// whose classes they are.
///
/// # Errors
///
/// It is not known to be one.
pub fn is_a_class(
    (class, text): (i64, &str),
    classes: &Dim,
    of: &str,
    facts: &Facts,
) -> Result<(), Fault> {
    let last = Dim::binary(Op::Sub, classes.clone(), Dim::Literal(1));
    let last = simplify(&last).quoted();
    let class = u64::try_from(class).ok();
    let is_one = |class: u64| {
        let left = Dim::binary(Op::Sub, classes.clone(), Dim::Literal(class));
        facts.positivity(&left) == Positivity::Always
    };
    if class.is_some_and(is_one) {
        return Ok(());
    }
    // error: 12 is no class of `model`: they are 0 to 9 [D0312]
    // error: 3 may be no class of `model`: they are 0 to `classes - 1` [D0312]
    let more = class.and_then(|class| class.checked_add(1));
    let more = more.filter(|_| classes.literal().is_none());
    let is = if more.is_some() { "may be" } else { "is" };
    let message = format!("{text} {is} no class of {of}: they are 0 to {last}");
    let fault = Fault::new(Code::ArgumentRange, message);
    let help = more.map(|more| format!("state that it is one: `where {classes} >= {more};`"));
    Err(fault.maybe_help(help))
}

#[cfg(test)]
mod tests {
    use diagram_core::Dim;
    use diagram_core::dim::Facts;

    use super::is_a_class;

    /// The last of 2⁵³ + 1 classes is one, and the next is none, though both are one `f64`.
    #[test]
    fn classes_are_whole_numbers_of_any_size() {
        let count = (1 << 53) + 1;
        let said = |class: i64| {
            let text = class.to_string();
            let classes = Dim::Literal(count);
            is_a_class((class, &text), &classes, "`f`", &Facts::default())
        };
        assert!(said(1 << 53).is_ok());
        let fault = said((1 << 53) + 1).expect_err("no class").to_string();
        assert_eq!(
            fault,
            "9007199254740993 is no class of `f`: they are 0 to 9007199254740992 [D0312]"
        );
        assert!(said(-1).is_err());
    }
}

//! Rules about facts, and the facts that a fault proposes.

use super::shapes::divides_by_zero;
use crate::dim::{Dim, Fact, Facts};
use crate::fault::{Code, Fault};

/// A fact has a value wherever its symbols have one.
///
/// # Errors
///
/// It divides by 0.
pub fn fact(fact: &Fact) -> Result<(), Fault> {
    if divides_by_zero(&fact.left) || divides_by_zero(&fact.right) {
        // error: `hidden % 0 == 0` divides by 0 [D0205]
        return Err(Fault::new(Code::NotASize, format!("`{fact}` divides by 0")));
    }
    Ok(())
}

/// Facts that no values of the symbols satisfy together.
#[must_use]
pub fn contradiction(facts: &[&Fact]) -> Fault {
    let texts: Vec<_> = facts.iter().map(|fact| format!("`{fact}`")).collect();
    let message = match texts.as_slice() {
        // error: `hidden % 2 == 3` never holds [D0207]
        [one] => format!("{one} never holds"),
        // error: `hidden == 3` and `hidden == 4` cannot both hold [D0207]
        [first, second] => format!("{first} and {second} cannot both hold"),
        several => format!("{} cannot all hold", several.join(", ")),
    };
    Fault::new(Code::Contradiction, message)
}

/// A fact that always holds.
#[must_use]
pub fn always_holds(fact: &Fact) -> Fault {
    // warning: `hidden >= 1` always holds [D0705]
    Fault::new(Code::AlwaysHolds, format!("`{fact}` always holds"))
}

/// The fact to state for two dims to be equal, if there is one.
#[must_use]
pub fn equal_where(facts: &Facts, left: &Dim, right: &Dim) -> Option<String> {
    let stated = stated(&facts.proposal(left, right))?;
    Some(format!("state what makes them equal: {stated}"))
}

/// The fact to state for two numbers of elements to be equal, if there is one that can hold.
#[must_use]
pub fn agree_where(facts: &Facts, left: &Dim, right: &Dim) -> Option<String> {
    let stated = stated(&facts.agreement(left, right))?;
    Some(format!("state what makes them equal: {stated}"))
}

/// Facts as they are written in a diagram.
#[must_use]
pub fn stated(facts: &[Fact]) -> Option<String> {
    let texts: Vec<_> = facts.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| format!("`where {};`", texts.join(", ")))
}

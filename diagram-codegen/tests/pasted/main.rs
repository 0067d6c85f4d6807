//! What a help proposes, pasted in the place that it is for, is accepted.

use diagram_codegen::{Checked, check};

mod arguments;
mod indices;
mod products;

/// The one fault of a diagram: where it is in the text, and what its help has in its last backticks.
fn proposed(text: &str) -> (std::ops::Range<usize>, String) {
    let Checked { faults, .. } = check(text);
    let [found] = faults.as_slice() else {
        panic!("{text}: {faults:#?}");
    };
    let offset = |at: diagram_codegen::Position| {
        let lines = text.split_inclusive('\n').take(at.line - 1);
        lines.map(str::len).sum::<usize>() + at.column - 1
    };
    let help = found.fault.help.as_deref();
    let help = help.unwrap_or_else(|| panic!("{text}: no help: {}", found.fault));
    let code = help.split('`').rev().nth(1).expect("code");
    (offset(found.start)..offset(found.end), code.to_owned())
}

/// The diagram with this in place of that, which is in it once.
fn with(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old} in {text}");
    text.replace(old, new)
}

fn accepted(text: &str) {
    let Checked { faults, .. } = check(text);
    assert!(faults.is_empty(), "{text}: {faults:#?}");
}

/// The codes of a text, from backtick to backtick.
fn codes(help: &str) -> Vec<&str> {
    help.split('`').skip(1).step_by(2).collect()
}

use std::collections::BTreeSet;

use diagram_layers::{ParameterKind, losses};

mod bench;
mod classes;
mod distributions;
mod numbers;
mod sequences;

#[test]
fn every_row_has_code_and_every_code_a_row() {
    let rows: BTreeSet<_> = losses::names().collect();
    let codes: BTreeSet<_> = super::CODE.iter().map(|(name, _)| *name).collect();
    assert_eq!(codes, rows);
}

/// Each is given to the loss's function, which has something in its place where it is left out, or says how units
/// are read.
#[test]
fn every_parameter_has_code() {
    let families = losses::FAMILIES.iter();
    for loss in families.flat_map(|family| family.losses) {
        for parameter in loss.parameters {
            let text = format!("`{}` of `{}`", parameter.name, loss.name);
            match parameter.kind {
                ParameterKind::Word(_) | ParameterKind::Axis | ParameterKind::Classes(_) => {}
                // By itself none.
                ParameterKind::Numbers(_) => assert_eq!(parameter.default, "", "{text}"),
                ParameterKind::Float(_)
                | ParameterKind::Flag
                | ParameterKind::Size
                | ParameterKind::Sizes { axes: 1, .. } => {
                    let default = syn::parse_str::<syn::Expr>(parameter.default);
                    assert!(parameter.required || default.is_ok(), "{text}");
                }
                _ => panic!("{text} has no code"),
            }
        }
    }
}

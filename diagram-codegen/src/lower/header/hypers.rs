//! Hyper-parameters and dynamic dims.

use diagram_core::{Code, Diagram, Fault, Hyper, Snippet};

use crate::lower::header::generics::generics;
use crate::lower::header::names::{Entity, Names, is_kept};
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::scope::{ScopedHyper, hyper_type};
use crate::syntax::tree::{self, ItemKind, bare};

/// Generics, hyper-parameters and dynamic dims.
pub(in crate::lower) fn header(
    tree: &tree::Diagram,
    names: &mut Names,
    rules: &mut Rules<'_>,
    diagram: &mut Diagram,
) {
    is_kept(&tree.name, &mut rules.reports);
    generics(tree, names, rules, diagram);
    for hyper in &tree.hypers {
        let name = bare(&hyper.name);
        let field = match name.as_str() {
            "weights" => Some("the cells' weights"),
            "decays" => Some("the averages' decays"),
            _ => None,
        };
        if let Some(field) = field {
            // error: a hyper-parameter cannot be called `weights`: the configuration keeps that name for the
            // cells' weights [D0110]
            let message = format!(
                "a hyper-parameter cannot be called `{name}`: the configuration keeps that name for \
                 {field}"
            );
            let fault = Fault::new(Code::OwnedName, message);
            rules.fault(Place::of(hyper.name.span()), fault);
        }
        if !names.declare(&hyper.name, Entity::Hyper, &mut rules.reports) {
            continue;
        }
        rules.scope.hypers.push(ScopedHyper {
            name: name.clone(),
            ty: hyper_type(&hyper.ty),
        });
        if field.is_some() {
            continue;
        }
        diagram.hypers.push(Hyper {
            name,
            ty: hyper_type(&hyper.ty),
            default: hyper
                .default
                .as_ref()
                .map(|value| Snippet::from(value.text())),
        });
    }
    rules.scope.lost.clone_from(&rules.reports.lost);
    for item in &tree.items {
        let ItemKind::Dynamics(dynamics) = &item.kind else {
            continue;
        };
        for name in dynamics {
            if names.declare(name, Entity::Dynamic, &mut rules.reports) {
                rules.scope.dynamics.push(bare(name));
                diagram.dynamics.push(bare(name));
            }
        }
    }
}

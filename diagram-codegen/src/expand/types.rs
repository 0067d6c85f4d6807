//! The names of what is generated for morphisms: each is one morphism's.

use std::collections::HashMap;

use diagram_core::{Code, Fault, MorphismId};

use super::Modules;
use super::chain::Copies;
use crate::diagnostic::Diagnostics;
use crate::idents::variant;
use crate::lower::{Body, Lowered};

const TYPE_PARAMETER: &str = "type parameter";

/// The name of something generated, with what it is and whose it is.
struct Generated {
    what: &'static str,
    name: String,
    owner: String,
}

/// Two morphisms may not become one type.
pub(super) fn differ(lowered: &mut Lowered<'_>, modules: &Modules, diagnostics: &mut Diagnostics) {
    let written = lowered.tree.generics.0.type_params();
    let written = written.map(|one| (one.ident.to_string(), format!("`<{}>`", one.ident)));
    let mut owners: HashMap<String, String> = written.collect();
    for index in 0..lowered.morphisms.len() {
        let id = MorphismId(index);
        if lowered.nameless.contains(&id) {
            continue;
        }
        let generated = generated(lowered, modules, id);
        let clash = generated
            .iter()
            .find_map(|one| owners.get(&one.name).map(|first| (one, first)));
        let Some((Generated { what, name, owner }, first)) = clash else {
            owners.extend(generated.into_iter().map(|one| (one.name, one.owner)));
            continue;
        };
        // error: `fX` and `f_x` would both be the type `ClassifierFX` [D0115]
        // error: the copies in `student` and `student_repeat_1` would both be the type
        // `ClassifierStudentRepeat1` [D0115]
        // error: `<Trunk>` and `trunk` would both be the type parameter `Trunk` [D0115]
        let message = format!("{first} and {owner} would both be the {what} `{name}`");
        let after = match *what {
            TYPE_PARAMETER => "the slot",
            _ => "the diagram and the morphism",
        };
        let note = format!("it is named after {after}, in upper camel case");
        let fault = Fault::new(Code::EqualTypes, message).note(note);
        let part = &mut lowered.morphisms[index];
        // So that rustc does not say the same once more.
        part.stem = format!("{}Again{index}", part.stem);
        if let Body::Layers | Body::Slot { .. } = part.body {
            part.body = Body::Unknown;
        }
        let place = part.name.span().into();
        diagnostics.fault(place, fault.help("rename one of them"));
    }
}

/// What is generated for a morphism under a name of its own.
fn generated(lowered: &Lowered<'_>, modules: &Modules, id: MorphismId) -> Vec<Generated> {
    let (morphism, part) = (lowered.diagram.morphism(id), &lowered.morphisms[id.0]);
    let (model, owner) = (&lowered.diagram.name, format!("`{}`", morphism.name));
    let mut all = Vec::new();
    if let (Body::Layers, Some(chain)) = (&part.body, &modules.0[id.0])
        && !chain.fields.is_empty()
    {
        all.push(Generated {
            what: "type",
            name: format!("{model}{}", part.stem),
            owner: owner.clone(),
        });
        copied(&chain.copies, &format!("the copies in {owner}"), &mut all);
    }
    if let Body::Slot { parameter, own } = &part.body {
        all.push(Generated {
            what: "trait",
            name: format!("{model}{}", part.stem),
            owner: owner.clone(),
        });
        all.extend(own.then(|| Generated {
            what: TYPE_PARAMETER,
            name: parameter.to_string(),
            owner: owner.clone(),
        }));
    }
    if morphism.has_weights() {
        let variant = variant(&part.stem, &morphism.name);
        all.push(Generated {
            what: "variant",
            name: format!("{model}Morphism::{variant}"),
            owner,
        });
    }
    all
}

/// The types of copies, and of those inside them.
fn copied(copies: &[Copies], owner: &str, all: &mut Vec<Generated>) {
    for one in copies {
        all.push(Generated {
            what: "type",
            name: one.ty.to_string(),
            owner: owner.to_owned(),
        });
        copied(&one.chain.copies, owner, all);
    }
}

//! The one namespace of objects, data, morphisms, dims and hyper-parameters, and the names that
//! generated code owns.

use std::collections::HashMap;

use diagram_core::fault::nearest;
use diagram_core::{Code, DatumId, Fault, MorphismId, ObjectId, check};
use proc_macro2::Ident;

use crate::idents::snake_case;
use crate::lower::reports::Reports;
use crate::place::Place;
use crate::syntax::tree::bare;
use crate::syntax::{is_keyword, is_path_keyword};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    /// A hyper-parameter.
    Hyper,
    /// A dynamic dim.
    Dynamic,
    /// A const generic.
    Constant,
    /// An object without a datum of its name.
    Object(ObjectId),
    /// A datum of another object.
    Datum(DatumId),
    /// An object with the datum of its name.
    Space(ObjectId, DatumId),
    /// A morphism.
    Morphism(MorphismId),
    /// What is at fault where it is declared: its uses are silent.
    Faulty,
}

impl Entity {
    /// The fault of a name that stands for this where something else is expected.
    // error: `Image` is an object, and a morphism is expected here [D0102]
    #[must_use]
    pub(crate) fn instead_of(self, code: Code, name: &str, expected: &str) -> Fault {
        let what = match self {
            Entity::Hyper => "a hyper-parameter",
            Entity::Dynamic => "a dim",
            Entity::Constant => "a constant",
            Entity::Object(_) => "an object",
            Entity::Datum(_) | Entity::Space(..) => "a datum",
            Entity::Morphism(_) => "a morphism",
            Entity::Faulty => "at fault",
        };
        Fault::new(
            code,
            format!("`{name}` is {what}, and {expected} is expected here"),
        )
    }
}

/// What every name stands for, and where it was declared first.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: HashMap<String, (Entity, Place)>,
    /// The names in order of declaration, for proposals.
    order: Vec<String>,
}

impl Names {
    /// Declares a name; a second declaration is a fault at both places, and `false`.
    pub(in crate::lower) fn declare(
        &mut self,
        name: &Ident,
        entity: Entity,
        reports: &mut Reports<'_>,
    ) -> bool {
        let place = Place::of(name.span());
        let unusable = match entity {
            Entity::Object(_) | Entity::Datum(_) | Entity::Space(..) => without_field(&bare(name)),
            _ => None,
        };
        if let Some(fault) = unusable {
            reports.fault(place, fault);
        }
        is_kept(name, reports);
        let name = bare(name);
        if let Some((_, first)) = self.known.get(&name) {
            reports.fault(place, check::declared_twice(&name));
            let message = format!("`{name}` is declared here first");
            reports.fault(*first, Fault::new(Code::DeclaredTwice, message));
            return false;
        }
        self.order.push(name.clone());
        self.known.insert(name, (entity, place));
        true
    }

    /// What a name stands for.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<Entity> {
        self.known.get(name).map(|(entity, _)| *entity)
    }

    /// The morphism of this name.
    pub(in crate::lower) fn morphism(&self, name: &Ident) -> Option<MorphismId> {
        match self.get(&bare(name)) {
            Some(Entity::Morphism(id)) => Some(id),
            _ => None,
        }
    }

    /// The morphism that is nearest to a name in spelling.
    pub(in crate::lower) fn nearest_morphism(&self, name: &Ident) -> Option<&str> {
        nearest(&bare(name), self.morphisms())
    }

    /// Whether this is the layer that leaves all as it is: the only one in composites, where it passes a value on.
    pub(in crate::lower) fn is_identity(&self, name: &Ident) -> bool {
        bare(name) == "identity" && self.morphism(name).is_none()
    }

    /// Where a name was declared.
    #[must_use]
    pub(crate) fn place(&self, name: &str) -> Option<Place> {
        self.known.get(name).map(|(_, place)| *place)
    }

    /// The names of some kind, in order of declaration.
    pub(crate) fn of_kind(&self, kind: fn(Entity) -> bool) -> impl Iterator<Item = &str> + Clone {
        self.order
            .iter()
            .map(String::as_str)
            .filter(move |name| self.get(name).is_some_and(kind))
    }

    /// The names of objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &str> + Clone {
        self.of_kind(|entity| matches!(entity, Entity::Object(_) | Entity::Space(..)))
    }

    /// The names of morphisms.
    pub(crate) fn morphisms(&self) -> impl Iterator<Item = &str> + Clone {
        self.of_kind(|entity| matches!(entity, Entity::Morphism(_)))
    }

    /// The names that a path may use: data and morphisms.
    pub(crate) fn in_paths(&self) -> impl Iterator<Item = &str> + Clone {
        self.of_kind(|entity| {
            matches!(
                entity,
                Entity::Datum(_) | Entity::Space(..) | Entity::Morphism(_)
            )
        })
    }
}

/// Names that a morphism cannot have: Burn's methods of a module, Rust's own of every value, those generated for the model
/// itself, and the generated types. `docs/errors.md` lists them.
pub const OWNED: &[&str] = &[
    "ALL",
    "apply_lora",
    "apply_qlora",
    "apply_reparameterization",
    "batch",
    "clone",
    "collect_devices",
    "config",
    "decays",
    "device",
    "devices",
    "diagram",
    "evaluate",
    "evaluation",
    "fork",
    "freeze",
    "freeze_as_drawn",
    "freeze_group",
    "gradients",
    "hyper",
    "init",
    "into",
    "into_record",
    "into_record_group",
    "load_file",
    "load_record",
    "loss",
    "map",
    "materialize",
    "modules",
    "morphism",
    "no_grad",
    "num_params",
    "params_of",
    "quantize_weights",
    "quantize_weights_group",
    "save_file",
    "set_require_grad",
    "set_require_grad_group",
    "to_device",
    "to_owned",
    "to_string",
    "train",
    "training",
    "try_evaluate",
    "try_gradients",
    "try_init",
    "try_into",
    "try_load_file",
    "try_load_record",
    "try_loss",
    "try_update",
    "try_update_averages",
    "unfreeze",
    "unfreeze_group",
    "update",
    "update_averages",
    "valid",
    "visit",
    "weights",
];

/// Why nothing in a diagram can be called so, if nothing can.
#[must_use]
pub(crate) fn kept(name: &str) -> Option<Fault> {
    let rest = name.strip_prefix("__")?.trim_start_matches('_');
    // error: `__unnamed` begins with `__`, as only names in generated code do [D0110]
    let message = format!("`{name}` begins with `__`, as only names in generated code do");
    let other = rest.starts_with(char::is_alphabetic) && !is_keyword(rest);
    let help = other.then(|| format!("choose another name, such as `{rest}`"));
    Some(Fault::new(Code::OwnedName, message).maybe_help(help))
}

/// Whether generated code keeps a name to itself, which is a fault where it is declared.
pub(in crate::lower) fn is_kept(name: &Ident, reports: &mut Reports<'_>) -> bool {
    let fault = kept(&bare(name));
    let is_kept = fault.is_some();
    if let Some(fault) = fault {
        reports.fault(name.span().into(), fault);
    }
    is_kept
}

/// Why no object or datum can be called so, if none can.
#[must_use]
pub(crate) fn without_field(name: &str) -> Option<Fault> {
    let field = snake_case(name);
    is_path_keyword(&field).then(|| {
        // error: `Super` becomes `super` in generated code, and no field of Rust can be called so [D0110]
        let message = format!(
            "`{name}` becomes `{field}` in generated code, and no field of Rust can be called so"
        );
        let help = format!("choose another name, such as `{name}_`");
        Fault::new(Code::OwnedName, message).help(help)
    })
}

/// What follows the diagram's name in the types that no morphism gives: the model's own first.
pub(crate) const TYPES: &[&str] = &[
    "",
    "Batch",
    "Config",
    "Decays",
    "Evaluation",
    "Gradients",
    "Hyper",
    "Learned",
    "Loss",
    "Modules",
    "Morphism",
    "Weights",
];

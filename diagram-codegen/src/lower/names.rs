//! The one namespace of objects, data, morphisms, dims and hyper-parameters, and the names that
//! generated code owns.

use std::collections::HashMap;

use diagram_core::{Code, DatumId, Fault, MorphismId, ObjectId};
use proc_macro2::{Ident, Span};
use quote::format_ident;

use crate::syntax::tree::{Place, bare};
use crate::syntax::{is_keyword, is_path_keyword};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
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
    pub fn instead_of(self, code: Code, name: &str, expected: &str) -> Fault {
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
pub struct Names {
    known: HashMap<String, (Entity, Place)>,
    /// The names in order of declaration, for proposals.
    order: Vec<String>,
}

impl Names {
    /// Declares a name.
    ///
    /// # Errors
    ///
    /// It is declared already: the place of the first declaration, which stays.
    pub fn declare(&mut self, name: String, entity: Entity, place: Place) -> Result<(), Place> {
        if let Some((_, first)) = self.known.get(&name) {
            return Err(*first);
        }
        self.order.push(name.clone());
        self.known.insert(name, (entity, place));
        Ok(())
    }

    /// What a name stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Entity> {
        self.known.get(name).map(|(entity, _)| *entity)
    }

    /// Where a name was declared.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<Place> {
        self.known.get(name).map(|(_, place)| *place)
    }

    /// The names of some kind, in order of declaration.
    pub fn of_kind(&self, kind: fn(Entity) -> bool) -> impl Iterator<Item = &str> + Clone {
        self.order
            .iter()
            .map(String::as_str)
            .filter(move |name| self.get(name).is_some_and(kind))
    }

    /// The names of objects.
    pub fn objects(&self) -> impl Iterator<Item = &str> + Clone {
        self.of_kind(|entity| matches!(entity, Entity::Object(_) | Entity::Space(..)))
    }

    /// The names of morphisms.
    pub fn morphisms(&self) -> impl Iterator<Item = &str> + Clone {
        self.of_kind(|entity| matches!(entity, Entity::Morphism(_)))
    }

    /// The names that a path may use: data and morphisms.
    pub fn in_paths(&self) -> impl Iterator<Item = &str> + Clone {
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
pub fn kept(name: &str) -> Option<Fault> {
    let rest = name.strip_prefix("__")?.trim_start_matches('_');
    // error: `__unnamed` begins with `__`, as only names in generated code do [D0110]
    let message = format!("`{name}` begins with `__`, as only names in generated code do");
    let other = rest.starts_with(char::is_alphabetic) && !is_keyword(rest);
    let help = other.then(|| format!("choose another name, such as `{rest}`"));
    Some(Fault::new(Code::OwnedName, message).maybe_help(help))
}

/// Why no object or datum can be called so, if none can.
#[must_use]
pub fn without_field(name: &str) -> Option<Fault> {
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
pub const TYPES: &[&str] = &[
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

/// The field of a datum: its name in snake case. A word of digits joins the word before it, so `X1`
/// and `X_1` have one field.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                *before != '_'
                    && (!before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        // A name that began with the digit would be none.
        let joins = snake.contains(|letter| letter != '_');
        if *letter == '_' && joins && after.is_some_and(char::is_ascii_digit) {
            continue;
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The upper camel case of a morphism's name, for the type of its module.
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

/// The variant of a morphism with this stem, if that is an identifier: else the name itself.
#[must_use]
pub fn variant<'a>(stem: &'a str, name: &'a str) -> &'a str {
    match stem {
        "Self" => "Self_",
        _ if stem.starts_with(char::is_alphabetic) => stem,
        _ => name,
    }
}

/// What the runtime's private part is called in the code of a diagram. A path of one name instead of three
/// is a fifth fewer tokens.
pub(crate) fn runtime(model: &Ident) -> Ident {
    format_ident!("__{}", bare(model), span = Span::call_site())
}

/// A generated type: the diagram's name and what it is.
#[must_use]
pub fn generated(model: &Ident, what: &str) -> Ident {
    quote::format_ident!("{model}{what}", span = model.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_in_snake_case() {
        for (name, field) in [
            ("Image", "image"),
            ("DigitsPhoto", "digits_photo"),
            ("X1", "x1"),
            ("X_1", "x1"),
            ("LogVar", "log_var"),
            ("HTTPCode", "http_code"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), field);
        }
    }

    #[test]
    fn types_are_in_camel_case() {
        assert_eq!(camel_case("judge_x"), "JudgeX");
        assert_eq!(camel_case("student"), "Student");
    }
}

//! What is chosen: `true` or `false`, or one of a few words.

use diagram_core::{Flag, HyperType, fault::nearest};
use diagram_layers::Parameter;
use diagram_layers::arguments as rules;

use super::read::Reader;
use super::written::wrong_type;
use crate::place::Placed;
use crate::syntax::tree::{self, ValueKind, bare};

impl Reader<'_> {
    pub(super) fn switch(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
    ) -> Result<Flag, Placed> {
        match self.flag(parameter, value)? {
            flag @ Flag::Literal(_) => Ok(flag),
            Flag::Hyper(name) => {
                let fault = rules::undecided_switch(self.of, parameter, &name);
                Err((value.place, fault))
            }
        }
    }

    pub(super) fn flag(&self, parameter: &Parameter, value: &tree::Value) -> Result<Flag, Placed> {
        let name = match &value.kind {
            ValueKind::Bool(on) => return Ok(Flag::Literal(*on)),
            ValueKind::Name(name) => bare(name),
            _ => return Err(wrong_type(parameter, value)),
        };
        match self.scope.hyper(&name).map(|hyper| &hyper.ty) {
            Some(HyperType::Bool) => Ok(Flag::Hyper(name)),
            Some(ty) => {
                let fault = rules::other_hyper(parameter, &name, ty, &HyperType::Bool);
                Err((value.place, fault))
            }
            // error: `bias` takes `true` or `false`, but is given `False` [D0311]
            None => {
                let (place, fault) = wrong_type(parameter, value);
                let near = nearest(&name, ["true", "false"]);
                let help = near.map(|near| format!("did you mean `{near}`?"));
                Err((place, fault.maybe_help(help)))
            }
        }
    }

    pub(super) fn word(
        &self,
        parameter: &Parameter,
        words: &'static [&'static str],
        value: &tree::Value,
    ) -> Result<&'static str, Placed> {
        let given = match &value.kind {
            ValueKind::Name(name) => bare(name),
            ValueKind::Text(text) => text.to_string().trim_matches('"').to_owned(),
            _ => value.to_string(),
        };
        let known = |word: &str| words.iter().copied().find(|known| *known == word);
        if let (Some(word), ValueKind::Name(_)) = (known(&given), &value.kind) {
            return Ok(word);
        }
        let shown = value.to_string();
        let fault = rules::no_word(self.of, parameter, words, (&given, &shown));
        Err((value.place, fault))
    }
}

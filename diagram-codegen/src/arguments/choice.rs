//! What is chosen: `true` or `false`, or one of a few words.

use diagram_core::{Code, Fault, Flag, HyperType, fault::nearest};
use diagram_layers::Parameter;

use super::read::Reader;
use super::value::{wrong_type, wrong_type_of};
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
            // error: `keep` of `mean` decides what is generated, and `bias` is known only when a model is
            // built [D0311]
            Flag::Hyper(name) => {
                let message = format!(
                    "`{}` of `{}` decides what is generated, and `{name}` is known only when a model is built",
                    parameter.name, self.of
                );
                let fault = Fault::new(Code::ArgumentType, message);
                Err((value.place, fault.help("write `true` or `false`")))
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
            // error: `bias` takes `true` or `false`, but is given `hidden` of type `usize` [D0311]
            Some(ty) => {
                let given = format!("`{name}` of type `{ty}`");
                let (place, fault) = wrong_type_of(parameter, value, &given);
                Err((place, fault.help(format!("declare it as `{name}: bool`"))))
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
        // error: `mode` of `interpolate2d` takes `nearest`, `linear` or `cubic`, but is given `"linear"`
        // [D0311]
        let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        let listed = match quoted.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        };
        let message = format!(
            "`{}` of `{}` takes {listed}, but is given `{value}`",
            parameter.name, self.of
        );
        let near = known(&given).or_else(|| nearest(&given.to_lowercase(), words.iter().copied()));
        let near = near.or_else(|| known(&given.to_lowercase()));
        let help = near.map(|near| format!("`{} = {near}`", parameter.name));
        let fault = Fault::new(Code::ArgumentType, message).maybe_help(help);
        Err((value.place, fault))
    }
}

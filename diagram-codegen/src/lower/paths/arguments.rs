//! Morphisms that are given too little: what is missing, and what may stand there.

use diagram_core::{Fault, MorphismId, check};

use crate::lower::paths::{PathTyping, Typed, ends_of};
use crate::syntax::tree::{self, PathKind};

impl PathTyping<'_, '_> {
    /// Whether a morphism that follows these parts of a path is given too little by them, which is a fault: what
    /// is missing can be put beside them.
    pub(super) fn lacks(
        &mut self,
        value: &[Typed],
        before: &[tree::Path],
        part: &tree::Path,
    ) -> bool {
        let PathKind::Name(name) = &part.kind else {
            return false;
        };
        let Some(id) = self.names.morphism(name) else {
            return false;
        };
        if self.faulty.morphisms.contains(&id)
            || value.len() >= self.diagram.morphism(id).domain.len()
        {
            return false;
        }
        let texts: Vec<_> = match before {
            [
                tree::Path {
                    kind: PathKind::Tuple(parts),
                    ..
                },
            ] => parts.iter().map(ToString::to_string).collect(),
            parts => {
                let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
                vec![parts.join(" >> ")]
            }
        };
        let last = before.last().map(ToString::to_string);
        let written = format!("{} >> {part}", last.unwrap_or_default());
        let fault = self.too_few(id, value, &written, &texts);
        self.fault(part.place, fault);
        true
    }

    /// A morphism is given too little by what is written, or too much. `texts` are the paths that it is given.
    pub(super) fn too_few(
        &self,
        id: MorphismId,
        value: &[Typed],
        written: &str,
        texts: &[String],
    ) -> Fault {
        let (diagram, ends) = (&*self.diagram, ends_of(value));
        let fault = check::argument_count(diagram, id, &ends, Some(written));
        if value.len() >= diagram.morphism(id).domain.len() || texts.len() != value.len() {
            return fault;
        }
        let all = check::completed(diagram, id, &ends, texts);
        let name = &diagram.morphism(id).name;
        fault.maybe_help(all.map(|all| format!("give it all of them: `{name}({all})`")))
    }
}

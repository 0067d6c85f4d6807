//! Morphisms that are given too little: what is missing, and what may stand there.

use std::borrow::Cow;
use std::collections::HashSet;

use diagram_core::check::{Argument, StandIns};
use diagram_core::spelling::raw;
use diagram_core::{Fault, MorphismId, Space, check};

use crate::lower::paths::{PathTyping, Typed, ends_of};
use crate::syntax::tree::{self, PathKind, shown};

impl PathTyping<'_, '_> {
    /// Whether a morphism that follows these parts of a path is given too little by them, which is a fault: what
    /// is missing can be put beside them.
    pub(super) fn lacks(
        &mut self,
        value: &[Typed],
        before: &[tree::Path],
        part: &tree::Path,
    ) -> bool {
        // A factor is taken of what the morphism gives.
        let mut applied = part;
        while let PathKind::Factor(inner, _) | PathKind::Position(inner, _) = &applied.kind {
            applied = inner;
        }
        let PathKind::Name(name) = &applied.kind else {
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
        let written = shown(&format!("{} >> {applied}", last.unwrap_or_default()));
        let fault = self.too_few(id, value, &written, &texts);
        self.fault(applied.place, fault);
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
        let ends = ends_of(value);
        let fault = check::argument_count(self.diagram, id, &ends, Some(written));
        if value.len() >= self.diagram.morphism(id).domain.len() || texts.len() != value.len() {
            return fault;
        }
        fault.maybe_help(self.given_all(id, &ends, texts))
    }

    /// A call with all of its arguments.
    // help: give it all of them: `answer(see, Question)`
    // help: give it all of them, with the path that you mean for the second `Right`: `compare(Left, Right, Right)`
    fn given_all(&self, id: MorphismId, ends: &[Space], texts: &[String]) -> Option<String> {
        let diagram = &*self.diagram;
        let stand_ins = self.stand_ins.get_or_init(|| StandIns::of(diagram));
        let arguments = stand_ins.completed(diagram, id, ends)?;
        let arguments = arguments.iter().map(|argument| match argument {
            Argument::Given(position) => texts.get(*position).map(|text| Cow::from(text.as_str())),
            Argument::StandIn(name) => Some(raw(name)),
        });
        let arguments: Vec<_> = arguments.collect::<Option<_>>()?;
        let mut seen = HashSet::new();
        let repeated = arguments.iter().find(|argument| !seen.insert(*argument));
        let repeated =
            repeated.map(|path| format!(", with the path that you mean for the second `{path}`"));
        let (name, all) = (raw(&diagram.morphism(id).name), arguments.join(", "));
        Some(format!(
            "give it all of them{}: `{name}({all})`",
            repeated.unwrap_or_default()
        ))
    }
}

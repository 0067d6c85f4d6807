//! A table of paths from terms that were read.

use std::fmt;

use serde::Deserialize;

use super::{Draw, MAX_TERMS, Path, Paths, Term};

/// The reason why terms are no table of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untidy {
    /// The term equals one before it.
    Twice(Path),
    /// This part of the term does not come before it.
    Later(Path),
    /// The number of the term's draw is greater than the number of terms.
    Draw(Draw),
    /// With the term there are more than [`MAX_TERMS`].
    Many,
}

impl fmt::Display for Untidy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untidy::Twice(Path(path)) => {
                write!(out, "this path stands before already, as path {path}")
            }
            Untidy::Later(Path(path)) => write!(
                out,
                "path {path} does not stand before this one, which is made of it"
            ),
            Untidy::Draw(Draw(draw)) => write!(out, "there is no draw {draw}"),
            Untidy::Many => write!(out, "there are more than {MAX_TERMS} terms"),
        }
    }
}

impl Paths {
    /// The paths that are these terms, in order.
    ///
    /// # Errors
    ///
    /// A term, by its position, that cannot stand there.
    pub fn of_terms(terms: Vec<Term>) -> Result<Self, (usize, Untidy)> {
        let mut paths = Paths::default();
        let count = terms.len();
        for (index, term) in terms.into_iter().enumerate() {
            let body: &[Path] = match &term {
                Term::Power(power, _) => &power.body,
                _ => &[],
            };
            let mut parts = term.parts().iter().chain(body);
            if let Some(part) = parts.find(|part| part.0 >= index) {
                return Err((index, Untidy::Later(*part)));
            }
            if let Term::Apply(_, _, draw) = &term {
                // Each draw was given out for a term of its own.
                if draw.0 > count {
                    return Err((index, Untidy::Draw(*draw)));
                }
                paths.draws = paths.draws.max(draw.0);
            }
            let path = paths.intern(term);
            if path.0 != index {
                return Err((index, Untidy::Twice(path)));
            }
            // Asked of each, since powers of powers cost more the more of them there are.
            if paths.unfolded > MAX_TERMS {
                return Err((index, Untidy::Many));
            }
        }
        Ok(paths)
    }
}

/// Paths as they are serialised.
#[derive(Deserialize)]
#[serde(rename = "Paths", deny_unknown_fields)]
pub(super) struct SerialisedPaths {
    terms: Vec<Term>,
}

impl TryFrom<SerialisedPaths> for Paths {
    type Error = String;

    fn try_from(serialised: SerialisedPaths) -> Result<Self, String> {
        let paths = Paths::of_terms(serialised.terms);
        paths.map_err(|(index, untidy)| format!("at term {index}: {untidy}"))
    }
}

//! A table of paths from terms that were read.

use super::{Draw, Path, Paths, Term};

/// The reason why terms are no table of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untidy {
    /// The term equals one before it.
    Twice(Path),
    /// This part of the term does not come before it.
    Later(Path),
    /// The number of the term's draw is greater than the number of terms.
    Draw(Draw),
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
        }
        Ok(paths)
    }
}

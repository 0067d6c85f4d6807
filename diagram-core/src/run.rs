//! One walk over a plan, which runs it in any semantics.
//!
//! A [`Plan`] says which terms are evaluated, and in which order. A [`Semantics`] says what a value is, and
//! what a term makes of the values of its parts: code, text, numbers or tensors. [`run`] connects the two. It
//! keeps the values, hands each term those of its parts, and distinguishes the last reader of a value from
//! those before it.
//!
//! The body of a power consists of paths of its own, with [`Term::Input`] for its arguments. A semantics runs
//! it by [`Plan::of_paths`] and [`run`], as often as it needs to: once to write code with a loop around it, or
//! as often as the power says to compute values.
//!
//! This semantics counts applications:
//!
//! ```
//! use diagram_core::run::{Semantics, run};
//! use diagram_core::{DatumId, Diagram, Draw, MorphismId, Path, Plan, Term};
//!
//! #[derive(Default)]
//! struct Applications(usize);
//!
//! impl Semantics for Applications {
//!     type Value = ();
//!
//!     fn share(&self, (): &()) {}
//!
//!     fn value(&mut self, _: Path, term: Term<()>) {
//!         if matches!(term, Term::Apply(..)) {
//!             self.0 += 1;
//!         }
//!     }
//!
//!     fn cell(&mut self, _: usize, _: Vec<()>) {}
//! }
//!
//! let mut diagram = Diagram::default();
//! let image = diagram.paths.intern(Term::Datum(DatumId(0)));
//! let mut apply = |id, argument| {
//!     let term = Term::Apply(MorphismId(id), vec![argument], Draw::default());
//!     diagram.paths.intern(term)
//! };
//! let code = apply(0, image);
//! let (decoded, label) = (apply(1, code), apply(2, code));
//!
//! let plan = Plan::of_paths(&diagram, &[decoded, label]);
//! let mut applications = Applications::default();
//! run(&diagram, &plan, &mut applications);
//! assert_eq!(applications.0, 3); // `code` is evaluated once.
//! ```

use std::collections::HashMap;

use crate::diagram::Diagram;
use crate::path::{Path, Paths, Term};
use crate::plan::{Action, Plan};

/// The meaning in which a plan is run.
///
/// A semantics that can fail has `Result`s as its values.
pub trait Semantics {
    /// The value of a path, or a product of values if a path ends in one.
    type Value;

    /// A value once more, for a reader that is not the last. The last reader takes the value itself.
    fn share(&self, value: &Self::Value) -> Self::Value;

    /// The value of the path `at`, which is this term on the values of its parts. An application is asked for
    /// in the order of the plan, a datum or an input when it is first read, and each only once.
    fn value(&mut self, at: Path, term: Term<Self::Value>) -> Self::Value;

    /// The cell with this index among those planned, on all values that it [reads](crate::cell::Cell::reads).
    fn cell(&mut self, index: usize, values: Vec<Self::Value>);
}

/// Runs a plan in its order, and returns the values of its [`results`](Plan::results). The cost is linear in the plan.
///
/// # Panics
///
/// If the plan is of another diagram.
pub fn run<S: Semantics>(diagram: &Diagram, plan: &Plan, semantics: &mut S) -> Vec<S::Value> {
    let mut walk = Walk {
        paths: &diagram.paths,
        semantics,
        values: HashMap::new(),
        remaining_reads: plan.uses(diagram),
    };
    for action in &plan.actions {
        match action {
            Action::Evaluate(path) => {
                let value = walk.evaluate(*path);
                walk.values.insert(*path, value);
            }
            Action::Cell(index, read) => {
                let values = walk.read_all(read);
                walk.semantics.cell(*index, values);
            }
        }
    }
    walk.read_all(&plan.results)
}

struct Walk<'a, S: Semantics> {
    paths: &'a Paths,
    semantics: &'a mut S,
    /// The known values that are still to be read.
    values: HashMap<Path, S::Value>,
    /// The remaining number of reads of each value.
    remaining_reads: HashMap<Path, usize>,
}

impl<S: Semantics> Walk<'_, S> {
    fn evaluate(&mut self, path: Path) -> S::Value {
        let term = self.paths.term(path).map(|part| self.read(*part));
        self.semantics.value(path, term)
    }

    fn read_all(&mut self, paths: &[Path]) -> Vec<S::Value> {
        paths.iter().map(|path| self.read(*path)).collect()
    }

    /// The only place where a value is read.
    fn read(&mut self, path: Path) -> S::Value {
        // Data and inputs are no actions of a plan.
        let known = self.values.remove(&path);
        let value = known.unwrap_or_else(|| self.evaluate(path));
        let remaining = self.remaining_reads.entry(path).or_insert(1);
        *remaining = remaining.saturating_sub(1);
        if *remaining == 0 {
            return value;
        }
        let shared = self.semantics.share(&value);
        self.values.insert(path, value);
        shared
    }
}

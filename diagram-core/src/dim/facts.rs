//! The facts that a diagram states about its dims, ready to be used in proofs.
//!
//! A fact becomes a substitution, which is made in dims before their normal form. `h % 2 == 0` turns `h` into
//! `2 * h'`, where `h'` is a positive integer as every symbol is. `hidden % heads == 0` turns `hidden` into
//! `heads * hidden'`, `side >= 3` turns `side` into `side' + 2`, and `d == heads * width` removes `d`. Several
//! facts are solved together, whatever their order.
//!
//! A fact that has no such solution (`a * b == c * d`) remains a **condition**. An equation among the
//! conditions is divided out of every difference, so it proves at least itself and its multiples. A bound
//! proves that its own dims are positive. A counterexample is given only if it satisfies all conditions. A
//! difference for which only other counterexamples are found is *unknown*.
//!
//! A symbol that is neither a hyper-parameter nor a dynamic dim is a **constant**, which has one value that
//! rustc alone knows. So no value of it refutes anything. If only constants prevent a proof, the question is
//! left to rustc; if other symbols do as well, the answer is *unknown*.
//!
//! Counterexamples are given in the symbols of the user.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::grid::{Function, Grid};
use super::polynomial::{Atoms, Polynomial};
use super::{Dim, Fact, Relation, solve};

/// The largest number of points at which a counterexample that satisfies the conditions is looked for.
const MAX_POINTS: u64 = 20_000;

/// How many symbols of a list are constants.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Constants {
    None,
    Some,
    /// There are symbols, and all are constants.
    All,
}

/// Facts that do not contradict each other; serialised as the list of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "SerialisedFacts", into = "SerialisedFacts")]
pub struct Facts {
    given: Vec<Fact>,
    /// The symbols that are no constants; `None` if there are no constants.
    variables: Option<Vec<String>>,
    /// The facts about constants that rustc checks: they are true, and are not used in other proofs.
    asserted: Vec<Fact>,
    /// Whether rustc has checked that no number computed from constants is too large.
    fitting: bool,
    /// The value of each solved symbol, in new symbols.
    values: Vec<(String, Dim)>,
    /// The facts that remain, in new symbols.
    conditions: Vec<Fact>,
}

impl Facts {
    /// Facts as they are stated together.
    ///
    /// # Errors
    ///
    /// They contradict each other: the positions of the fewest facts that do. A fact that never holds stands
    /// alone.
    pub fn new(given: Vec<Fact>) -> Result<Self, Vec<usize>> {
        if let Some((values, conditions)) = solve::solve(&given) {
            return Ok(Facts {
                given,
                values,
                conditions,
                ..Facts::default()
            });
        }
        let mut core: Vec<usize> = (0..given.len()).collect();
        let contradict = |places: &[usize]| {
            let facts = places.iter().filter_map(|place| given.get(*place));
            solve::solve(&facts.cloned().collect::<Vec<_>>()).is_none()
        };
        for place in (0..given.len()).rev() {
            let without: Vec<_> = core.iter().copied().filter(|kept| *kept != place).collect();
            if contradict(&without) {
                core = without;
            }
        }
        Err(core)
    }

    /// The positions of facts that no values of the symbols satisfy together, if these facts contradict each other.
    /// Facts that were read from data may.
    #[must_use]
    pub fn contradiction(&self) -> Option<Vec<usize>> {
        Facts::new(self.given.clone()).err()
    }

    /// These facts, with every symbol except the hyper-parameters and dynamic dims as a constant.
    #[must_use]
    pub fn over(self, variables: Vec<String>) -> Self {
        Facts {
            variables: Some(variables),
            ..self
        }
    }

    /// These facts, after rustc has checked that no number computed from constants is too large.
    #[must_use]
    pub fn fitting(self) -> Self {
        Facts {
            fitting: true,
            ..self
        }
    }

    /// Whether rustc has checked that no number computed from constants is too large.
    #[must_use]
    pub fn is_fitting(&self) -> bool {
        self.fitting
    }

    /// The facts as stated.
    #[must_use]
    pub fn given(&self) -> &[Fact] {
        &self.given
    }

    /// The facts about constants that rustc checks.
    #[must_use]
    pub fn asserted(&self) -> &[Fact] {
        &self.asserted
    }

    /// These facts, with others that rustc checks. Each of the others holds, and proves only itself.
    #[must_use]
    pub fn asserting(&self, asserted: Vec<Fact>) -> Self {
        Facts {
            asserted,
            ..self.clone()
        }
    }

    /// These facts, with constants as symbols like others, so that nothing more is left to rustc.
    #[must_use]
    pub fn closed(self) -> Self {
        Facts {
            variables: None,
            ..self
        }
    }

    /// Whether a symbol is a constant.
    #[must_use]
    pub fn is_constant(&self, symbol: &str) -> bool {
        // What stands for a constant is one: its name has a prime more.
        let name = symbol.trim_end_matches('\'');
        let mut variables = self.variables.iter();
        variables.any(|known| known.iter().all(|variable| variable != name))
    }

    pub(super) fn has_constants(&self) -> bool {
        self.variables.is_some()
    }

    /// Whether none, some or all of these symbols are constants.
    pub(super) fn constants<'s>(&self, symbols: impl IntoIterator<Item = &'s str>) -> Constants {
        let (constants, variables): (Vec<_>, Vec<_>) = symbols
            .into_iter()
            .partition(|symbol| self.is_constant(symbol));
        match (constants.is_empty(), variables.is_empty()) {
            (true, _) => Constants::None,
            (false, true) => Constants::All,
            (false, false) => Constants::Some,
        }
    }

    /// Whether a fact follows from these. From no facts, only a fact that always holds follows.
    #[must_use]
    pub fn imply(&self, fact: &Fact) -> bool {
        solve::holds(&fact.substituted(&|name| self.value(name).cloned()))
    }

    /// These facts and more; `None` if they contradict each other.
    pub(super) fn and(&self, more: &[Fact]) -> Option<Facts> {
        let all = Facts::new([&self.given, more].concat()).ok()?;
        Some(Facts {
            variables: self.variables.clone(),
            asserted: self.asserted.clone(),
            fitting: self.fitting,
            ..all
        })
    }

    /// Whether this equation is one of the facts.
    pub(super) fn state(&self, left: &Dim, right: &Dim) -> bool {
        states(&self.given, left, right)
    }

    /// Whether rustc checks this equation.
    pub(super) fn assert(&self, left: &Dim, right: &Dim) -> bool {
        states(&self.asserted, left, right)
    }

    /// A dim in the new symbols, each of which is any positive integer as far as the
    /// [conditions](Facts::conditions) allow.
    #[must_use]
    pub fn apply<'d>(&self, dim: &'d Dim) -> Cow<'d, Dim> {
        let known = !self.values.is_empty();
        if known && dim.symbols().iter().any(|name| self.value(name).is_some()) {
            Cow::Owned(dim.substituted(&|name| self.value(name).cloned()))
        } else {
            Cow::Borrowed(dim)
        }
    }

    /// The facts that have no solution, in the new symbols.
    #[must_use]
    pub fn conditions(&self) -> &[Fact] {
        &self.conditions
    }

    fn value(&self, name: &str) -> Option<&Dim> {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// The remainder of a sum (in the new symbols) after every equation among the conditions is divided out.
    pub(super) fn reduced<'a>(&'a self, atoms: &mut Atoms<'a>, sum: Polynomial) -> Polynomial {
        let equations = self
            .conditions
            .iter()
            .filter(|fact| fact.relation == Relation::Equal);
        equations.fold(sum, |sum, fact| {
            let zero = difference(atoms, &fact.left, &fact.right);
            let divided = zero.and_then(|zero| sum.division(&zero));
            divided.map_or(sum, |(_, rest)| rest)
        })
    }

    /// The sums (in the new symbols) that are not negative by the conditions.
    pub(super) fn bounded<'a>(&'a self, atoms: &mut Atoms<'a>) -> Vec<Polynomial> {
        let bounds = self
            .conditions
            .iter()
            .filter(|fact| fact.relation == Relation::AtLeast);
        bounds
            .filter_map(|fact| difference(atoms, &fact.left, &fact.right))
            .collect()
    }

    pub(super) fn is_solved(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The first point, within these extents of the function's symbols, at which the function has a
    /// wanted value and every condition holds: the values of the new symbols, and that value.
    pub(super) fn find(
        &self,
        function: &mut Function<'_>,
        extents: impl Iterator<Item = u64>,
        wanted: impl Fn(i128) -> bool,
    ) -> Option<(Vec<(String, u64)>, i128)> {
        let mut names: Vec<String> = function
            .symbols()
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let own = names.len();
        for symbol in self.conditions.iter().flat_map(Fact::symbols) {
            if !names.iter().any(|name| name == symbol) {
                names.push(symbol.to_owned());
            }
        }
        let others = names.iter().skip(own).map(|_| MAX_POINTS);
        let grid = Grid::within(MAX_POINTS, extents.chain(others));
        // An overflow or a division by zero ends the search without an answer.
        grid.find(|point| {
            let Some(value) = function.at(point.get(..own).unwrap_or_default()) else {
                return Some(None);
            };
            if !wanted(value) {
                return None;
            }
            let value_of = |name: &str| {
                let mut values = names.iter().zip(point);
                values.find_map(|(known, value)| (known == name).then_some(*value))
            };
            let keeps = |fact: &Fact| fact.holds(&value_of) == Ok(true);
            let values = || names.iter().cloned().zip(point.iter().copied()).collect();
            let all = self.conditions.iter().all(keeps);
            all.then(|| Some((values(), value)))
        })?
    }

    /// Values of the new symbols as values of the user's symbols, by name: of those in the dims, and in the
    /// facts about them. A new symbol without a value is 1.
    pub(super) fn witness(
        &self,
        dims: &[&Dim],
        at: &[(String, u64)],
    ) -> Option<Vec<(String, u64)>> {
        let mut names: BTreeSet<&str> = dims.iter().flat_map(|dim| dim.symbols()).collect();
        loop {
            let known = names.len();
            for fact in &self.given {
                let symbols = fact.symbols();
                if symbols.iter().any(|symbol| names.contains(symbol)) {
                    names.extend(symbols);
                }
            }
            if names.len() == known {
                break;
            }
        }
        let new = |name: &str| {
            let found = at.iter().find(|(known, _)| known == name);
            Some(found.map_or(1, |(_, value)| *value))
        };
        let value_of = |name: &str| match self.value(name) {
            Some(value) => u64::try_from(value.evaluate(&new).ok()?).ok(),
            None => new(name),
        };
        let values = names
            .into_iter()
            .map(|name| Some((name.to_owned(), value_of(name)?)));
        values.collect()
    }
}

fn states(facts: &[Fact], left: &Dim, right: &Dim) -> bool {
    facts.iter().any(|fact| {
        let sides = (&fact.left, &fact.right);
        fact.relation == Relation::Equal && (sides == (left, right) || sides == (right, left))
    })
}

/// The normal form of `left - right`.
pub(super) fn difference<'a>(
    atoms: &mut Atoms<'a>,
    left: &'a Dim,
    right: &'a Dim,
) -> Option<Polynomial> {
    let left = atoms.read(left)?;
    left.plus(-1, &atoms.read(right)?)
}

/// Facts as they are serialised: a list, and beside it the facts that rustc checks, if there are any.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected facts: a list of them, or one list of those stated and one of those asserted"
)]
enum SerialisedFacts {
    Stated(Vec<Fact>),
    Both {
        stated: Vec<Fact>,
        asserted: Vec<Fact>,
    },
}

impl From<SerialisedFacts> for Facts {
    /// Facts that contradict each other prove nothing. A checked diagram has none.
    fn from(written: SerialisedFacts) -> Self {
        let (given, asserted) = match written {
            SerialisedFacts::Stated(given) => (given, Vec::new()),
            SerialisedFacts::Both { stated, asserted } => (stated, asserted),
        };
        let facts = Facts::new(given.clone()).unwrap_or_else(|_| Facts {
            conditions: given.clone(),
            given,
            ..Facts::default()
        });
        Facts { asserted, ..facts }
    }
}

impl From<Facts> for SerialisedFacts {
    fn from(facts: Facts) -> Self {
        if facts.asserted.is_empty() {
            return SerialisedFacts::Stated(facts.given);
        }
        SerialisedFacts::Both {
            stated: facts.given,
            asserted: facts.asserted,
        }
    }
}

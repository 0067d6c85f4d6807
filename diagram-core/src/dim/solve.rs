//! From facts to substitutions.
//!
//! Facts are considered one at a time, in the remaining symbols, until nothing changes:
//!
//! 1. `s % e == 0`, where e is no constant: `s` becomes `e * s'`.
//! 2. An equation with a symbol that occurs in it once, by itself: the symbol is the value that the rest gives.
//!    Unless this value is proved positive, that becomes a bound of its own. If the symbol has a factor
//!    (`2 * h == 3 * w`), the rest must be a multiple of it, which is solved first.
//! 3. An equation in one symbol that holds exactly at `r`, `r + m`, `r + 2 * m`, …, as decided by the grid of
//!    [`normal`](super::normal): the symbol becomes `m * s' + r - m`.
//! 4. A bound with a symbol that occurs in it once, added: `s >= e` turns it into `s' + e - 1`. Before that, a
//!    quotient on the left is multiplied out: ⌊p/k⌋ ≥ q is p ≥ k·q.
//!
//! A new symbol is a positive integer as every symbol is; its name has one more prime. Every step keeps the set
//! of solutions, so a fact that can no longer hold shows a contradiction.

use super::facts::difference;
use super::grid::Function;
use super::polynomial::{Atom, AtomId, Atoms, Polynomial, gcd};
use super::positive::Bounds;
use super::simplify::{simplify, written};
use super::{Dim, Fact, Op, Relation};

/// The largest number of substitutions for one list of facts.
const MAX_STEPS: usize = 100;

/// The largest number of points at which one equation is evaluated.
const MAX_POINTS: i128 = 20_000;

/// The value of each solved symbol.
pub(super) type Values = Vec<(String, Dim)>;

/// The consequence of one fact for the remaining symbols.
enum Outcome {
    /// None.
    Holds,
    /// A contradiction.
    Never,
    /// None that a substitution can express.
    Stuck,
    /// The value of a symbol.
    Solved {
        symbol: String,
        value: Dim,
        /// A further fact that must hold.
        condition: Option<Fact>,
        /// Whether this replaces the whole fact.
        all: bool,
    },
}

/// Substitutions that are equivalent to the facts, and the facts that remain, in the new symbols. `None` if the
/// facts contradict each other.
pub(super) fn solve(given: &[Fact]) -> Option<(Values, Vec<Fact>)> {
    let (mut values, mut pending) = (Values::new(), given.to_vec());
    for _ in 0..MAX_STEPS {
        let Some((place, outcome)) = next(&pending) else {
            break;
        };
        match outcome {
            Outcome::Never => return None,
            Outcome::Stuck => break,
            Outcome::Holds => {
                pending.remove(place);
            }
            Outcome::Solved {
                symbol,
                value,
                condition,
                all,
            } => {
                if all {
                    pending.remove(place);
                }
                let new = |name: &str| (name == symbol).then(|| value.clone());
                for fact in &mut pending {
                    *fact = fact.substituted(&new);
                }
                for (_, old) in &mut values {
                    *old = simplify(&old.substituted(&new));
                }
                pending.extend(condition);
                values.push((symbol, value));
            }
        }
    }
    Some((values, pending))
}

/// Whether a fact holds at all values of the symbols.
pub(super) fn holds(fact: &Fact) -> bool {
    matches!(consider(fact, false), Outcome::Holds)
}

/// The next fact with a consequence. Remainders by a symbol come first, because only a symbol by itself can be
/// a multiple of another.
fn next(pending: &[Fact]) -> Option<(usize, Outcome)> {
    let passes = [true, false].into_iter();
    let mut all = passes.flat_map(|early| pending.iter().enumerate().map(move |at| (early, at)));
    all.find_map(|(early, (place, fact))| match consider(fact, early) {
        Outcome::Stuck => None,
        outcome => Some((place, outcome)),
    })
}

/// The consequence of a fact. With `early`, only one that must come before other facts are substituted.
fn consider(fact: &Fact, early: bool) -> Outcome {
    let mut atoms = Atoms::default();
    let Some(difference) = difference(&mut atoms, &fact.left, &fact.right) else {
        return Outcome::Stuck;
    };
    let found = match (fact.relation, early) {
        (Relation::Equal, true) => multiple(&atoms, &difference),
        (Relation::Equal, false) => equation(&mut atoms, &difference),
        (Relation::AtLeast, true) => None,
        (Relation::AtLeast, false) => bound(&atoms, difference),
    };
    found.unwrap_or(Outcome::Stuck)
}

fn solved(symbol: String, value: &Dim) -> Outcome {
    Outcome::Solved {
        symbol,
        value: simplify(value),
        condition: None,
        all: true,
    }
}

/// `sum == 0`
fn equation(atoms: &mut Atoms, sum: &Polynomial) -> Option<Outcome> {
    if let Some(value) = sum.as_constant() {
        let holds = value == 0;
        return Some(if holds {
            Outcome::Holds
        } else {
            Outcome::Never
        });
    }
    let common = content(sum);
    if sum.constant_term() % common != 0 {
        return Some(Outcome::Never);
    }
    let sum = sum.divided(common).0;
    let bounds = Bounds::new(atoms);
    let positive = |sum: &Polynomial| bounds.least(sum).is_some_and(|least| least > 0);
    if positive(&sum) || positive(&sum.scaled(-1)?) {
        return Some(Outcome::Never);
    }
    if let Some(found) = multiple(atoms, &sum) {
        return Some(found);
    }
    let lone = lone_symbols(atoms, &sum);
    let alone = |(_, factor, rest): &(String, i128, Polynomial)| match factor {
        1 => rest.scaled(-1),
        -1 => Some(rest.clone()),
        _ => None,
    };
    let values: Vec<_> = lone
        .iter()
        .filter_map(|one| Some((&one.0, alone(one)?)))
        .collect();
    let proved = values.iter().find(|(_, value)| positive(value));
    for (symbol, value) in proved.into_iter().chain(&values) {
        if let Some(dim) = written(atoms, value) {
            let condition = (!positive(value)).then(|| Fact::at_least(dim.clone(), 1.into()));
            return Some(Outcome::Solved {
                symbol: (*symbol).clone(),
                value: dim,
                condition,
                all: true,
            });
        }
    }
    for (symbol, factor, rest) in &lone {
        let by = factor.checked_abs()?;
        let quotient = atoms.rounded_down(rest.scaled(-factor.signum())?, by)?;
        // What must be 0 for the rest to be a multiple of the factor.
        let remainder = rest.scaled(-factor.signum())?.plus(-by, &quotient)?;
        match residues(atoms, &remainder) {
            Some(Outcome::Holds) => {
                let value = written(atoms, &quotient)?;
                return Some(Outcome::Solved {
                    symbol: symbol.clone(),
                    condition: Some(Fact::at_least(value.clone(), 1.into())),
                    value,
                    all: true,
                });
            }
            Some(Outcome::Solved { symbol, value, .. }) => {
                return Some(Outcome::Solved {
                    symbol,
                    value,
                    condition: None,
                    all: false,
                });
            }
            Some(Outcome::Never) => return Some(Outcome::Never),
            Some(Outcome::Stuck) | None => {}
        }
    }
    residues(atoms, &sum)
}

/// `s - e * (s / e) == 0` for a symbol s and a positive e that is no constant.
fn multiple(atoms: &Atoms, sum: &Polynomial) -> Option<Outcome> {
    let bounds = Bounds::new(atoms);
    for (id, atom) in atoms.known().iter().enumerate() {
        let Atom::Quotient(dividend, divisor) = atom else {
            continue;
        };
        let Some(symbol) = atoms.symbol(dividend) else {
            continue;
        };
        let whole = divisor.times(&Polynomial::atom(id))?;
        let remainder = dividend.clone().plus(-1, &whole)?;
        let same = *sum == remainder || sum.scaled(-1)? == remainder;
        let positive = bounds.least(divisor).is_some_and(|least| least > 0);
        let occurs = occurs(atoms, divisor, atoms.id(symbol)?);
        if divisor.as_constant().is_none() && same && positive && !occurs {
            let value = Dim::binary(Op::Mul, written(atoms, divisor)?, primed(symbol));
            return Some(solved(symbol.to_owned(), &value));
        }
    }
    None
}

/// `sum == 0` in one symbol.
fn residues(atoms: &Atoms, sum: &Polynomial) -> Option<Outcome> {
    let mut function = Function::new(atoms, sum);
    let &[(symbol, _)] = function.symbols() else {
        return sum.is_zero().then_some(Outcome::Holds);
    };
    let dependences = function.dependences()?;
    let of = dependences.first()?;
    let values = of.degree.checked_add(1)?;
    if values.checked_mul(of.period)? > MAX_POINTS {
        return None;
    }
    let mut at = |value: i128| function.at(&[u64::try_from(value).ok()?]);
    let mut roots = Vec::new();
    for first in 1..=of.period {
        // On a residue class it is a polynomial: constant, if it is at more points than its degree.
        let value = at(first)?;
        for step in 1..values {
            if at(first + step * of.period)? != value {
                return None;
            }
        }
        if value == 0 {
            roots.push(first);
        }
    }
    let count = i128::try_from(roots.len()).ok()?;
    let first = match roots.first() {
        None => return Some(Outcome::Never),
        Some(_) if count == of.period => return Some(Outcome::Holds),
        Some(first) => *first,
    };
    let step = of.period / count;
    let even = (roots.iter()).all(|root| (root - first).rem_euclid(step) == 0);
    if of.period % count != 0 || !even {
        return None;
    }
    let step_dim = Dim::Literal(u64::try_from(step).ok()?);
    let all = Dim::binary(Op::Mul, step_dim, primed(symbol));
    let before = Dim::Literal(u64::try_from(step - first).ok()?);
    Some(solved(
        symbol.to_owned(),
        &Dim::binary(Op::Sub, all, before),
    ))
}

/// `sum >= 0`
fn bound(atoms: &Atoms, mut sum: Polynomial) -> Option<Outcome> {
    if let Some(value) = sum.as_constant() {
        let holds = value >= 0;
        return Some(if holds {
            Outcome::Holds
        } else {
            Outcome::Never
        });
    }
    let bounds = Bounds::new(atoms);
    loop {
        if bounds.least(&sum).is_some_and(|least| least >= 0) {
            return Some(Outcome::Holds);
        }
        let negated = bounds.least(&sum.scaled(-1)?);
        if negated.is_some_and(|least| least > 0) {
            return Some(Outcome::Never);
        }
        // Only the constant is rounded: the rest is a multiple of what is divided by.
        sum = sum.divided(content(&sum)).0;
        let Some((place, dividend, divisor)) = atoms.lone_floor(&sum) else {
            break;
        };
        sum = dividend.clone().plus(divisor, &sum.without(place))?;
    }
    for (symbol, factor, rest) in lone_symbols(atoms, &sum) {
        if factor == 1 {
            // The symbol is this or more.
            let least = rest.scaled(-1)?;
            if bounds.least(&least).is_some_and(|least| least > 0) {
                let more = Dim::binary(Op::Sub, primed(&symbol), 1.into());
                let value = Dim::binary(Op::Add, written(atoms, &least)?, more);
                return Some(solved(symbol, &value));
            }
        } else if factor == -1 && rest.as_constant() == Some(1) {
            return Some(solved(symbol, &1.into()));
        }
    }
    None
}

/// The greatest common divisor of all coefficients except the constant.
fn content(sum: &Polynomial) -> i128 {
    let coefficients = sum
        .terms()
        .iter()
        .filter(|(monomial, _)| !monomial.is_one());
    let common = coefficients.fold(0, |common, (_, c)| gcd(common, c.saturating_abs()));
    common.max(1)
}

/// The symbols that occur in a sum once, as a term: each with its factor and the other terms.
fn lone_symbols(atoms: &Atoms, sum: &Polynomial) -> Vec<(String, i128, Polynomial)> {
    let terms = sum.terms().iter().enumerate();
    let lone = terms.filter_map(|(place, (monomial, factor))| {
        let [id] = monomial.factors() else {
            return None;
        };
        let Some(Atom::Symbol(name)) = atoms.known().get(*id) else {
            return None;
        };
        let rest = sum.without(place);
        (!occurs(atoms, &rest, *id)).then(|| ((*name).to_owned(), *factor, rest))
    });
    lone.collect()
}

/// Whether a sum depends on a symbol, as it is written.
fn occurs(atoms: &Atoms, sum: &Polynomial, symbol: AtomId) -> bool {
    let mut factors = sum
        .terms()
        .iter()
        .flat_map(|(monomial, _)| monomial.factors());
    factors.any(|id| match atoms.known().get(*id) {
        Some(Atom::Quotient(dividend, divisor)) => {
            occurs(atoms, dividend, symbol) || occurs(atoms, divisor, symbol)
        }
        _ => *id == symbol,
    })
}

fn primed(symbol: &str) -> Dim {
    Dim::Symbol(format!("{symbol}'"))
}

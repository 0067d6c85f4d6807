//! Facts that would make two dims equal.

use super::facts::difference;
use super::grid::Function;
use super::normal::equation;
use super::polynomial::{AtomId, Atoms, Polynomial};
use super::{Comparison, Dim, Fact, Facts, Op};

/// The largest number of facts that are tried for one symbol.
const MAX_TRIALS: usize = 300;

impl Facts {
    /// The fewest and weakest facts found under which two dims are equal: `h % 2 == 0` for `h / 2 * 2` and `h`.
    /// There are none if the two are equal already, or if no fact is known to make them equal. They are looked
    /// for in this order:
    ///
    /// 1. a remainder of one symbol: the residues of its period at which there is no counterexample;
    /// 2. each of several symbols is a multiple of a number;
    /// 3. a dividend in the dims is a multiple of its divisor;
    /// 4. one dim is a symbol and equals the other, computed dim;
    /// 5. constants are such that the two are equal at all values of the other symbols;
    /// 6. if nothing is proved, the equation itself.
    ///
    /// With the returned facts, [`compare`](Facts::compare) answers *equal*.
    #[must_use]
    pub fn proposal(&self, left: &Dim, right: &Dim) -> Vec<Fact> {
        let undecided = match self.compare(left, right) {
            // What rustc decides it decides whatever is stated.
            Comparison::Equal | Comparison::Constant(_) => return Vec::new(),
            Comparison::Different { .. } => false,
            Comparison::Unknown => true,
        };
        let two = Two {
            facts: self,
            left,
            right,
        };
        let periods = two.periods();
        let one = || periods.iter().find_map(|(name, of)| two.residue(name, *of));
        one()
            .map(|fact| vec![fact])
            .or_else(|| two.multiples(&periods))
            .or_else(|| two.divided())
            .or_else(|| two.named())
            .or_else(|| two.constants())
            .or_else(|| {
                let same = vec![Fact::equal(left.clone(), right.clone())];
                (undecided && two.settled_by(&same)).then_some(same)
            })
            .unwrap_or_default()
    }
}

/// Two dims that should be equal.
struct Two<'a> {
    facts: &'a Facts,
    left: &'a Dim,
    right: &'a Dim,
}

impl Two<'_> {
    fn compare_with(&self, more: &[Fact]) -> Option<Comparison> {
        Some(self.facts.and(more)?.compare(self.left, self.right))
    }

    fn settled_by(&self, more: &[Fact]) -> bool {
        self.compare_with(more) == Some(Comparison::Equal)
    }

    /// The symbols along which the difference of the two repeats, each with its period.
    fn periods(&self) -> Vec<(String, u64)> {
        let mut atoms = Atoms::default();
        let Some(difference) = difference(&mut atoms, self.left, self.right) else {
            return Vec::new();
        };
        let function = Function::new(&atoms, &difference);
        let names = function.symbols().iter().map(|(name, _)| *name);
        let dependences = function.dependences().unwrap_or_default();
        let all = names.zip(dependences).filter_map(|(name, of)| {
            let period = u64::try_from(of.period).ok()?;
            (period > 1).then(|| (name.to_owned(), period))
        });
        all.collect()
    }

    /// The remainder by the least divisor of a period under which the two are equal. A counterexample rules out
    /// the remainder of its value.
    fn residue(&self, name: &str, period: u64) -> Option<Fact> {
        let mut refuted = Vec::new();
        let moduli = (2..=period).filter(|modulus| period.is_multiple_of(*modulus));
        let all = moduli.flat_map(|modulus| (0..modulus).map(move |rest| (modulus, rest)));
        let mut trials = 0;
        for (modulus, rest) in all {
            if refuted.iter().any(|value| value % modulus == rest) {
                continue;
            }
            trials += 1;
            if trials > MAX_TRIALS {
                return None;
            }
            let fact = Fact::remainder(Dim::symbol(name), Dim::Literal(modulus), rest);
            match self.compare_with(std::slice::from_ref(&fact)) {
                Some(Comparison::Equal) => return Some(fact),
                Some(Comparison::Different { witness, .. }) => {
                    let value = witness.into_iter().find(|(known, _)| known == name);
                    refuted.extend(value.map(|(_, value)| value));
                }
                Some(Comparison::Constant(_) | Comparison::Unknown) | None => {}
            }
        }
        None
    }

    /// Each of several symbols is a multiple of a divisor of its period, as small as can be.
    fn multiples(&self, periods: &[(String, u64)]) -> Option<Vec<Fact>> {
        let fact = |(name, modulus): &(String, u64)| {
            Fact::remainder(Dim::symbol(name.as_str()), Dim::Literal(*modulus), 0)
        };
        let facts = |of: &[(String, u64)]| {
            let all = of.iter().filter(|(_, modulus)| *modulus > 1);
            all.map(fact).collect::<Vec<_>>()
        };
        if periods.len() < 2 || !self.settled_by(&facts(periods)) {
            return None;
        }
        let mut least = periods.to_vec();
        for place in 0..least.len() {
            let period = least.get(place)?.1;
            let divisors = (1..period).filter(|modulus| period.is_multiple_of(*modulus));
            for modulus in divisors.take(MAX_TRIALS) {
                let mut smaller = least.clone();
                smaller.get_mut(place)?.1 = modulus;
                if self.settled_by(&facts(&smaller)) {
                    least = smaller;
                    break;
                }
            }
        }
        Some(facts(&least))
    }

    /// Every dividend is a multiple of its divisor; only the facts of this form that are needed.
    fn divided(&self) -> Option<Vec<Fact>> {
        let mut facts = Vec::new();
        collect_divisions(self.left, &mut facts);
        collect_divisions(self.right, &mut facts);
        if facts.is_empty() || !self.settled_by(&facts) {
            return None;
        }
        for place in (0..facts.len()).rev() {
            let mut fewer = facts.clone();
            fewer.remove(place);
            if self.settled_by(&fewer) {
                facts = fewer;
            }
        }
        Some(facts)
    }

    /// A dim that is a symbol equals the other dim, which is computed from other symbols.
    fn named(&self) -> Option<Vec<Fact>> {
        let computed = |symbol: &Dim, other: &Dim| {
            let Dim::Symbol(name) = symbol else {
                return None;
            };
            let others = other.symbols();
            let names = !others.is_empty() && !others.contains(&name.as_str());
            let fact = vec![Fact::equal(symbol.clone(), other.clone())];
            (names && matches!(other, Dim::Binary(..)) && self.settled_by(&fact)).then_some(fact)
        };
        computed(self.left, self.right).or_else(|| computed(self.right, self.left))
    }
}

impl Two<'_> {
    /// The factors of each product of other symbols add up to 0.
    fn constants(&self) -> Option<Vec<Fact>> {
        let mut atoms = Atoms::default();
        let difference = difference(&mut atoms, self.left, self.right)?;
        let is_constant = |id: AtomId| {
            let atom = Polynomial::atom(id);
            let function = Function::new(&atoms, &atom);
            let mut symbols = function.symbols().iter();
            symbols.all(|(name, _)| self.facts.is_constant(name))
        };
        let mut sums: Vec<(Vec<AtomId>, Polynomial)> = Vec::new();
        for (monomial, coefficient) in difference.terms() {
            let factors = monomial.sorted().iter().copied();
            let (constants, others): (Vec<_>, Vec<_>) = factors.partition(|id| is_constant(*id));
            let mut term = Polynomial::constant(*coefficient);
            for id in constants {
                term = term.times(&Polynomial::atom(id))?;
            }
            match sums.iter_mut().find(|(of, _)| *of == others) {
                Some((_, sum)) => *sum = sum.clone().plus(1, &term)?,
                None => sums.push((others, term)),
            }
        }
        let equations = sums.iter().map(|(_, sum)| equation(&atoms, sum));
        let facts = equations.collect::<Option<Vec<_>>>()?;
        self.settled_by(&facts).then_some(facts)
    }
}

fn collect_divisions(dim: &Dim, facts: &mut Vec<Fact>) {
    let Dim::Binary(op, left, right) = dim else {
        return;
    };
    collect_divisions(left, facts);
    collect_divisions(right, facts);
    if matches!(op, Op::Div | Op::Rem) {
        let fact = Fact::remainder((**left).clone(), (**right).clone(), 0);
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
}

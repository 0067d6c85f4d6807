//! One layer with random arguments on a random shape: our rule beside Burn's module.

use std::cell::Cell;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Bool, Device, Tensor};
use diagram_codegen::alone;
use diagram_codegen::scope::{Scope, ScopedHyper};
use diagram_core::HyperType;
use diagram_core::{Code, Cost, Dim, Fault, Kind, Product, Shape};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::quietly::quietly;

/// How many cases a layer has.
const CASES: u32 = 256;

/// Tests of layers, each with the layer's name: random arguments, and the [`Case`] that they make.
/// `NAMES` are those layers.
macro_rules! layers {
    ($($(#[$meta:meta])* fn $name:ident($($argument:pat in $strategy:expr),+ $(,)?) $case:block)*) => {
        /// The layers that are tested here.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            $(#[$meta])*
            fn $name() {
                crate::harness::check(($($strategy,)+), |($($argument,)+)| $case);
            }
        )*
    };
}
pub(crate) use layers;

/// A layer as a diagram writes it, what it is given, and Burn's module on tensors of those shapes.
pub(crate) struct Case {
    text: String,
    extents: Vec<usize>,
    /// The kind of each factor, and its axes: which of the extents they have.
    factors: Vec<(Kind, Vec<usize>)>,
    burn: Box<dyn FnOnce() -> Vec<Vec<usize>>>,
    stricter: Option<Code>,
}

impl Case {
    /// `burn` builds the module and calls it on zeros; it gives the shape of the result.
    pub(crate) fn new(
        text: impl Into<String>,
        input: &[usize],
        burn: impl FnOnce() -> Vec<usize> + 'static,
    ) -> Self {
        let axes: Vec<_> = (0..input.len()).collect();
        Case::several(text, input, &[(Kind::Float, &axes)], || vec![burn()])
    }

    /// A layer of several tensors, from one or to one. Each has a kind and axes, which are numbers of
    /// `extents`: what is one number is one dim. `burn` gives the shapes of all results.
    pub(crate) fn several(
        text: impl Into<String>,
        extents: &[usize],
        factors: &[(Kind, &[usize])],
        burn: impl FnOnce() -> Vec<Vec<usize>> + 'static,
    ) -> Self {
        let factors = factors.iter();
        Case {
            text: text.into(),
            extents: extents.to_vec(),
            factors: factors.map(|(kind, axes)| (*kind, axes.to_vec())).collect(),
            burn: Box::new(burn),
            stricter: None,
        }
    }

    /// A layer of several tensors, of kind Float, of which extents that are equal on the same axis are one
    /// dim.
    pub(crate) fn of_product(
        text: impl Into<String>,
        inputs: &[Vec<usize>],
        burn: impl FnOnce() -> Vec<Vec<usize>> + 'static,
    ) -> Self {
        let mut known: Vec<(usize, usize)> = Vec::new();
        let mut number = |axis: (usize, usize)| {
            known
                .iter()
                .position(|one| *one == axis)
                .unwrap_or_else(|| {
                    known.push(axis);
                    known.len() - 1
                })
        };
        let factors: Vec<_> = inputs
            .iter()
            .map(|extents| {
                let axes = extents.iter().copied().enumerate();
                (Kind::Float, axes.map(&mut number).collect::<Vec<_>>())
            })
            .collect();
        let factors: Vec<_> = factors
            .iter()
            .map(|(kind, axes)| (*kind, &axes[..]))
            .collect();
        let extents: Vec<_> = known.iter().map(|(_, extent)| *extent).collect();
        Case::several(text, &extents, &factors, burn)
    }

    /// Its first inputs are of other kinds than `Float`.
    pub(crate) fn of_kinds(mut self, kinds: &[Kind]) -> Self {
        for (factor, kind) in self.factors.iter_mut().zip(kinds) {
            factor.0 = *kind;
        }
        self
    }

    /// Where `when`, we refuse with this code, whatever Burn does: a rule of ours that is stricter
    /// than Burn's, and documented at the layer.
    pub(crate) fn refused_where(mut self, when: bool, code: Code) -> Self {
        self.stricter = when.then_some(code).or(self.stricter);
        self
    }
}

/// Burn's default device.
pub(crate) fn device() -> Device {
    Device::default()
}

/// A tensor of these extents.
pub(crate) fn zeros<const D: usize>(extents: &[usize]) -> Tensor<D> {
    let extents: [usize; D] = extents.try_into().expect("as many extents as the rank");
    Tensor::zeros(extents, &device())
}

/// A mask of these extents that hides nothing.
pub(crate) fn falses<const D: usize>(extents: &[usize]) -> Tensor<D, Bool> {
    zeros::<D>(extents).greater_elem(0.5)
}

/// Shapes of rank `least` to `most`, with extents below `bound`.
pub(crate) fn extents(
    least: usize,
    most: usize,
    bound: usize,
) -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(1..bound, least..=most)
}

thread_local! {
    static TRAINED: Cell<usize> = const { Cell::new(0) };
}

/// Burn's module, whose numbers to train are counted.
pub(crate) trait Counted: Module {
    fn counted(self) -> Self {
        #[derive(Default)]
        struct Trained(usize);

        impl ModuleVisitor for Trained {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                if param.is_require_grad() {
                    self.0 += param.shape().num_elements();
                }
            }
        }

        let mut trained = Trained::default();
        // Without gradients nothing asks for one.
        self.clone().train().visit(&mut trained);
        TRAINED.set(trained.0);
        self
    }
}

impl<M: Module> Counted for M {}

/// Compares our rule with Burn in every case that a strategy makes.
///
/// - Both give a shape: they are equal, and so are ours for inputs whose extents are symbols,
///   evaluated at the same numbers. So are the numbers that are trained, and what a call costs.
/// - Burn panics, or gives an empty tensor: we have a fault.
/// - We have a fault: Burn refuses as well, or the case says that our rule is stricter.
///
/// At least one case in eight must be a shape that both give, or nothing would be compared.
pub(crate) fn check<S: Strategy>(strategy: S, case: impl Fn(S::Value) -> Case) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let agreed = Cell::new(0);
    let result = TestRunner::new(config).run(&strategy, |values| {
        let both = compare(case(values)).map_err(TestCaseError::fail)?;
        agreed.set(agreed.get() + u32::from(both));
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    let agreed = agreed.get();
    assert!(
        agreed >= CASES / 8,
        "only {agreed} of {CASES} cases give a shape"
    );
}

/// What a layer is given, where some of the extents are symbols.
fn given(extents: &[usize], factors: &[(Kind, Vec<usize>)], symbols: &[usize]) -> Product {
    let dim = |axis: &usize| match extents.get(*axis) {
        Some(extent) if !symbols.contains(axis) => literal(*extent),
        _ => Dim::symbol(symbol(*axis)),
    };
    let shape = |(kind, axes): &(Kind, Vec<usize>)| Shape {
        kind: *kind,
        dims: axes.iter().map(dim).collect(),
    };
    Product(factors.iter().map(shape).collect())
}

fn symbol(axis: usize) -> String {
    format!("n{axis}")
}

/// Whether both give a shape, the same.
fn compare(case: Case) -> Result<bool, String> {
    let Case {
        text,
        extents,
        factors,
        burn,
        stricter,
    } = case;
    let input = given(&extents, &factors, &[]);
    let ours = alone(&text, &input, &Scope::default());
    TRAINED.set(0);
    // An empty tensor is no value of any object.
    let burn = quietly(burn).and_then(|results| {
        match results.iter().find(|extents| extents.contains(&0)) {
            Some(empty) => Err(format!("it gives the empty {empty:?}")),
            None => Ok(results),
        }
    });
    let at = format!("`{text}` on {input}");
    let (shape, cost) = match (ours, burn) {
        (Ok((shape, cost)), Ok(results)) => {
            let literals = |extents: &Vec<usize>| extents.iter().map(|one| literal(*one)).collect();
            let burns: Vec<Vec<Dim>> = results.iter().map(literals).collect();
            if !shape.0.iter().map(|factor| &factor.dims).eq(&burns) {
                let burns = listed(&results);
                return Err(format!("{at}: we say {shape}, Burn gives {burns}"));
            }
            let (ours, burns) = (evaluated(&cost, &|_| None)?, TRAINED.get());
            if usize::try_from(ours.0) != Ok(burns) {
                let ours = ours.0;
                return Err(format!(
                    "{at}: we count {ours} parameters, Burn has {burns}"
                ));
            }
            (shape, cost)
        }
        (Ok((shape, _)), Err(reason)) => {
            return Err(format!("{at}: we say {shape}, Burn refuses: {reason}"));
        }
        (Err(faults), Ok(results)) => {
            let known = stricter.is_some_and(|code| faults.iter().all(|fault| fault.code == code));
            let (burns, ours) = (listed(&results), shown(&faults));
            let refused = || format!("{at}: Burn gives {burns}, we refuse: {ours}");
            return if known { Ok(false) } else { Err(refused()) };
        }
        (Err(_), Err(_)) => return Ok(false),
    };
    if let Some(code) = stricter {
        return Err(format!("{at}: we say {shape}, and should refuse by {code}"));
    }
    symbols_agree(&text, (&extents, &factors), (&shape, &cost))?;
    Ok(true)
}

/// The layer on the same input with symbols for its extents: each alone as a dynamic dim and as a
/// hyper-parameter, and all as hyper-parameters.
fn symbols_agree(
    text: &str,
    input: (&[usize], &[(Kind, Vec<usize>)]),
    numbers: (&Product, &Cost),
) -> Result<(), String> {
    let axes: Vec<_> = (0..input.0.len()).collect();
    for axis in &axes {
        symbolic(text, input, numbers, &[*axis], Scope::dynamics)?;
        symbolic(text, input, numbers, &[*axis], Scope::hypers)?;
    }
    symbolic(text, input, numbers, &axes, Scope::hypers)
}

fn symbolic(
    text: &str,
    (extents, factors): (&[usize], &[(Kind, Vec<usize>)]),
    (numbers, cost): (&Product, &Cost),
    axes: &[usize],
    scope: fn(Vec<String>) -> Scope,
) -> Result<(), String> {
    let with = given(extents, factors, axes);
    let input = given(extents, factors, &[]);
    let at = format!("`{text}` on {with}, which stands for {input}");
    let names = axes.iter().map(|axis| symbol(*axis)).collect();
    let (shape, symbolic) = match alone(text, &with, &scope(names)) {
        Ok(both) => both,
        // What is true of the numbers need not follow for all values of the symbols.
        Err(faults) if faults.iter().all(needs_the_number) => return Ok(()),
        Err(faults) => return Err(format!("{at}: {}", shown(&faults))),
    };
    let value = |symbol: &str| {
        let number: usize = symbol.strip_prefix('n')?.parse().ok()?;
        u64::try_from(*extents.get(number)?).ok()
    };
    let values: Result<Vec<_>, _> = shape.dims().map(|dim| dim.evaluate(&value)).collect();
    let values = values.map_err(|fault| format!("{at}: we say {shape}: {fault:?}"))?;
    let expected = numbers.dims().filter_map(Dim::literal).map(i128::from);
    if values.iter().copied().eq(expected) && shape.0.len() == numbers.0.len() {
        let (ours, number) = (evaluated(&symbolic, &value)?, evaluated(cost, &|_| None)?);
        if ours != number {
            return Err(format!(
                "{at}: it costs {ours:?}, but {number:?} for the numbers"
            ));
        }
        return Ok(());
    }
    Err(format!(
        "{at}: we say {shape}, that is {values:?}, but {numbers} for the numbers"
    ))
}

/// The parameters and the operations of a cost, which are known.
fn evaluated(cost: &Cost, value: &impl Fn(&str) -> Option<u64>) -> Result<(i128, i128), String> {
    let known = |dim: &Option<Dim>| {
        let dim = dim.as_ref().ok_or("a cost is not known")?;
        dim.evaluate(value)
            .map_err(|fault| format!("{dim}: {fault:?}"))
    };
    Ok((known(&cost.parameters)?, known(&cost.operations)?))
}

/// The shapes of tensors, as a diagram writes a product.
fn listed(results: &[Vec<usize>]) -> String {
    let results: Vec<_> = results
        .iter()
        .map(|extents| format!("{extents:?}"))
        .collect();
    results.join(" * ")
}

/// Whether a layer may refuse a symbol by this fault and take its value: it is not decided, or refuted
/// by another value.
fn needs_the_number(fault: &Fault) -> bool {
    let witness = |note: &String| note.starts_with("at `") || note.starts_with("they differ at `");
    let refuted = fault.notes.iter().any(witness);
    refuted
        || matches!(
            fault.code,
            Code::DynamicParameter | Code::Undecided | Code::NotDivisible | Code::NotYet
            // Arguments are right at numbers, so they are wrong for the symbol alone.
            | Code::ArgumentType | Code::ArgumentRange
        )
}

/// Scopes of nothing but these names.
trait Names {
    fn dynamics(names: Vec<String>) -> Self;
    fn hypers(names: Vec<String>) -> Self;
}

impl Names for Scope {
    fn dynamics(names: Vec<String>) -> Self {
        Scope {
            dynamics: names,
            ..Scope::default()
        }
    }

    fn hypers(names: Vec<String>) -> Self {
        let size = |name| ScopedHyper {
            name,
            ty: HyperType::Size,
        };
        Scope {
            hypers: names.into_iter().map(size).collect(),
            ..Scope::default()
        }
    }
}

fn literal(extent: usize) -> Dim {
    Dim::Literal(u64::try_from(extent).expect("an extent that fits 64 bits"))
}

fn shown(faults: &[Fault]) -> String {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    faults.join("\n")
}

#[test]
fn a_difference_is_found() {
    let case = |text: &str, burn: fn() -> Vec<usize>| compare(Case::new(text, &[4, 6], burn));
    let failure = |text, burn| case(text, burn).expect_err("a difference");
    let linear = || {
        TRAINED.set(21);
        vec![4, 3]
    };
    assert_eq!(case("linear(3)", linear), Ok(true));
    assert_eq!(
        failure("linear(3, bias = false)", linear),
        "`linear(3, bias = false)` on [4, 6]: we count 18 parameters, Burn has 21"
    );
    assert_eq!(case("linear(0)", || panic!("no width")), Ok(false));
    assert_eq!(case("linear(0)", || vec![4, 0]), Ok(false));
    assert_eq!(
        failure("linear(3)", || vec![4, 4]),
        "`linear(3)` on [4, 6]: we say [4, 3], Burn gives [4, 4]"
    );
    assert_eq!(
        failure("linear(3)", || panic!("no width")),
        "`linear(3)` on [4, 6]: we say [4, 3], Burn refuses: no width"
    );
    assert_eq!(
        failure("linear(0)", || vec![4, 1]),
        "`linear(0)` on [4, 6]: Burn gives [4, 1], we refuse: `d_output` must be at least 1, but is 0 \
         [D0312]"
    );
    let stricter = Case::new("linear(0)", &[4, 6], || vec![4, 1]);
    assert_eq!(
        compare(stricter.refused_where(true, Code::ArgumentRange)),
        Ok(false)
    );
    let lenient = Case::new("linear(3)", &[4, 6], linear);
    assert_eq!(
        compare(lenient.refused_where(true, Code::ArgumentRange)),
        Err("`linear(3)` on [4, 6]: we say [4, 3], and should refuse by D0312".to_owned())
    );
}

//! Chains that end in one tensor where a product must stand: what to write for each of its factors.

use diagram_core::dim::Facts;
use diagram_core::{Call, Code, Fault, Product, Shape, Step, Where, Wrong, check};

use super::chain::end;
use super::find;
use super::layer::Layer;
use super::site::{Open, Site};

/// A layer whose width follows from what is behind it gives one tensor, and a product stands there. None where it
/// has another fault, or gives several tensors itself.
pub(super) fn ends_in_one(
    layer: &Layer,
    call: &Call,
    site: &Site<'_>,
    open: &Open<'_>,
) -> Option<Wrong> {
    if !layer.leaves_width_out(call) {
        return None;
    }
    let gives = |target: &Shape| {
        let site = Site {
            target: Some(target),
            open: None,
            ..*site
        };
        (layer.shape)(call, &site)
    };
    let mut fits = true;
    for factor in &open.product.0 {
        match gives(factor) {
            Ok(output) => {
                output.one()?;
                fits &= output
                    .difference(&factor.clone().into(), site.facts)
                    .is_none();
            }
            // The same layer ends in no such factor, on what it is given here.
            Err((_, fault)) if fault.code == Code::RankMismatch => fits = false,
            Err(wrong) => return Some(wrong),
        }
    }
    let count = open.product.0.len();
    // error: `linear` gives one tensor, but must give 2: [batch, 4] * [batch, 4] [D0318]
    let message = format!(
        "`{}` gives one tensor, but must give {count}: {}",
        site.text, open.product
    );
    let fault = Fault::new(Code::Factors, message);
    let chain = joined(&[site.text, &(open.tail)()]);
    let help = if fits {
        Some(for_each(&chain, count))
    } else {
        let copied = format!("({})", vec![chain.as_str(); count].join(", "));
        let dynamic = |dim: &diagram_core::Dim| site.dynamic_in(dim).is_some();
        let mut ranks = open.product.0.iter().map(Shape::rank);
        let flat = ranks.all(|rank| rank == 2);
        let flat = flat.then(|| check::flat(site.input, &copied, &dynamic));
        // help: write in place of `linear`: `flatten >> (linear, linear)`
        flat.flatten()
            .map(|flat| format!("write in place of `{chain}`: {flat}"))
    };
    Some((Where::Whole, fault.maybe_help(help)))
}

/// What to write where a chain ends in one tensor, and a product must stand there: the last layer once for each
/// factor, where it fits all of them, or else layers behind it whose widths follow. None where neither fits.
#[must_use]
pub fn chains_to_product(
    input: &Product,
    steps: &[Step],
    product: &Product,
    facts: &Facts,
    dynamics: &[String],
) -> Option<String> {
    let given = end(steps, input).one()?;
    let count = product.0.len();
    if count < 2 {
        return None;
    }
    let mut factors = product.0.iter();
    if factors.all(|factor| factor.difference(given, facts).is_none()) {
        let last = check::deciding_step(input, steps)?;
        return Some(for_each(&Step::chain(steps.get(last..)?), count));
    }
    let behind = Behind { facts, dynamics };
    let heads = behind.heads(given, product).or_else(|| {
        let flat = behind.after("flatten", given, None)?;
        Some(format!("flatten >> {}", behind.heads(&flat, product)?))
    });
    heads.map(|heads| format!("append a layer for each factor: `>> {heads}`"))
}

/// Layers without arguments behind a chain.
struct Behind<'a> {
    facts: &'a Facts,
    dynamics: &'a [String],
}

impl Behind<'_> {
    /// `(linear, linear)`, if a layer without arguments gives each factor.
    fn heads(&self, given: &Shape, product: &Product) -> Option<String> {
        let heads = product.0.iter().map(|factor| {
            let mut heads = ["linear", "identity"].into_iter();
            heads.find(|head| {
                let output = self.after(head, given, Some(factor));
                output.is_some_and(|output| factor.difference(&output, self.facts).is_none())
            })
        });
        let heads: Vec<_> = heads.collect::<Option<_>>()?;
        Some(format!("({})", heads.join(", ")))
    }

    /// The one shape after a layer of this name.
    fn after(&self, name: &str, given: &Shape, target: Option<&Shape>) -> Option<Shape> {
        let row = find(name)?;
        let site = Site {
            text: name,
            input: given,
            inputs: std::slice::from_ref(given),
            target,
            open: None,
            facts: self.facts,
            dynamics: self.dynamics,
        };
        let output = (row.shape)(&Call::new(name), &site).ok()?;
        output.one().cloned()
    }
}

// help: write a chain for each factor in place of `linear`: `(linear, linear)`
fn for_each(chain: &str, count: usize) -> String {
    let chains = vec![chain; count].join(", ");
    format!("write a chain for each factor in place of `{chain}`: `({chains})`")
}

/// Parts of a chain, of which some may be empty.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<_> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" >> ")
}

//! Losses between tensors of numbers: `mse`, `l1`.

use super::{Built, Loss, Site};
use crate::layers::{Arguments, Parameter};
use crate::lower::scope::Placed;

pub(super) static LOSSES: [Loss; 2] = [elementwise("mse"), elementwise("l1")];

static PARAMETERS: [Parameter; 1] = [Parameter::later(
    "reduce",
    "how a unit's elements are joined",
)];

/// A loss of every element, averaged.
const fn elementwise(name: &'static str) -> Loss {
    Loss {
        name,
        parameters: &PARAMETERS,
        metric: false,
        higher_is_better: false,
        parallel: true,
        takes_logits: false,
        ends: 2,
        build: function,
    }
}

/// The runtime's function of the loss's name.
fn function(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.alike(arguments.of())?;
    Ok(site.call(arguments, arguments.of(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use crate::losses::bench::Bench;

    #[test]
    fn mse_takes_two_ends_of_one_shape() {
        let bench = Bench::new("mse", "");
        let ends = [
            ("decode", "Image", "[batch, 8]"),
            ("Image", "Image", "[batch, 8]"),
        ];
        assert_eq!(bench.code(&ends), "runtime :: loss :: mse ()");
        let ends = [("decode", "A", "[batch, 2]"), ("B", "B", "[batch, hidden]")];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but axis 1 of `decode` is 2 and of `B` `hidden` \
             [D0403]\n\n\
             \u{20}        = note: `decode` : `A` [batch, 2]\n\
             \u{20}        = note: `B`      : `B` [batch, hidden]"
        );
        let ends = [
            ("code", "Latent", "[batch, 2]"),
            ("Image", "Image", "[batch, 1, 8]"),
        ];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but `code` has rank 2 and `Image` 3 [D0403]\n\n\
             \u{20}        = note: `code`  : `Latent` [batch, 2]\n\
             \u{20}        = note: `Image` : `Image`  [batch, 1, 8]"
        );
        let ends = [
            ("Label", "Label", "Int[batch]"),
            ("Label", "Label", "Int[batch]"),
        ];
        assert_eq!(
            bench.fault(&ends),
            "`mse` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]\n\n\
             \u{20}        = note: `Label` : `Label` Int[batch]\n\
             \u{20}        = note: `Label` : `Label` Int[batch]"
        );
        assert_eq!(
            bench.fault(&[("code", "Latent", "[batch, 2]")]),
            "`mse` compares two paths, `prediction ~ target`, but is given 1 [D0403]"
        );
    }

    #[test]
    fn its_arguments() {
        let ends = [("a", "A", "[batch]"), ("b", "A", "[batch]")];
        assert_eq!(
            Bench::new("mse", "reduce = sum").fault(&ends),
            "`reduce` of `mse` is not supported yet [D0900]"
        );
        assert_eq!(
            Bench::new("mse", "2").fault(&ends),
            "`mse` takes no arguments, but is given `2` [D0313]\n\n\
             \u{20}        = help: leave it out: `mse`"
        );
    }
}

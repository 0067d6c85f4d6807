//! What a loss that does not exist is most likely meant to be: by its letters, or by its name elsewhere.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};

use super::{find, names};
use crate::layers::spelling::squeezed;

/// What other libraries call a loss, without `_` and `loss` and in lower case.
const ELSEWHERE: [(&str, &str); 18] = [
    ("ce", "cross_entropy"),
    ("xent", "cross_entropy"),
    ("nll", "cross_entropy"),
    ("categoricalcrossentropy", "soft_cross_entropy"),
    ("softtargetcrossentropy", "soft_cross_entropy"),
    ("sparsecategoricalcrossentropy", "cross_entropy"),
    ("softmaxcrossentropy", "cross_entropy"),
    ("bce", "binary_cross_entropy"),
    ("bcewithlogits", "binary_cross_entropy"),
    ("meansquarederror", "mse"),
    ("squarederror", "mse"),
    ("mae", "l1"),
    ("meanabsoluteerror", "l1"),
    ("kldiv", "kl"),
    ("kld", "kl"),
    ("kldivergence", "kl"),
    ("acc", "accuracy"),
    ("cosinesimilarity", "cosine"),
];

/// The loss that is most likely meant by a name that is none.
#[must_use]
pub fn meant(name: &str) -> Option<&'static str> {
    let letters = squeezed(name);
    let stem = letters.strip_suffix("loss").unwrap_or(&letters);
    let elsewhere = || ELSEWHERE.iter().find(|(other, _)| *other == stem);
    names()
        .find(|loss| squeezed(loss) == stem)
        .or_else(|| Some(elsewhere()?.1))
        .filter(|loss| find(loss).is_some())
        .or_else(|| nearest(name, names()))
}

/// The fault of a name that is no loss's.
#[must_use]
pub fn unknown(name: &str) -> Fault {
    let fault = Fault::new(Code::UnknownLoss, format!("there is no loss `{name}`"));
    match meant(name) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<_> = names().map(|name| format!("`{name}`")).collect();
            fault
                .note(format!("there is {}", names.join(", ")))
                .help(format!("a function of your own has a path: `self::{name}`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_libraries_are_understood() {
        for (name, loss) in [
            ("MSELoss", "mse"),
            ("mse_loss", "mse"),
            ("CrossEntropy", "cross_entropy"),
            ("CrossEntropyLoss", "cross_entropy"),
            ("nll_loss", "cross_entropy"),
            ("ce", "cross_entropy"),
            ("KLDivLoss", "kl"),
            ("L1Loss", "l1"),
            ("acc", "accuracy"),
            ("cross_entrpy", "cross_entropy"),
        ] {
            assert_eq!(meant(name), Some(loss), "{name}");
        }
        assert_eq!(meant("mine"), None);
    }
}

//! The code of a part of one tensor.

use diagram_core::Dim;
use quote::quote;

use super::{Code, extents};

pub(super) static CODE: [(&str, Code); 1] = [("narrow", |at| {
    let axis = at.axis("axis");
    let part = ["start", "length"].into_iter();
    let part: Vec<Dim> = part
        .filter_map(|name| at.call.size(name).cloned())
        .collect();
    extents::built(at, &part, false, |part| quote!(x.narrow(#axis, #(#part),*)))
})];

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn a_part_has_its_length() {
        for (arguments, input, output) in [
            ("1, 0, 1", "[batch, 197, 768]", "[batch, 1, 768]"),
            ("seq, seq - 1, 1", "Int[batch, seq]", "Int[batch, 1]"),
            ("axis = 0, start = 2, length = 3", "[5]", "[3]"),
            (
                "1, hidden, hidden",
                "[batch, 2 * hidden]",
                "[batch, hidden]",
            ),
            ("1, 1, seq", "[batch, seq + 1]", "[batch, seq]"),
        ] {
            assert_eq!(Bench::new("narrow", arguments).shape(input), output);
        }
    }

    #[test]
    fn its_code_reads_what_the_input_shows() {
        let forward = |arguments, input| Bench::new("narrow", arguments).forward(input);
        assert_eq!(
            forward("1, 0, 1", "[batch, 197]").as_deref(),
            Some("x . narrow (1usize , 0 , 1)")
        );
        assert_eq!(
            forward("1, seq - 1, 1", "[batch, seq]").as_deref(),
            Some(
                "{ let axes = x . dims () ; x . narrow (1usize , ((axes [1usize] as i128) - 1i128) as usize , 1) }"
            )
        );
        assert_eq!(
            forward("1, hidden, 1", "[batch, 2 * hidden]").as_deref(),
            Some("x . narrow (1usize , layer [0usize] , 1)")
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("narrow", arguments).fault(input);
        assert_eq!(
            fault("1, 0, 12", "[batch, 10]"),
            "`narrow(1, 0, 12)` ends at 12, but axis 1 of [batch, 10] is 10 [D0301]"
        );
        assert_eq!(
            fault("1, 0, 12", "[batch, seq]"),
            "`narrow(1, 0, 12)` ends at 12, but axis 1 of [batch, seq] is `seq` [D0301]\n\n\
             \u{20}        = note: at `seq` = 1\n\
             \u{20}        = help: state that it does not: `where seq >= 12;`"
        );
        assert_eq!(
            fault("1, seq - 2, 1", "[batch, seq]"),
            "`start` of `narrow` must be at least 0, but is `seq - 2` [D0312]\n\n\
             \u{20}        = note: at `seq` = 1\n\
             \u{20}        = help: state that it is: `where seq >= 2;`"
        );
        assert_eq!(
            fault("1, 0, 0", "[batch, 10]"),
            "`length` must be at least 1, but is 0 [D0312]"
        );
        assert_eq!(
            fault("1, 0", "[batch, 10]"),
            "`narrow` needs `length`, the number of entries in the part [D0310]"
        );
    }
}

//! Diagrams of any size.

use std::fmt::Write;

/// As many arrows in a row, and one cell that composes all of them.
#[must_use]
pub fn chain(arrows: usize) -> String {
    let mut text = String::from("Chain { dyn batch; data O0: [batch, 4];");
    for arrow in 0..arrows {
        let next = arrow + 1;
        add(
            &mut text,
            format_args!(
                "O{next}: [batch, 4]; O{arrow} --f{arrow}--> O{next}; f{arrow} = linear >> relu;"
            ),
        );
    }
    let path: Vec<_> = (0..arrows).map(|arrow| format!("f{arrow}")).collect();
    let path = path.join(" >> ");
    add(&mut text, format_args!("agree: {path} ~ {path} by mse; }}"));
    text
}

/// As many cells, each between two composites that extend those of the cell before.
#[must_use]
pub fn diamonds(cells: usize) -> String {
    let mut text = String::from("Diamonds { dyn batch; data A: [batch, 4];");
    for cell in 0..cells {
        add(
            &mut text,
            format_args!("A --f{cell}--> A; f{cell} = linear; A --g{cell}--> A; g{cell} = linear;"),
        );
        match cell.checked_sub(1) {
            Some(before) => add(
                &mut text,
                format_args!("p{cell} = p{before} >> f{cell}; q{cell} = q{before} >> g{cell};"),
            ),
            None => add(&mut text, format_args!("p0 = f0; q0 = g0;")),
        }
        add(&mut text, format_args!("c{cell}: p{cell} ~ q{cell};"));
    }
    text.push('}');
    text
}

fn add(text: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(piece);
}

//! The time of an expansion against the size of its diagram.
//!
//! `cargo bench -p diagrammatic-benches --bench expansion`, with `-- --quick` for a look that it runs.
//! Timed is [`diagram_codegen::expand`], from tokens to tokens: all that the macro does while rustc
//! waits. That the text was read as tokens before is not.
//!
//! Two families, each at 10, 100 and 1,000: a *chain* of as many arrows, all composed in one cell, and
//! as many *diamonds*, cells whose ends are composites that grow by an arrow from cell to cell. The last
//! column is t(1000) / t(100), which is 10 where the time is in proportion to the size.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use diagrammatic_benches::{Median, quick};
use proc_macro2::TokenStream;

const SIZES: [usize; 3] = [10, 100, 1000];

fn main() {
    let runs = if quick() { 1 } else { 15 };
    println!("expansion, median of {runs}");
    measure("chain", runs, chain);
    measure("diamonds", runs, diamonds);
}

fn measure(family: &str, runs: usize, diagram: fn(usize) -> String) {
    let [ten, hundred, thousand] = SIZES.map(|size| {
        let text = diagram(size);
        let tokens: TokenStream = text.parse().expect("the diagram is tokens");
        let expansion = diagram_codegen::expand(tokens.clone()).to_string();
        assert!(
            !expansion.contains("compile_error"),
            "{family} of {size} is at fault"
        );
        milliseconds(runs, &tokens)
    });
    println!(
        "{family:8}  10: {ten:8.3} ms  100: {hundred:8.3} ms  1000: {thousand:8.3} ms  \
         t(1000)/t(100): {:.2}",
        thousand / hundred
    );
}

fn milliseconds(runs: usize, tokens: &TokenStream) -> f64 {
    let times: Vec<_> = (0..runs)
        .map(|_| {
            let tokens = tokens.clone();
            let start = Instant::now();
            let expansion = diagram_codegen::expand(black_box(tokens));
            let elapsed = start.elapsed();
            black_box(expansion);
            elapsed.as_secs_f64() * 1e3
        })
        .collect();
    Median::of(&times).value
}

/// As many arrows in a row, and one cell that composes all of them.
fn chain(arrows: usize) -> String {
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
fn diamonds(cells: usize) -> String {
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
    text.write_fmt(piece)
        .expect("a string takes what is written");
}

//! The time of an expansion against the size of its diagram.
//!
//! `cargo bench -p diagrammatic-benches --bench expansion`, with `-- --quick` for a look that it runs.
//! Timed is [`diagram_codegen::expand`], from tokens to tokens: all that the macro does while rustc
//! waits. That the text was read as tokens before is not.
//!
//! Two families, each at 10, 100 and 1,000: a *chain* of as many arrows, all composed in one cell, and
//! as many *diamonds*, cells whose ends are composites that grow by an arrow from cell to cell. The last
//! column is t(1000) / t(100), which is 10 where the time is in proportion to the size.

use std::hint::black_box;
use std::time::Instant;

use diagrammatic_benches::{Median, diagrams, quick};
use proc_macro2::TokenStream;

const SIZES: [usize; 3] = [10, 100, 1000];

fn main() {
    let runs = if quick() { 1 } else { 15 };
    println!("expansion, median of {runs}");
    measure("chain", runs, diagrams::chain);
    measure("diamonds", runs, diagrams::diamonds);
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

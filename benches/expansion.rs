//! The time of an expansion against the size of its diagram.
//!
//! `cargo bench -p diagrammatic-benches --bench expansion`, with `-- --quick` for a look that it runs.
//! Timed is [`diagram_codegen::expand`], from tokens to tokens: all that the macro does while rustc
//! waits. That the text was read as tokens before is not. Each time is that of a process of its own, as rustc
//! expands a diagram once: in one process the tokens that were freed before would be measured as well.
//!
//! Two families, each at 10, 100 and 1,000: a *chain* of as many arrows, all composed in one cell, and
//! as many *diamonds*, cells whose ends are composites that grow by an arrow from cell to cell. The last
//! column is t(1000) / t(100), which is 10 where the time is in proportion to the size.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use diagrammatic_benches::{Median, diagrams, quick};
use proc_macro2::TokenStream;

const SIZES: [usize; 3] = [10, 100, 1000];

type Family = (&'static str, fn(usize) -> String);

const FAMILIES: [Family; 2] = [("chain", diagrams::chain), ("diamonds", diagrams::diamonds)];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, family, size] = arguments.as_slice()
        && flag == "--once"
    {
        let (_, diagram) = FAMILIES[family.parse::<usize>().expect("a family")];
        println!("{}", once(&diagram(size.parse().expect("a size"))));
        return;
    }
    let runs = if quick() { 1 } else { 25 };
    println!("expansion, median of {runs}");
    for (index, (family, diagram)) in FAMILIES.iter().enumerate() {
        let [ten, hundred, thousand] = SIZES.map(|size| {
            let text = diagram(size);
            let tokens: TokenStream = text.parse().expect("the diagram is tokens");
            let expansion = diagram_codegen::expand(tokens).to_string();
            assert!(
                !expansion.contains("compile_error"),
                "{family} of {size} is at fault"
            );
            let times: Vec<_> = (0..runs).map(|_| apart(index, size)).collect();
            Median::of(&times)
        });
        println!(
            "{family:8}  10: {ten} ms  100: {hundred} ms  1000: {thousand} ms  t(1000)/t(100): {:.2}",
            thousand.value / hundred.value
        );
    }
}

/// The milliseconds of one expansion, in a process of its own.
fn apart(family: usize, size: usize) -> f64 {
    let program = std::env::current_exe().expect("this program");
    let arguments = ["--once".to_owned(), family.to_string(), size.to_string()];
    let output = Command::new(program).args(arguments).output();
    let output = output.expect("this program runs").stdout;
    let text = String::from_utf8_lossy(&output);
    text.trim().parse().expect("a number")
}

/// The milliseconds of one expansion.
fn once(text: &str) -> f64 {
    let tokens: TokenStream = text.parse().expect("the diagram is tokens");
    let start = Instant::now();
    let expansion = diagram_codegen::expand(black_box(tokens));
    let elapsed = start.elapsed();
    black_box(expansion);
    elapsed.as_secs_f64() * 1e3
}

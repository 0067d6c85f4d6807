//! What a diagram costs a build: `cargo check` against the size of the diagram, and of a generated
//! model against the same model by hand.
//!
//! `cargo bench -p diagrammatic-benches --bench check`, with `-- --quick` for a look that it runs.
//! Each row is a crate of its own, in the target folder, with one file that changes; what it depends on
//! is checked before. `empty` depends on the library and has no diagram: what cargo and loading the
//! library take.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use diagrammatic_benches::{Median, diagrams, quick};

const GENERATED: &str = include_str!("step/convolution.rs");

fn main() {
    // As a test it would check all of Burn once more; that takes minutes and shows nothing.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let project = Project::new();
    let runs = if quick() { 1 } else { 7 };
    println!("cargo check, median of {runs}");
    let empty = project.row("empty", "", runs);
    let times = [10, 100, 1000].map(|size| {
        let text = format!("diagrammatic::diagram! {{ {} }}", diagrams::chain(size));
        project.row(&format!("chain of {size}"), &text, runs)
    });
    let [_, hundred, thousand] = times;
    println!(
        "t(1000)/t(100): {:.2}, without what `empty` takes {:.2}",
        thousand / hundred,
        (thousand - empty) / (hundred - empty)
    );
    let (generated, by_hand) = convolution();
    let generated = project.row("convolution, generated", &generated, runs);
    let by_hand = project.row("convolution, by hand", &by_hand, runs);
    println!(
        "generated/by hand: {:.2}, without what `empty` takes {:.2}",
        generated / by_hand,
        (generated - empty) / (by_hand - empty)
    );
}

/// The diagram of the step's bench alone, and what it is compared with there.
fn convolution() -> (String, String) {
    let imports = "use diagrammatic::{burn, diagram};\n";
    let (_, diagram) = GENERATED.split_once("diagram! {").expect("a diagram");
    let (diagram, rest) = diagram.split_once("\n}\n").expect("its end");
    let (_, by_hand) = rest.split_once("#[derive(Module").expect("a module");
    let (by_hand, _) = by_hand.split_once("/// Both on").expect("its end");
    let by_hand = by_hand.replace(
        "impl Model for ByHand {\n    type Batch = (Tensor<4>, Tensor<1, Int>);",
        "impl ByHand {",
    );
    let by_hand = by_hand.replace("Self::Batch", "(Tensor<4>, Tensor<1, Int>)");
    (
        format!("{imports}diagram! {{{diagram}\n}}"),
        format!(
            "{imports}use burn::module::Module; use burn::nn::Linear; use burn::nn::conv::Conv2d; \
             use burn::nn::loss::CrossEntropyLossConfig; use burn::nn::pool::MaxPool2d; \
             use burn::tensor::activation::relu; use burn::tensor::{{Int, Tensor}};\n\
             #[derive(Module{by_hand}"
        ),
    )
}

/// A crate that depends on the library and on nothing else.
struct Project {
    directory: PathBuf,
}

impl Project {
    fn new() -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check");
        fs::create_dir_all(directory.join("src")).expect("a folder");
        let path = workspace.canonicalize().expect("the workspace");
        let path = path.to_string_lossy();
        let manifest = format!(
            "[package]\nname = \"checked\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ndiagrammatic = {{ path = {path:?} }}\n\n[workspace]\n"
        );
        fs::write(directory.join("Cargo.toml"), manifest).expect("a file");
        fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock")).expect("a file");
        let project = Project { directory };
        project.write("");
        project.check();
        project
    }

    fn write(&self, text: &str) {
        let text = format!("#![allow(unused)]\n{text}");
        fs::write(self.directory.join("src/lib.rs"), text).expect("a file");
    }

    /// The seconds of one check.
    fn check(&self) -> f64 {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["check", "--quiet"])
            .current_dir(&self.directory);
        command.env("CARGO_TARGET_DIR", self.directory.join("target"));
        let start = Instant::now();
        let output = command.output().expect("cargo runs");
        let seconds = start.elapsed().as_secs_f64();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        seconds
    }

    fn row(&self, name: &str, text: &str, runs: usize) -> f64 {
        let seconds: Vec<_> = (0..runs)
            .map(|run| {
                // Another text each time, or nothing would be checked.
                self.write(&format!("{text}\n// {run}"));
                self.check()
            })
            .collect();
        let median = Median::of(&seconds);
        println!(
            "{name:24}  {:7.3} s  [{:.3}, {:.3}]",
            median.value, median.low, median.high
        );
        median.value
    }
}

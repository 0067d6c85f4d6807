//! What a diagram costs a build: `cargo check` against the size of the diagram, and of a generated
//! model against the same model by hand.
//!
//! `cargo bench -p diagrammatic-benches --bench check`, with `-- --quick` for a look that it runs.
//! Each row is a crate of its own, in the target folder, with one file that changes; what it depends on
//! is checked before. `empty` depends on the library and has no diagram: what cargo and loading the
//! library take. The models are the published architectures of the examples; by hand they have the same
//! configuration, weights, loss and steps of training (`by_hand/`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use diagrammatic_benches::{Median, diagrams, quick};

/// A model's name, its diagram, and the same by hand.
const MODELS: [[&str; 3]; 5] = [
    [
        "AlexNet",
        include_str!("../examples/architectures/alexnet.rs"),
        include_str!("by_hand/alexnet.rs"),
    ],
    [
        "ResNet-18",
        include_str!("../examples/architectures/resnet18.rs"),
        include_str!("by_hand/resnet18.rs"),
    ],
    [
        "U-Net",
        include_str!("../examples/architectures/unet.rs"),
        include_str!("by_hand/unet.rs"),
    ],
    [
        "LSTM tagger",
        include_str!("../examples/architectures/tagger.rs"),
        include_str!("by_hand/tagger.rs"),
    ],
    [
        "ViT-B/16",
        include_str!("../examples/architectures/vit.rs"),
        include_str!("by_hand/vit.rs"),
    ],
];

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
    for [name, generated, by_hand] in MODELS {
        project.pair(name, generated, by_hand, runs);
    }
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

    /// The seconds of a check of a text; another text each run, or nothing would be checked.
    fn checked(&self, text: &str, run: usize) -> f64 {
        self.write(&format!("{text}\n// {run}"));
        self.check()
    }

    fn row(&self, name: &str, text: &str, runs: usize) -> f64 {
        let seconds: Vec<_> = (0..runs).map(|run| self.checked(text, run)).collect();
        let median = Median::of(&seconds);
        println!("{name:16} {median:.3} s");
        median.value
    }

    /// The two in turns, and the ratio of each pair.
    fn pair(&self, name: &str, generated: &str, by_hand: &str, runs: usize) {
        let both: Vec<_> = (0..runs)
            .map(|run| (self.checked(generated, run), self.checked(by_hand, run)))
            .collect();
        let median =
            |of: fn(&(f64, f64)) -> f64| Median::of(&both.iter().map(of).collect::<Vec<_>>());
        println!(
            "{name:16} generated {:.3} s, by hand {:.3} s, ratio {:.3}",
            median(|pair| pair.0),
            median(|pair| pair.1),
            median(|pair| pair.0 / pair.1)
        );
    }
}

//! Every diagram that is written somewhere in this repository: the zoo, tests, examples and pages.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::{lower, syntax};
use diagram_core::Diagram;
use proc_macro2::{TokenStream, TokenTree};

/// A diagram that was lowered, and where it is written.
pub(crate) struct Found {
    /// The file.
    pub(crate) file: String,
    /// The diagram.
    pub(crate) diagram: Diagram,
    /// Whether it is without fault.
    pub(crate) clean: bool,
}

/// Every diagram, in the order of the files.
pub(crate) fn all() -> Vec<Found> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in files(&crate_folder.join("tests/zoo")) {
        let text = fs::read_to_string(&file).expect("a file of the zoo");
        let tokens = TokenStream::from_str(&text).expect("tokens");
        lowered(&file, tokens, &mut found);
    }
    for folder in ["tests", "docs", "examples"] {
        for file in files(&crate_folder.join("..").join(folder)) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if file.extension().is_some_and(|extension| extension == "md") {
                for block in text.split("```rust").skip(1) {
                    let block = block.split_once('\n').map_or("", |(_, rest)| rest);
                    let block = block.split("```").next().unwrap_or_default();
                    let lines = block.lines().map(|line| line.trim_start_matches("# "));
                    in_code(&file, &lines.collect::<Vec<_>>().join("\n"), &mut found);
                }
            } else {
                in_code(&file, &text, &mut found);
            }
        }
    }
    found
}

/// The files of a folder and of those in it, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut entries: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    let files = entries.into_iter().flat_map(|entry| {
        if entry.is_dir() && entry.file_name().is_none_or(|name| name != "target") {
            return files(&entry);
        }
        let known = entry
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "md");
        if known { vec![entry] } else { Vec::new() }
    });
    files.collect()
}

/// The diagrams in a piece of Rust.
fn in_code(file: &Path, code: &str, found: &mut Vec<Found>) {
    if let Ok(tokens) = TokenStream::from_str(code) {
        in_tokens(file, tokens, found);
    }
}

fn in_tokens(file: &Path, tokens: TokenStream, found: &mut Vec<Found>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        let before = |back: usize| index.checked_sub(back).and_then(|at| trees.get(at));
        let called = matches!(before(1), Some(TokenTree::Punct(sign)) if sign.as_char() == '!')
            && matches!(before(2), Some(TokenTree::Ident(name)) if name == "diagram");
        if called {
            lowered(file, group.stream(), found);
        } else {
            in_tokens(file, group.stream(), found);
        }
    }
}

fn lowered(file: &Path, tokens: TokenStream, found: &mut Vec<Found>) {
    let mut read = Diagnostics::default();
    let trees = syntax::parse(tokens, &mut read);
    for tree in &trees {
        let mut own = Diagnostics::default();
        let diagram = lower::lower(tree, &mut own).diagram;
        found.push(Found {
            file: file.display().to_string(),
            diagram,
            clean: read.is_clean() && own.is_clean(),
        });
    }
}

/// Every construct in one diagram, small.
const EVERYTHING: &str = "
    /// Every construct.
    pub Everything<const CLASSES: usize>(
        hidden: usize = 8, depth: usize = 2, temperature: f64 = 4.0, biased: bool = true
    ) {
        dyn batch, many;
        where hidden % 2 == 0;

        data Image: [batch, 8];
        data Label: Int[batch];
        data Token: Int[batch, 4];
        data Sample: [batch];
        data Present: Bool[batch];
        data Other: Image[batch = many];
        Code: [batch, hidden];
        Word: [batch, 4, hidden];
        Logits: [batch, CLASSES] by cross_entropy;
        State: [1, hidden];
        Mean: [batch, 2] by huber(delta = learned(0.5));
        Spread: [batch, 2];

        Image --encode--> Code --head--> Logits;
        Image --teacher--> Logits;
        Image --guide--> Code;
        Image --slow--> Code;
        Code --step--> Code;
        Code --tuned--> Code;
        Token --embed--> Word;
        () --start--> State;
        Code --pair--> Mean * Spread;
        Code --noise--> Code;

        encode = linear(hidden, bias = biased) >> repeat(depth, residual(linear >> relu)) >> linear;
        head = repeat(2, linear(hidden / 2) >> tanh) >> linear;
        teacher = frozen Teacher;
        guide = teacher.features;
        slow = ema(encode, decay = 0.99);
        step = linear(initializer = normal(std = 0.02))^2;
        tuned = lora(linear >> dropout(0.1), rank = 2, alpha = 4.0);
        embed = embedding(9, hidden);
        start = parameter(initializer = zeros);
        pair = (linear, linear >> softplus);
        noise = fn noise::salt;
        model = encode >> head;

        soft: model ~ teacher by kl(temperature = learned(2.0)) weight 0.5;
        hard: model ~ Label by cross_entropy(ignore = [0, PAD]) weight Sample mask Present;
        guided: encode >> step^depth >> tuned ~ scale(guide, 0.5) by l1 weight learned;
        near: encode(Other) ~ stop(slow(Other)) weight temperature;
        still: encode >> pair.Mean ~ 0.0 by huber(1.0);
        narrow: minimize (encode >> pair.Mean, encode >> pair.Spread) by kl_normal;
        words: minimize embed;
        again: noise(encode) ~ again(noise(encode)) by losses::cross(hidden, [1, 2]);

        watch hits: model ~ Label by accuracy;
    }
";

/// The diagram with every construct.
pub(crate) fn everything() -> Diagram {
    let mut diagnostics = Diagnostics::default();
    let tokens: TokenStream = EVERYTHING.parse().expect("tokens");
    let trees = syntax::parse(tokens, &mut diagnostics);
    let diagram = lower::lower(&trees[0], &mut diagnostics).diagram;
    assert!(diagnostics.is_clean(), "{:#?}", diagnostics.faults());
    diagram
}

/// A diagram as it is written.
pub(crate) fn json(diagram: &Diagram) -> String {
    serde_json::to_string(diagram).expect("a diagram is data")
}

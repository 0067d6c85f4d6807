//! Mutations of diagrams, token by token, for the programs beside this file; `fuzz/run` runs them.
//!
//! libFuzzer keeps an input that reaches new code, and mutates it again. Random bytes rarely make tokens, and
//! random tokens rarely a diagram. So most mutations here move tokens of real diagrams: those of the input,
//! and those of the seeds.

use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// The folders of the repository in whose files diagrams stand.
const FOLDERS: [&str; 2] = ["diagram-codegen/tests", "tests"];

/// Numbers at which arithmetic may go wrong.
const NUMBERS: [&str; 8] = [
    "0",
    "1",
    "2",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "99999999999999999999999",
    "0.1",
];

/// Expands a diagram.
///
/// # Panics
///
/// Where the macro panics, or what it returns is no Rust.
pub fn check(diagram: &TokenStream) {
    let expanded = diagram_codegen::expand(diagram.clone());
    if let Err(error) = syn::parse2::<syn::File>(expanded.clone()) {
        panic!("{error}\nin\n{expanded}\nof\n{diagram}");
    }
}

/// The tokens of a text; nothing where it has none, as with an open bracket: rustc then calls no macro.
#[must_use]
pub fn tokens(text: &[u8]) -> Option<TokenStream> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The diagrams in a file: the tokens of each `diagram! { … }`, or all its tokens where they are not Rust.
fn diagrams(tokens: TokenStream) -> Vec<TokenStream> {
    let mut found = Vec::new();
    collect(&tokens, &mut found);
    if found.is_empty() && syn::parse2::<syn::File>(tokens.clone()).is_err() {
        found.push(tokens);
    }
    found
}

fn collect(tokens: &TokenStream, found: &mut Vec<TokenStream>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        match trees[..index] {
            [.., TokenTree::Ident(ref name), TokenTree::Punct(ref sign)]
                if name == "diagram" && sign.as_char() == '!' =>
            {
                found.push(group.stream());
            }
            _ => collect(&group.stream(), found),
        }
    }
}

/// The diagrams that mutations take tokens from.
#[derive(Debug)]
pub struct Seeds(Vec<TokenStream>);

impl Seeds {
    /// The diagrams of the tests.
    ///
    /// # Panics
    ///
    /// Where the repository cannot be read.
    #[must_use]
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        for folder in FOLDERS {
            files_with_diagrams(&root.join(folder), &mut files);
        }
        // What a seed of the generator makes is the same on each machine.
        files.sort();
        let texts = files
            .iter()
            .map(|file| std::fs::read(file).expect("a file"));
        let files = texts.filter_map(|text| tokens(&text));
        Seeds(files.flat_map(diagrams).collect())
    }

    /// Writes each diagram into a file of its own.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let mut diagrams = self.0.iter().enumerate();
        diagrams.try_for_each(|(index, diagram)| {
            std::fs::write(folder.join(format!("seed-{index}")), diagram.to_string())
        })
    }

    /// A text with one to three mutations of its tokens; nothing where it has none, and, at times, where its
    /// bytes are to be mutated.
    #[must_use]
    pub fn mutated(&self, text: &[u8], seed: u32) -> Option<String> {
        let mut random = StdRng::seed_from_u64(seed.into());
        if random.random_ratio(1, 10) {
            return None;
        }
        let mut diagram = tokens(text)?;
        for _ in 0..random.random_range(1..=3) {
            let whole = diagram.clone();
            diagram = self.mutate(diagram, &whole, &mut random);
        }
        Some(diagram.to_string())
    }

    /// Mutates these tokens, a part of `whole`, at one place.
    fn mutate(&self, part: TokenStream, whole: &TokenStream, random: &mut StdRng) -> TokenStream {
        let mut trees: Vec<TokenTree> = part.into_iter().collect();
        let at = random.random_range(0..=trees.len());
        if let Some(TokenTree::Group(group)) = trees.get(at)
            && random.random_ratio(9, 10)
        {
            let inner = self.mutate(group.stream(), whole, random);
            trees[at] = Group::new(group.delimiter(), inner).into();
            return trees.into_iter().collect();
        }
        let other = match random.random_range(0..2) {
            0 => whole,
            _ => self.0.choose(random).unwrap_or(whole),
        };
        let here = run_at(&trees, at, random);
        match random.random_range(0..12) {
            0 => drop(trees.drain(here)),
            1 => drop(trees.splice(here.start..here.start, trees[here].to_vec())),
            2 => drop(trees.splice(here, run(other, random))),
            3 | 4 => drop(trees.splice(here.start..here.start, run(other, random))),
            5 => drop(trees.splice(here.clone(), regrouped(&trees[here], random))),
            6 if at < trees.len() => {
                let with = random.random_range(0..trees.len());
                trees.swap(at, with);
            }
            _ if at < trees.len() => trees[at] = alike(&trees[at], other, random),
            _ => {}
        }
        trees.into_iter().collect()
    }
}

fn files_with_diagrams(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            files_with_diagrams(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "txt")
        {
            files.push(path);
        }
    }
}

/// The statement or argument around a token, with the sign behind it, or a few tokens from there on.
fn run_at(trees: &[TokenTree], at: usize, random: &mut StdRng) -> Range<usize> {
    if random.random_ratio(1, 4) {
        return at..trees.len().min(at + random.random_range(1..=3));
    }
    let ends = |tree: &TokenTree| matches!(tree, TokenTree::Punct(sign) if matches!(sign.as_char(), ';' | ','));
    let start = trees[..at]
        .iter()
        .rposition(ends)
        .map_or(0, |last| last + 1);
    let end = trees[at..]
        .iter()
        .position(ends)
        .map_or(trees.len(), |first| at + first + 1);
    start..end
}

/// A run of tokens from somewhere in these.
fn run(tokens: &TokenStream, random: &mut StdRng) -> Vec<TokenTree> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let at = random.random_range(0..=trees.len());
    match trees.get(at) {
        Some(TokenTree::Group(group)) if random.random_ratio(9, 10) => run(&group.stream(), random),
        _ => trees[run_at(&trees, at, random)].to_vec(),
    }
}

/// Another token of the same kind, from these tokens.
fn alike(tree: &TokenTree, others: &TokenStream, random: &mut StdRng) -> TokenTree {
    if let TokenTree::Literal(_) = tree
        && random.random_ratio(1, 2)
        && let Some(Ok(number)) = NUMBERS.choose(random).map(|text| text.parse::<Literal>())
    {
        return number.into();
    }
    let mut found = Vec::new();
    leaves(others, &mut found);
    let kind = std::mem::discriminant(tree);
    found.retain(|other| std::mem::discriminant(other) == kind);
    found.choose(random).unwrap_or(tree).clone()
}

fn leaves(tokens: &TokenStream, found: &mut Vec<TokenTree>) {
    for tree in tokens.clone() {
        match tree {
            TokenTree::Group(group) => leaves(&group.stream(), found),
            leaf => found.push(leaf),
        }
    }
}

/// The tokens of a group without it, or tokens in a group.
fn regrouped(trees: &[TokenTree], random: &mut StdRng) -> Vec<TokenTree> {
    if let [TokenTree::Group(group), rest @ ..] = trees {
        return group
            .stream()
            .into_iter()
            .chain(rest.iter().cloned())
            .collect();
    }
    let delimiters = [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace];
    let delimiter = delimiters[random.random_range(0..delimiters.len())];
    vec![Group::new(delimiter, trees.iter().cloned().collect()).into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagrams_are_found_in_modules_and_functions() {
        let found = |text: &str| -> Vec<String> {
            let tokens = tokens(text.as_bytes()).expect("tokens");
            diagrams(tokens)
                .iter()
                .map(TokenStream::to_string)
                .collect()
        };
        let file = "use x::diagram; mod m { diagram! { A } fn f() { dg::diagram!(B;); } }";
        assert_eq!(found(file), ["A", "B ;"]);
        assert_eq!(found("pub A { }"), ["pub A { }"]);
        assert!(found("fn f() {}").is_empty());
    }

    #[test]
    fn most_mutations_are_tokens_and_others_than_before() {
        assert!(tokens(b"no ) tokens").is_none() && tokens(&[0xff]).is_none());
        let seeds = Seeds::read();
        assert!(seeds.0.len() > 400, "{}", seeds.0.len());
        let text = seeds.0[0].to_string();
        let mutated = (0..1_000).filter_map(|seed| seeds.mutated(text.as_bytes(), seed));
        let mut read: Vec<String> = mutated
            .filter(|mutated| tokens(mutated.as_bytes()).is_some() && *mutated != text)
            .collect();
        read.sort();
        read.dedup();
        assert!(read.len() > 500, "{}", read.len());
    }
}

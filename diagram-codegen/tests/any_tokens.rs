//! Whatever the tokens, the macro does not panic, and what it returns is valid Rust.

use std::path::Path;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// 20,000 cases in all, over the two tests.
const CASES: u32 = 10_000;

/// One change of a token sequence, somewhere in the tree.
#[derive(Clone, Debug)]
enum Mutation {
    Delete,
    Repeat,
    SwapWithNext,
    ReplaceBy(Word),
    Insert(Word),
    OpenGroup,
}

/// Words of the language, of Rust, and of neither.
#[derive(Clone, Debug)]
enum Word {
    Name(&'static str),
    /// A keyword of Rust as an object, a type or a constant may be called, or raw where it can be.
    Keyword(&'static str, Case),
    Sign(char),
    Number(&'static str),
    Empty(Delimiter),
}

/// How a keyword is spelt.
#[derive(Clone, Copy, Debug)]
enum Case {
    UpperCamel,
    Upper,
    Raw,
}

const KEYWORDS: &[&str] = &[
    "self", "Self", "super", "crate", "_", "abstract", "as", "async", "await", "become", "box",
    "break", "const", "continue", "do", "dyn", "else", "enum", "extern", "false", "final", "fn",
    "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

const NAMES: &[&str] = &[
    "_9",
    "__1",
    "data",
    "dyn",
    "where",
    "frozen",
    "watch",
    "minimize",
    "objective",
    "trains",
    "minimizes",
    "every",
    "include",
    "over",
    "commutes",
    "at",
    "within",
    "by",
    "weight",
    "mask",
    "stop",
    "scale",
    "reverse",
    "again",
    "learned",
    "Float",
    "Int",
    "Bool",
    "fn",
    "pub",
    "const",
    "gen",
    "_",
    "linear",
    "conv2d",
    "flatten",
    "residual",
    "repeat",
    "kl",
    "mse",
    "Image",
    "Label",
    "student",
    "batch",
    "hidden",
    "lora",
    "ema",
    "parameter",
    "true",
    "crate",
    "self",
    "total",
    "loss",
];
const SIGNS: &str = "-><=~;:,*+^.&|%/#!?$@'";
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "10",
    "99999999999999999999999",
    "1.5",
    "0.1",
    "2d",
    "1e9",
    "\"text\"",
    "'c'",
    "0x1F",
];

impl Word {
    fn tree(&self) -> TokenTree {
        let span = Span::call_site();
        match self {
            Word::Name(name) => Ident::new(name, span).into(),
            Word::Keyword(name, case) => keyword(name, *case).into(),
            // A lone quote is no token.
            Word::Sign('\'') => Punct::new('$', Spacing::Joint).into(),
            Word::Sign(sign) => Punct::new(*sign, Spacing::Joint).into(),
            Word::Number(text) => text
                .parse::<Literal>()
                .map_or_else(|_| Literal::u8_suffixed(7).into(), TokenTree::from),
            Word::Empty(delimiter) => Group::new(*delimiter, TokenStream::new()).into(),
        }
    }
}

/// `Gen`, `GEN` or `r#gen`.
fn keyword(name: &str, case: Case) -> Ident {
    let span = Span::call_site();
    match (case, name) {
        (Case::UpperCamel, _) => {
            let (first, rest) = name.split_at(1);
            Ident::new(&format!("{}{rest}", first.to_uppercase()), span)
        }
        (Case::Upper, _) => Ident::new(&name.to_uppercase(), span),
        (Case::Raw, "self" | "Self" | "super" | "crate" | "_") => Ident::new(name, span),
        (Case::Raw, _) => Ident::new_raw(name, span),
    }
}

fn word() -> impl Strategy<Value = Word> {
    let cases = prop_oneof![
        2 => Just(Case::UpperCamel),
        1 => Just(Case::Upper),
        2 => Just(Case::Raw),
    ];
    let delimiter = prop_oneof![
        Just(Delimiter::Parenthesis),
        Just(Delimiter::Bracket),
        Just(Delimiter::Brace),
        Just(Delimiter::None),
    ];
    prop_oneof![
        4 => prop::sample::select(NAMES).prop_map(Word::Name),
        2 => (prop::sample::select(KEYWORDS), cases)
            .prop_map(|(name, case)| Word::Keyword(name, case)),
        4 => prop::sample::select(SIGNS.chars().collect::<Vec<_>>()).prop_map(Word::Sign),
        2 => prop::sample::select(NUMBERS).prop_map(Word::Number),
        1 => delimiter.prop_map(Word::Empty),
    ]
}

fn mutation() -> impl Strategy<Value = (Vec<prop::sample::Index>, Mutation)> {
    let change = prop_oneof![
        3 => Just(Mutation::Delete),
        2 => Just(Mutation::Repeat),
        2 => Just(Mutation::SwapWithNext),
        3 => word().prop_map(Mutation::ReplaceBy),
        3 => word().prop_map(Mutation::Insert),
        1 => Just(Mutation::OpenGroup),
    ];
    (
        prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        change,
    )
}

/// Applies a mutation at the place that `route` leads to: an index a level of nesting.
fn mutate(tokens: TokenStream, route: &[prop::sample::Index], mutation: &Mutation) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    let Some((index, deeper)) = route.split_first().filter(|_| !trees.is_empty()) else {
        return trees.into_iter().collect();
    };
    let index = index.index(trees.len());
    if let (TokenTree::Group(group), false) = (&trees[index], deeper.is_empty()) {
        let inner = mutate(group.stream(), deeper, mutation);
        trees[index] = Group::new(group.delimiter(), inner).into();
        return trees.into_iter().collect();
    }
    match mutation {
        Mutation::Delete => drop(trees.remove(index)),
        Mutation::Repeat => trees.insert(index, trees[index].clone()),
        Mutation::SwapWithNext => {
            let next = (index + 1) % trees.len();
            trees.swap(index, next);
        }
        Mutation::ReplaceBy(word) => trees[index] = word.tree(),
        Mutation::Insert(word) => trees.insert(index, word.tree()),
        Mutation::OpenGroup => {
            if let TokenTree::Group(group) = trees.remove(index) {
                trees.splice(index..index, group.stream());
            }
        }
    }
    trees.into_iter().collect()
}

fn zoo() -> Vec<TokenStream> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/zoo");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.is_file());
    files.sort();
    let mut diagrams: Vec<TokenStream> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap().parse().unwrap())
        .collect();
    // One in which everything has its meaning, several times: faults deep in the pipeline.
    let whole: TokenStream = include_str!("whole.txt").parse().unwrap();
    diagrams.extend(std::iter::repeat_n(whole, 20));
    diagrams
}

fn config() -> Config {
    Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    }
}

fn survives(tokens: &TokenStream) -> Result<TokenStream, TestCaseError> {
    let expanded = diagram_codegen::expand(tokens.clone());
    let read = syn::parse2::<syn::File>(expanded.clone());
    prop_assert!(read.is_ok(), "{}\nof\n{expanded}", read.err().unwrap());
    Ok(expanded)
}

#[test]
fn mutated_diagrams() {
    let zoo = zoo();
    let count = zoo.len();
    let strategy = (0..count, prop::collection::vec(mutation(), 1..5));
    TestRunner::new(config())
        .run(&strategy, |(diagram, mutations)| {
            let tokens = mutations
                .iter()
                .fold(zoo[diagram].clone(), |tokens, (route, mutation)| {
                    mutate(tokens, route, mutation)
                });
            survives(&tokens).map(drop)
        })
        .unwrap();
}

/// Every name in turn is a keyword, wherever it stands.
#[test]
fn keywords_as_names() {
    let whole: TokenStream = include_str!("whole.txt").parse().unwrap();
    let names = [
        "Whole", "Image", "Other", "Left", "trunk", "model", "batch", "many", "hidden", "rate",
        "soft", "accuracy",
    ];
    for name in KEYWORDS {
        for case in [Case::UpperCamel, Case::Upper, Case::Raw] {
            let keyword = keyword(name, case);
            for old in names {
                let tokens = renamed(whole.clone(), old, &keyword);
                // syn reads `gen`, which edition 2024 does not.
                let expanded = survives(&tokens).unwrap();
                assert!(!holds(expanded, "gen"), "{keyword} for {old}");
            }
        }
    }
}

/// Inputs that were not survived once.
#[test]
fn what_the_fuzzer_found() {
    for text in [
        "A { dyn batch; data X: [batch, 4]; X = self --> X; }",
        "A { dyn batch; data X: [batch, 4]; X =crate=> X; }",
        "A { dyn batch; data X: [batch, 4]; X ==gen==> X; }",
    ] {
        let expanded = survives(&text.parse().unwrap()).unwrap();
        let said = expanded.to_string();
        assert!(
            said.contains("is a keyword of Rust") && said.contains("an arrow is drawn by"),
            "{said}"
        );
        assert!(!holds(expanded, "gen"), "{text}");
    }
}

/// Whether an identifier stands somewhere.
fn holds(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => holds(group.stream(), name),
        _ => false,
    })
}

fn renamed(tokens: TokenStream, old: &str, new: &Ident) -> TokenStream {
    let named = |token| match token {
        TokenTree::Ident(ident) if ident == old => new.clone().into(),
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), renamed(group.stream(), old, new)).into()
        }
        token => token,
    };
    tokens.into_iter().map(named).collect()
}

#[test]
fn token_soups() {
    let leaf = word().prop_map(|word| word.tree());
    let trees = prop::collection::vec(leaf, 0..12).prop_map(TokenStream::from_iter);
    let soup = trees.prop_recursive(3, 60, 8, |inner| {
        let delimiter = prop::sample::select(
            &[Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace][..],
        );
        let group = (delimiter, inner)
            .prop_map(|(delimiter, inner)| TokenTree::from(Group::new(delimiter, inner)));
        let tree = prop_oneof![3 => word().prop_map(|word| word.tree()), 1 => group];
        prop::collection::vec(tree, 0..12).prop_map(TokenStream::from_iter)
    });
    let strategy = (soup, any::<bool>());
    TestRunner::new(config())
        .run(&strategy, |(soup, in_a_diagram)| {
            let tokens = if in_a_diagram {
                quote::quote!(Soup { #soup })
            } else {
                soup
            };
            survives(&tokens).map(drop)
        })
        .unwrap();
}

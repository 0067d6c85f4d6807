//! The pages in `docs/` are one book: each is in its table of contents and in rustdoc, and no link leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The modules that rustdoc shows the pages as.
const MODULES: &str = include_str!("../src/docs.rs");
/// The links between pages, as links between those modules.
const LINKS: &str = include_str!("../src/docs/links.md");

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A page, by its path from the root of the repository.
fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// The pages of the book, without its table of contents.
fn pages() -> BTreeSet<String> {
    let mut pages = BTreeSet::new();
    for folder in ["docs", "docs/book"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some((page, "md")) = name.rsplit_once('.')
                && page != "SUMMARY"
            {
                pages.insert(format!("{folder}/{name}"));
            }
        }
    }
    assert!(pages.len() > 30, "{pages:?}");
    pages
}

/// The lines of a page that are not in a block of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// A line without its code in backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The label and the target of a line that defines a link, `[label]: target`.
fn definition(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix('[')?.split_once("]: ")
}

/// The targets of the links in a page that lead to other places of this repository.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in prose(text) {
        if let Some((_, target)) = definition(line) {
            targets.push(target.to_owned());
        }
        let line = without_code(line);
        let links = line.split("](").skip(1);
        targets.extend(links.map(|link| link.split_once(')').expect("one line").0.to_owned()));
    }
    targets.retain(|target| !target.contains("://"));
    targets
}

/// The anchors of the headings of a page, as GitHub, mdbook and rustdoc make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let titles = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    titles
        .map(|title| title.replace(' ', "-"))
        .map(|title| title.replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', ""))
        .collect()
}

/// The file and the anchor that a link in a page leads to; the file by its path from the root.
fn resolved(page: &str, target: &str) -> (String, Option<String>) {
    let (file, anchor) = match target.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor.to_owned())),
        None => (target, None),
    };
    if file.is_empty() {
        return (page.to_owned(), anchor);
    }
    let mut path = PathBuf::from(page);
    path.pop();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{page}: {target}"),
            part => path.push(part),
        }
    }
    (path.into_os_string().into_string().unwrap(), anchor)
}

/// The module that rustdoc shows a page as.
fn module(page: &str) -> String {
    let page = page.strip_suffix(".md").unwrap();
    match page.strip_prefix("docs/book/") {
        Some(page) => format!("crate::docs::language::{page}"),
        None => format!("crate::docs::{}", page.strip_prefix("docs/").unwrap()),
    }
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let entries = targets(&read("docs/SUMMARY.md"));
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| format!("docs/{entry}"))
        .collect();
    let distinct: BTreeSet<_> = entries.iter().cloned().collect();
    assert_eq!(distinct.len(), entries.len(), "{entries:?}");
    assert_eq!(distinct, pages());
}

#[test]
fn every_page_is_a_module_of_its_name() {
    for page in pages() {
        let shown = match page.as_str() {
            "docs/language.md" => "include_str!(\"../docs/language.md\")".to_owned(),
            page => {
                let module = module(page);
                let (_, name) = module.rsplit_once(':').unwrap();
                format!(" {name} = \"../{page}\",")
            }
        };
        assert_eq!(MODULES.matches(&shown).count(), 1, "{shown}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut files = pages();
    files.extend(["docs/SUMMARY.md", "README.md", "CHANGELOG.md"].map(str::to_owned));
    for page in files {
        for target in targets(&read(&page)) {
            let (file, anchor) = resolved(&page, &target);
            assert!(root().join(&file).exists(), "{page}: {target}");
            if let Some(anchor) = anchor {
                let anchors = anchors(&read(&file));
                assert!(anchors.contains(&anchor), "{page}: {target}");
            }
        }
    }
}

#[test]
fn a_link_is_defined_where_it_is_used() {
    for page in pages() {
        let text = read(&page);
        let lines: Vec<_> = prose(&text).map(without_code).collect();
        let uses = |link: &str| lines.iter().map(|line| line.matches(link).count()).sum();
        let defined: Vec<_> = prose(&text).filter_map(definition).collect();
        // rustdoc would resolve a label that only its own links define.
        for (label, _) in LINKS.lines().filter_map(definition) {
            let uses: usize = uses(&format!("[{label}]"));
            match defined.iter().filter(|(known, _)| *known == label).count() {
                0 => assert_eq!(uses, 0, "{page} does not define [{label}]"),
                1 => assert!(uses > 1, "{page} does not use [{label}]"),
                _ => panic!("{page} defines [{label}] twice"),
            }
        }
        // And it resolves no link to a file.
        for target in targets(&text) {
            let defined = defined.iter().any(|(_, link)| *link == target);
            assert!(defined || target.starts_with('#'), "{page}: {target}");
        }
    }
}

#[test]
fn links_between_pages_are_links_between_modules() {
    let mut links = BTreeMap::new();
    for page in pages() {
        for (label, target) in prose(&read(&page)).filter_map(definition) {
            let (file, anchor) = resolved(&page, target);
            let anchor = anchor.map_or(String::new(), |anchor| format!("#{anchor}"));
            let target = module(&file) + &anchor;
            let same = links.insert(label.to_owned(), target.clone());
            assert!(same.is_none_or(|other| other == target), "{page}: {label}");
        }
    }
    let known = LINKS.lines().filter_map(definition);
    let known = known.map(|(label, target)| (label.to_owned(), target.to_owned()));
    assert_eq!(known.collect::<BTreeMap<_, _>>(), links);
}

#[test]
fn the_page_that_was_the_language_leads_to_every_page_of_it() {
    let text = read("docs/language.md");
    let anchors = anchors(&text);
    let sections = [
        "one-example",
        "objects-and-data",
        "dims",
        "constants",
        "generic-diagrams",
        "one-object-at-several-sizes",
        "hyper-parameters",
        "arrows",
        "definitions",
        "layers",
        "residuals-and-copies",
        "products",
        "your-own-modules-frozen-ones-composites",
        "functions-and-closures",
        "signatures",
        "slots",
        "low-rank-adapters",
        "averages",
        "paths",
        "cells",
        "a-drawing-that-is-its-own-loss",
        "what-is-generated",
        "building-calling-checking",
        "parameters-by-morphism-and-what-is-frozen",
        "training-in-a-loop",
        "training-by-burns-learner",
        "saving-loading-and-the-diagram-as-data",
        "read-but-not-supported-yet",
        "limits",
    ];
    for section in sections {
        assert!(anchors.iter().any(|anchor| anchor == section), "{section}");
    }
    for page in pages() {
        if let Some(name) = page.strip_prefix("docs/book/") {
            let link = format!("]: book/{name}");
            assert!(text.contains(&link), "no link to {page}");
        }
    }
}

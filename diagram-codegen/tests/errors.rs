//! `docs/errors.md`: every code has its section, and its examples are wrong and right as it says.

use std::collections::HashMap;
use std::path::Path;

use diagram_codegen::lower::OWNED;
use diagram_core::Code;
use proc_macro2::TokenStream;

const PAGE: &str = include_str!("../../docs/errors.md");

/// The codes that only a batch, a module or a value of a hyper-parameter can raise.
const RUN_TIME: [Code; 15] = [
    Code::TwoValues,
    Code::BatchDisagrees,
    Code::WrongOutput,
    Code::EmptyBatch,
    Code::WrongSize,
    Code::BrokenFact,
    Code::Untrainable,
    Code::NoAdapters,
    Code::OtherParameters,
    Code::NoSuchEntry,
    Code::NotFinite,
    Code::NotSavable,
    Code::OtherLayer,
    Code::OtherType,
    Code::DataNotFinite,
];

/// The codes that only rustc can raise, when it evaluates constants or asks for a trait.
const BY_RUSTC: [Code; 2] = [Code::StatedOtherwise, Code::NoSuchMap];

/// The sections of the page by their titles, each with its text.
fn sections() -> HashMap<&'static str, &'static str> {
    let sections = PAGE.split("\n## ").skip(1);
    sections
        .map(|section| section.split_once('\n').expect("a title"))
        .collect()
}

/// The one example of a section with this info string.
fn example(section: &'static str, info: &str) -> &'static str {
    let opening = format!("```text,{info}\n");
    let mut fences = section.split(&opening).skip(1);
    let (Some(fence), None) = (fences.next(), fences.next()) else {
        panic!("a section has one example with `{info}`: {section}");
    };
    fence.split_once("\n```").expect("the end of an example").0
}

/// What a diagram expands to, or an item with its `#[signature]`.
fn expanded(example: &str) -> TokenStream {
    let tokens: TokenStream = example.parse().expect("tokens");
    let Some(after) = example.strip_prefix("#[signature(") else {
        return diagram_codegen::expand(tokens);
    };
    let (arguments, item) = after.split_once(")]").expect("the end of the attribute");
    let [arguments, item] = [arguments, item].map(|text| text.parse().expect("tokens"));
    diagram_codegen::signature(arguments, item)
}

/// What the compiler would say about a diagram: the texts of its errors, and of its warnings.
fn said(diagram: &str) -> (Vec<String>, Vec<String>) {
    let file: syn::File = syn::parse2(expanded(diagram)).expect("valid Rust");
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    for item in file.items {
        match item {
            syn::Item::Macro(item)
                if item
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "compile_error") =>
            {
                let text: syn::LitStr = item.mac.parse_body().expect("a message");
                errors.push(text.value());
            }
            syn::Item::Const(item) if item.ident == "_" => {
                warnings.push(quote::ToTokens::to_token_stream(&item.expr).to_string());
            }
            _ => {}
        }
    }
    (errors, warnings)
}

/// Whether this code, and no other, ends the first line of each text.
fn all_end_in(texts: &[String], code: Code) -> bool {
    let code = format!("[{code}]");
    !texts.is_empty()
        && texts
            .iter()
            .all(|text| text.contains(&code) && text.matches("[D").count() == 1)
}

#[test]
fn every_code_has_its_section() {
    let sections = sections();
    for code in Code::ALL {
        let title = format!("{code}: {}", code.title());
        assert!(
            sections.contains_key(title.as_str()),
            "no section `{title}`"
        );
    }
    let codes = sections
        .keys()
        .filter(|title| title.starts_with("D0"))
        .count();
    assert_eq!(
        codes,
        Code::ALL.len(),
        "a section of a code that does not exist"
    );
}

#[test]
fn wrong_examples_fail_with_the_code_of_their_section_and_right_ones_do_not() {
    let sections = sections();
    for code in Code::ALL
        .iter()
        .copied()
        .filter(|code| !RUN_TIME.contains(code) && !BY_RUSTC.contains(code))
    {
        let section = sections[format!("{code}: {}", code.title()).as_str()];
        let (errors, warnings) = said(example(section, "wrong"));
        if code.number().starts_with("D07") {
            assert!(
                errors.is_empty() && all_end_in(&warnings, code),
                "{code}: {errors:#?} {warnings:#?}"
            );
        } else {
            assert!(all_end_in(&errors, code), "{code}: {errors:#?}");
        }
        let (errors, warnings) = said(example(section, "right"));
        assert!(
            errors.is_empty() && warnings.is_empty(),
            "{code}: {errors:#?} {warnings:#?}"
        );
    }
}

/// The text of every file below a folder of this repository, with this ending.
fn texts(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                return texts(&path, ending);
            }
            let named = path
                .extension()
                .is_some_and(|extension| extension == ending);
            let text = named.then(|| std::fs::read_to_string(&path).expect("text"));
            text.into_iter().collect()
        })
        .collect()
}

/// As a user meets it: in what rustc prints, or in an error of a generated model.
#[test]
fn every_code_is_in_a_test_of_compile_errors_or_of_behaviour() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let printed = texts(&tests.join("ui/cases"), "stderr");
    let asserted = texts(&tests.join("behaviour"), "rs");
    for code in Code::ALL {
        let shown = format!("[{code}]");
        let met = if RUN_TIME.contains(code) {
            &asserted
        } else {
            &printed
        };
        assert!(met.iter().any(|text| text.contains(&shown)), "{code}");
    }
}

#[test]
fn codes_of_rustc_and_of_run_time_show_their_text() {
    let sections = sections();
    for code in RUN_TIME.into_iter().chain(BY_RUSTC) {
        let section = sections[format!("{code}: {}", code.title()).as_str()];
        assert!(
            section.contains("```text\n") && section.contains(&format!("[{code}]\n")),
            "{code}"
        );
    }
}

#[test]
fn the_page_lists_the_names_that_a_morphism_cannot_have() {
    let section = sections()["The names that a morphism cannot have"];
    let names: Vec<_> = section.split('`').skip(1).step_by(2).collect();
    assert_eq!(names, OWNED);
    for name in OWNED {
        let diagram = format!("pub Part {{ A: [4]; B: [2]; A --{name}--> B; {name} = linear; }}");
        let (errors, _) = said(&diagram);
        assert!(all_end_in(&errors, Code::OwnedName), "{name}: {errors:#?}");
    }
}

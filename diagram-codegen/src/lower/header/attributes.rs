//! Attributes above a diagram and what is in it: the warnings that they silence, what is passed on to
//! generated items, and what cannot stand there.

use diagram_core::{Code, Fault, fault::nearest};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use crate::lower::output::Attributes;
use crate::lower::reports::Reports;
use crate::place::Place;
use crate::syntax::tree::{self, Item, ItemKind, Rust, Space, bare};

/// What a list of lints may stand in.
const LEVELS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

/// The lints of a list, and the rest of it: `reason = "…"`.
type Lints = Punctuated<syn::Meta, syn::Token![,]>;

/// The level and the lints of an attribute that is about lints.
fn lints(attribute: &syn::Attribute) -> Option<(&Ident, Lints)> {
    let level = attribute.path().get_ident()?;
    if !LEVELS.iter().any(|known| level == known) {
        return None;
    }
    let lints = attribute.parse_args_with(Lints::parse_terminated).ok()?;
    Some((level, lints))
}

/// What is spelt as a code, as no lint of rustc's or of a tool's is.
fn code(lint: &syn::Meta) -> Option<&Ident> {
    let syn::Meta::Path(path) = lint else {
        return None;
    };
    let name = path.get_ident()?;
    let text = name.to_string();
    let number = text.strip_prefix(['D', 'd'])?;
    let is_number = !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit());
    is_number.then_some(name)
}

/// The codes of the warnings that can be silenced.
fn warnings() -> impl Iterator<Item = Code> {
    let all = Code::ALL.iter().copied();
    all.filter(|code| code.is_warning())
}

/// Whether attributes silence a warning.
fn silence(attributes: Attributes<'_>, warning: Code) -> bool {
    let mut lints = attributes.iter().filter_map(|attribute| lints(attribute));
    lints.any(|(level, lints)| {
        let mut codes = lints.iter().filter_map(code);
        level == "allow" && codes.any(|code| code == warning.number())
    })
}

/// On which conditions a whole diagram is there.
pub(crate) fn conditions(tree: &tree::Diagram) -> Vec<&syn::Attribute> {
    let all = tree.attributes.iter().map(|attribute| &attribute.0);
    all.filter(|attribute| attribute.path().is_ident("cfg"))
        .collect()
}

/// An attribute as generated items have it: without the codes of warnings, and none that is about the whole
/// diagram.
pub(crate) fn passed_on(attribute: &syn::Attribute) -> Option<syn::Attribute> {
    let mut passed = attribute.clone();
    let path = attribute.path();
    let fits = ["doc", "deprecated", "must_use"].iter().chain(&LEVELS);
    // What does not fit is at fault, or is about the whole diagram.
    if path.segments.len() == 1 && fits.into_iter().all(|known| !path.is_ident(known)) {
        return None;
    }
    let Some((_, lints)) = lints(attribute) else {
        return Some(passed);
    };
    let others: Vec<_> = lints.iter().filter(|lint| code(lint).is_none()).collect();
    if others.len() == lints.len() {
        return Some(passed);
    }
    // A reason alone is none.
    let named = others.iter().any(|lint| matches!(lint, syn::Meta::Path(_)));
    if let syn::Meta::List(list) = &mut passed.meta {
        let others: Lints = others.into_iter().cloned().collect();
        list.tokens = others.to_token_stream();
    }
    named.then_some(passed)
}

impl Reports<'_> {
    /// The faults of attributes.
    pub(in crate::lower) fn attributes(&mut self) {
        let tree = self.tree;
        let of_hypers = tree.hypers.iter().map(|hyper| &hyper.attributes);
        let of_items = tree.items.iter().map(|item| &item.attributes);
        for attribute in &tree.attributes {
            self.may_stand(attribute, true);
            self.lints_are_known(attribute);
        }
        for attribute in of_hypers.chain(of_items).flatten() {
            self.may_stand(attribute, false);
            self.lints_are_known(attribute);
        }
    }

    /// What is passed on must fit all that is generated.
    fn may_stand(&mut self, attribute: &syn::Attribute, above_all: bool) {
        let path = attribute.path();
        let name = Rust(path.clone()).text();
        // The derive of a model uses its name, so rustc would warn of that use.
        let own: &[_] = if above_all {
            &["cfg", "must_use"]
        } else {
            &["deprecated"]
        };
        let known = ["doc"].iter().chain(&LEVELS).chain(own);
        let tool = path.segments.len() > 1
            && ["clippy", "diagnostic", "rustdoc", "rustfmt"]
                .iter()
                .any(|tool| name.starts_with(tool));
        if tool || known.into_iter().any(|known| *known == name) {
            return;
        }
        let of = if above_all {
            "a diagram"
        } else {
            "a part of a diagram"
        };
        // error: `cfg` cannot stand above a part of a diagram [D0012]
        let message = format!("`{name}` cannot stand above {of}");
        let fault = Fault::new(Code::MisplacedAttribute, message);
        let fault = match name.as_str() {
            "cfg" | "cfg_attr" => {
                fault.help("put the diagram in a `mod` of that `cfg`, or write two diagrams")
            }
            "deprecated" => fault.help("put the diagram in a `mod` that is `#[deprecated]`"),
            _ => fault.note(
                "doc comments and lints, such as `allow`, are passed on to what is generated",
            ),
        };
        self.fault(Place::of(path.span()), fault);
    }

    /// Codes stand in `allow`, and are those of warnings.
    fn lints_are_known(&mut self, attribute: &syn::Attribute) {
        let Some((level, lints)) = lints(attribute) else {
            return;
        };
        for name in lints.iter().filter_map(code) {
            let (text, place) = (name.to_string(), Place::of(name.span()));
            let known = warnings().find(|code| code.number() == text);
            if let Some(known) = known {
                if level != "allow" {
                    // error: `expect` knows no warnings of diagrams, such as `D0702` [D0117]
                    let message =
                        format!("`{level}` knows no warnings of diagrams, such as `{text}`");
                    let help = format!("`#[allow({known})]` silences it");
                    let fault = Fault::new(Code::UnknownWarning, message).help(help);
                    self.fault(Place::of(level.span()), fault);
                }
                continue;
            }
            let exists = Code::ALL.iter().find(|code| code.number() == text);
            let fault = match exists {
                // error: `D0301` is an error, and only a warning can be silenced [D0117]
                Some(_) => {
                    let message =
                        format!("`{text}` is an error, and only a warning can be silenced");
                    Fault::new(Code::UnknownWarning, message)
                }
                // error: there is no warning `D0799` [D0117]
                None => {
                    let message = format!("there is no warning `{text}`");
                    let near = nearest(&text, warnings().map(Code::number));
                    let help = near.map(|near| format!("did you mean `{near}`?"));
                    Fault::new(Code::UnknownWarning, message).maybe_help(help)
                }
            };
            self.fault(place, fault);
        }
    }

    /// Records a warning, unless what stands above the diagram, or above the items that it is about, silences
    /// it.
    pub(in crate::lower) fn warn(
        &mut self,
        above: &[Attributes<'_>],
        place: Place,
        warning: Fault,
    ) {
        let code = warning.code;
        let all = [self.tree.attributes.as_slice()];
        if all
            .iter()
            .chain(above)
            .any(|attributes| silence(attributes, code))
        {
            return;
        }
        let note =
            format!("`#[allow({code})]` above it or above the diagram silences this warning");
        self.diagnostics.warning(place, warning.note(note));
    }

    /// Records a warning about what has names.
    pub(in crate::lower) fn warn_of<const N: usize>(
        &mut self,
        names: [&String; N],
        place: Place,
        warning: Fault,
    ) {
        let tree = self.tree;
        let about = |item: &&Item| names.iter().any(|name| declares(&item.kind, name));
        let declaring = tree.items.iter().filter(about);
        let above: Vec<_> = declaring.map(|item| item.attributes.as_slice()).collect();
        self.warn(&above, place, warning);
    }
}

/// Where the leading axis of a datum is drawn, if it has a shape of its own.
pub(in crate::lower) fn leading_axis(tree: &tree::Diagram, datum: &str) -> Option<Place> {
    tree.items.iter().find_map(|item| match &item.kind {
        ItemKind::Data {
            names,
            space: Space::Own(shape),
            ..
        } if names.iter().any(|name| bare(name) == datum) => Some(shape.dims.first()?.place),
        _ => None,
    })
}

/// Whether an item declares or defines an object, a datum or a morphism of this name.
fn declares(item: &ItemKind, name: &str) -> bool {
    match item {
        ItemKind::Object { name: own, .. } | ItemKind::Definition { name: own, .. } => {
            bare(own) == name
        }
        ItemKind::Data { names, .. } => names.iter().any(|own| bare(own) == name),
        ItemKind::Chain { links, .. } => links.iter().any(|(arrow, _)| bare(&arrow.name) == name),
        _ => false,
    }
}

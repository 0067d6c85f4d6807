//! Tokens, one after another: names, signs, groups and lists, with the messages they share.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident, Literal, Spacing, Span, TokenTree};
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use super::found::Found;
use super::tree::{Rust, bare};
pub(super) use super::words::{RESERVED, is_keyword, is_path_keyword};
use super::{Error, Result};
use crate::place::Place;

/// Where reading stands.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    input: ParseStream<'a>,
    found: &'a Found,
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: ParseStream<'a>, found: &'a Found) -> Self {
        Reader { input, found }
    }

    /// What was found so far.
    pub(super) fn found(self) -> &'a Found {
        self.found
    }

    /// Records a fault that does not stop reading.
    pub(super) fn record(self, place: Place, fault: Fault) {
        self.found.fault(place, fault);
    }

    /// Records why something could not be read.
    pub(super) fn fail(self, error: Error) {
        let (place, fault) = *error.0;
        self.found.fault(place, fault);
    }

    pub(super) fn cursor(self) -> Cursor<'a> {
        self.input.cursor()
    }

    pub(super) fn is_empty(self) -> bool {
        self.input.is_empty()
    }

    /// The span of the next token, or of the closing delimiter.
    pub(super) fn start(self) -> Span {
        self.input.span()
    }

    /// From `start` to the last token read.
    pub(super) fn since(self, start: Span) -> Place {
        Place {
            start,
            end: self.cursor().prev_span(),
        }
    }

    /// The next token; after the last one, the last.
    pub(super) fn here(self) -> Place {
        Place::of(if self.is_empty() {
            self.cursor().prev_span()
        } else {
            self.start()
        })
    }

    /// Takes one token, whatever it is.
    pub(super) fn skip(self) -> Option<TokenTree> {
        self.input.parse().ok()
    }

    /// A piece of Rust.
    pub(super) fn rust<T: syn::parse::Parse>(self) -> Result<Rust<T>> {
        Ok(Rust(self.input.parse()?))
    }

    /// A piece of Rust that has a parser of its own.
    pub(super) fn call<T>(self, parser: fn(ParseStream<'_>) -> syn::Result<T>) -> Result<T> {
        Ok(parser(self.input)?)
    }

    // error: expected a dim, found `]` [D0001]
    // error: expected a dim, but nothing follows [D0001]
    pub(super) fn expected(self, what: &str) -> Error {
        let (place, message) = match describe(self.cursor()) {
            Some((found, end)) => (
                self.here().to(end),
                format!("expected {what}, found `{found}`"),
            ),
            None => (self.here(), format!("expected {what}, but nothing follows")),
        };
        Error::new(place, Fault::new(Code::UnexpectedToken, message))
    }

    /// Whether this word of the language comes next. A raw name is never a word.
    pub(super) fn at_word(self, word: &str) -> bool {
        self.cursor()
            .ident()
            .is_some_and(|(ident, _)| ident == word)
    }

    /// The word, if it comes next.
    pub(super) fn eat_word(self, word: &str) -> Option<Place> {
        let here = self.here();
        self.at_word(word).then(|| {
            self.skip();
            here
        })
    }

    /// Whether this sign comes next, as a token of Rust: `=` is not the start of `==`.
    pub(super) fn at_sign(self, sign: &str) -> bool {
        after_sign(self.cursor(), sign).is_some()
    }

    /// The sign, if it comes next.
    pub(super) fn eat_sign(self, sign: &str) -> Option<Place> {
        self.at_sign(sign).then(|| self.take(sign.len()))
    }

    /// The sign, or why not.
    pub(super) fn sign(self, sign: &str, after: &str) -> Result<Place> {
        let what = format!("`{sign}` after {after}");
        self.eat_sign(sign).ok_or_else(|| self.expected(&what))
    }

    /// Whether these signs come next, however they are spaced: `macro_rules!` bodies drop the
    /// jointness of `--`.
    pub(super) fn at_signs(self, signs: &str) -> bool {
        after_signs(self.cursor(), signs).is_some()
    }

    /// The signs, if they come next, however they are spaced.
    pub(super) fn eat_signs(self, signs: &str) -> Option<Place> {
        self.at_signs(signs).then(|| self.take(signs.len()))
    }

    fn take(self, count: usize) -> Place {
        let start = self.start();
        for _ in 0..count {
            self.skip();
        }
        self.since(start)
    }

    /// Whether a group of this kind comes next.
    pub(super) fn at_group(self, delimiter: Delimiter) -> bool {
        self.cursor().group(delimiter).is_some()
    }

    /// Whether `()` comes next.
    pub(super) fn at_unit(self) -> bool {
        matches!(self.cursor().group(Delimiter::Parenthesis), Some((inner, ..)) if inner.eof())
    }

    /// What stands in a group, all of it.
    pub(super) fn group<T>(
        self,
        delimiter: Delimiter,
        read: impl FnOnce(Reader<'_>) -> Result<T>,
    ) -> Result<T> {
        let content = match delimiter {
            Delimiter::Parenthesis => enter_parentheses(self.input)?,
            Delimiter::Bracket => enter_brackets(self.input)?,
            Delimiter::Brace | Delimiter::None => enter_braces(self.input)?,
        };
        let inner = Reader {
            input: &content,
            found: self.found,
        };
        let value = read(inner)?;
        if inner.is_empty() {
            Ok(value)
        } else {
            Err(inner.expected("`,` or the end of the list"))
        }
    }

    /// `item,*` to the end of the group; a last `,` may follow.
    pub(super) fn list<T>(self, item: impl Fn(Reader<'a>) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while !self.is_empty() {
            items.push(item(self)?);
            if self.eat_sign(",").is_none() {
                break;
            }
        }
        Ok(items)
    }

    /// `item,+`
    pub(super) fn several<T>(self, item: impl Fn(Reader<'a>) -> Result<T>) -> Result<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat_sign(",").is_some() {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// A literal, if one comes next.
    pub(super) fn literal(self) -> Option<Literal> {
        let (literal, _) = self.cursor().literal()?;
        self.skip();
        Some(literal)
    }

    /// A whole number, if one comes next.
    pub(super) fn integer(self, what: &str) -> Result<Rust<Literal>> {
        match self.cursor().literal() {
            Some((literal, _)) if is_integer(&literal) => {
                self.skip();
                Ok(Rust(literal))
            }
            _ => Err(self.expected(what)),
        }
    }

    /// A name, wherever one is used. `what` says what it would name: `an object`.
    pub(super) fn name(self, what: &str) -> Result<Ident> {
        if let Some((ident, _)) = self.cursor().ident() {
            let text = ident.to_string();
            if text == "_" {
                return Err(self.expected(&format!("the name of {what}")));
            }
            let place = self.here();
            self.skip();
            if is_path_keyword(&text) {
                // error: `self` is a keyword of Rust, so it cannot name a morphism [D0008]
                let message = format!("`{text}` is a keyword of Rust, so it cannot name {what}");
                // Within a macro of the caller's, `$crate` is one token.
                let other = format!("{}_", text.trim_start_matches('$'));
                let help = format!("choose another name, such as `{other}`");
                let fault = Fault::new(Code::KeywordAsName, message).help(help);
                self.found.once(&text, place, fault);
                return Ok(Ident::new(&other, ident.span()));
            }
            if !is_keyword(&text) {
                return Ok(ident);
            }
            // error: `gen` is a keyword of Rust, so it cannot name a morphism as it stands [D0008]
            let message =
                format!("`{text}` is a keyword of Rust, so it cannot name {what} as it stands");
            let help = format!("write it raw wherever it stands: `r#{text}`");
            let fault = Fault::new(Code::KeywordAsName, message).help(help);
            self.found.once(&text, place, fault);
            return Ok(Ident::new_raw(&text, ident.span()));
        }
        match self.cursor().literal() {
            Some((literal, _)) if is_number(&literal) => self.number_as_name(&literal, what),
            _ => Err(self.expected(&format!("the name of {what}"))),
        }
    }

    // error: `2d` is a number, so it cannot name a morphism [D0007]
    fn number_as_name(self, literal: &Literal, what: &str) -> Result<Ident> {
        let text = literal.to_string();
        let message = format!("`{text}` is a number, so it cannot name {what}");
        let fault = Fault::new(Code::NumberAsName, message);
        let place = self.here();
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let letters = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        let proposal = if letters.is_empty() {
            format!("n{digits}")
        } else {
            format!("{letters}{digits}")
        };
        if syn::parse_str::<Ident>(&proposal).is_err() {
            return Err(Error::new(place, fault.help("start it with a letter")));
        }
        self.skip();
        let fault = fault.help(format!("start it with a letter: `{proposal}`"));
        self.found.once(&text, place, fault);
        // Every use is read alike, so the rest of the diagram is still understood.
        Ok(Ident::new(&proposal, literal.span()))
    }

    /// A name where it is declared and may later stand in a path.
    pub(super) fn declared(self, what: &str) -> Result<Ident> {
        let name = self.name(what)?;
        let text = bare(&name);
        if let Some((_, meaning)) = RESERVED.iter().find(|(word, _)| *word == text) {
            // error: `stop` is a word of the language, so it cannot name a morphism [D0009]
            let message = format!("`{text}` is a word of the language, so it cannot name {what}");
            let fault = Fault::new(Code::ReservedWord, message).note(*meaning);
            self.found.once(&text, Place::of(name.span()), fault);
        }
        Ok(name)
    }
}

pub(super) fn is_number(literal: &Literal) -> bool {
    literal
        .to_string()
        .starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn is_integer(literal: &Literal) -> bool {
    syn::parse_str::<syn::LitInt>(&literal.to_string()).is_ok()
}

/// What follows the sign, if it comes next as a token of Rust.
pub(super) fn after_sign<'a>(cursor: Cursor<'a>, sign: &str) -> Option<Cursor<'a>> {
    const GLUED: [&str; 9] = ["::", "==", "=>", ">>", ">=", "<=", "->", "<-", "||"];
    let mut rest = cursor;
    let mut last = None;
    for wanted in sign.chars() {
        if matches!(last, Some(Spacing::Alone)) {
            return None;
        }
        let (punct, after) = rest.punct()?;
        if punct.as_char() != wanted {
            return None;
        }
        last = Some(punct.spacing());
        rest = after;
    }
    let longer = |next: char| {
        GLUED
            .iter()
            .any(|glued| sign.len() == 1 && **glued == *format!("{sign}{next}"))
    };
    match rest.punct() {
        Some((next, _)) if last == Some(Spacing::Joint) && longer(next.as_char()) => None,
        _ => Some(rest),
    }
}

/// What follows the signs, if they come next, however they are spaced.
pub(super) fn after_signs<'a>(cursor: Cursor<'a>, signs: &str) -> Option<Cursor<'a>> {
    signs.chars().try_fold(cursor, |rest, wanted| {
        rest.punct()
            .filter(|(punct, _)| punct.as_char() == wanted)
            .map(|(_, after)| after)
    })
}

/// The next token as messages show it, and where it ends; signs that touch are shown together.
fn describe(cursor: Cursor<'_>) -> Option<(String, Place)> {
    let (token, mut rest) = cursor.token_tree()?;
    let (mut text, mut end) = match &token {
        TokenTree::Group(group) => (opening(group.delimiter()).to_owned(), group.span_open()),
        token => (token.to_string(), token.span()),
    };
    let mut joint = matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    while joint
        && let Some((punct, after)) = rest.punct()
        && !matches!(punct.as_char(), ',' | ';')
    {
        text.push(punct.as_char());
        joint = punct.spacing() == Spacing::Joint;
        end = punct.span();
        rest = after;
    }
    Some((text, Place::of(end)))
}

fn opening(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Parenthesis => "(",
        Delimiter::Bracket => "[",
        Delimiter::Brace => "{",
        Delimiter::None => "",
    }
}

macro_rules! enter {
    ($($name:ident = $macro:ident),*) => {$(
        fn $name(input: ParseStream<'_>) -> syn::Result<syn::parse::ParseBuffer<'_>> {
            let content;
            syn::$macro!(content in input);
            Ok(content)
        }
    )*};
}

enter!(
    enter_parentheses = parenthesized,
    enter_brackets = bracketed,
    enter_braces = braced
);

//! Numbers that a loss does not take: what is said of them, and that what is proposed, pasted, says nothing more.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// A diagram whose morphism `f` is this chain, with a cell by this loss.
fn diagram(chain: &str, cell: &str) -> String {
    format!(
        "pub Numbers(raw: bool = true) {{
            dyn batch, time, length;
            data Image: [batch, 8];
            data Heard: [time, batch, 8];
            data Label: Int[batch];
            data Yes: Bool[batch, 4];
            data Count: Int[batch, 4];
            data Row: [batch, 4];
            data Said: Int[batch, length];
            data Times, Lengths: Int[batch];
            Spread: [batch, 4];
            Scores: [batch, 4];
            Moved: [batch, 4];
            Letters: [time, batch, 4];
            Image --f--> Scores --turn--> Moved;
            Image --g--> Scores;
            Image --own--> Scores;
            Image --both--> Scores * Spread;
            Heard --hear--> Letters;
            f = {chain};
            g = linear;
            own = Mine;
            turn = reshape[batch, 2, 2] >> dropout(0.1) >> flatten;
            both = (linear, {chain});
            hear = linear >> {hear};
            c: {cell};
        }}",
        hear = match chain.split_once("softmax(1)") {
            Some(_) => chain
                .split(" >> ")
                .last()
                .unwrap_or(chain)
                .replace("(1)", "(2)"),
            None => "tanh".to_owned(),
        },
    )
}

/// What the compiler would say of it: errors, then warnings about numbers.
fn said(diagram: &str) -> Vec<String> {
    let items = diagram_codegen::expand(diagram.parse().expect("tokens"));
    let mut texts = Vec::new();
    strings(items, &mut texts);
    let is_said = |text: &String| text.contains("[D0") && !text.contains("[D0702]");
    texts.retain(is_said);
    texts
}

/// Every string in some tokens.
fn strings(tokens: TokenStream, texts: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => strings(group.stream(), texts),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse2::<syn::LitStr>(literal.to_token_stream()) {
                    texts.push(text.value());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The chain and the cell as the help of a warning says.
fn pasted(warning: &str, chain: &str, cell: &str) -> (String, String) {
    let (_, help) = warning.split_once("help: ").expect("a help");
    if let Some(rest) = help.strip_prefix("leave `") {
        let (layer, _) = rest.split_once('`').expect("a layer");
        let left = chain.replace(&format!(" >> {layer}"), "");
        assert_ne!(left, chain);
        return (left, cell.to_owned());
    }
    let code = help.trim().trim_matches('`');
    match code.strip_prefix("f = ") {
        Some(chain) => (chain.trim_end_matches(';').to_owned(), cell.to_owned()),
        None => {
            let (ends, _) = cell.split_once(" by ").expect("a loss");
            (chain.to_owned(), format!("{ends} by {code}"))
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_proposed_says_nothing_more() {
    for (chain, cell, message) in [
        (
            "linear >> softmax(1)",
            "f ~ Label by cross_entropy",
            "the loss of `f ~ Label` takes logits, but `f` ends in `softmax(1)` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "f ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear",
            "f ~ Label by cross_entropy(axis = 1, logits = false)",
            "`cross_entropy` takes probabilities that sum to 1, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> log_softmax(1)",
            "f ~ Label by cross_entropy(logits = false)",
            "`cross_entropy` takes probabilities that sum to 1, but `f` ends in `log_softmax(1)` [D0704]",
        ),
        (
            "linear >> softmax(1)",
            "f ~ Row by soft_cross_entropy",
            "the loss of `f ~ Row` takes logits, but `f` ends in `softmax(1)` [D0704]",
        ),
        (
            "linear",
            "g ~ f by soft_cross_entropy",
            "`soft_cross_entropy` takes probabilities that sum to 1 as `target`, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> softmin(1)",
            "g ~ f by kl",
            "the loss of `g ~ f` takes logits, but `f` ends in `softmin(1)` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "g ~ f by kl",
            "`kl` takes logits as `target`, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear",
            "f ~ Yes by binary_cross_entropy(smoothing = 0.1)",
            "`binary_cross_entropy` takes numbers from 0 to 1, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> relu",
            "f ~ Yes by binary_cross_entropy",
            "`binary_cross_entropy` takes numbers from 0 to 1, but `f` ends in `relu` [D0704]",
        ),
        (
            "linear >> tanh",
            "f ~ Yes by binary_cross_entropy",
            "`binary_cross_entropy` takes numbers from 0 to 1, but `f` ends in `tanh` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "f ~ Yes by binary_cross_entropy(logits = true)",
            "`binary_cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear >> relu",
            "f ~ Yes by binary_cross_entropy(logits = true)",
            "`binary_cross_entropy` takes logits, but `f` ends in `relu` [D0704]",
        ),
        (
            "linear",
            "g ~ f by binary_cross_entropy(logits = true)",
            "`binary_cross_entropy` takes numbers from 0 to 1 as `target`, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "f ~ Count by soft_margin",
            "`soft_margin` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear",
            "f ~ Count by poisson_nll(log_input = false)",
            "`poisson_nll` takes numbers of at least 0, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> softplus",
            "f ~ Count by poisson_nll(full = true)",
            "`poisson_nll` takes logarithms, but `f` ends in `softplus` [D0704]",
        ),
        (
            "linear",
            "minimize (g, Row, f) by gaussian_nll",
            "`gaussian_nll` takes numbers of at least 0 as `variance`, but `f` ends in `linear` [D0704]",
        ),
        (
            "linear >> softplus",
            "minimize (g, f) by kl_normal",
            "`kl_normal` takes logarithms as `log_variance`, but `f` ends in `softplus` [D0704]",
        ),
        // Layers and morphisms that keep the numbers are passed, and so are powers and copies.
        (
            "linear >> sigmoid >> dropout(0.5)",
            "f ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "f >> turn ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear >> sigmoid",
            "scale(f, 0.5) ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
    ] {
        let first = said(&diagram(chain, cell));
        let [warning] = first.as_slice() else {
            panic!("`{chain}` with `{cell}`: {first:#?}");
        };
        assert_eq!(warning.lines().next(), Some(message), "{warning}");
        let (chain, cell) = pasted(warning, chain, cell);
        let then = said(&diagram(&chain, &cell));
        assert!(then.is_empty(), "`{chain}` with `{cell}`: {then:#?}");
    }
}

#[test]
fn factors_and_what_is_inside_of_combinators_is_seen() {
    for (chain, cell, message) in [
        (
            "linear",
            "minimize (both.Scores, Row, both.Spread) by gaussian_nll",
            "`gaussian_nll` takes numbers of at least 0 as `variance`, but `both` ends in `linear` [D0704]",
        ),
        (
            "linear >> softplus",
            "minimize both by kl_normal",
            "`kl_normal` takes logarithms as `log_variance`, but `both` ends in `softplus` [D0704]",
        ),
        (
            "linear >> repeat(2, linear >> sigmoid)",
            "f ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear >> (linear >> sigmoid)^2",
            "f ~ Label by cross_entropy",
            "`cross_entropy` takes logits, but `f` ends in `sigmoid` [D0704]",
        ),
        (
            "linear >> softmax(1)",
            "minimize (hear, Said, Times, Lengths) by ctc",
            "`ctc` takes logarithms of probabilities, but `hear` ends in `softmax(2)` [D0704]",
        ),
        (
            "linear >> softmax(1)",
            "minimize (Heard >> hear, Said, Times, Lengths) by ctc",
            "`ctc` takes logarithms of probabilities, but `hear` ends in `softmax(2)` [D0704]",
        ),
    ] {
        let first = said(&diagram(chain, cell));
        let [warning] = first.as_slice() else {
            panic!("`{chain}` with `{cell}`: {first:#?}");
        };
        assert_eq!(warning.lines().next(), Some(message), "{warning}");
    }
}

#[test]
fn nothing_is_said_of_what_may_be_meant() {
    for (chain, cell) in [
        ("linear", "f ~ Label by cross_entropy"),
        ("linear >> log_softmax(1)", "f ~ Label by cross_entropy"),
        ("linear >> relu", "f ~ Label by cross_entropy"),
        (
            "linear >> softmax(1)",
            "f ~ Label by cross_entropy(logits = false)",
        ),
        (
            "linear >> softmax(1)",
            "f ~ Label by cross_entropy(logits = raw)",
        ),
        ("linear >> softmax(1)", "f ~ g"),
        ("linear >> softmax(1)", "f ~ Yes by binary_cross_entropy"),
        ("linear >> softmax(1)", "g ~ f by soft_cross_entropy"),
        ("linear >> sigmoid", "f ~ Yes by binary_cross_entropy"),
        (
            "linear >> hardtanh(min_val = 0.0)",
            "f ~ Yes by binary_cross_entropy",
        ),
        (
            "linear >> tanh",
            "f ~ Yes by binary_cross_entropy(logits = true)",
        ),
        (
            "linear >> residual(linear)",
            "f ~ Yes by binary_cross_entropy",
        ),
        (
            "(linear, linear) >> multiply",
            "f ~ Yes by binary_cross_entropy",
        ),
        ("linear", "own ~ Yes by binary_cross_entropy"),
        (
            "linear >> relu",
            "f ~ Count by poisson_nll(log_input = false)",
        ),
        ("linear", "f ~ Count by poisson_nll"),
        ("linear", "minimize (g, f) by kl_normal"),
        (
            "linear >> log_softmax(1)",
            "minimize (hear, Said, Times, Lengths) by ctc",
        ),
        ("linear", "f ~ g by mine::own"),
        ("linear >> softmax(1)", "minimize f"),
    ] {
        let said = said(&diagram(chain, cell));
        assert!(said.is_empty(), "`{chain}` with `{cell}`: {said:#?}");
    }
}

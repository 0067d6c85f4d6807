//! Expansions, and diagrams as text and as Mermaid, compared with those that a person has read.
//!
//! They lie in `snapshots/`. After a change that is meant, `INSTA_UPDATE=always cargo test -p
//! diagram-codegen --test snapshots` writes them anew; what `git diff` then shows is to be read.

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::{expand, lower, syntax};
use proc_macro2::TokenStream;

const DISTILLATION: &str = "
    /// Knowledge distillation: a small student agrees with a frozen teacher and with the labels.
    pub Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;
        student = flatten >> linear(hidden) >> relu >> linear;

        soft: student ~ teacher by kl(temperature) weight 0.7;
        hard: student ~ Label   by cross_entropy   weight 0.3;

        watch accuracy: student ~ Label by accuracy;
    }
";

const VIEWS: &str = "
    /// Labels for a few images, and for many others the agreement of two views.
    pub(crate) Views(width: usize, depth: usize = 2) {
        dyn batch, many;
        where width % 2 == 0;

        Image: [batch, 64];
        data Labelled: Image;
        data Label: Int[batch];
        data Weak, Strong: Image[batch = many];
        Code: [batch, width];
        Logits: [batch, 10] by l1;

        Image --trunk--> Code --head--> Logits;

        trunk = linear >> repeat(depth, residual(layer_norm >> linear(2 * width) >> gelu >> linear));
        head = linear;
        model = trunk >> head;

        labels: model(Labelled) ~ Label by cross_entropy;
        views: model(Strong) ~ stop(model(Weak));
    }
";

const AVERAGES: &str = "
    /// Two averages of one encoder, by a number and by a hyper-parameter.
    pub Averages(tau: f64 = 0.9) {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --fast--> Code <--online-- Image;
        Image --slow--> Code;

        online = linear;
        slow = ema(online, decay = 0.996);
        fast = ema(online, decay = tau);

        online ~ slow;
        online ~ fast;
    }
";

fn tokens(diagram: &str) -> TokenStream {
    diagram.parse().expect("tokens")
}

fn expansion(diagram: &str) -> String {
    let expanded = expand(tokens(diagram));
    let file = syn::parse2(expanded).expect("items");
    prettyplease::unparse(&file)
}

/// The diagram as text, then as Mermaid.
fn pictures(diagram: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let trees = syntax::parse(tokens(diagram), &mut diagnostics);
    let lowered = lower::lower(&trees[0], &mut diagnostics);
    assert!(diagnostics.is_clean(), "{:?}", diagnostics.faults());
    format!("{}\n{}", lowered.diagram, lowered.diagram.mermaid())
}

#[test]
fn distillation() {
    insta::assert_snapshot!("distillation", expansion(DISTILLATION));
    insta::assert_snapshot!("distillation_drawn", pictures(DISTILLATION));
}

#[test]
fn views() {
    insta::assert_snapshot!("views", expansion(VIEWS));
    insta::assert_snapshot!("views_drawn", pictures(VIEWS));
}

#[test]
fn averages() {
    insta::assert_snapshot!("averages", expansion(AVERAGES));
    insta::assert_snapshot!("averages_drawn", pictures(AVERAGES));
}

//! Every diagram of the zoo is read without a fault, prints, and reads again to the same tree.

use std::collections::BTreeSet;
use std::str::FromStr;

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::syntax::{
    self,
    tree::{Diagram, ItemKind, Space},
};
use proc_macro2::{Group, Punct, Spacing, TokenStream, TokenTree};

/// Each file holds what stands between the braces of `diagram! { … }`.
const ZOO: &[(&str, &str)] = &[
    (
        "01_few_shot_multi_task_learning",
        include_str!("zoo/01_few_shot_multi_task_learning.rs"),
    ),
    (
        "02_knowledge_distillation",
        include_str!("zoo/02_knowledge_distillation.rs"),
    ),
    (
        "03_neural_image_captioning",
        include_str!("zoo/03_neural_image_captioning.rs"),
    ),
    ("04_supervised", include_str!("zoo/04_supervised.rs")),
    (
        "05_autoencoder_denoising",
        include_str!("zoo/05_autoencoder_denoising.rs"),
    ),
    (
        "06_variational_autoencoder",
        include_str!("zoo/06_variational_autoencoder.rs"),
    ),
    (
        "07_feature_distillation",
        include_str!("zoo/07_feature_distillation.rs"),
    ),
    (
        "08_mutual_learning",
        include_str!("zoo/08_mutual_learning.rs"),
    ),
    (
        "09_contrastive_image_text",
        include_str!("zoo/09_contrastive_image_text.rs"),
    ),
    (
        "10_simclr_simsiam_byol",
        include_str!("zoo/10_simclr_simsiam_byol.rs"),
    ),
    (
        "11_vicreg_barlow_twins",
        include_str!("zoo/11_vicreg_barlow_twins.rs"),
    ),
    (
        "12_mean_teacher_fixmatch",
        include_str!("zoo/12_mean_teacher_fixmatch.rs"),
    ),
    ("13_cyclegan", include_str!("zoo/13_cyclegan.rs")),
    ("14_gan_wgan", include_str!("zoo/14_gan_wgan.rs")),
    (
        "15_domain_adversarial",
        include_str!("zoo/15_domain_adversarial.rs"),
    ),
    (
        "16_koopman_autoencoder",
        include_str!("zoo/16_koopman_autoencoder.rs"),
    ),
    ("17_equivariance", include_str!("zoo/17_equivariance.rs")),
    (
        "18_multi_modal_fusion_with_a_missing_modality",
        include_str!("zoo/18_multi_modal_fusion_with_a_missing_modality.rs"),
    ),
    (
        "19_siamese_triplet",
        include_str!("zoo/19_siamese_triplet.rs"),
    ),
    (
        "20_prototypical_networks",
        include_str!("zoo/20_prototypical_networks.rs"),
    ),
    (
        "21_multi_task_weighting",
        include_str!("zoo/21_multi_task_weighting.rs"),
    ),
    (
        "22_fine_tuning_by_low_rank_adapters",
        include_str!("zoo/22_fine_tuning_by_low_rank_adapters.rs"),
    ),
    (
        "23_diffusion_denoiser",
        include_str!("zoo/23_diffusion_denoiser.rs"),
    ),
    (
        "a_a_classifier_with_a_const_generic_and_a_slot",
        include_str!("zoo/a_a_classifier_with_a_const_generic_and_a_slot.rs"),
    ),
    (
        "b_two_copies_of_one_diagram",
        include_str!("zoo/b_two_copies_of_one_diagram.rs"),
    ),
    (
        "c_a_drawing_that_is_its_own_loss",
        include_str!("zoo/c_a_drawing_that_is_its_own_loss.rs"),
    ),
];

/// What a diagram holds as written, inclusions not expanded: objects, data, morphisms drawn, cells,
/// watches, objectives.
const COUNTS: &[(&str, [usize; 6])] = &[
    ("Reading", [4, 2, 2, 1, 0, 0]),
    ("Joint", [0, 0, 0, 0, 0, 0]),
    ("Few", [0, 0, 0, 0, 0, 0]),
    ("Distillation", [3, 2, 2, 2, 1, 0]),
    ("Captioner", [9, 4, 4, 1, 0, 0]),
    ("Supervised", [3, 2, 1, 1, 1, 0]),
    ("Denoising", [2, 1, 3, 2, 0, 0]),
    ("Vae", [3, 1, 3, 2, 1, 0]),
    ("Hints", [5, 2, 5, 3, 0, 0]),
    ("Mutual", [3, 2, 2, 4, 0, 0]),
    ("Clip", [3, 2, 2, 1, 0, 0]),
    ("Views", [3, 1, 3, 0, 0, 0]),
    ("SimClr", [0, 0, 0, 1, 0, 0]),
    ("SimSiam", [0, 0, 1, 2, 0, 0]),
    ("Byol", [0, 0, 2, 2, 0, 0]),
    ("VicReg", [0, 0, 0, 5, 0, 0]),
    ("BarlowTwins", [0, 0, 0, 1, 0, 0]),
    ("MeanTeacher", [4, 3, 5, 2, 0, 0]),
    ("FixMatch", [4, 4, 3, 2, 0, 0]),
    ("CycleGan", [3, 2, 4, 8, 0, 2]),
    ("Adversaries", [3, 2, 2, 0, 0, 0]),
    ("Gan", [0, 0, 0, 3, 0, 2]),
    ("Wgan", [0, 0, 0, 2, 0, 2]),
    ("Dann", [5, 3, 3, 3, 0, 0]),
    ("Koopman", [2, 3, 3, 4, 0, 0]),
    ("Equivariant", [5, 3, 4, 2, 0, 0]),
    ("Fusion", [6, 4, 4, 2, 0, 0]),
    ("Siamese", [2, 3, 1, 1, 0, 0]),
    ("Prototypes", [6, 3, 4, 1, 0, 0]),
    ("Weighted", [5, 3, 3, 2, 0, 0]),
    ("Pretrained", [2, 1, 1, 0, 0, 0]),
    ("Adapted", [4, 2, 2, 1, 0, 0]),
    ("Diffusion", [4, 2, 3, 1, 0, 0]),
    ("Classifier", [4, 2, 2, 1, 2, 0]),
    ("Backbone", [2, 1, 1, 0, 0, 0]),
    ("Task", [2, 1, 1, 1, 0, 0]),
    ("TwoTasks", [0, 0, 0, 0, 0, 0]),
    ("TwoEncoders", [3, 2, 3, 0, 0, 0]),
];

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("the text is made of tokens")
}

fn read(what: &str, tokens: TokenStream) -> Vec<Diagram> {
    let mut diagnostics = Diagnostics::default();
    let diagrams = syntax::parse(tokens, &mut diagnostics);
    let faults: Vec<String> = diagnostics
        .faults()
        .iter()
        .map(|(place, fault)| format!("{:?}: {fault}", place.start.start()))
        .collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
    diagrams
}

fn print(diagrams: &[Diagram]) -> String {
    diagrams.iter().map(ToString::to_string).collect()
}

fn counts(diagram: &Diagram) -> [usize; 6] {
    let mut morphisms = BTreeSet::new();
    let [
        mut objects,
        mut data,
        mut cells,
        mut watches,
        mut objectives,
    ] = [0; 5];
    for item in &diagram.items {
        match &item.kind {
            ItemKind::Object { .. } => objects += 1,
            ItemKind::Data { names, space, .. } => {
                data += names.len();
                objects += usize::from(matches!(space, Space::Own(_)));
            }
            ItemKind::Chain { links, .. } => {
                morphisms.extend(links.iter().map(|(arrow, _)| arrow.name.to_string()));
            }
            ItemKind::Cell { .. } => cells += 1,
            ItemKind::Watch { .. } => watches += 1,
            ItemKind::Objective { .. } => objectives += 1,
            _ => {}
        }
    }
    [objects, data, morphisms.len(), cells, watches, objectives]
}

#[test]
fn every_diagram_reads_prints_and_reads_again_to_the_same_tree() {
    for (file, text) in ZOO {
        let first = read(file, tokens(text));
        let printed = print(&first);
        let second = read(&printed, tokens(&printed));
        assert_eq!(first, second, "{file}, printed as\n{printed}");
        assert_eq!(printed, print(&second), "{file}");
    }
}

#[test]
fn every_diagram_holds_what_is_written() {
    let found: Vec<(String, [usize; 6])> = ZOO
        .iter()
        .flat_map(|(file, text)| read(file, tokens(text)))
        .map(|diagram| (diagram.name.to_string(), counts(&diagram)))
        .collect();
    let found: Vec<(&str, [usize; 6])> = found
        .iter()
        .map(|(name, counts)| (name.as_str(), *counts))
        .collect();
    assert_eq!(found, COUNTS);
}

/// The tokens as the body of a `macro_rules!` holds them: only what Rust glues stays together.
fn unglued(tokens: TokenStream) -> TokenStream {
    const GLUED: &[&str] = &[
        "::", "->", "<-", "=>", "==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "..", "+=", "-=",
    ];
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut loose = Vec::new();
    let mut glued_to_last = false;
    for (index, tree) in trees.iter().enumerate() {
        loose.push(match tree {
            TokenTree::Group(group) => {
                glued_to_last = false;
                Group::new(group.delimiter(), unglued(group.stream())).into()
            }
            TokenTree::Punct(punct) => {
                let pair = match trees.get(index + 1) {
                    Some(TokenTree::Punct(next)) if punct.spacing() == Spacing::Joint => {
                        format!("{}{}", punct.as_char(), next.as_char())
                    }
                    _ => String::new(),
                };
                // A lifetime's `'` stays on its name.
                let lifetime = punct.as_char() == '\'';
                let joint = lifetime || !glued_to_last && GLUED.contains(&pair.as_str());
                glued_to_last = joint && !lifetime;
                let spacing = if joint {
                    Spacing::Joint
                } else {
                    Spacing::Alone
                };
                Punct::new(punct.as_char(), spacing).into()
            }
            other => {
                glued_to_last = false;
                other.clone()
            }
        });
    }
    loose.into_iter().collect()
}

#[test]
fn spacing_of_signs_does_not_count() {
    for (file, text) in ZOO {
        let written = tokens(text);
        let loose = unglued(written.clone());
        assert_eq!(read(file, written), read(file, loose), "{file}");
    }
}

#[test]
fn other_diagrams_are_other_trees() {
    let text = "pub A { Image --f--> Code; f = linear(2 * (n + 1)); }";
    let same = "pub A {\n    Image --f--> Code;\n    f = linear(2 * (n + 1));\n}\n";
    assert_eq!(print(&read("A", tokens(text))), same);
    for other in [
        "pub A { Image --g--> Code; f = linear(2 * (n + 1)); }",
        "pub A { Image --f--> Code; f = linear(2 * n + 1); }",
    ] {
        assert_ne!(read("A", tokens(text)), read("A", tokens(other)), "{other}");
    }
}

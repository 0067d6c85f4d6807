//! The diagram as data, as text and as Mermaid.

use diagrammatic::Diagram;

use crate::common::{Distillation, DistillationConfig};

const TEXT: &str = "\
Distillation(hidden: usize = 32, temperature: f64 = 4.0)
  dyn batch
  objects
    Image   [batch, 1, 8, 8]  datum
    Label   Int[batch]  datum
    Logits  [batch, 10]
  morphisms
    Image --teacher--> Logits  = frozen Teacher
    Image --student--> Logits  = [batch, 1, 8, 8] -> flatten [batch, 64] -> linear(hidden) [batch, hidden] -> relu [batch, hidden] -> linear [batch, 10]
  cells
    soft            student ~ teacher  by kl(temperature)  weight 0.7
    hard            student ~ Label  by cross_entropy  weight 0.3
    watch accuracy  student ~ Label  by accuracy
";

const MERMAID: &str = r#"flowchart LR
    Image[["Image<br/><small>[batch, 1, 8, 8]</small>"]]
    Label[["Label<br/><small>Int[batch]</small>"]]
    Logits["Logits<br/><small>[batch, 10]</small>"]
    Image -- "teacher (frozen)" --> Logits
    Image -- "student" --> Logits
    %% soft: student ~ teacher by kl(temperature)
    %% hard: student ~ Label by cross_entropy
"#;

#[test]
fn a_diagram_prints_itself() {
    let diagram = Distillation::diagram();
    assert_eq!(diagram.to_string(), TEXT);
    assert_eq!(diagram.mermaid(), MERMAID);
}

#[test]
fn a_diagram_is_plain_data() {
    let diagram = Distillation::diagram();
    assert!(std::ptr::eq(diagram, DistillationConfig::diagram()));
    let text = serde_json::to_string(diagram).expect("it serialises");
    let back: Diagram = serde_json::from_str(&text).expect("and back");
    assert_eq!(back, *diagram);
    assert_eq!(diagram.name, "Distillation");
    assert_eq!(
        diagram.documentation,
        "Knowledge distillation: a small student agrees with a frozen teacher and with the labels."
    );
    let fields: Vec<_> = diagram
        .data
        .iter()
        .map(|datum| datum.field.as_str())
        .collect();
    assert_eq!(fields, ["image", "label"]);
    assert_eq!(diagram.trained_cells().count(), 2);
    assert_eq!(diagram.watched_cells().count(), 1);
    assert!(diagram.morphisms[0].frozen && !diagram.morphisms[1].frozen);
}

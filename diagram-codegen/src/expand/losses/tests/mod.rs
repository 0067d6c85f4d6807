use diagram_layers::losses;

mod bench;
mod classes;
mod distributions;
mod numbers;
mod sequences;

#[test]
fn every_code_has_a_row() {
    for (name, _) in super::OTHERS {
        assert!(losses::find(name).is_some(), "`{name}` has no row");
    }
}

//! A diagram is a list of items: it has no value.
use diagrammatic::diagram;

fn main() {
    let _ = diagram! {
        Halving {
            dyn batch;
            data Numbers: [batch, 2];
            Numbers --halve--> Numbers;
            halve = linear;
            halve ~ Numbers;
        }
    };
}

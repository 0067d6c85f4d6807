//! The diagram that the macro wrote into the generated code.

use std::sync::OnceLock;

use diagram_core::Diagram;

/// A diagram as JSON, which is read when it is first asked for.
#[derive(Debug)]
pub struct WrittenDiagram {
    json: &'static str,
    // In a box, so that rustc needs no layout of a whole diagram to check a static.
    read: OnceLock<Box<Diagram>>,
}

impl WrittenDiagram {
    /// A diagram that the macro wrote as this text.
    #[must_use]
    pub const fn new(json: &'static str) -> Self {
        WrittenDiagram {
            json,
            read: OnceLock::new(),
        }
    }

    /// The diagram.
    ///
    /// # Panics
    ///
    /// If the text is no diagram; the macro does not write such text.
    pub fn diagram(&self) -> &Diagram {
        self.read.get_or_init(|| {
            serde_json::from_str(self.json).expect("the macro writes a diagram as it is read here")
        })
    }
}

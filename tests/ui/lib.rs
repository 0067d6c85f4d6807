//! Ui tests only: see `ui.rs` beside this file.

//! Words that are no names: those of Rust, and those that paths reserve.

pub use diagram_core::spelling::is_keyword;

/// The words that paths reserve, with what they mean there.
pub(super) const RESERVED: [(&str, &str); 5] = [
    ("stop", "`stop(path)` lets no gradient through"),
    (
        "scale",
        "`scale(path, k)` scales the gradient and leaves the value",
    ),
    (
        "reverse",
        "`reverse(path, k)` scales the gradient by -k and leaves the value",
    ),
    (
        "again",
        "`again(path)` applies its morphisms anew, with new random draws",
    ),
    (
        "learned",
        "`learned(x)` is a positive scalar that is trained, from x on",
    ),
];

/// The keywords that may start a path of Rust, or stand for nothing; none has a raw form.
#[must_use]
pub fn is_path_keyword(name: &str) -> bool {
    matches!(name, "self" | "Self" | "super" | "crate" | "$crate" | "_")
}

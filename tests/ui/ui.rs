//! Compile errors as a user sees them: one fault a file, named by the fault, and one file with many.

#[test]
fn errors_read_as_documented() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/*.rs");
}

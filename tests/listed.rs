//! Cargo finds no tests of its own accord in this folder: each is named in `Cargo.toml`.

use std::path::Path;

#[test]
fn each_file_is_a_test_of_the_package() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = include_str!("Cargo.toml");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("this folder") {
        let path = entry.expect("an entry of it").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let file = match path.extension() {
            Some(extension) if extension == "rs" => name.to_owned(),
            None if path.join("main.rs").is_file() => format!("{name}/main.rs"),
            _ => continue,
        };
        assert!(manifest.contains(&format!("path = \"{file}\"\n")), "{file}");
        count += 1;
    }
    assert_eq!(manifest.matches("[[test]]").count(), count);
}

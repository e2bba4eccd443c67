//! The repository as files, for tests that read what was written rather than run it.

use std::path::{Path, PathBuf};

/// What other tools write.
const NOT_OURS: &[&str] = &["target", "node_modules", "dist", "gen", "permissions", "bindings", ".git"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file, named from the root.
pub(crate) fn read(path: &str) -> String {
    let file = root().join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All files below a folder with one of these endings, named from the root, in order.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    gather(&root().join(folder), folder, endings, &mut found);
    found.sort();
    found
}

fn gather(folder: &Path, name: &str, endings: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let own = entry.file_name().to_string_lossy().into_owned();
        let path = if name == "." { own.clone() } else { format!("{name}/{own}") };
        if entry.path().is_dir() {
            if !NOT_OURS.contains(&own.as_str()) {
                gather(&entry.path(), &path, endings, found);
            }
        } else if endings.iter().any(|ending| own.ends_with(ending)) {
            found.push(path);
        }
    }
}

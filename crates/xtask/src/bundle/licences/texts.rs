//! Licence and notice files in the folder of a library, as it came from its registry.

use std::path::Path;

use anyhow::Context;

/// How such files' names begin, in capitals.
const BEGINNINGS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"];

/// The texts of all of them, in the order of their names, without what only sets them out differently (line ends,
/// spaces at the end of lines): so that equal ones are found equal.
pub(super) fn found_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} is not there", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if !BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) {
            continue;
        }
        // Some keep theirs in a folder LICENSES.
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path)?.flatten().map(|entry| entry.path()));
        } else {
            files.push(path);
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let text = std::fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        let text = tidy(&String::from_utf8_lossy(&text));
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    Ok(texts)
}

fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

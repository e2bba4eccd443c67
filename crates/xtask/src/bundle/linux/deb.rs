//! The .deb: made by the bundler, then packed again by dpkg-deb. The bundler writes its files in the order and with the
//! dates that they happen to have, and knows none of the versions of libraries that the programs need.

use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::bundler::Bundler;
use super::programs;
use super::tree::{Sheet, Tree};
use crate::bundle::contents;
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::place;

/// Debian's place for what every package has to say of itself.
const DOC: &str = "usr/share/doc/quaymaster";

/// Makes the package and its list.
pub(super) fn make(stage: &Stage, bundler: &Bundler, tree: &Tree) -> anyhow::Result<()> {
    let doc = |name: &str, file: &Path| Sheet { at: format!("{DOC}/{name}"), file: file.to_path_buf() };
    let mut sheets: Vec<Sheet> =
        tree.common.iter().map(|sheet| Sheet { at: sheet.at.clone(), file: sheet.file.clone() }).collect();
    sheets.push(doc("copyright", &tree.copyright));
    sheets.push(doc("THIRD-PARTY-NOTICES.txt.gz", &tree.notices));
    sheets.push(doc("CHANGELOG.md.gz", &tree.changes));
    let made = bundler.make(stage, "deb", &sheets, json!({}), &[])?;
    let name = made.file_name().and_then(|name| name.to_str()).context("a package without a name")?;
    let open = stage.bench("deb-open")?;
    call("dpkg-deb").args(["--raw-extract"]).args([&made, &open]).run()?;
    let control = open.join("DEBIAN/control");
    let text = std::fs::read_to_string(&control)?;
    std::fs::write(&control, with_dependencies(&text, &needed(stage)?)?)?;
    let sums = open.join("DEBIAN/md5sums");
    let mut lines: Vec<String> = std::fs::read_to_string(&sums)?.lines().map(str::to_owned).collect();
    lines.sort_by(|a, b| a.split("  ").nth(1).cmp(&b.split("  ").nth(1)));
    std::fs::write(&sums, lines.join("\n") + "\n")?;
    call("chmod").args(["-R", "u=rwX,go=rX"]).args([&open]).run()?;
    stage.date(&open)?;
    let product = stage.product(name);
    let pack = call("dpkg-deb").args(["--root-owner-group", "-Zxz", "-z9", "--build"]).args([&open, &product]);
    stage.dated(pack).output()?;
    contents::write(stage, name, list(&product)?)
}

/// What the programs need of Debian's libraries, with the versions from which on those have what is used of them.
fn needed(stage: &Stage) -> anyhow::Result<String> {
    let folder = stage.bench("needed")?;
    // It reads the name of the package and looks at nothing else in it.
    std::fs::create_dir(folder.join("debian"))?;
    std::fs::write(folder.join("debian/control"), "Source: quaymaster\n\nPackage: quaymaster\nArchitecture: any\n")?;
    let said = call("dpkg-shlibdeps").args(["-O", "--warnings=0"]).args(programs()).folder(&folder).output()?;
    let list = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(list.context("dpkg-shlibdeps names no library")?.to_owned())
}

/// The control file with these dependencies in the place of the bundler's own.
fn with_dependencies(control: &str, needed: &str) -> anyhow::Result<String> {
    let own = control.lines().find(|line| line.starts_with("Depends: "));
    let own = own.context("the bundler named no dependencies; it is no longer understood")?;
    Ok(control.replace(own, &format!("Depends: {needed}")))
}

/// "path  mode owner size", a line an entry.
pub(super) fn list(package: &Path) -> anyhow::Result<Vec<String>> {
    let listed = call("dpkg-deb").args(["--contents"]).args([package]).output()?;
    let entries = listed.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [mode, owner, size, .., path] = words.as_slice() else { return None };
        Some(format!("{}  {mode} {owner} {size}", path.strip_prefix('.').unwrap_or(path)))
    });
    Ok(entries.collect())
}

/// Debian's machine-readable copyright file (its format: copyright-format 1.0): ours, and that of the works of others.
pub(super) fn copyright(notices: &Path) -> anyhow::Result<String> {
    let licence = std::fs::read_to_string(place::root().join("LICENSE"))?;
    let holder =
        licence.lines().find_map(|line| line.strip_prefix("Copyright (c) ")).context("LICENSE names nobody")?;
    let text = licence.lines().skip_while(|line| !line.starts_with("Permission")).map(field_line);
    let notices = std::fs::read_to_string(notices)?;
    let works = notices.lines().take_while(|line| !line.starts_with("---")).map(field_line);
    Ok(format!(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Quaymaster\n\
         Comment:\n The numbered texts are in THIRD-PARTY-NOTICES.txt.gz, beside this file.\n .\n{}\n\n\
         Files: *\nCopyright: {holder}\nLicense: MIT\n\nLicense: MIT\n{}\n",
        works.collect::<Vec<_>>().join("\n").trim_end_matches(['\n', ' ', '.']),
        text.collect::<Vec<_>>().join("\n"),
    ))
}

/// A line of a field's continued text: an empty one is a dot.
fn field_line(line: &str) -> String {
    if line.trim().is_empty() { " .".into() } else { format!(" {}", line.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::{field_line, with_dependencies};

    #[test]
    fn the_bundlers_guess_gives_way_to_what_is_needed() {
        let control = "Package: quaymaster\nDepends: libgtk-3-0\nDescription: Depends: on nothing\n";
        let wanted = "Package: quaymaster\nDepends: libc6 (>= 2.34)\nDescription: Depends: on nothing\n";
        assert_eq!(with_dependencies(control, "libc6 (>= 2.34)").expect("a control file"), wanted);
        assert!(with_dependencies("Package: quaymaster\n", "libc6").is_err());
    }

    #[test]
    fn an_empty_line_of_a_field_is_a_dot() {
        assert_eq!(field_line("  "), " .");
        assert_eq!(field_line("    MIT  [7]"), "     MIT  [7]");
    }
}

//! THIRD-PARTY-NOTICES.txt: who wrote what is in our programs, and under which licence. Made from the lock files and from
//! what lies in the packages themselves, so that it cannot forget a library; a licence that is not on our list stops the
//! bundler. Our own rather than cargo-about's: that knows neither the page nor the data, and brings an HTTP client along.

mod allowed;
mod crates;
mod page;
mod texts;

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;

use super::stage::Stage;
use crate::call::call;
use allowed::Allowed;

/// A work of somebody else's that is in our programs.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    /// An SPDX expression.
    licence: String,
    /// Where it comes from, if it says.
    source: Option<String>,
    /// Who wrote it, if it says.
    authors: String,
    /// The licences and notices that lie in its package.
    texts: Vec<String>,
}

/// Writes the notices for the programs of one target (`x86_64-pc-windows-gnu`) and tells where they are.
pub(crate) fn notices(stage: &Stage, target: &str) -> anyhow::Result<PathBuf> {
    let mut parts = crates::parts(target)?;
    parts.extend(page::parts(stage)?);
    parts.push(standard_library(target)?);
    parts.push(port_names()?);
    parts.push(network_lists()?);
    parts.sort();
    parts.dedup();
    let allowed = Allowed::read(include_str!("allowed.txt"))?;
    for part in &mut parts {
        let usable = allowed.judge(&part.licence).with_context(|| format!("{} {}", part.name, part.version))?;
        if part.texts.is_empty() {
            part.texts.push(standard_text(part, &usable)?);
        }
    }
    let file = stage.bench(&format!("notices-{target}"))?.join("THIRD-PARTY-NOTICES.txt");
    std::fs::write(&file, document(&parts, &stage.version, target)?)?;
    println!("{} works of others are in the programs for {target}; {}", parts.len(), file.display());
    Ok(file)
}

/// The licence's own wording, where a package lacks it.
fn standard_text(part: &Part, usable: &[String]) -> anyhow::Result<String> {
    let mut text = String::new();
    writeln!(text, "{} {}: its package holds no licence text; this is the standard one.", part.name, part.version)?;
    writeln!(text, "Authors: {}", if part.authors.is_empty() { "not named" } else { &part.authors })?;
    for name in usable {
        let id = spdx::license_id(name).with_context(|| format!("no text of {name} is known"))?;
        write!(text, "\n{}", id.text())?;
    }
    Ok(text.trim_end().to_owned())
}

/// The list of the works, then every text once, named by its number.
fn document(parts: &[Part], version: &str, target: &str) -> anyhow::Result<String> {
    let mut texts: Vec<&str> = Vec::new();
    let mut list = String::new();
    for part in parts {
        let source = part.source.as_deref().unwrap_or_default();
        write!(list, "{} {}\n    {} ", part.name, part.version, part.licence)?;
        for text in &part.texts {
            let known = texts.iter().position(|known| known == text);
            let number = known.unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            });
            write!(list, " [{}]", number + 1)?;
        }
        writeln!(list, "\n    {source}")?;
    }
    let mut document = format!(
        "Quaymaster {version} is under the MIT licence, which lies beside this file. Its programs for\n{target} contain \
         these {} works of others. The numbers name the texts further down; source code is to be had\nat the address under \
         each name.\n\n{list}",
        parts.len()
    );
    for (index, text) in texts.iter().enumerate() {
        write!(document, "\n{}\n[{}]\n\n{text}\n", "-".repeat(78), index + 1)?;
    }
    Ok(document)
}

/// Compiled into every Rust program, and in no lock file.
fn standard_library(target: &str) -> anyhow::Result<Part> {
    let said = call("rustc").args(["--version", "--verbose"]).output()?;
    let after = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let version = match after("host: ") {
        Some(host) if host == target => after("release: ").context("rustc names no version")?,
        // Another compiler may build for other systems, with another library.
        _ => "(of the compiler that built the programs)".into(),
    };
    Ok(Part {
        name: "The Rust standard library".into(),
        version,
        licence: "MIT OR Apache-2.0".into(),
        source: Some("https://github.com/rust-lang/rust".into()),
        authors: "The Rust Project Developers".into(),
        texts: Vec::new(),
    })
}

/// The table in crates/core/data, which says itself where it comes from.
fn port_names() -> anyhow::Result<Part> {
    let said = std::fs::read_to_string(crate::place::root().join("crates/core/data/README.md"))?;
    let version = said.split("`port-numbers` ").nth(1).and_then(|rest| rest.split_whitespace().next());
    Ok(Part {
        name: "port-numbers".into(),
        version: version.context("crates/core/data/README.md names no version of port-numbers")?.to_owned(),
        licence: "BSD-2-Clause".into(),
        source: Some("https://github.com/silverwind/port-numbers".into()),
        authors: "silverwind".into(),
        texts: Vec::new(),
    })
}

/// The lists that networks.bin is compiled from, as that file credits them too.
fn network_lists() -> anyhow::Result<Part> {
    let manifest = std::fs::read_to_string(crate::place::root().join("crates/lookup/sources/package.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let version = manifest["dependencies"]["@ip-location-db/asn"].as_str();
    Ok(Part {
        name: "networks.bin: lists of Route Views (routeviews.org), DB-IP (db-ip.com) and NRO (nro.net), merged".into(),
        version: version.context("crates/lookup/sources/package.json names no version of the lists")?.to_owned(),
        licence: "CC-BY-4.0".into(),
        source: Some("https://github.com/sapics/ip-location-db".into()),
        authors: "Route Views, DB-IP, Number Resource Organization".into(),
        texts: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Part, document};

    fn part(name: &str, texts: &[&str]) -> Part {
        Part {
            name: name.into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            source: None,
            authors: String::new(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn every_work_names_its_texts_and_every_text_stands_there_once() {
        let parts = [part("one", &["same"]), part("two", &["other", "same"])];
        let document = document(&parts, "0.1.0", "here").expect("a document");
        assert!(document.contains("one 1.0.0\n    MIT  [1]\n"), "{document}");
        assert!(document.contains("two 1.0.0\n    MIT  [2] [1]\n"), "{document}");
        assert_eq!(document.matches("\nsame\n").count(), 1, "{document}");
        assert!(document.contains("\n[2]\n\nother\n"), "{document}");
    }
}

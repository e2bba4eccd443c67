//! The papers that go beside `quay` in a package: its manual in both languages and its shells' completions, made from
//! the very definitions that it reads its arguments by. `cargo run -p quay --example papers -- FOLDER YYYY-MM-DD`
//!
//! An example, so that neither the makers nor a hidden command is in the program that people get.

#[expect(dead_code, reason = "only the definitions are wanted here, not what becomes of an answer")]
#[path = "../src/arguments.rs"]
mod arguments;

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use quaymaster_engine::words::Words;

/// Where the shells look, below a package's root, and under which name.
const COMPLETIONS: [(Shell, &str); 3] = [
    (Shell::Bash, "usr/share/bash-completion/completions/quay"),
    (Shell::Zsh, "usr/share/zsh/vendor-completions/_quay"),
    (Shell::Fish, "usr/share/fish/vendor_completions.d/quay.fish"),
];

/// A language of the manual.
struct Language {
    name: &'static str,
    /// Where `man` looks for its pages.
    place: &'static str,
    /// What they call the headings that the maker writes in English.
    headings: &'static [(&'static str, &'static str)],
}

const LANGUAGES: [Language; 2] = [
    Language {
        name: "en",
        place: "usr/share/man/man1",
        headings: &[("SUBCOMMANDS", "COMMANDS"), ("EXTRA", "EXIT STATUS")],
    },
    Language {
        name: "zh-CN",
        place: "usr/share/man/zh_CN/man1",
        headings: &[
            ("NAME", "名称"),
            ("SYNOPSIS", "概要"),
            ("OPTIONS", "选项"),
            ("SUBCOMMANDS", "命令"),
            ("EXTRA", "退出状态"),
        ],
    },
];

fn main() -> anyhow::Result<()> {
    let mut typed = std::env::args().skip(1);
    let (folder, date) = typed.next().zip(typed.next()).context("usage: papers FOLDER YYYY-MM-DD")?;
    let folder = Path::new(&folder);
    for Language { name, place, headings } in LANGUAGES {
        let place = folder.join(place);
        fs::create_dir_all(&place)?;
        let words = Words::of(name);
        let mut command = arguments::command(&words);
        command.build();
        for command in command.get_subcommands().chain([&command]) {
            let (file, page) = manual(command, &words, &date)?;
            let lines = page.lines().map(|line| in_its_language(line, headings));
            fs::write(place.join(file), lines.collect::<Vec<_>>().join("\n") + "\n")?;
        }
    }
    // English: a completion file has no place for a second language.
    let mut command = arguments::command(&Words::of("en"));
    for (shell, file) in COMPLETIONS {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().context("a file in no folder")?)?;
        clap_complete::generate(shell, &mut command, "quay", &mut fs::File::create(file)?);
    }
    Ok(())
}

/// A page of the manual: its file's name and its text. Not the maker's whole page: the usage is told in our own words,
/// and what stands under NAME is not said again.
fn manual(command: &Command, words: &Words, date: &str) -> anyhow::Result<(String, String)> {
    let source = format!("Quaymaster {}", env!("CARGO_PKG_VERSION"));
    let manual = Man::new(command.clone()).date(date).source(source).manual("Quaymaster");
    let mut page = Vec::new();
    manual.render_title(&mut page)?;
    manual.render_name_section(&mut page)?;
    let usage = words.say(&format!("quay-usage-{}", command.get_name()), &[]);
    let mut synopsis = Roff::new();
    synopsis.control("SH", ["SYNOPSIS"]).control("nf", []);
    for line in usage.lines() {
        synopsis.text([roman(line)]);
    }
    synopsis.control("fi", []).to_writer(&mut page)?;
    manual.render_options_section(&mut page)?;
    if command.has_subcommands() {
        manual.render_subcommands_section(&mut page)?;
    }
    if command.get_after_help().is_some() {
        manual.render_extra_section(&mut page)?;
    }
    Ok((manual.get_filename(), String::from_utf8(page)?))
}

/// The line, or the heading that it is, in the page's language.
fn in_its_language(line: &str, headings: &[(&str, &str)]) -> String {
    let english = line.strip_prefix(".SH ");
    let named = english.and_then(|english| headings.iter().find(|(name, _)| *name == english.trim_matches('"')));
    named.map_or_else(|| line.to_owned(), |(_, name)| format!(".SH \"{name}\""))
}

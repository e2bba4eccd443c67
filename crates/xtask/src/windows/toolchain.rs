//! Which cargo builds for Windows: the one that called us, if rustup has given it the target; else Debian's, whose rustc comes
//! with the source of its own standard library ([`sysroot`](super::sysroot)).

use std::path::{Path, PathBuf};

use super::sysroot;
use crate::call::{Call, call};
use crate::packages::{self, Purpose};
use crate::place;

/// mingw-w64's 64-bit Windows: the one that can be linked without Microsoft's libraries.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

/// A compiler for Windows.
pub(crate) enum Toolchain {
    /// The one that called us has the target.
    Own,
    /// Debian's, with the standard library in this folder.
    Debian(PathBuf),
}

impl Toolchain {
    /// Finds one, or makes Debian's ready.
    pub(super) fn ready() -> anyhow::Result<Self> {
        let own = call("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
        let has_std = |folder: &Path| {
            std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        };
        if own.is_ok_and(|folder| has_std(Path::new(folder.trim()))) {
            return Ok(Self::Own);
        }
        packages::ensure(Purpose::WindowsCompiler)?;
        Ok(Self::Debian(sysroot::ready(&folder(), &target())?))
    }

    /// Cargo, told everything that building and running for Windows wants.
    pub(crate) fn cargo(&self, verb: &str) -> Call {
        let mut options = vec![config("linker", &["x86_64-w64-mingw32-gcc"], false)];
        let runner = std::env::current_exe().unwrap_or_default();
        options.push(config("runner", &[&*runner.to_string_lossy(), "windows", "wine"], true));
        let cargo = match self {
            Self::Own => crate::call::cargo(),
            Self::Debian(sysroot) => {
                options.push(rustflags(&["--sysroot".to_owned(), sysroot.to_string_lossy().into_owned()]));
                sysroot::debian("cargo").folder(place::root())
            }
        };
        // Not through `build.target-dir`: what the person has set in the environment would win over it.
        let cargo = cargo.args([verb, "--target", TARGET]).env("CARGO_TARGET_DIR", target());
        cargo.args(options.iter().flat_map(|option| ["--config", option.as_str()]))
    }

    /// Where the built programs lie.
    pub(crate) fn programs(&self, release: bool) -> PathBuf {
        target().join(TARGET).join(if release { "release" } else { "debug" })
    }
}

/// Flags for the compiler, for cargo's `--config`: those of several such settings are joined.
pub(crate) fn rustflags(flags: &[String]) -> String {
    config("rustflags", &flags.iter().map(String::as_str).collect::<Vec<_>>(), true)
}

/// A setting for the target, as TOML: names and paths may hold blanks and backslashes.
fn config(key: &str, words: &[&str], list: bool) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    let value = if list { format!("[{}]", quoted.join(", ")) } else { quoted.concat() };
    format!("target.{TARGET}.{key}={value}")
}

/// Everything that is made for Windows; away with `cargo clean` like all that is made.
pub(super) fn folder() -> PathBuf {
    place::target().join("windows")
}

/// Cargo's own folder for it: another compiler's than that of the Linux build.
fn target() -> PathBuf {
    folder().join("cargo")
}

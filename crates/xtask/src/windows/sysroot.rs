//! The standard library for Windows. Debian brings no built one, but its rustc's own source: built once here, into a folder of
//! ours, so that every later build is an ordinary one.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;

use super::toolchain::TARGET;
use crate::call::{Call, call};
use crate::place;

/// A program of Debian's toolchain. By its full name, and with its siblings first in the path: rustup's stand-ins of the same
/// names come earlier on many machines.
pub(super) fn debian(program: &str) -> Call {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [PathBuf::from("/usr/bin")].into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).unwrap_or(path);
    let mut call = call(Path::new("/usr/bin").join(program)).env("PATH", path);
    // What rustup and the calling cargo have set is about another compiler.
    for name in
        ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "CARGO", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_BOOTSTRAP"]
    {
        call = call.without_env(name);
    }
    call
}

/// The sysroot below `folder`, built if it is not there or is of another compiler. `built` is what was built with the old one.
pub(super) fn ready(folder: &Path, built: &Path) -> anyhow::Result<PathBuf> {
    let sysroot = folder.join("sysroot");
    let compiler = debian("rustc").args(["-vV"]).output().context("Debian's rustc (package rustc-web) is needed")?;
    let mark = sysroot.join("rustc-version");
    if fs::read_to_string(&mark).is_ok_and(|made_by| made_by == compiler) {
        return Ok(sysroot);
    }
    let start = Instant::now();
    println!("building the standard library for Windows (once, some minutes)");
    // What was linked with another standard library does not fit this one.
    remove(built)?;
    remove(&sysroot)?;
    let work = folder.join("building-std");
    remove(&work)?;
    build(&work)?;
    collect(&work.join("target").join(TARGET).join("release/deps"), &sysroot)?;
    remove(&work)?;
    // Last: a build that was broken off leaves no mark.
    fs::write(mark, compiler)?;
    println!("built in {:.0} s", start.elapsed().as_secs_f64());
    Ok(sysroot)
}

/// Builds std as a dependency of an empty crate. `-Zbuild-std` is for nightly compilers; Debian's own build of the very
/// same source is what the switch lets us have.
fn build(work: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\n")?;
    // A workspace of its own: the folder lies in ours.
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(work.join("Cargo.toml"), manifest)?;
    let wrapper = std::env::current_exe()?;
    debian("cargo")
        .folder(work)
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_unwind,panic_abort,proc_macro,test"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_WRAPPER", wrapper)
        .env(WRAPPING, "1")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .run()
}

/// Set for the compilers of the standard library: this program is their wrapper then.
pub(crate) const WRAPPING: &str = "QUAYMASTER_WRAPS_RUSTC";

/// Runs the compiler that our arguments name as the standard library wants it: with bitcode, for our release's LTO, and the part
/// that aborts built to abort, as Rust's own build does.
pub(crate) fn wrap_rustc() -> anyhow::Result<()> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (rustc, arguments) = arguments.split_first().context("no compiler was named")?;
    let aborts = arguments.windows(2).any(|pair| pair[0] == "--crate-name" && pair[1] == "panic_abort");
    let abort: &[&str] = if aborts { &["-C", "panic=abort"] } else { &[] };
    // Programs would say where the libraries that std stands on were built.
    let places = place::cargo_home().map(|home| format!("--remap-path-prefix={}=cargo", home.display()));
    call(rustc).args(arguments).args(["-C", "embed-bitcode=yes"]).args(abort).args(places).with_input().run()
}

/// Puts the libraries where rustc looks for them.
fn collect(from: &Path, sysroot: &Path) -> anyhow::Result<()> {
    let to = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        let name = file.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libempty-") {
            fs::copy(file.path(), to.join(&name))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

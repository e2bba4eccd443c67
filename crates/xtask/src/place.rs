//! Where things are: the repository's root and what cargo builds. The only room that knows how a system names its programs.

use std::path::{Path, PathBuf};

/// How a program was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Linux, the only system whose packages, displays and processes the chores can look after.
pub(crate) const LINUX: bool = cfg!(target_os = "linux");

/// The folder of the workspace. Asked of cargo at run time: a binary in a shared target folder may serve several clones.
pub(crate) fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("crates/xtask"), PathBuf::from);
    own.ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target folder, which this program itself lies in (`target/debug/xtask`).
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(2).map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Where cargo keeps the sources of others, if that can be told.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    told.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Where cargo puts programs.
pub(crate) fn programs(profile: Profile) -> PathBuf {
    target().join(match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    })
}

/// A built program of the workspace.
pub(crate) fn program(name: &str, profile: Profile) -> PathBuf {
    programs(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The page's folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// npm is a script on Windows, which only its full name finds.
pub(crate) fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Whether a program of this name can be started.
pub(crate) fn in_path(program: &str) -> bool {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

//! The Linux packages. The Tauri bundler makes both; what it leaves to chance or does not know (order and dates of files,
//! what the programs need of the system) is put right afterwards.

mod bundler;
mod deb;
mod rpm;
mod tree;
mod trial;

use std::path::PathBuf;

use anyhow::ensure;

use super::licences;
use super::stage::Stage;
use crate::call::cargo;
use crate::place::{self, Profile};
use bundler::Bundler;

pub(crate) use trial::test;

/// The programs in the packages.
const PROGRAMS: [&str; 2] = ["quaymaster", "quay"];

/// Makes both packages and their lists.
pub(crate) fn make(stage: &Stage) -> anyhow::Result<()> {
    ensure!(place::LINUX, "the Linux packages are made on Linux only: the Tauri bundler cannot do it elsewhere");
    build()?;
    let notices = licences::notices(stage, &target())?;
    let bundler = Bundler::set_up(stage)?;
    let tree = tree::gather(stage, &notices)?;
    deb::make(stage, &bundler, &tree)?;
    rpm::make(stage, &bundler, &tree)
}

/// The optimised programs, without the places where they were built in them.
fn build() -> anyhow::Result<()> {
    cargo()
        .args(["build", "--release", "--locked", "--package", "quaymaster", "--package", "quay"])
        .env("CARGO_ENCODED_RUSTFLAGS", super::without_places().join("\u{1f}"))
        .run()
}

fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

fn programs() -> [PathBuf; 2] {
    PROGRAMS.map(|name| place::program(name, Profile::Release))
}

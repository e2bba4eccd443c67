//! The Windows packages, made on Linux: a portable zip, and an installer by makensis. Owns what is in both; that is gathered
//! once, and each program is looked into before it is packed.

mod installer;
mod portable;
mod program;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::licences;
use super::stage::Stage;
use crate::windows::{self, TARGET, toolchain};
use crate::{networks, place};

pub(crate) use trial::test;

/// Everything that is packed, by name, in the order of the names. `installer.nsi` names the same; the trial compares.
const FILES: [&str; 7] =
    ["LICENSE.txt", "README.txt", "THIRD-PARTY-NOTICES.txt", LOADER, networks::FILE, "quay.exe", "quaymaster.exe"];

/// Microsoft's part that looks for WebView2. Compilers of the MSVC family link it in, ours cannot.
const LOADER: &str = "WebView2Loader.dll";

/// Where text files for Windows begin, so that every editor there takes them for what they are.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Makes both packages.
pub(crate) fn make(stage: &Stage) -> anyhow::Result<()> {
    let compiler = windows::ready()?;
    let build = compiler.cargo("build").args(["--release", "--locked", "--package", "quaymaster", "--package", "quay"]);
    build.args(["--config", &toolchain::rustflags(&super::without_places())]).run()?;
    let folder = gather(stage, &compiler.programs(true))?;
    program::check(&folder.join("quaymaster.exe"), &program::WINDOW, &stage.version)?;
    program::check(&folder.join("quay.exe"), &program::TERMINAL, &stage.version)?;
    portable::pack(stage, &folder)?;
    installer::pack(stage, &folder)
}

fn portable_package(stage: &Stage) -> String {
    format!("Quaymaster-{}-windows-x64-portable.zip", stage.version)
}

fn installer_package(stage: &Stage) -> String {
    format!("Quaymaster-{}-windows-x64-setup.exe", stage.version)
}

/// Puts everything that is packed into one folder.
fn gather(stage: &Stage, programs: &Path) -> anyhow::Result<PathBuf> {
    let folder = stage.bench("windows")?;
    for name in ["quaymaster.exe", "quay.exe", LOADER] {
        let from = programs.join(name);
        fs::copy(&from, folder.join(name)).with_context(|| format!("no {}", from.display()))?;
    }
    fs::copy(networks::ensure_compiled()?, folder.join(networks::FILE))?;
    let ours = place::root().join("packaging/windows");
    text(&folder.join("README.txt"), &fs::read_to_string(ours.join("README.txt"))?)?;
    text(&folder.join("LICENSE.txt"), &fs::read_to_string(place::root().join("LICENSE"))?)?;
    let mut notices = fs::read_to_string(licences::notices(stage, TARGET)?)?;
    // The library itself comes in a crate whose own licence is another.
    let line = "-".repeat(78);
    let loader = fs::read_to_string(ours.join("WebView2Loader-LICENSE.txt"))?;
    notices.push_str(&format!("\n{line}\n{LOADER}, of the Microsoft Edge WebView2 SDK\n\n{loader}"));
    text(&folder.join("THIRD-PARTY-NOTICES.txt"), &notices)?;
    // Installers and archives keep the dates of files.
    stage.date(&folder)?;
    Ok(folder)
}

/// Writes a text as Windows has it.
fn text(file: &Path, text: &str) -> anyhow::Result<()> {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    fs::write(file, format!("{BYTE_ORDER_MARK}{text}")).with_context(|| format!("could not write {}", file.display()))
}

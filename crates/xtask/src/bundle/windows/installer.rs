//! The installer, by makensis from packaging/windows/installer.nsi.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::{FILES, installer_package};
use crate::bundle::contents;
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::place;

/// Makes it, twice: what comes out must not depend on when it was made.
pub(super) fn pack(stage: &Stage, folder: &Path) -> anyhow::Result<()> {
    let package = installer_package(stage);
    let file = stage.product(&package);
    let bench = stage.bench("installer")?;
    let banner = banner(stage, &bench)?;
    let again = bench.join(&package);
    for out in [&file, &again] {
        compile(stage, folder, &banner, out)?;
    }
    let bytes = fs::read(&file)?;
    ensure!(bytes == fs::read(&again)?, "two runs of makensis made two different installers");
    println!("{package}: {} bytes", bytes.len());
    let size = |name: &str| fs::metadata(folder.join(name)).map(|file| file.len());
    let lines = FILES.into_iter().map(|name| Ok(format!("{name} {}", size(name)?)));
    contents::write(stage, &package, lines.collect::<anyhow::Result<_>>()?)
}

/// Our icon on a quiet ground, for the last page: a bitmap is all that NSIS takes.
fn banner(stage: &Stage, bench: &Path) -> anyhow::Result<PathBuf> {
    let banner = bench.join("banner.bmp");
    call("convert")
        .args(["-size", "328x628", "xc:#e9f1f8", "("])
        .args([place::root().join("icons/icon.png")])
        .args(["-resize", "208x208", ")", "-gravity", "center", "-composite", "-type", "truecolor"])
        .args([format!("BMP3:{}", banner.display())])
        .run()
        .context("ImageMagick is needed")?;
    // NSIS packs it with its date.
    stage.date(&banner)?;
    Ok(banner)
}

fn compile(stage: &Stage, folder: &Path, banner: &Path, out: &Path) -> anyhow::Result<()> {
    // Windows knows four numbers and no words: 0.1.0-beta.2 is 0.1.0.0.
    let numbers = stage.version.split(['-', '+']).next().unwrap_or_default();
    let icon = place::root().join("icons/icon.ico");
    let define = |name: &str, value: &dyn std::fmt::Display| format!("-D{name}={value}");
    let call = call("makensis").args(["-V2", "-WX", "-INPUTCHARSET", "UTF8"]).args([
        define("VERSION", &stage.version),
        define("NUMBERS", &format_args!("{numbers}.0")),
        define("SOURCE", &folder.display()),
        define("OUT", &out.display()),
        define("ICON", &icon.display()),
        define("BANNER", &banner.display()),
        // Last: what follows the script is taken for more of it.
        "installer.nsi".to_owned(),
    ]);
    let call = call.folder(place::root().join("packaging/windows"));
    stage.dated(call).run().context("makensis (package nsis) is needed")
}

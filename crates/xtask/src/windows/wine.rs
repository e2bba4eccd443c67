//! Wine: a folder of our own that it takes for a computer with Windows (a prefix), and running a program there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use super::toolchain::folder;
use crate::call::{Call, call};
use crate::place;

/// Debian's 64-bit Wine; what is in the path may start a 32-bit one first.
const WINE: &str = "/usr/lib/wine/wine64";
/// What stands behind all programs of a prefix.
const SERVER: &str = "/usr/lib/wine/wineserver64";
/// What Rust programs import and Wine 8 lacks (`tests/wine/bcryptprimitives.c`).
const STAND_IN: &str = "drive_c/windows/system32/bcryptprimitives.dll";

/// Longer no test program needs, on the slowest machine. Wine 8 loses the end of a pipe now and then, and waits for it for ever.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Makes the folder that the tests share if it is not there.
pub(super) fn ready() -> anyhow::Result<()> {
    make(&prefix())
}

/// The tests' computer, on until dropped.
pub(super) struct Computer;

impl Computer {
    pub(super) fn on() -> anyhow::Result<Self> {
        on(&prefix()).map(|()| Self)
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        off(&prefix());
    }
}

/// Makes this folder a computer with Windows if it is none yet.
pub(crate) fn make(prefix: &Path) -> anyhow::Result<()> {
    if prefix.join(STAND_IN).is_file() {
        return Ok(());
    }
    println!("making a Windows folder for Wine");
    fs::create_dir_all(prefix)?;
    wine(prefix).args(["wineboot", "--init"]).run()?;
    // Wine 8 as Windows 10 lacks functions of uxtheme that Tauri's windows call there.
    wine(prefix).args(["winecfg", "-v", "win81"]).run()?;
    let made = prefix.join("bcryptprimitives.dll");
    call("x86_64-w64-mingw32-gcc")
        .args(["-O2", "-shared", "-s", "-o"])
        .args([made.as_os_str(), place::root().join("tests/wine/bcryptprimitives.c").as_os_str()])
        .args(["-ladvapi32"])
        .run()?;
    // Last: a folder that was broken off has none.
    fs::rename(made, prefix.join(STAND_IN))?;
    Ok(())
}

/// Runs a program to its end and hands its exit code on. Cargo calls this for every test program.
pub(super) fn run(command: &[OsString]) -> anyhow::Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no program was named")?;
    let program = Path::new(program).canonicalize()?;
    let prefix = prefix();
    let call = wine(&prefix).args([program.as_os_str()]).args(arguments).env("WINEPATH", libraries(&program));
    let Some(status) = call.with_input().status_within(LONGEST)? else {
        off(&prefix);
        bail!("{} did not end within {} min and was stopped", program.display(), LONGEST.as_secs() / 60);
    };
    let code = status.code();
    Ok(code.and_then(|code| u8::try_from(code & 0xff).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Where a program's libraries are, as Windows writes it: Tauri's build puts them beside the programs, one folder above that
/// of the tests.
fn libraries(program: &Path) -> String {
    let folder = program.parent().unwrap_or(program);
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    format!("Z:{}", folder.to_string_lossy().replace('/', "\\"))
}

fn prefix() -> PathBuf {
    std::env::var_os("WINEPREFIX").map_or_else(|| folder().join("wine"), PathBuf::from)
}

/// Leaves the computer on until [`off`]. By itself it goes off some seconds after its last program has ended, and kills what is
/// started in that very moment.
pub(crate) fn on(prefix: &Path) -> anyhow::Result<()> {
    // The choice is the server's when it starts: the one that runs must have ended.
    call(SERVER).args(["--wait"]).env("WINEPREFIX", prefix).run()?;
    call(SERVER).args(["--persistent"]).env("WINEPREFIX", prefix).run()
}

/// Ends everything that runs on this computer, and only there.
pub(crate) fn off(prefix: &Path) {
    // Fails only if it is off already.
    let _ = call(SERVER).args(["--kill"]).env("WINEPREFIX", prefix).succeeds();
}

/// Wine on this computer; the first argument is the program.
pub(crate) fn wine(prefix: &Path) -> Call {
    let quiet = std::env::var_os("WINEDEBUG").unwrap_or_else(|| "-all".into());
    // Neither .NET nor a browser is wanted, which Wine would offer to download, nor entries in the menu of the person's own
    // desktop.
    let without = "mscoree,mshtml,winemenubuilder.exe=";
    call(WINE).env("WINEPREFIX", prefix).env("WINEDEBUG", quiet).env("WINEDLLOVERRIDES", without)
}

//! The packages on trial, under Wine, on a computer with Windows that nobody has used: installed, used, upgraded, removed, and
//! nothing left of them but what is a person's own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::{FILES, installer_package, portable, portable_package};
use crate::bundle::stage::Stage;
use crate::call::{Call, call};
use crate::screen::{Screen, end, first_line};
use crate::windows::wine;

/// How long something is waited for that must come. The uninstaller goes on after the program that was started has ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// The exit code of installer.nsi for "Quaymaster is running".
const RUNNING: i32 = 3;

const UNINSTALL: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Quaymaster";
const RUN: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";

/// What a person has set, as a file.
const SETTINGS: &str = "AppData/Roaming/app.quaymaster.desktop/settings.toml";
/// What WebView2 would have left.
const CACHE: &str = "AppData/Local/app.quaymaster.desktop/EBWebView/Default/Cache/data_0";

/// Who shows the notifications, which the program writes when it runs, and their icon.
const IDENTITY: &str = r"HKCU\Software\Classes\AppUserModelId\app.quaymaster.desktop";
const ICON: &str = "AppData/Local/app.quaymaster.desktop/notice.png";

/// Puts both packages on trial.
pub(crate) fn test(stage: &Stage) -> anyhow::Result<()> {
    let prefix = stage.bench("wine")?;
    wine::make(&prefix)?;
    let screen = Screen::open()?;
    wine::on(&prefix)?;
    let computer = Computer { prefix, screen };
    installer(stage, &computer)?;
    elsewhere(stage, &computer)?;
    unpacked(stage, &computer)?;
    println!("installed, used, upgraded and removed under Wine; the portable programs used");
    Ok(())
}

/// A computer with Windows, as Wine sees one.
struct Computer {
    prefix: PathBuf,
    screen: Screen,
}

impl Computer {
    fn start(&self, program: &Path) -> Call {
        wine::wine(&self.prefix).args([program]).env("DISPLAY", self.screen.display()).env("LC_ALL", "C.UTF-8")
    }

    /// Runs a program to its end and tells its exit code.
    fn run(&self, program: &Path, arguments: &[&str]) -> anyhow::Result<i32> {
        self.start(program).args(arguments).status()?.code().context("ended by a signal")
    }

    fn home(&self) -> anyhow::Result<PathBuf> {
        let users = fs::read_dir(self.prefix.join("drive_c/users"))?.flatten();
        let own = users.filter(|user| user.file_name() != "Public").map(|user| user.path());
        own.into_iter().next().context("nobody lives on this computer")
    }

    /// A value of the registry, if it is there.
    fn value(&self, key: &str, name: &str) -> Option<String> {
        let said = wine::wine(&self.prefix).args(["reg", "query", key, "/v", name]).output().ok()?;
        let line = said.lines().find(|line| line.trim_start().starts_with(name))?;
        line.split("REG_SZ").nth(1).map(|value| value.trim().to_owned())
    }

    /// Whether the registry has this key.
    fn has_key(&self, key: &str) -> bool {
        wine::wine(&self.prefix).args(["reg", "query", key]).succeeds()
    }

    /// Every file below the disk's top, but for what Windows itself keeps writing.
    fn files(&self) -> anyhow::Result<BTreeSet<PathBuf>> {
        let mut found = BTreeSet::new();
        walk(&self.prefix.join("drive_c/Program Files"), &mut found)?;
        walk(&self.prefix.join("drive_c/ProgramData"), &mut found)?;
        walk(&self.prefix.join("drive_c/users"), &mut found)?;
        found.retain(|path| !path.components().any(|part| part.as_os_str() == "Temp"));
        Ok(found)
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        wine::off(&self.prefix);
    }
}

/// Files and empty folders; links are not followed (Wine's lead into the person's own home).
fn walk(folder: &Path, found: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut empty = true;
    for entry in entries {
        let entry = entry?;
        empty = false;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), found)?;
        } else {
            found.insert(entry.path());
        }
    }
    if empty {
        found.insert(folder.to_path_buf());
    }
    Ok(())
}

/// The whole life of an installation, in the folder that the installer chooses.
fn installer(stage: &Stage, computer: &Computer) -> anyhow::Result<()> {
    let setup = stage.product(&installer_package(stage));
    let home = computer.home()?;
    let folder = home.join("AppData/Local/Programs/Quaymaster");
    let before = computer.files()?;

    ensure!(computer.run(&setup, &["/S"])? == 0, "the installer failed");
    ensure!(names(&folder)? == installed(), "installed: {:?}", names(&folder)?);
    let menu = home.join("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Quaymaster.lnk");
    ensure!(menu.is_file(), "there is no entry in the Start menu");
    ensure!(
        computer.value(UNINSTALL, "DisplayVersion") == Some(stage.version.clone()),
        "no version in the list of programs"
    );
    ensure!(computer.value(RUN, "Quaymaster").is_none(), "it starts by itself though nobody wanted that");
    terminal(computer, &folder)?;
    window(computer, &folder)?;

    // What is not ours, and what is a person's own.
    let mine = folder.join("mine.txt");
    let (settings, cache, icon) = (home.join(SETTINGS), home.join(CACHE), home.join(ICON));
    for file in [&mine, &settings, &cache, &icon] {
        fs::create_dir_all(file.parent().context("a file in no folder")?)?;
        fs::write(file, "# mine\n")?;
    }
    let named = ["reg", "add", IDENTITY, "/v", "DisplayName", "/d", "Quaymaster", "/f"];
    ensure!(wine::wine(&computer.prefix).args(named).succeeds(), "the registry takes nothing");
    upgrade(computer, &setup)?;
    while_it_runs(computer, &setup, &folder)?;

    remove(computer, &folder)?;
    ensure!(names(&folder)? == BTreeSet::from(["mine.txt".into()]), "left: {:?}", names(&folder)?);
    ensure!(!computer.has_key(UNINSTALL), "it is still in the list of programs");
    ensure!(!computer.has_key(IDENTITY), "it would still be known for its notifications");
    ensure!(computer.value(RUN, "Quaymaster").is_none(), "it would still start by itself");
    fs::remove_dir_all(&folder)?;
    let left: BTreeSet<PathBuf> = computer.files()?.difference(&before).cloned().collect();
    // The folder above ours is Windows' own, and was there before on any computer that has been used.
    let left: Vec<&PathBuf> = left.iter().filter(|path| !path.ends_with("AppData/Local/Programs")).collect();
    ensure!(left == [&settings], "left: {left:?}");
    Ok(())
}

/// Once more over the same, this time starting by itself; a third time, without a word on that.
fn upgrade(computer: &Computer, setup: &Path) -> anyhow::Result<()> {
    let settings = computer.home()?.join(SETTINGS);
    for arguments in [&["/S", "/AUTOSTART", "/LANG=zh-CN"][..], &["/S"]] {
        ensure!(computer.run(setup, arguments)? == 0, "the upgrade failed");
        let run = computer.value(RUN, "Quaymaster").context("it does not start by itself")?;
        // Unquoted, a folder with a blank in its name would have Windows start something else.
        let quoted = run.starts_with('"') && run.ends_with("\\quaymaster.exe\" --hidden");
        ensure!(quoted, "started by itself: {run}");
        ensure!(settings.is_file(), "the upgrade took the settings along");
    }
    Ok(())
}

/// A program file that runs is neither written over nor removed, and that is told.
fn while_it_runs(computer: &Computer, setup: &Path, folder: &Path) -> anyhow::Result<()> {
    let quay = folder.join("quay.exe");
    let mut running = computer.start(&quay).args(["list", "--watch"]).start(Stdio::piped(), Stdio::null())?;
    let shown = first_line(&mut running);
    let codes = shown.context("quay.exe shows nothing").and_then(|_| {
        let install = computer.run(setup, &["/S"])?;
        // In place, or the one that was started would end at once and its copy do the work, whose code nobody hears.
        let place = format!("_?={}", windows_path(folder)?);
        Ok((install, computer.run(&folder.join("uninstall.exe"), &["/S", &place])?))
    });
    end(&mut running);
    let codes = codes?;
    ensure!(codes == (RUNNING, RUNNING), "ended with {codes:?} while quay.exe ran");
    ensure!(names(folder)?.is_superset(&installed()), "something was removed under a running program");
    Ok(())
}

/// Installed into a folder of the person's choice, and removed with it.
fn elsewhere(stage: &Stage, computer: &Computer) -> anyhow::Result<()> {
    let folder = computer.prefix.join("drive_c/ports");
    let setup = stage.product(&installer_package(stage));
    ensure!(computer.run(&setup, &["/S", r"/D=C:\ports"])? == 0, "the installer failed");
    ensure!(names(&folder)? == installed(), "installed: {:?}", names(&folder)?);
    remove(computer, &folder)?;
    ensure!(!folder.exists(), "left: {:?}", names(&folder)?);
    Ok(())
}

/// The portable programs, in a folder whose name is not of the ANSI code page.
fn unpacked(stage: &Stage, computer: &Computer) -> anyhow::Result<()> {
    let folder = computer.prefix.join("drive_c/端口 ports");
    let packed = portable::unpack(stage, &folder)?;
    let package = portable_package(stage);
    let top = folder.join(package.trim_end_matches(".zip"));
    let expected: Vec<String> =
        FILES.iter().map(|name| format!("{}/{name}", package.trim_end_matches(".zip"))).collect();
    ensure!(packed == expected, "packed: {packed:?}");
    terminal(computer, &top)?;
    window(computer, &top)
}

/// quay.exe says its version and lists sockets.
fn terminal(computer: &Computer, folder: &Path) -> anyhow::Result<()> {
    let quay = folder.join("quay.exe");
    let version = computer.start(&quay).args(["--version"]).output()?;
    ensure!(version.starts_with("quay "), "quay.exe --version said {version:?}");
    let list = computer.start(&quay).args(["list", "--json"]).output()?;
    let list: serde_json::Value = serde_json::from_str(&list).context("quay.exe list --json printed no JSON")?;
    ensure!(list["sockets"].is_array(), "no sockets in {list}");
    Ok(())
}

/// quaymaster.exe on a computer without WebView2, as Wine is: says so in a box, and ends with a failure.
fn window(computer: &Computer, folder: &Path) -> anyhow::Result<()> {
    let mut program = computer.start(&folder.join("quaymaster.exe")).start(Stdio::null(), Stdio::null())?;
    let answered = find_box(computer).and_then(|id| {
        let press = |what| xdotool(computer).args([what, "Return"]).run();
        xdotool(computer).args(["windowactivate", "--sync", &id]).run()?;
        press("keydown")?;
        // Or the display repeats the key for ever, and the next box is gone before anybody has seen it.
        press("keyup")?;
        wait_for(|| program.try_wait().ok().flatten()).context("quaymaster.exe did not end")
    });
    end(&mut program);
    ensure!(!answered?.success(), "quaymaster.exe ended as if all were well");
    Ok(())
}

fn find_box(computer: &Computer) -> anyhow::Result<String> {
    let find = || xdotool(computer).args(["search", "--name", "^Quaymaster$"]).output().ok();
    wait_for(|| find()?.lines().next().map(str::to_owned)).context("quaymaster.exe told nobody what is missing")
}

fn xdotool(computer: &Computer) -> Call {
    call("xdotool").env("DISPLAY", computer.screen.display())
}

fn remove(computer: &Computer, folder: &Path) -> anyhow::Result<()> {
    let uninstaller = folder.join("uninstall.exe");
    ensure!(computer.run(&uninstaller, &["/S"])? == 0, "the uninstaller failed");
    // A copy of it does the work: a program cannot remove its own file. It is done with the list of programs at the end.
    wait_for(|| (!uninstaller.exists() && !computer.has_key(UNINSTALL)).then_some(())).context("it was not removed")?;
    // The cache's folder is the last to go.
    let cache = computer.home()?.join("AppData/Local/app.quaymaster.desktop");
    wait_for(|| (!cache.exists()).then_some(())).context("WebView2's cache was not removed")
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if start.elapsed() > PATIENCE {
            bail!("waited {} s in vain", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// What lies in the folder after an installation.
fn installed() -> BTreeSet<String> {
    FILES.iter().copied().chain(["uninstall.exe"]).map(str::to_owned).collect()
}

/// A folder on the computer's disk, as Windows writes it.
fn windows_path(folder: &Path) -> anyhow::Result<String> {
    let text = folder.to_string_lossy();
    let (_, path) = text.split_once("/drive_c/").context("a folder outside the disk")?;
    Ok(format!("C:\\{}", path.replace('/', "\\")))
}

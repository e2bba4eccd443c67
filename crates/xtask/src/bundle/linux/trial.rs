//! The packages on trial: installed on this machine, used as a person would, removed, and nothing left of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use super::{make, rpm};
use crate::bundle::stage::Stage;
use crate::call::call;
use crate::packages;
use crate::place;
use crate::screen::Screen;

const NAME: &str = "quaymaster";
const DESKTOP: &str = "/usr/share/applications/quaymaster.desktop";
const METAINFO: &str = "/usr/share/metainfo/app.quaymaster.desktop.metainfo.xml";
const BASH: &str = "/usr/share/bash-completion/completions/quay";

/// Where a package, or a hook that it sets off, could leave something.
const PLACES: [&str; 4] = ["/etc", "/opt", "/usr", "/var"];

/// What others write there all the time: logs, and the books of dpkg and apt themselves, which are asked in their own way.
const NOT_LOOKED_AT: [&str; 5] = ["/var/log", "/var/lib/dpkg", "/var/lib/apt", "/var/cache/apt", "/var/tmp"];

/// Lists that are made from every installed program's files: they stay, but must not name ours any longer.
const INDEXES: [&str; 2] = ["/usr/share/applications/mimeinfo.cache", "/usr/share/icons/hicolor/icon-theme.cache"];

/// Installs, uses and removes both.
pub(crate) fn test(stage: &Stage) -> anyhow::Result<()> {
    debian(stage)?;
    other_root(stage)?;
    again(stage)
}

/// The one product of a kind.
fn product(stage: &Stage, ending: &str) -> anyhow::Result<PathBuf> {
    let [product] = products(stage, ending)?.try_into().map_err(|found| anyhow!("not one .{ending}, but {found:?}"))?;
    Ok(product)
}

/// What both kinds of package are, and their lists. Other systems' products lie in the same folder.
fn products(stage: &Stage, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(stage.folder())?.flatten().map(|entry| entry.path());
    let ours = entries.filter(|path| {
        let name = path.to_string_lossy();
        path.extension().is_some_and(|own| own == ending) && (name.contains(".deb") || name.contains(".rpm"))
    });
    Ok(ours.collect())
}

/// The .deb, by apt, on this very system.
fn debian(stage: &Stage) -> anyhow::Result<()> {
    let package = product(stage, "deb")?;
    if call("dpkg-query").args(["--status", NAME]).succeeds() {
        bail!("{NAME} is installed on this machine; the test would remove it, so it does not begin");
    }
    let apt = packages::apt().context("installing needs an administrator")?;
    let before = everything()?;
    apt(&["install", "--yes", "--no-install-recommends", &package.display().to_string()]).run()?;
    let used = use_it(stage, &package);
    // Also when it was of no use.
    apt(&["purge", "--yes", NAME]).run()?;
    used?;
    nothing_left(&before)
}

fn use_it(stage: &Stage, package: &Path) -> anyhow::Result<()> {
    let altered = call("dpkg").args(["--verify", NAME]).output()?;
    ensure!(altered.is_empty(), "installed otherwise than packed: {altered}");
    let listed = call("dpkg-query").args(["--listfiles", NAME]).output()?;
    let there: BTreeSet<&str> = listed.lines().map(|line| line.trim_end_matches("/.")).collect();
    let packed = super::deb::list(package)?;
    let packed = packed.iter().filter_map(|line| line.split("  ").next()).map(|path| path.trim_end_matches('/'));
    ensure!(packed.collect::<BTreeSet<_>>() == there, "dpkg knows of other files than were packed: {listed}");
    call("desktop-file-validate").args([DESKTOP]).run()?;
    call("appstreamcli").args(["validate", "--no-net", "--pedantic", METAINFO]).run()?;
    manuals()?;
    completions()?;
    terminal(stage)?;
    let screen = Screen::open()?;
    let picture = stage.bench("trial")?.join("installed.png");
    call("node")
        .args([place::root().join("tests/e2e/installed.mjs").as_os_str(), DESKTOP.as_ref(), picture.as_os_str()])
        .folder(place::root())
        .env("DISPLAY", screen.display())
        .env("GDK_BACKEND", "x11")
        .run()?;
    println!("the installed window: {}", picture.display());
    Ok(())
}

/// Every page is found by its name in both languages, and rendered without a complaint.
fn manuals() -> anyhow::Result<()> {
    for (language, heading) in [("C", "NAME"), ("zh_CN.UTF-8", "名称")] {
        for page in [NAME, "quay", "quay-list", "quay-end"] {
            let locale = language.trim_end_matches(".UTF-8");
            let file = call("man").args(["--locale", locale, "--where", page]).output()?;
            ensure!((language == "C") != file.contains("/zh_CN/"), "{page} in {language} is found at {file}");
            let shown = call("man").args(["--encoding=UTF-8", "--local-file", file.trim()]).env("MANPAGER", "cat");
            let shown = shown.env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").output()?;
            ensure!(shown.contains(heading) && shown.contains(&format!("{page} - ")), "{page}: {shown}");
            let complaints = call("man").args(["--warnings", "--encoding=UTF-8", "--local-file", file.trim()]);
            let complaints = complaints.env("MANPAGER", "cat").env("LC_ALL", "C.UTF-8").complaints()?;
            // Older groff knows no place to break a line of Chinese; it shows all of it nevertheless.
            let about_breaks = |line: &&str| line.contains("cannot adjust line") || line.contains("can't break line");
            let complaints: Vec<&str> = complaints.lines().filter(|line| !about_breaks(line)).collect();
            ensure!(complaints.is_empty(), "{page} in {language}: {complaints:?}");
        }
    }
    Ok(())
}

/// The shells that are here take their files in, and bash knows what may follow `quay list --sort`.
fn completions() -> anyhow::Result<()> {
    // The one place where a shell is started: it is what is being tested.
    let ask = "source \"$0\" && complete -p quay && COMP_WORDS=(quay list --sort p) COMP_CWORD=3 && _quay quay p --sort \
               && echo \"${COMPREPLY[*]}\"";
    let said = call("bash").args(["--norc", "--noprofile", "-c", ask, BASH]).output()?;
    ensure!(said.lines().last() == Some("program pid proto port path"), "bash completes with: {said}");
    for (shell, check, file) in [
        ("zsh", "-n", "/usr/share/zsh/vendor-completions/_quay"),
        ("fish", "--no-execute", "/usr/share/fish/vendor_completions.d/quay.fish"),
    ] {
        if place::in_path(shell) {
            call(shell).args([check, file]).run()?;
        } else {
            println!("{shell} is not here: that it can read {file} was not tried");
        }
    }
    Ok(())
}

/// quay, found by its name.
fn terminal(stage: &Stage) -> anyhow::Result<()> {
    let version = call("quay").args(["--version"]).output()?;
    ensure!(version.trim() == format!("quay {}", stage.version), "quay says it is {version}");
    // By somebody without rights: what the package lays down must be open to everybody.
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let listed = call("setpriv").args(nobody).args(["quay", "list", "--json"]).output()?;
    let listed: serde_json::Value = serde_json::from_str(&listed)?;
    ensure!(listed["sockets"].is_array(), "quay list --json has no sockets: {listed}");
    Ok(())
}

/// Every path in the places where something could be left.
fn everything() -> anyhow::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = PLACES.iter().map(PathBuf::from).collect();
    while let Some(folder) = open.pop() {
        if NOT_LOOKED_AT.iter().any(|path| folder == Path::new(path)) || folder.starts_with(place::target()) {
            continue;
        }
        // What went away meanwhile, or what may not be read, says nothing of our package.
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(entry.path());
            }
            found.insert(entry.path());
        }
    }
    ensure!(found.len() > 1000, "only {} files were found on this system", found.len());
    Ok(found)
}

/// What is there now and was not before belongs to somebody else: to a package that came meanwhile.
fn nothing_left(before: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    let after = everything()?;
    let new = after.difference(before);
    let left: Vec<&PathBuf> =
        new.filter(|path| !call("dpkg-query").args(["--search"]).args([path]).succeeds()).collect();
    ensure!(left.is_empty(), "the package has left behind: {left:?}");
    for index in INDEXES {
        let text = std::fs::read(index).unwrap_or_default();
        ensure!(!text.windows(NAME.len()).any(|part| part == NAME.as_bytes()), "{index} still names {NAME}");
    }
    // The manual's index forgets a page only when man-db comes by on its day (its hook says --no-purge): done here at once.
    call("mandb").args(["--quiet"]).run()?;
    for page in [NAME, "quay"] {
        ensure!(!call("whatis").args([page]).succeeds(), "the manual's index still names {page}");
    }
    Ok(())
}

/// The .rpm, by rpm, into a root of its own: this system is Debian's. Nothing that it needs is there, and it brings no
/// scripts that would have to run.
fn other_root(stage: &Stage) -> anyhow::Result<()> {
    let package = product(stage, "rpm")?;
    let scripts = call("rpm").args(["-qp", "--scripts"]).args([&package]).output()?;
    ensure!(scripts.is_empty(), "the package brings scripts: {scripts}");
    let required = call("rpm").args(["-qp", "--requires"]).args([&package]).output()?;
    let required: BTreeSet<String> =
        required.lines().filter(|line| !line.starts_with("rpmlib(")).map(str::to_owned).collect();
    ensure!(required == rpm::needed()?, "the package asks for {required:?}");
    let root = stage.bench("rpm-root")?;
    let rpm = || call("rpm").args(["--root"]).args([&root]);
    rpm().args(["--initdb"]).run()?;
    rpm().args(["--install", "--nodeps"]).args([&package]).run()?;
    rpm().args(["--verify", "--nodeps", NAME]).run()?;
    let packed: BTreeSet<String> =
        super::rpm::list(&package)?.iter().filter_map(|line| line.split("  ").next()).map(str::to_owned).collect();
    let missing: Vec<&String> = packed.iter().filter(|path| !root.join(&path[1..]).exists()).collect();
    ensure!(missing.is_empty(), "not installed: {missing:?}");
    rpm().args(["--erase", NAME]).run()?;
    let left: Vec<&String> = packed.iter().filter(|path| root.join(&path[1..]).exists()).collect();
    ensure!(left.is_empty(), "the package has left behind: {left:?}");
    println!("{} entries of the .rpm were installed and removed", packed.len());
    Ok(())
}

/// The same commit, made a second time: the .deb is the same to the last byte. The .rpm is the same in what it holds and
/// asks for; the bundler writes the time of the making into its header, and into the dates of two files.
fn again(stage: &Stage) -> anyhow::Result<()> {
    let second = stage.aside()?;
    make(&second)?;
    for ending in ["deb", "txt"] {
        for file in products(stage, ending)? {
            let name = file.file_name().and_then(|name| name.to_str()).context("a package without a name")?;
            let same = std::fs::read(&file)? == std::fs::read(second.product(name))?;
            ensure!(same, "made twice, {name} differs");
        }
    }
    let inside = |stage: &Stage| -> anyhow::Result<(String, String)> {
        let package = product(stage, "rpm")?;
        let held = call("rpm").args(["-qp", "--queryformat", "[%{FILENAMES} %{FILEDIGESTS} %{FILEMODES}\n]"]);
        Ok((held.args([&package]).output()?, call("rpm").args(["-qp", "--requires"]).args([&package]).output()?))
    };
    ensure!(inside(stage)? == inside(&second)?, "made twice, the .rpm holds something else");
    println!("made twice: the .deb and both lists have the same bytes, the .rpm holds the same files");
    Ok(())
}

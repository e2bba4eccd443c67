//! What lies in a package beside the window's program, its icons and its desktop entry, and where.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::programs;
use crate::bundle::stage::Stage;
use crate::call::{call, cargo};
use crate::{networks, place};

/// A file for a package.
pub(super) struct Sheet {
    /// Where it goes, from the root of the system, without a slash before it.
    pub(super) at: String,
    pub(super) file: PathBuf,
}

/// Everything that packages of both kinds are made from.
pub(super) struct Tree {
    /// What goes into both.
    pub(super) common: Vec<Sheet>,
    /// Debian's description of the licences.
    pub(super) copyright: PathBuf,
    /// The notices, packed.
    pub(super) notices: PathBuf,
    /// What has changed, packed.
    pub(super) changes: PathBuf,
}

/// Lays out the files, each with its final bytes and the common date.
pub(super) fn gather(stage: &Stage, notices: &Path) -> anyhow::Result<Tree> {
    let root = stage.bench("tree")?;
    let ours = place::root();
    let own = |name: &str| ours.join("packaging/linux").join(name);
    let [_, quay] = programs();
    lay(&root, "usr/bin/quay", &quay)?;
    lay(&root, "usr/share/quaymaster/networks.bin", &networks::ensure_compiled()?)?;
    lay(&root, "usr/share/icons/hicolor/scalable/apps/quaymaster.svg", &ours.join("icons/quaymaster.svg"))?;
    lay(&root, "usr/share/man/man1/quaymaster.1", &own("quaymaster.1"))?;
    lay(&root, "usr/share/man/zh_CN/man1/quaymaster.1", &own("quaymaster.zh_CN.1"))?;
    let info = std::fs::read_to_string(own("app.quaymaster.desktop.metainfo.xml"))?;
    let info = info.replace("@VERSION@", &stage.version).replace("@DATE@", &stage.day()?);
    write(&root.join("usr/share/metainfo/app.quaymaster.desktop.metainfo.xml"), &without_note(&info))?;
    papers(stage, &root)?;
    for page in files(&root.join("usr/share/man"))? {
        stamped(&page, stage)?;
        pack(&page)?;
    }
    let beside = stage.bench("beside")?;
    let copyright = beside.join("copyright");
    write(&copyright, &super::deb::copyright(notices)?)?;
    let changes = beside.join("CHANGELOG.md");
    std::fs::copy(ours.join("CHANGELOG.md"), &changes)?;
    let kept = beside.join("THIRD-PARTY-NOTICES.txt");
    std::fs::copy(notices, &kept)?;
    let (changes, notices) = (pack(&changes)?, pack(&kept)?);
    for folder in [&root, &beside] {
        // Whatever the umask of who makes the package.
        call("chmod").args(["-R", "u=rwX,go=rX"]).args([folder]).run()?;
        stage.date(folder)?;
    }
    let common = files(&root)?.into_iter().map(|file| sheet(&root, file)).collect::<anyhow::Result<_>>()?;
    Ok(Tree { common, copyright, notices, changes })
}

/// quay's manual and completions, made from its own definitions.
fn papers(stage: &Stage, root: &Path) -> anyhow::Result<()> {
    cargo()
        .args(["run", "--quiet", "--locked", "--package", "quay", "--example", "papers", "--"])
        .args([root.as_os_str(), stage.day()?.as_ref()])
        .run()
}

/// The file's path in the package.
fn sheet(root: &Path, file: PathBuf) -> anyhow::Result<Sheet> {
    let at = file.strip_prefix(root)?.to_str().context("a file whose name is no text")?.to_owned();
    Ok(Sheet { at, file })
}

fn lay(root: &Path, at: &str, file: &Path) -> anyhow::Result<()> {
    let to = root.join(at);
    std::fs::create_dir_all(to.parent().context("a file in no folder")?)?;
    std::fs::copy(file, &to).with_context(|| format!("{} is missing", file.display()))?;
    Ok(())
}

fn write(to: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(to.parent().context("a file in no folder")?)?;
    std::fs::write(to, text).with_context(|| format!("could not write {}", to.display()))
}

/// Fills in what a written page of the manual leaves open.
fn stamped(page: &Path, stage: &Stage) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(page)?;
    write(page, &text.replace("@VERSION@", &stage.version).replace("@DATE@", &stage.day()?))
}

/// Packs a file with gzip, as Debian's policy wants manuals and changelogs; without name and date, which would differ.
fn pack(file: &Path) -> anyhow::Result<PathBuf> {
    call("gzip").args(["-9", "--no-name", "--force"]).args([file]).run()?;
    let mut packed = file.as_os_str().to_owned();
    packed.push(".gz");
    Ok(packed.into())
}

/// Without the line for those who write the file.
fn without_note(info: &str) -> String {
    info.lines().filter(|line| !line.starts_with("<!--")).map(|line| format!("{line}\n")).collect()
}

/// Every file below a folder, in order.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| format!("could not read {}", next.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { open.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

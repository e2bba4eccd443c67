//! Where packages are made, and the facts that all of them share.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::call::{Call, call, cargo};
use crate::place;

/// One run of the bundler.
pub(crate) struct Stage {
    /// What a person takes away: packages, lists, sums. Empty when the run begins.
    folder: PathBuf,
    /// Half-done work of this run; nobody looks here.
    work: PathBuf,
    /// The version, as the workspace's manifest has it.
    pub(crate) version: String,
    /// Unix seconds of the last commit: the date of everything in a package, so that the same commit makes the same
    /// bytes (SOURCE_DATE_EPOCH, <https://reproducible-builds.org/specs/source-date-epoch/>).
    pub(crate) epoch: u64,
}

impl Stage {
    /// Empties the folders and reads the facts.
    pub(crate) fn set() -> anyhow::Result<Self> {
        let folder = fresh(place::target().join("bundle"))?;
        let work = fresh(place::target().join("bundle-work"))?;
        let epoch = call("git").args(["log", "-1", "--format=%ct"]).folder(place::root()).output()?;
        let epoch = epoch.trim().parse().context("git names no date of the last commit")?;
        let metadata = cargo().args(["metadata", "--no-deps", "--format-version=1"]).output()?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
        let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
        let shell = packages.iter().find(|package| package["name"] == "quaymaster");
        let version = shell.and_then(|shell| shell["version"].as_str()).context("the shell has no version")?.to_owned();
        Ok(Self { folder, work, version, epoch })
    }

    /// A stage apart with the same facts, for making something a second time.
    pub(crate) fn aside(&self) -> anyhow::Result<Self> {
        let (folder, work) = (self.bench("again")?, self.bench("again-work")?);
        Ok(Self { folder, work, version: self.version.clone(), epoch: self.epoch })
    }

    /// A file in the folder that a person takes away.
    pub(crate) fn product(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A folder of this name for half-done work, made empty.
    pub(crate) fn bench(&self, name: &str) -> anyhow::Result<PathBuf> {
        fresh(self.work.join(name))
    }

    /// The folder that a person takes away.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The day of the last commit, as YYYY-MM-DD.
    pub(crate) fn day(&self) -> anyhow::Result<String> {
        let day = call("date").args(["--utc", &format!("--date=@{}", self.epoch), "+%F"]).output()?;
        Ok(day.trim().to_owned())
    }

    /// Gives everything below a folder, and the folder itself, the common date.
    pub(crate) fn date(&self, folder: &Path) -> anyhow::Result<()> {
        let date = format!("--date=@{}", self.epoch);
        let touch = ["-exec", "touch", "--no-dereference", &date, "{}", "+"];
        call("find").args([folder]).args(touch).run()
    }

    /// A program that is told the date which everything is to have.
    pub(crate) fn dated(&self, call: Call) -> Call {
        // The zone: ar, tar and zip must not write this machine's own.
        call.env("SOURCE_DATE_EPOCH", self.epoch.to_string()).env("TZ", "UTC").env("LC_ALL", "C.UTF-8")
    }
}

fn fresh(folder: PathBuf) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}

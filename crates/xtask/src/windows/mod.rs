//! `cargo xtask windows build | test | clippy`: the programs for Windows, made and tried on Linux. Windows itself needs none of
//! this: there `cargo xtask test` is the whole of it.

mod sysroot;
pub(crate) mod toolchain;
pub(crate) mod wine;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;

use crate::call::Call;
use crate::packages::{self, Purpose};
use crate::screen::Screen;
use crate::steps::Steps;
use crate::{networks, page, place};

use toolchain::Toolchain;

pub(crate) use sysroot::{WRAPPING, wrap_rustc};
pub(crate) use toolchain::TARGET;

/// Whose tests run under Wine, all of them.
const TESTED: [&str; 7] = [
    "quaymaster-core",
    "quaymaster-probe",
    "quaymaster-history",
    "quaymaster-lookup",
    "quaymaster-engine",
    "quaymaster-desktop",
    "quay",
];
/// Tests of the whole house that ask the system. The others read the house's own files, which are the same on Linux.
const WHOLE: [&str; 6] = [
    "--package=quaymaster-tests",
    "--bin=actor",
    "--bin=look",
    "--test=differential",
    "--test=hostile",
    "--test=networks",
];
/// The shell, whose tests stand in for the window by Tauri's mock runtime.
const SHELL: &str = "quaymaster";
/// What Wine lacks, a line each: what the tests could not ask.
const LACKS: &str = "tests/wine/lacks.txt";

/// What is to be done for Windows.
#[derive(Subcommand)]
pub(crate) enum Windows {
    /// Build the programs for Windows.
    Build {
        /// The optimised build.
        #[arg(long)]
        release: bool,
    },
    /// Check with clippy, then run the tests under Wine.
    Test,
    /// Only check with clippy.
    Clippy,
    /// Run a program under Wine: what cargo calls.
    #[command(hide = true)]
    Wine {
        /// The program and its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<OsString>,
    },
}

impl Windows {
    pub(crate) fn carry_out(self) -> anyhow::Result<ExitCode> {
        if !place::LINUX {
            bail!("this makes Windows programs on Linux; on Windows itself, `cargo xtask test` is all there is to do");
        }
        match self {
            Self::Wine { command } => return wine::run(&command),
            Self::Build { release } => build(release)?,
            Self::Test => test()?,
            Self::Clippy => clippy()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Cargo for Windows, everything that it needs being there.
pub(crate) fn ready() -> anyhow::Result<Toolchain> {
    packages::ensure(Purpose::Windows)?;
    // The shell takes the built page in when it is compiled.
    page::ensure_built()?;
    Toolchain::ready()
}

fn build(release: bool) -> anyhow::Result<()> {
    let toolchain = ready()?;
    networks::lay_beside(&toolchain.programs(release))?;
    let call = toolchain.cargo("build").args(["--bin", "quay", "--bin", "quaymaster", "--workspace"]);
    (if release { call.args(["--release"]) } else { call }).run()?;
    println!("the programs are in {}", toolchain.programs(release).display());
    Ok(())
}

fn clippy() -> anyhow::Result<()> {
    check(&ready()?).run()
}

/// The whole workspace, its tests and its chores: whatever a person on Windows would build.
fn check(toolchain: &Toolchain) -> Call {
    toolchain.cargo("clippy").args(["--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn test() -> anyhow::Result<()> {
    let mut steps = Steps::begin();
    let mut toolchain = None;
    steps.take("windows: set up", || {
        let ready = toolchain.insert(ready()?);
        networks::lay_beside(&ready.programs(false))?;
        wine::ready()
    });
    if let Some(toolchain) = toolchain {
        steps.take("windows: clippy", || check(&toolchain).run());
        // Windows that tests open want a display, also under Wine.
        let screen = Screen::open()?;
        let computer = wine::Computer::on()?;
        // Examples in the documentation run on Linux: there is none that asks the system anything.
        let tests = |which: &[&str]| {
            toolchain.cargo("test").args(["--no-fail-fast"]).args(which).env("DISPLAY", screen.display())
        };
        let all_of = |packages: &[&'static str]| -> Vec<&str> {
            let packages = packages.iter().flat_map(|package| ["--package", package]);
            ["--lib", "--bins", "--tests"].into_iter().chain(packages).collect()
        };
        steps.tests("windows: the parts", || tests(&all_of(&TESTED)).count());
        steps.tests("windows: the whole house", || tests(&WHOLE).count());
        steps.tests("windows: the shell", || tests(&["--bins", "--package", SHELL]).count());
        drop(computer);
    }
    let lacks = std::fs::read_to_string(place::root().join(LACKS))?;
    println!("\nWhat Wine lacks, and the tests could not ask (`{LACKS}`):");
    lacks.lines().for_each(|line| println!("  {line}"));
    steps.summary()
}

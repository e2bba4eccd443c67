//! `cargo xtask bundle`: every package of both systems, in one folder, with what is in them and their sums. Owns the
//! order of the work and where it goes; what a package is made of is each system's own module.

mod contents;
mod licences;
mod linux;
mod stage;
mod sums;
mod windows;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::packages::{self, Purpose};
use crate::steps::Steps;
use crate::{page, place};
use stage::Stage;

/// Make the packages into target/bundle: .deb and .rpm for Linux, a portable zip and an installer for Windows, with licence
/// notices, file lists and sums.
#[derive(Args)]
pub(crate) struct Bundle {
    /// Afterwards install, use and remove them: the Linux ones on this machine, which needs an administrator, the Windows ones
    /// under Wine.
    #[arg(long)]
    test: bool,
    /// Only the packages for one system.
    #[arg(long, value_name = "SYSTEM")]
    only: Option<System>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum System {
    Linux,
    Windows,
}

impl Bundle {
    pub(crate) fn carry_out(self) -> anyhow::Result<()> {
        let mut steps = Steps::begin();
        let mut stage = None;
        let ready = steps.take("set up", || {
            packages::ensure(Purpose::Bundle)?;
            // Before cargo: the shell takes the built page in when it is compiled.
            page::ensure_built()?;
            stage = Some(Stage::set()?);
            Ok(())
        });
        let wanted = |system| self.only.is_none_or(|only| only == system);
        if let (true, Some(stage)) = (ready, stage) {
            if wanted(System::Linux) {
                let made = steps.take("linux: .deb and .rpm", || linux::make(&stage));
                if made && self.test {
                    steps.take("linux: install, use, remove", || linux::test(&stage));
                }
            }
            if wanted(System::Windows) {
                let made = steps.take("windows: portable zip and installer", || windows::make(&stage));
                if made && self.test {
                    steps.take("windows: install, use, remove", || windows::test(&stage));
                }
            }
            // Last: over everything that lies there then.
            steps.take("sums", || sums::write(&stage));
        }
        steps.summary()
    }
}

/// What the compiler is told so that a program does not say where it was built: a person's name is in such paths.
fn without_places() -> Vec<String> {
    // The last one that fits wins: the target folder mostly lies inside the root.
    let places =
        [(place::cargo_home(), "cargo"), (Some(place::root()), "quaymaster"), (Some(place::target()), "target")];
    let flag = |(place, name): (Option<PathBuf>, _)| Some(format!("--remap-path-prefix={}={name}", place?.display()));
    places.into_iter().filter_map(flag).collect()
}

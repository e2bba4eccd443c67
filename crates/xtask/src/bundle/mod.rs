//! `cargo xtask bundle`: every package of both systems, in one folder, with what is in them and their sums. Owns the
//! order of the work and where it goes; what a package is made of is each system's own module.

mod contents;
mod licences;
mod linux;
mod stage;
mod sums;

use clap::Args;

use crate::packages::{self, Purpose};
use crate::page;
use crate::steps::Steps;
use stage::Stage;

/// Make the packages into target/bundle: .deb and .rpm, with licence notices, file lists and sums.
#[derive(Args)]
pub(crate) struct Bundle {
    /// Afterwards install, use and remove them on this machine. Needs an administrator.
    #[arg(long)]
    test: bool,
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
        if let (true, Some(stage)) = (ready, stage) {
            make(&mut steps, &stage);
            if self.test {
                steps.take("linux: install, use, remove", || linux::test(&stage));
            }
        }
        steps.summary()
    }
}

/// Makes them all. The sums come last: over everything that lies there then.
fn make(steps: &mut Steps, stage: &Stage) {
    steps.take("linux: .deb and .rpm", || linux::make(stage));
    steps.take("sums", || sums::write(stage));
}

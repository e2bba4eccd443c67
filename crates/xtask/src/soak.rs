//! `cargo xtask soak`: whether the program stands the length of the day, at ten thousand sockets of which hundreds open and close every
//! second. The engine by itself, compared at the end with what the system says; or the whole window.

use anyhow::bail;
use clap::Args;

use crate::call::{build, call, cargo};
use crate::check::in_window_world;
use crate::packages::{self, Purpose};
use crate::place::{self, Profile};
use crate::screen::Screen;
use crate::{networks, page};

const SOCKETS: u32 = 10_000;
/// Sockets that open or close, a second.
const CHANGES: u32 = 500;

/// Let the engine, or the window, run for long under churn: what memory it takes, and whether every row is right at the end.
#[derive(Args)]
pub(crate) struct Soak {
    /// How long.
    #[arg(long, default_value_t = 30)]
    minutes: u32,
    /// The whole window on a virtual display, instead of the engine alone.
    #[arg(long)]
    window: bool,
}

impl Soak {
    pub(crate) fn carry_out(self) -> anyhow::Result<()> {
        if !place::LINUX {
            bail!("the crowd of sockets that is looked at, and what it is compared with, are Linux'");
        }
        if self.window { self.window() } else { self.engine() }
    }

    fn engine(&self) -> anyhow::Result<()> {
        packages::ensure(Purpose::Bench)?;
        programs(&["soak", "crowd"])?;
        let numbers = [self.minutes * 60, SOCKETS, CHANGES].map(|number| number.to_string());
        call(place::program("soak", Profile::Release)).args(numbers).run()
    }

    fn window(&self) -> anyhow::Result<()> {
        packages::ensure(Purpose::Test)?;
        page::ensure_built()?;
        networks::lay_beside(&place::programs(Profile::Release))?;
        build().args(["--release"]).run()?;
        let screen = Screen::open()?;
        let script = call("node").args([place::root().join("tests/e2e/endurance.mjs")]);
        in_window_world(script, &screen)
            .env("QUAYMASTER_BIN", place::program("quaymaster", Profile::Release))
            .env("CROWD_BIN", place::program("crowd", Profile::Release))
            .env("QUAYMASTER_ENDURANCE_SOCKETS", SOCKETS.to_string())
            .env("QUAYMASTER_ENDURANCE_MINUTES", self.minutes.to_string())
            .run()
    }
}

/// Builds programs of the tests, optimised.
pub(crate) fn programs(names: &[&str]) -> anyhow::Result<()> {
    networks::lay_beside(&place::programs(Profile::Release))?;
    println!("building {}, optimised (the first time takes some minutes)", names.join(" and "));
    let wanted = names.iter().flat_map(|name| ["--bin", name]);
    cargo().args(["build", "--release", "--package", "quaymaster-tests"]).args(wanted).run()
}

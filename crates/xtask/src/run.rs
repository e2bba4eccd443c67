//! `cargo xtask run`: the shortest way from a fresh clone to the window.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::call::{Call, build, call, cargo};
use crate::packages::Purpose;
use crate::place::{self, Profile};
use crate::{networks, packages, page, picture};

/// Set up what is missing, then open the window on live data. Without a display: the live table in this terminal.
#[derive(Args)]
pub(crate) struct Run {
    /// Open the window on a virtual display, save a picture of it and end.
    #[arg(long = "virtual")]
    on_virtual: bool,
    /// Where that picture goes.
    #[arg(long, default_value = "quaymaster.png", value_name = "PATH")]
    picture: PathBuf,
    /// The optimised build: it takes minutes more to make.
    #[arg(long)]
    release: bool,
    /// Handed to the program.
    #[arg(last = true)]
    args: Vec<String>,
}

impl Run {
    pub(crate) fn carry_out(self) -> anyhow::Result<()> {
        if self.on_virtual {
            packages::ensure(Purpose::Picture)?;
            let program = self.window()?;
            let picture = picture::take(&program, &self.args, &self.picture)?;
            println!("the window ran on a virtual display; its picture is {}", picture.display());
            return Ok(());
        }
        if !display() {
            return self.terminal();
        }
        packages::ensure(Purpose::Window)?;
        let program = self.window()?;
        println!("opening the window; it ends when you close it");
        call(program).args(&self.args).with_input().run()
    }

    fn terminal(&self) -> anyhow::Result<()> {
        println!("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.");
        println!("`cargo xtask run --virtual` opens it on a virtual display and saves a picture of it.");
        println!("The live table, in this terminal, once:\n");
        // The table is worth more than the names in it, which need npm's registry the first time.
        if let Err(error) = networks::lay_beside(&place::programs(self.profile())) {
            println!("without organisations and countries: {error:#}\n");
        }
        // This one program alone: it needs none of the window's libraries.
        self.profiled(cargo().args(["build", "--package", "quay"])).run()?;
        call(place::program("quay", self.profile())).args(&self.args).with_input().run()
    }

    fn window(&self) -> anyhow::Result<PathBuf> {
        page::ensure_built()?;
        networks::lay_beside(&place::programs(self.profile()))?;
        let start = Instant::now();
        println!("building the window and the terminal program (the first time takes some minutes)");
        self.profiled(build()).run()?;
        println!("built in {:.0} s", start.elapsed().as_secs_f64());
        Ok(place::program("quaymaster", self.profile()))
    }

    fn profiled(&self, call: Call) -> Call {
        if self.release { call.args(["--release"]) } else { call }
    }

    fn profile(&self) -> Profile {
        if self.release { Profile::Release } else { Profile::Dev }
    }
}

/// Whether a window could open. Only Linux can be without.
fn display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !place::LINUX || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

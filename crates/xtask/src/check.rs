//! `cargo xtask test` and `cargo xtask lint`: everything that can be wrong, asked in turn.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::call::{Call, build, call, cargo};
use crate::packages::{self, Purpose};
use crate::place::{self, Profile};
use crate::screen::Screen;
use crate::steps::Steps;
use crate::tally::Tally;
use crate::{networks, page};

/// Runs every test; `fast`: without a browser and without the real window.
pub(crate) fn test(fast: bool) -> anyhow::Result<()> {
    let mut steps = Steps::begin();
    let ready = steps.take("set up", || {
        packages::ensure(if fast { Purpose::Window } else { Purpose::Test })?;
        // Before cargo: the shell takes the built page in when it is compiled.
        page::ensure_built()?;
        networks::lay_beside(&place::programs(Profile::Dev))
    });
    if ready {
        rules(&mut steps);
        steps.tests("page: unit tests", || page::script("test").count());
        if steps.take("build", || build().args(["--tests"]).run()) {
            steps.tests("rust: tests", || rust_tests().count());
            steps.take("rust: examples in the documentation", || {
                cargo().args(["test", "--workspace", "--doc", "--quiet"]).run()
            });
            if !fast {
                steps.tests("page: in a browser", || page::script("test:browser").count());
                if place::LINUX {
                    steps.tests("the real window", real_window);
                }
            }
        }
    }
    steps.summary()
}

/// Checks what needs no running.
pub(crate) fn lint() -> anyhow::Result<()> {
    let mut steps = Steps::begin();
    if steps.take("set up", || packages::ensure(Purpose::Window).and_then(|()| page::ensure_built())) {
        rules(&mut steps);
    }
    steps.summary()
}

fn rules(steps: &mut Steps) {
    steps.take("rust: format", || cargo().args(["fmt", "--all", "--check"]).run());
    steps.take("page: types", || page::script("check").run());
    steps.take("page: rules", || page::script("lint").run());
    steps.take("scripts of the real window: format", || {
        let prettier = place::ui().join("node_modules/prettier/bin/prettier.cjs");
        // The page's own configuration names a plugin that is not found from outside of its folder.
        let like_the_page = ["--no-config", "--print-width=120", "--single-quote", "--check", "tests/e2e"];
        call("node").args([prettier]).args(like_the_page).folder(place::root()).run()
    });
    steps.take("rust: clippy", || {
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]).run()
    });
}

/// nextest where it is installed (a process a test, and faster), else what cargo brings.
fn rust_tests() -> Call {
    let tests = if place::in_path("cargo-nextest") {
        cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo().args(["test", "--workspace", "--bins", "--lib", "--tests", "--no-fail-fast"])
    };
    // The types' own export tests write files: into the target folder, so that the test of their freshness compares
    // with what is committed.
    tests.env("TS_RS_EXPORT_DIR", place::target().join("bindings"))
}

fn real_window() -> (anyhow::Result<()>, Tally) {
    let screen = match Screen::open() {
        Ok(screen) => screen,
        Err(error) => return (Err(error), Tally::default()),
    };
    let files = match e2e_files() {
        Ok(files) => files,
        Err(error) => return (Err(error), Tally::default()),
    };
    // One file after the other: each has the display, and the machine's sockets, to itself.
    let runner = call("node").args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files);
    in_window_world(runner, &screen).count()
}

/// What a script that drives the real window is told.
pub(crate) fn in_window_world(script: Call, screen: &Screen) -> Call {
    script
        .folder(place::root())
        .env("DISPLAY", screen.display())
        .env("GDK_BACKEND", "x11")
        .env("QUAYMASTER_BIN", place::program("quaymaster", Profile::Dev))
        .env("QUAY_BIN", place::program("quay", Profile::Dev))
        .env("ACTOR_BIN", place::program("actor", Profile::Dev))
        .env("DESK_BIN", place::program("desk", Profile::Dev))
}

/// The test files, in the order of their names. Named one by one: what `node --test` takes for tests in a folder has
/// changed from version to version.
fn e2e_files() -> anyhow::Result<Vec<OsString>> {
    let folder = place::root().join("tests/e2e");
    let entries = std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files.into_iter().map(PathBuf::into_os_string).collect())
}

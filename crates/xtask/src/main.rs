//! xtask: every chore of the project behind one door, on Linux and Windows alike. It starts other programs with argument
//! lists (never through a shell), says what it does and how long it took, and knows nothing of what the project is about.

mod bench;
mod bindings;
mod bundle;
mod call;
mod check;
mod icons;
mod networks;
mod packages;
mod page;
mod picture;
mod place;
mod run;
mod screen;
mod screenshots;
mod soak;
mod steps;
mod tally;
mod windows;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Every chore of the project. `cargo xtask run` opens the window, `cargo xtask test` runs every test; both set up what
/// they need first.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Set up what is missing, then open the window on live data. Without a display: the live table in this terminal.
    Run(run::Run),
    /// Set up what is missing, then run every test there is, up to the real window on a virtual display.
    Test {
        /// Only what takes seconds once it is built: no browser, no real window.
        #[arg(long)]
        fast: bool,
    },
    /// Everything that can be checked without running the program: format, clippy, types and rules of the page.
    Lint,
    /// Build, check or test the programs for Windows, here on Linux.
    #[command(subcommand)]
    Windows(windows::Windows),
    Bench(bench::Bench),
    Soak(soak::Soak),
    /// Take the pictures in docs/pictures from the real window on a virtual display.
    Screenshots,
    /// Write the page's types anew from the engine's wire types.
    Bindings,
    Bundle(bundle::Bundle),
    /// Make the PNG and ICO files from icons/quaymaster.svg.
    Icons,
    /// Only set up: system packages, the page's libraries, the built page.
    Setup {
        /// Also what only the tests need.
        #[arg(long)]
        tests: bool,
    },
}

fn main() -> ExitCode {
    if std::env::var_os(windows::WRAPPING).is_some() {
        return exit(windows::wrap_rustc().map(|()| ExitCode::SUCCESS));
    }
    let outcome = match Cli::parse().chore {
        Chore::Windows(windows) => return exit(windows.carry_out()),
        Chore::Run(run) => run.carry_out(),
        Chore::Test { fast } => check::test(fast),
        Chore::Lint => check::lint(),
        Chore::Bench(bench) => bench.carry_out(),
        Chore::Soak(soak) => soak.carry_out(),
        Chore::Screenshots => screenshots::take(),
        Chore::Bindings => bindings::write(),
        Chore::Bundle(bundle) => bundle.carry_out(),
        Chore::Icons => icons::make(),
        Chore::Setup { tests } => page_and_packages(tests),
    };
    exit(outcome.map(|()| ExitCode::SUCCESS))
}

fn exit(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn page_and_packages(tests: bool) -> anyhow::Result<()> {
    packages::ensure(if tests { packages::Purpose::Test } else { packages::Purpose::Window })?;
    page::ensure_built()
}

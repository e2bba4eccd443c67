//! `cargo xtask bench`: what looking at sockets costs, beside everybody else who does it, in one run; one table of ratios. The
//! measuring is done by the project's own program `gauge`, in a release build; here is only who is called with what, and the table.

mod machine;
mod micro;
mod report;

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::call::call;
use crate::packages::{self, Purpose};
use crate::place::{self, Profile};
use crate::soak;

/// Sockets, the processes that have them, and what else each has open.
const SIZES: [(usize, usize, usize); 4] = [(500, 10, 50), (5_000, 200, 50), (50_000, 200, 50), (200_000, 200, 50)];
/// So many of them with `--quick`.
const QUICK: usize = 2;
/// A look at `.0` sockets while another network namespace holds `.1`.
const NEIGHBOURS: (usize, usize) = (500, 200_000);

/// Measure what looks, questions and frames cost, in turn with ss, netstat, lsof, netstat2 and the kernel's bare listing.
#[derive(Args)]
pub(crate) struct Bench {
    /// The two smaller crowds alone, without the benches of single parts. The table is printed and goes into the
    /// target folder, not into docs/performance.md.
    #[arg(long)]
    quick: bool,
}

/// Everything that was measured.
struct Figures {
    sizes: Vec<Size>,
    neighbours: Value,
    micro: Vec<micro::Row>,
}

/// What `gauge` has found with one crowd.
struct Size {
    sockets: usize,
    processes: usize,
    files: usize,
    found: Value,
}

impl Bench {
    pub(crate) fn carry_out(self) -> anyhow::Result<()> {
        if !place::LINUX {
            bail!("what is measured is how sockets are read on Linux, beside programs that are only there");
        }
        packages::ensure(Purpose::Bench)?;
        soak::programs(&["gauge", "crowd"])?;
        let figures = self.measure()?;
        let before = std::fs::read_to_string(kept()).unwrap_or_default();
        let text = report::write(&figures, &machine::describe(), &before);
        println!("\n{text}");
        let file = if self.quick { place::target().join("performance-quick.md") } else { kept() };
        std::fs::write(&file, text).with_context(|| format!("could not write {}", file.display()))?;
        println!("written to {}", file.display());
        Ok(())
    }

    fn measure(&self) -> anyhow::Result<Figures> {
        let sizes = if self.quick { &SIZES[..QUICK] } else { &SIZES[..] };
        let sizes = sizes.iter().map(|&size| measured(size)).collect::<anyhow::Result<_>>()?;
        println!("{} sockets beside {} of another network", NEIGHBOURS.0, NEIGHBOURS.1);
        let numbers = [NEIGHBOURS.0, NEIGHBOURS.1].map(|number| number.to_string());
        let neighbours = gauge(&[&["neighbours".to_owned()], &numbers[..]].concat())?;
        let micro = if self.quick { Vec::new() } else { micro::run()? };
        Ok(Figures { sizes, neighbours, micro })
    }
}

fn measured((sockets, processes, files): (usize, usize, usize)) -> anyhow::Result<Size> {
    println!("{sockets} sockets in {processes} processes, with everybody in turn");
    let found = gauge(&[sockets, processes, files].map(|number| number.to_string()))?;
    Ok(Size { sockets, processes, files, found })
}

fn gauge(arguments: &[String]) -> anyhow::Result<Value> {
    let said = call(place::program("gauge", Profile::Release)).args(arguments).output()?;
    serde_json::from_str(&said).with_context(|| format!("gauge said {said:?}"))
}

fn kept() -> PathBuf {
    place::root().join("docs/performance.md")
}

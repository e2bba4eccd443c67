//! A program for measuring: a crowd of processes with very many sockets, which does what it is told.
//!
//! `crowd SOCKETS PROCESSES FILES` says `ready` once about so many sockets are open in so many processes, each with so many other
//! files. Then, for each line on its standard input, it answers one line:
//!
//! - `churn N`: about N sockets are closed and as many of their kinds opened; answers how many.
//! - `respawn N`: N processes end, and others take their places.
//! - `traffic N`: bytes go through N connections.
//! - `listen`: one process listens at a new port; answers its address, the port and `CLOCK_MONOTONIC` in nanoseconds just after.
//!
//! It ends with its input.

// Linux only: it raises its own limits and keeps time by CLOCK_MONOTONIC, as the measurements there do.
#[cfg(target_os = "linux")]
mod chief;
#[cfg(target_os = "linux")]
mod part;

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|number| number.parse().ok()).collect();
    match (std::env::args().nth(1).as_deref(), &numbers[..]) {
        (Some("part"), [number, sockets, files]) => part::Part::open(*number, *sockets, *files)?.serve(),
        (_, [sockets, processes, files]) => chief::lead(*sockets, (*processes).max(1), *files),
        _ => Err(std::io::Error::other("crowd SOCKETS PROCESSES FILES")),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

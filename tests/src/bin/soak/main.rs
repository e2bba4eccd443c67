//! Whether the engine stands the length of the day: `soak SECONDS SOCKETS CHANGES` opens a crowd of sockets (the program of that name
//! beside this one), of which about so many open or close every second, and lets an engine in a process of its own look at them, which
//! is asked as the page asks. It notes what memory the engine takes. At the end every row that the engine holds is compared with what
//! the system says when it is asked by other means.
//!
//! It prints one object of JSON, and what it notes meanwhile to the standard error. It fails when a row is lost, when one is there that
//! should not be, when an owner is wrong, or when memory has grown as it never does by chance.
//!
//! Another form serves it: `soak engine` is the engine.

// Linux only: truth is read in `/proc`, and the crowd is at home there.
#[cfg(target_os = "linux")]
mod churn;
#[cfg(target_os = "linux")]
mod course;
#[cfg(target_os = "linux")]
mod engine;
#[cfg(target_os = "linux")]
mod moods;
#[cfg(target_os = "linux")]
mod rows;
#[cfg(target_os = "linux")]
mod truth;
#[cfg(target_os = "linux")]
mod verdict;

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<std::process::ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    match (words.first().map(String::as_str), &numbers[..]) {
        (Some("engine"), _) => engine::serve().map(|()| std::process::ExitCode::SUCCESS),
        (_, [seconds, sockets, changes]) => soak(*seconds, *sockets, *changes),
        _ => Err(std::io::Error::other("soak SECONDS SOCKETS CHANGES")),
    }
}

#[cfg(target_os = "linux")]
fn soak(seconds: u32, sockets: u32, changes: u32) -> std::io::Result<std::process::ExitCode> {
    use std::process::{Command, ExitCode};

    use quaymaster_tests::{crowd, follower::Follower};

    let own_network = crowd::own_network();
    let mut crowd = crowd::Crowd::open(usize::try_from(sockets).unwrap_or(0), churn::PROCESSES, churn::FILES)?;
    let mut engine = Follower::start(Command::new(std::env::current_exe()?).arg("engine"))?;
    let (notes, churned) = course::run(&mut crowd, &mut engine, seconds, changes)?;
    let differences = rows::at_rest(&mut engine, (!own_network).then_some(crowd.chief()))?;
    differences.print();
    let verdict = verdict::of(&notes, &churned, &differences);
    println!("{:#}", verdict.figures(own_network));
    Ok(if verdict.stands() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(not(target_os = "linux"))]
fn main() {}

//! A program for tests: does with sockets and descriptors whatever programs do, by chance but always the same for a seed.
//!
//! `juggler`: for each line `SEED ACTS` on standard input it performs so many acts and answers `done`; it ends with its input. Children
//! that it forks share its descriptors as they are at that moment and take their orders from it, in the same words.

// Linux only: what is juggled is the numbers of descriptors, which Windows does not have.
#[cfg(target_os = "linux")]
mod acts;
#[cfg(target_os = "linux")]
mod chance;
#[cfg(target_os = "linux")]
mod troupe;

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    use std::io::{BufRead as _, Write as _};

    let mut juggler = acts::Juggler::resumed(std::env::args().skip(1));
    if juggler.resumes() {
        // Between exec and here an order was under way.
        println!("done");
    }
    let mut order = String::new();
    loop {
        order.clear();
        // Unbuffered but for the line itself, so that nothing of the next order is lost by exec: the test waits for each answer.
        if std::io::stdin().lock().read_line(&mut order)? == 0 {
            return Ok(());
        }
        let mut words = order.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        let (seed, acts) = (words.next().unwrap_or(0), words.next().unwrap_or(1));
        juggler.perform(seed, acts);
        println!("done");
        std::io::stdout().flush()?;
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

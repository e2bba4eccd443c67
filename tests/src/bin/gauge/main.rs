//! What looking at sockets costs, measured beside everybody else who does it: `gauge SOCKETS PROCESSES FILES` opens a crowd of sockets
//! (the program of that name beside this one), measures in turn, and prints one object of JSON. `cargo xtask bench` runs it in a
//! release build for several sizes and makes a table of it.
//!
//! `gauge neighbours SOCKETS OTHERS` measures looks at a crowd while another network namespace holds so many others.
//!
//! Other forms serve the first: `gauge engine SECONDS` is an engine that somebody asks once a second, `gauge quiet` takes looks between
//! two marks that `strace` sees, `gauge look SECONDS` does nothing but look, for `perf`.

// Linux only: whoever is measured there (ss, the kernel's bare listing, network namespaces) is not anywhere else.
#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod engine;
#[cfg(target_os = "linux")]
mod looks;
#[cfg(target_os = "linux")]
mod neighbours;
#[cfg(target_os = "linux")]
mod peers;

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    match (words.first().map(String::as_str), &numbers[..]) {
        (Some("engine"), [seconds]) => engine::report(*seconds),
        (Some("quiet"), _) => looks::quiet(),
        (Some("look"), [seconds]) => looks::look_for(*seconds),
        (Some("churn"), [sockets, processes, files]) => churn(*sockets, *processes, *files),
        (Some("neighbours"), [sockets, others]) => neighbours::measure(*sockets, *others),
        (_, [sockets, processes, files]) => measure(*sockets, *processes, *files),
        _ => Err(std::io::Error::other("gauge SOCKETS PROCESSES FILES")),
    }
}

#[cfg(target_os = "linux")]
fn measure(sockets: usize, processes: usize, files: usize) -> std::io::Result<()> {
    let own_network = quaymaster_tests::crowd::own_network();
    let mut crowd = quaymaster_tests::crowd::Crowd::open(sockets, processes, files)?;
    let rounds = match sockets {
        0..1_000 => 15,
        1_000..10_000 => 9,
        10_000..100_000 => 5,
        _ => 3,
    };
    let mut figures = serde_json::Map::new();
    figures.insert("own_network".into(), own_network.into());
    figures.insert("states".into(), looks::states());
    figures.insert("in_turn".into(), looks::in_turn(sockets, rounds));
    figures.insert("churn".into(), looks::churn(&mut crowd, sockets, processes)?);
    figures.insert("quiet".into(), looks::proc_calls_when_quiet()?);
    figures.insert("engine".into(), engine::measure(&mut crowd)?);
    println!("{}", serde_json::Value::from(figures));
    Ok(())
}

#[cfg(target_os = "linux")]
fn churn(sockets: usize, processes: usize, files: usize) -> std::io::Result<()> {
    let _ = quaymaster_tests::crowd::own_network();
    let mut crowd = quaymaster_tests::crowd::Crowd::open(sockets, processes, files)?;
    println!("{:#}", looks::churn(&mut crowd, sockets, processes)?);
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {}

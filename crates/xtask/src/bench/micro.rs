//! The benches of single parts (tracker, query, frame), and what they print, read back.

use crate::call::cargo;

/// A bench and the median of each size it ran with.
pub(crate) struct Row {
    pub(crate) bench: String,
    pub(crate) medians: Vec<(String, String)>,
}

const BENCHES: [(&str, &str); 3] =
    [("quaymaster-core", "tracker"), ("quaymaster-core", "query"), ("quaymaster-engine", "frame")];

/// Runs them all.
pub(crate) fn run() -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (package, bench) in BENCHES {
        println!("the benches of {bench}");
        let said = cargo().args(["bench", "--package", package, "--bench", bench]).output()?;
        rows.extend(read(bench, &said));
    }
    Ok(rows)
}

/// Divan prints a tree: a line for each bench, and below it a line for each size, with columns between `│`.
fn read(file: &str, said: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in said.lines().filter(|line| line.contains('─')) {
        let line = line.trim_start_matches(['│', '├', '╰', '─', ' ']);
        let columns: Vec<&str> = line.split('│').map(str::trim).collect();
        let [first, _, median, ..] = columns[..] else { continue };
        let name = first.split(' ').next().unwrap_or_default();
        match rows.last_mut() {
            Some(row) if name.parse::<u64>().is_ok() => row.medians.push((name.to_owned(), median.to_owned())),
            _ => rows.push(Row { bench: format!("{file}: {}", name.replace('_', " ")), medians: Vec::new() }),
        }
    }
    rows.retain(|row| !row.medians.is_empty());
    rows
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_tree_of_figures_is_read() {
        let said = "Timer precision: 20 ns
query                  fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ all_by_program                    │               │               │               │         │
│  ├─ 1000             16.6 µs       │ 81.2 µs       │ 16.77 µs      │ 18.11 µs      │ 100     │ 100
│  ╰─ 200000           4.11 ms       │ 6.2 ms        │ 4.201 ms      │ 4.3 ms        │ 100     │ 100
╰─ held                              │               │               │               │         │
   ╰─ 1000             9 µs          │ 12 µs         │ 10.5 µs       │ 10 µs         │ 100     │ 100
";
        let rows = read("query", said);
        let of =
            |row: &super::Row| row.medians.iter().map(|(size, median)| format!("{size} {median}")).collect::<Vec<_>>();
        assert_eq!(
            rows.iter().map(|row| row.bench.as_str()).collect::<Vec<_>>(),
            ["query: all by program", "query: held"]
        );
        assert_eq!(of(&rows[0]), ["1000 16.77 µs", "200000 4.201 ms"]);
        assert_eq!(of(&rows[1]), ["1000 10.5 µs"]);
    }
}

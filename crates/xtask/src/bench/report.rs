//! The tables. Ratios first: they hold on other machines too; milliseconds do not.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Figures, Size, micro};

/// What stands below this line in the file is written by hand and stays.
const BY_HAND: &str = "<!-- What follows is written by hand: `cargo xtask bench` leaves it as it is. -->";

/// A figure, and at most how much it is to be with each crowd; infinite where nothing was promised.
struct Goal {
    what: &'static str,
    most: [f64; 4],
    decimals: usize,
    of: fn(&Size) -> Option<f64>,
}

const ANY: f64 = f64::INFINITY;

const GOALS: [Goal; 12] = [
    Goal {
        what: "steady look / `ss -tunap`",
        most: [0.04, 0.035, 0.03, 0.007],
        decimals: 4,
        of: |size| ratio(size, "ss -tunap"),
    },
    Goal {
        what: "steady look / `ss -tuna` (no owners)",
        most: [ANY; 4],
        decimals: 3,
        of: |size| ratio(size, "ss -tuna"),
    },
    Goal {
        what: "steady look / netstat2 with PIDs",
        most: [ANY, ANY, 0.12, ANY],
        decimals: 3,
        of: |size| ratio(size, "netstat2"),
    },
    Goal {
        what: "steady look / netstat2 without PIDs",
        most: [ANY; 4],
        decimals: 3,
        of: |size| ratio(size, "netstat2 without PIDs"),
    },
    Goal {
        what: "steady look / the kernel's bare listing",
        most: [1.1; 4],
        decimals: 3,
        of: |size| ratio(size, "bare dump"),
    },
    Goal {
        what: "folders and files of `/proc` opened in 20 quiet looks",
        most: [0.0; 4],
        decimals: 0,
        of: |size| at(size, &["quiet", "opens"]),
    },
    Goal {
        what: "finding the owner of a changed socket at 1 % churn, µs",
        most: [10.0; 4],
        decimals: 1,
        of: |size| at(size, &["churn", "1 %", "owner_microseconds_each"]),
    },
    Goal { what: "cold start to all owners / netstat2 with PIDs, wall", most: [0.6; 4], decimals: 2, of: cold },
    Goal {
        what: "new listener shown with its program, worst of 50, ms",
        most: [250.0; 4],
        decimals: 0,
        of: |size| at(size, &["engine", "latency", "longest"]),
    },
    Goal {
        what: "filter, sort and frame of 60 rows as JSON, dearest of 50 questions, ms",
        most: [10.0; 4],
        decimals: 2,
        of: |size| at(size, &["engine", "frames", "cpu"]),
    },
    Goal {
        what: "memory of the engine, MB",
        most: [ANY, ANY, ANY, 80.0],
        decimals: 1,
        of: |size| at(size, &["engine", "anonymous_mb"]),
    },
    Goal {
        what: "engine while the window is hidden, % of a core",
        most: [0.5, ANY, ANY, ANY],
        decimals: 2,
        of: |size| at(size, &["engine", "hidden_percent"]),
    },
];

/// Who was measured, in the order of the table of milliseconds.
const IN_TURN: [&str; 13] = [
    "ss -tunap",
    "ss -tuna",
    "netstat -tunap",
    "lsof -nP -i",
    "netstat2",
    "netstat2 without PIDs",
    "bare dump",
    "cold start",
    "steady look",
    "re-verifying look",
    "listeners",
    "counters of 60",
    "counters of all",
];

const CHURN: [&str; 4] = ["0.1 %", "1 %", "10 %", "respawn 1 %"];

/// The whole file; what was written by hand in the one before stays.
pub(super) fn write(figures: &Figures, machine: &str, before: &str) -> String {
    let by_hand = before.find(BY_HAND).map_or(BY_HAND, |place| before[place..].trim_end());
    let sections = [
        introduction(machine),
        goals(figures),
        neighbours(&figures.neighbours),
        milliseconds(&figures.sizes),
        churn(&figures.sizes),
        micro_benches(&figures.micro),
        by_hand.to_owned(),
    ];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn introduction(machine: &str) -> String {
    format!(
        "# What looking costs\n\n\
         Written by `cargo xtask bench`, in one run, everybody in turn (`tests/src/bin/gauge`), on a crowd of sockets of our own\n\
         (`tests/src/bin/crowd`) in a network namespace of its own. Medians. A *look* reads every socket and its owner, and tells what is\n\
         different; *steady* is one at which nothing is.\n\n{machine}"
    )
}

fn goals(figures: &Figures) -> String {
    let sizes = &figures.sizes;
    let mut text = heading("## Ratios and limits", sizes);
    for goal in &GOALS {
        let cells = sizes.iter().zip(goal.most).map(|(size, most)| goal.cell(size, most));
        let most = goal.most.iter().filter(|most| most.is_finite()).map(|most| plain(*most)).collect::<Vec<_>>();
        let most = if most.windows(2).all(|pair| pair[0] == pair[1]) {
            most.first().cloned().unwrap_or_default()
        } else {
            most.join(" · ")
        };
        line(&mut text, goal.what, cells, Some(most));
    }
    let missed = GOALS
        .iter()
        .flat_map(|goal| sizes.iter().zip(goal.most).filter(|(size, most)| goal.is_missed(size, *most)))
        .count();
    let _ = write!(text, "\n{missed} of these are not reached (marked ✗).");
    text
}

impl Goal {
    fn is_missed(&self, size: &Size, most: f64) -> bool {
        (self.of)(size).is_some_and(|value| value > most)
    }

    fn cell(&self, size: &Size, most: f64) -> String {
        let Some(value) = (self.of)(size) else { return "not measured".to_owned() };
        let mark = if value > most { " ✗" } else { "" };
        format!("{value:.0$}{mark}", self.decimals)
    }
}

/// A limit as a person writes it.
fn plain(number: f64) -> String {
    format!("{number}")
}

fn neighbours(found: &Value) -> String {
    let cost = |when: &str, what: &str| found[when][what].as_f64();
    let figures = [
        cost("alone", "bare dump"),
        cost("alone", "steady look"),
        cost("beside", "bare dump"),
        cost("beside", "steady look"),
    ];
    let [Some(bare), Some(look), Some(bare_beside), Some(look_beside)] = figures else {
        return "## Another network's sockets\n\nNot measured: no network namespace may be made here.".to_owned();
    };
    format!(
        "## Another network's sockets\n\n\
         The kernel keeps the sockets of all network namespaces in one table. Ours alone ({} rows): bare listing {bare:.2} ms, steady look\n\
         {look:.2} ms. While another namespace holds 200 000: bare listing {bare_beside:.1} ms, steady look {look_beside:.1} ms, which is {:.3} of it.",
        found["alone"]["rows"],
        look_beside / bare_beside
    )
}

fn milliseconds(sizes: &[Size]) -> String {
    let mut text = heading("## Milliseconds, of the processor (on the wall)", sizes);
    for name in IN_TURN {
        let cell = |size: &Size| {
            let cost = |what| at(size, &["in_turn", name, what]);
            cost("cpu")
                .zip(cost("wall"))
                .map_or("–".to_owned(), |(cpu, wall)| format!("{} ({})", short(cpu), short(wall)))
        };
        line(&mut text, name, sizes.iter().map(cell), None);
    }
    let newcomer = |size: &Size| at(size, &["engine", "latency", "median"]).map_or("–".to_owned(), short);
    line(&mut text, "new listener shown, median", sizes.iter().map(newcomer), None);
    text.trim_end().to_owned()
}

fn churn(sizes: &[Size]) -> String {
    let mut text = heading(
        "## Looks under churn: milliseconds of the processor, and microseconds a new socket (of them for its owner)",
        sizes,
    );
    for name in CHURN {
        let cell = |size: &Size| {
            let of = |what| at(size, &["churn", name, what]).unwrap_or(f64::NAN);
            format!("{}, {:.1} ({:.1})", short(of("look")), of("microseconds_each"), of("owner_microseconds_each"))
        };
        line(&mut text, name, sizes.iter().map(cell), None);
    }
    let unknown =
        |size: &Size| CHURN.iter().filter_map(|name| at(size, &["churn", name, "owner_not_found"])).sum::<f64>();
    line(&mut text, "owners not found at once", sizes.iter().map(|size| plain(unknown(size))), None);
    text.trim_end().to_owned()
}

fn micro_benches(rows: &[micro::Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut text = "## Single parts, medians by rows in the table\n\n| |".to_owned();
    let sizes: String = first.medians.iter().map(|(size, _)| format!(" {size} |")).collect();
    let _ = write!(text, "{sizes}\n|---|{}\n", "---|".repeat(first.medians.len()));
    for row in rows {
        line(&mut text, &row.bench, row.medians.iter().map(|(_, median)| median.clone()), None);
    }
    text.trim_end().to_owned()
}

/// A heading and the head of a table with a column a crowd.
fn heading(title: &str, sizes: &[Size]) -> String {
    let limits = title.contains("limits");
    let columns = sizes.iter().map(|size| format!(" {} sockets |", size.sockets)).collect::<String>();
    let crowds = sizes
        .iter()
        .map(|size| format!("{} × {} other files", size.processes, size.files))
        .collect::<Vec<_>>()
        .join(" · ");
    let (most, rule) = if limits { (" at most |", "---|") } else { ("", "") };
    let about = if limits { format!("Processes: {crowds}.\n\n") } else { String::new() };
    format!("{title}\n\n{about}| |{columns}{most}\n|---|{}{rule}\n", "---|".repeat(sizes.len()))
}

fn line(text: &mut String, name: &str, cells: impl Iterator<Item = String>, last: Option<String>) {
    let cells = cells.chain(last).map(|cell| format!(" {cell} |")).collect::<String>();
    let _ = writeln!(text, "| {name} |{cells}");
}

fn at(size: &Size, path: &[&str]) -> Option<f64> {
    path.iter().fold(&size.found, |value, key| &value[*key]).as_f64()
}

/// Our steady look over somebody else, processor time.
fn ratio(size: &Size, other: &str) -> Option<f64> {
    Some(at(size, &["in_turn", "steady look", "cpu"])? / at(size, &["in_turn", other, "cpu"])?)
}

fn cold(size: &Size) -> Option<f64> {
    Some(at(size, &["in_turn", "cold start", "wall"])? / at(size, &["in_turn", "netstat2", "wall"])?)
}

/// Three digits that say something.
fn short(number: f64) -> String {
    let decimals = if number >= 100.0 {
        0
    } else if number >= 10.0 {
        1
    } else {
        2
    };
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figures(steady: f64) -> Figures {
        let found = json!({
            "in_turn": { "steady look": { "cpu": steady, "wall": 1.0 }, "bare dump": { "cpu": 1.0, "wall": 1.0 } },
            "quiet": { "opens": 0 },
        });
        Figures {
            sizes: vec![Size { sockets: 500, processes: 10, files: 50, found }],
            neighbours: Value::Null,
            micro: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_reached_is_said_and_what_was_written_by_hand_stays() {
        let good = write(&figures(1.05), "- a machine", "");
        assert!(good.contains("| steady look / the kernel's bare listing | 1.050 | 1.1 |"), "{good}");
        assert!(good.contains("0 of these are not reached") && good.contains("not measured"), "{good}");
        let bad = write(&figures(1.5), "- a machine", &format!("{good}\nSeen by a person.\n"));
        assert!(bad.contains("| 1.500 ✗ | 1.1 |") && bad.contains("1 of these are not reached"), "{bad}");
        assert!(bad.ends_with(&format!("{BY_HAND}\n\nSeen by a person.\n")), "{bad}");
    }
}

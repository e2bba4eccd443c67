//! The engine on the crowd: memory, frames, and how soon a new listener shows.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use quaymaster_engine::wire::{Column, Frame, FrameRequest, Line, Scope, Sort};
use quaymaster_engine::{Engine, Machine};
use quaymaster_tests::asker::{Asker, request};
use quaymaster_tests::crowd::Crowd;
use quaymaster_tests::footprint::{anonymous, processor};
use serde_json::{Value, json};

use super::clock::{Cost, median, millis, now, own};

/// New listeners that are waited for.
const NEWCOMERS: u32 = 50;

pub(crate) fn measure(crowd: &mut Crowd) -> io::Result<Value> {
    let (memory, hidden) = apart()?;
    let engine = Engine::start(Machine::this(), Duration::from_secs(1))?;
    let asker = Asker::new(engine)?;
    asker.until(request(""), |frame| frame.total > 0 && frame.hidden.iter().all(|hidden| hidden.sockets == 0));
    let latency = newcomers(crowd, &asker)?;
    let frames = frames(&asker)?;
    Ok(json!({ "anonymous_mb": memory, "hidden_percent": hidden, "latency": latency, "frames": frames }))
}

/// Milliseconds from a listener's `listen` to the frame that shows it with its program's name: the one in the middle and the longest,
/// and how many never came. They begin at all phases of the engine's second.
fn newcomers(crowd: &mut Crowd, asker: &Asker) -> io::Result<Value> {
    let mut all = Vec::new();
    let mut missed = 0;
    for number in 0..NEWCOMERS {
        let answer = crowd.ask("listen")?;
        let words: Vec<&str> = answer.split(' ').collect();
        let [address, port, since] = words[..] else { return Err(io::Error::other(answer)) };
        let since = since.parse::<i64>().map_err(io::Error::other)?;
        // In a crowd of many others have the same port, at other addresses.
        let shown = |frame: &Frame| {
            frame.lines.iter().any(|line| {
                matches!(line, Line::Socket(row) if row.socket.local_address == address
                    && row.socket.local_port.to_string() == port
                    && row.socket.owners.iter().any(|owner| !owner.name.is_empty()))
            })
        };
        let wanted = FrameRequest { scope: Scope::Listening, ..request(&format!("port:{port}")) };
        if asker.until(wanted, shown) {
            all.push(millis(Duration::from_nanos((now() - since).unsigned_abs())));
        } else {
            missed += 1;
        }
        std::thread::sleep(Duration::from_millis(u64::from(number * 37 % 100) * 10));
    }
    let longest = all.iter().copied().fold(0.0, f64::max);
    Ok(json!({ "median": median(all), "longest": longest, "missed": missed }))
}

/// Filter, sort, sixty lines and their JSON, each question other than the last: milliseconds and bytes of the dearest kind.
fn frames(asker: &Asker) -> io::Result<Value> {
    asker.engine.set_paused(true).map_err(|_| io::Error::other("the engine is gone"))?;
    let columns = [
        Column::Program,
        Column::Pid,
        Column::LocalAddress,
        Column::LocalPort,
        Column::RemoteAddress,
        Column::State,
        Column::User,
        Column::FirstSeen,
        Column::Path,
        Column::UsualProgram,
    ];
    let filters = ["", "crowd", "state:established", "127.1", "-port:80 net:127.0.0.0/8"];
    let mut dearest = (0.0, String::new());
    let mut bytes = 0;
    for column in columns {
        for filter in filters {
            let mut costs = Vec::new();
            for turn in 0..5 {
                let sort = Sort { column, descending: turn % 2 == 0 };
                let mut sent = 0;
                let Cost { cpu, .. } = own(|| {
                    let frame = asker.ask(FrameRequest { sort, ..request(filter) });
                    sent = frame.and_then(|frame| serde_json::to_vec(&frame).ok()).map_or(0, |json| json.len());
                });
                bytes = bytes.max(sent);
                costs.push(cpu);
            }
            let cost = median(costs);
            if cost > dearest.0 {
                dearest = (cost, format!("{column:?} of \"{filter}\""));
            }
        }
    }
    Ok(json!({ "cpu": dearest.0, "question": dearest.1, "bytes": bytes }))
}

/// An engine in a process of its own: its anonymous memory in MB after some looks, and what it takes of a processor, in percent, while
/// nobody asks.
fn apart() -> io::Result<(f64, f64)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["engine", "10"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    child.wait()?;
    let mut words = line.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
    words.next().zip(words.next()).ok_or_else(|| io::Error::other(format!("the engine said {line:?}")))
}

/// `MEGABYTES PERCENT` of this process, after being asked once a second for so long, and then left alone for as long.
pub(crate) fn report(seconds: usize) -> io::Result<()> {
    let span = Duration::from_secs(u64::try_from(seconds).unwrap_or(1));
    let asker = Asker::new(Engine::start(Machine::this(), Duration::from_secs(1))?)?;
    let until = Instant::now() + span;
    let mut wanted = request("");
    while Instant::now() < until {
        wanted.after = asker.ask(wanted.clone()).map(|frame| frame.sequence);
    }
    let memory = anonymous();
    // Until the engine has noticed that nobody asks.
    std::thread::sleep(Duration::from_secs(4));
    let (wall, cpu) = (Instant::now(), processor());
    std::thread::sleep(span);
    let hidden = (processor() - cpu) / millis(wall.elapsed()) * 100.0;
    println!("{memory:.1} {hidden:.3}");
    io::stdout().flush()
}

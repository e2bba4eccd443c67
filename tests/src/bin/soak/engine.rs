//! The engine that is watched, in a process of its own: it is asked all the time, and between two frames says how it is, or what rows
//! it holds.

use std::io::{self, Write as _};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use quaymaster_engine::wire::{Frame, FrameRequest, Line, Mark, Row};
use quaymaster_engine::{Engine, Machine};
use quaymaster_tests::asker::{Asker, request};
use quaymaster_tests::footprint::{anonymous, processor};

use super::moods;
use super::rows::place;

const INTERVAL: Duration = Duration::from_secs(1);
/// How often a hidden window sees whether it still is.
const GLANCE: Duration = Duration::from_millis(100);
/// Lines of a frame at most.
const MOST_LINES: u32 = 500;

/// Answers lines of its input until that ends: `note` by a line of numbers, `rows` by how many there are, and then each.
pub(crate) fn serve() -> io::Result<()> {
    let mut page = Page::open()?;
    let orders = orders();
    println!("ready");
    loop {
        page.look()?;
        match orders.try_recv() {
            Ok(order) if order == "note" => println!("{}", page.note()),
            Ok(order) if order == "rows" => {
                let rows = page.rows()?;
                println!("{}", rows.len());
                rows.iter().for_each(|row| println!("{row}"));
            }
            Ok(order) => return Err(io::Error::other(format!("no order is called {order}"))),
            Err(TryRecvError::Empty) => continue,
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
        io::stdout().flush()?;
    }
}

fn orders() -> Receiver<String> {
    let (tell, orders) = channel();
    thread::spawn(move || io::stdin().lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
    orders
}

/// Who asks, and what was seen.
struct Page {
    asker: Asker,
    began: Instant,
    /// The last question, with the last frame's number.
    asked: FrameRequest,
    looks: u64,
    look_ms: f64,
    longest_look_ms: f64,
    troubled_looks: u64,
    frames: u64,
    total: u32,
}

impl Page {
    fn open() -> io::Result<Self> {
        Ok(Self {
            asker: Asker::new(Engine::start(Machine::this(), INTERVAL)?)?,
            began: Instant::now(),
            asked: request(""),
            looks: 0,
            look_ms: f64::NAN,
            longest_look_ms: 0.0,
            troubled_looks: 0,
            frames: 0,
            total: 0,
        })
    }

    /// One frame: at once when the question is new, else when something newer exists.
    fn look(&mut self) -> io::Result<()> {
        let Some(question) = moods::question(self.began.elapsed()) else {
            self.asked.after = None;
            thread::sleep(GLANCE);
            return Ok(());
        };
        let same = FrameRequest { after: self.asked.after, ..question.clone() };
        let question = if same == self.asked { same } else { question };
        let frame = self.ask(question.clone())?;
        self.count(&frame);
        self.asked = FrameRequest { after: Some(frame.sequence), ..question };
        Ok(())
    }

    fn ask(&self, question: FrameRequest) -> io::Result<Frame> {
        self.asker.ask(question).ok_or_else(|| io::Error::other("the engine is gone"))
    }

    fn count(&mut self, frame: &Frame) {
        self.frames += 1;
        self.total = frame.total;
        // No two looks take as long to the nanosecond; a frame that shows no new one repeats what the last took.
        if frame.look_ms != self.look_ms {
            self.looks += 1;
            self.look_ms = frame.look_ms;
            self.longest_look_ms = self.longest_look_ms.max(frame.look_ms);
            self.troubled_looks += u64::from(!frame.troubles.is_empty());
        }
    }

    fn note(&self) -> String {
        let Self { looks, frames, longest_look_ms, troubled_looks, total, .. } = self;
        format!("{looks} {frames} {longest_look_ms} {troubled_looks} {} {} {total}", anonymous(), processor())
    }

    /// All rows after a look that is taken now, as the window would show them.
    fn rows(&self) -> io::Result<Vec<String>> {
        let engine = &self.asker.engine;
        let told = engine.set_paused(true).and_then(|()| engine.look_now());
        told.map_err(|_| io::Error::other("the engine is gone"))?;
        let rows = loop {
            // What readers learn meanwhile changes no row's place, but lines are only whole that are of one state.
            if let Some(rows) = self.lines()? {
                break rows;
            }
        };
        engine.set_paused(false).map_err(|_| io::Error::other("the engine is gone"))?;
        Ok(rows)
    }

    fn lines(&self) -> io::Result<Option<Vec<String>>> {
        let mut rows = Vec::new();
        let (mut first, mut sequence) = (0, None);
        loop {
            let frame = self.ask(FrameRequest { first, count: MOST_LINES, ..request("") })?;
            if *sequence.get_or_insert(frame.sequence) != frame.sequence {
                return Ok(None);
            }
            rows.extend(frame.lines.iter().filter_map(|line| match line {
                Line::Socket(row) if row.mark != Mark::Closed => Some(line_of(row)),
                Line::Socket(_) | Line::Group(_) => None,
            }));
            first += MOST_LINES;
            if first >= frame.line_count {
                return Ok(Some(rows));
            }
        }
    }
}

/// Where it is, a tab, and who holds it.
fn line_of(row: &Row) -> String {
    let socket = &row.socket;
    let remote = socket.remote_address.as_deref().zip(socket.remote_port);
    let place = place(socket.protocol, (&socket.local_address, socket.local_port), remote, socket.state);
    let mut owners: Vec<String> = socket.owners.iter().map(|owner| format!("{}@{}", owner.pid, owner.start)).collect();
    owners.sort_unstable();
    let holders = if socket.kept_by_kernel { "kernel".to_owned() } else { owners.join(",") };
    format!("{place}\t{holders}")
}

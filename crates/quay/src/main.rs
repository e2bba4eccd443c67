//! `quay`: Quaymaster in the terminal. Reads what the person typed, asks the engine, prints words, a table or JSON.
//!
//! **Invariant:** no window, no thread that outlives an answer, nothing remembered between two calls.

mod answer;
mod arguments;
mod end;
mod history;
mod interrupt;
mod json;
mod list;
mod lookup;
mod moment;
mod phrase;
mod repeat;
mod style;
mod table;
mod target;
mod terminal;
mod text;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use arguments::{Arguments, Order};
use terminal::Terminal;

/// What a call came to; the numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done; for a port: some program uses it.
    Done = 0,
    /// The port is free, or nothing matched.
    Nothing = 1,
    /// Wrongly used; nothing was looked at or done.
    Usage = 2,
    /// Refused or failed.
    Failed = 3,
}

fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    // Before anything else is looked at: this may be quay itself, called with more rights than the person has.
    if let Some(code) = quaymaster_engine::end::act(typed.iter().cloned()) {
        return ExitCode::from(code);
    }
    let words = arguments::words(&typed);
    let (arguments, terminal) = match arguments::read(&typed, &words) {
        Ok(arguments) => {
            let terminal = Terminal::open(words, arguments.common.json, arguments.common.color);
            (arguments, terminal)
        }
        Err(error) => return code(usage::explain(&error, &words)),
    };
    match run(&arguments, &terminal) {
        Ok(exit) => code(exit),
        // Whoever read our output has seen enough.
        Err(error) if is_broken_pipe(&error) => code(Exit::Done),
        Err(error) => {
            terminal.complain(&terminal.words.say("quay-failed", &[("why", format!("{error:#}").into())]));
            code(Exit::Failed)
        }
    }
}

fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Exit> {
    match (&arguments.port, &arguments.order) {
        (None, None) => list::run(&arguments::List::default(), terminal),
        (Some(port), None) => answer::run(port, terminal),
        (None, Some(Order::List(list))) => list::run(list, terminal),
        (None, Some(Order::End(end))) => end::run(end, terminal),
        (None, Some(Order::Watch(watch))) => watch::run(watch, terminal),
        (None, Some(Order::Lookup(lookup))) => lookup::run(lookup, terminal),
        (None, Some(Order::History(history))) => history::run(history, terminal),
        (Some(_), Some(_)) => Ok(usage::wrong(terminal, &terminal.words.say("quay-usage-port-and-command", &[]))),
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

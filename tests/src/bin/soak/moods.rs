//! What somebody does with the window in a long while.

use std::time::Duration;

use quaymaster_engine::wire::{Column, FrameRequest, Scope, Sort};
use quaymaster_tests::asker::request;

/// How long a mood lasts.
const MOOD: Duration = Duration::from_secs(7);

/// What is asked so long after the beginning; `None` while the window is hidden, and nobody asks.
pub(crate) fn question(since: Duration) -> Option<FrameRequest> {
    let plain = request("");
    let by = |column, descending| Sort { column, descending };
    Some(match since.as_secs() / MOOD.as_secs() % 14 {
        0 => plain,
        1 => FrameRequest { sort: by(Column::FirstSeen, true), traffic: true, ..request("crowd") },
        // The pointer rests over the grid, so long that more rows have closed under it than are kept.
        2..=5 => FrameRequest { hold: true, sort: by(Column::Program, false), ..plain },
        6 => FrameRequest { scope: Scope::Listening, sort: by(Column::LocalPort, true), ..plain },
        7 => FrameRequest { group: true, sort: by(Column::Program, false), first: 1_000, ..plain },
        8 => FrameRequest { sort: by(Column::State, false), ..request("state:established net:127.0.0.0/8 -port:80") },
        // All counters are read.
        9 => FrameRequest { sort: by(Column::Receiving, true), traffic: true, ..plain },
        10 => FrameRequest { hold: true, first: 500, count: 500, ..request("proto:udp") },
        11 => FrameRequest { port: Some(80), detail: Some(1), sort: by(Column::Pid, true), ..request("state:") },
        _ => return None,
    })
}

//! The listening ports in a few words: what is told where there is no room for a grid, as in the menu of the tray.

use quaymaster_core::query::{Column, Filter, Line, Query, Scope};
use quaymaster_core::{Owner as Held, Row, TcpState};

use crate::Engine;
use crate::convert::{self, count};
use crate::state::State;
use crate::wire::{Failure, OwnerGap};

/// A TCP port that somebody listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListeningPort {
    /// The port.
    pub port: u16,
    /// What a person calls the program, made harmless; the first, where several share the port. `None`: it is not known.
    pub program: Option<String>,
    /// Why it is not known.
    pub because: Option<OwnerGap>,
}

/// What is open, summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListenersSummary {
    /// The lowest TCP ports that are listened on, each once, in order; as many as were asked for.
    pub ports: Vec<ListeningPort>,
    /// How many such ports there are in all.
    pub listening: u32,
    /// Connections, in whatever state.
    pub connections: u32,
    /// New listeners that the person has not looked at.
    pub unread: u32,
    /// Nobody looks at the moment.
    pub paused: bool,
}

impl Engine {
    /// The listening ports, at most `most` of them by name. Asks nothing of the system and keeps no request waiting.
    pub async fn listeners_summary(&self, most: usize) -> Result<ListenersSummary, Failure> {
        self.ask(move |state| summary(state, most)).await
    }
}

fn summary(state: &State, most: usize) -> ListenersSummary {
    let query = Query {
        scope: Scope::Listening,
        filter: Filter::default(),
        column: Column::LocalPort,
        descending: false,
        group: false,
        folded: Default::default(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for line in query.run(&state.table).lines {
        if let Line::Socket(id) = line
            && let Some(row) = state.table.row(id)
            && row.socket.state == Some(TcpState::Listen)
            && row.mark != quaymaster_core::Mark::Closed
        {
            // One port on two addresses is one port; whoever is known speaks for it.
            match rows.last_mut().filter(|last| last.socket.local.port == row.socket.local.port) {
                Some(last) if last.owners.is_empty() => *last = row,
                Some(_) => {}
                None => rows.push(row),
            }
        }
    }
    ListenersSummary {
        ports: rows.iter().take(most).map(listening_port).collect(),
        listening: count(rows.len()),
        connections: count(state.table.connections().count()),
        unread: count(state.observed.unread()),
        paused: state.paused,
    }
}

fn listening_port(row: &Row) -> ListeningPort {
    let because = match &row.socket.owner {
        Held::Unknown(why) => Some(convert::gap(*why)),
        Held::Processes(_) | Held::Kernel(_) => None,
    };
    let program = row.owners.first().map(|process| convert::owner(process).label).filter(|label| !label.is_empty());
    ListeningPort { port: row.socket.local.port, program, because }
}

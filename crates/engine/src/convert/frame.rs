//! Questions from the page, and the parts of the frame that answers them.

use quaymaster_core::query::{self, Filter, FilterError, Query};
use quaymaster_core::{OwnerGap, TcpState, Trouble as CoreTrouble};

use super::{LABEL, NAME, count, socket::gap, visible};
use crate::wire::{Column, FilterProblem, FrameRequest, Group, Hidden, Scope, StateCount, Trouble};

/// The question that a request asks, with a filter that is known to be good.
pub(crate) fn query_of(request: &FrameRequest, filter: Filter) -> Query {
    Query {
        scope: match request.scope {
            Scope::All => query::Scope::All,
            Scope::Listening => query::Scope::Listening,
        },
        filter,
        column: column(request.sort.column),
        descending: request.sort.descending,
        group: request.group,
        folded: request.folded.iter().cloned().collect(),
    }
}

fn column(column: Column) -> query::Column {
    match column {
        Column::Program => query::Column::Program,
        Column::Pid => query::Column::Pid,
        Column::Protocol => query::Column::Protocol,
        Column::LocalAddress => query::Column::LocalAddress,
        Column::LocalPort => query::Column::LocalPort,
        Column::RemoteAddress => query::Column::RemoteAddress,
        Column::RemotePort => query::Column::RemotePort,
        Column::State => query::Column::State,
        Column::User => query::Column::User,
        // By speed it is put in order by whoever reads the counters (`view`).
        Column::FirstSeen | Column::Receiving | Column::Sending => query::Column::FirstSeen,
        Column::ReceiveQueue => query::Column::ReceiveQueue,
        Column::SendQueue => query::Column::SendQueue,
        Column::Path => query::Column::Path,
        Column::UsualProgram => query::Column::UsualProgram,
        Column::Organisation => query::Column::Organisation,
        Column::Country => query::Column::Country,
        Column::Peer => query::Column::Peer,
    }
}

pub(crate) fn group(group: &query::Group) -> Group {
    Group {
        key: group.key.clone(),
        program: group.program.as_deref().map(|program| visible(program, LABEL)),
        because: group.because.map(gap),
        pids: group.pids.clone(),
        sockets: count(group.sockets),
        listeners: count(group.listeners),
        folded: group.folded,
    }
}

pub(crate) fn states(states: &[(Option<TcpState>, usize)]) -> Vec<StateCount> {
    let name = |state: Option<TcpState>| state.map_or("UDP", TcpState::name);
    states.iter().map(|&(state, sockets)| StateCount { state: name(state), sockets: count(sockets) }).collect()
}

pub(crate) fn hidden(hidden: &[(OwnerGap, usize)]) -> Vec<Hidden> {
    hidden.iter().map(|&(because, sockets)| Hidden { because: gap(because), sockets: count(sockets) }).collect()
}

/// Why a look is less than whole.
#[must_use]
pub fn trouble(trouble: &CoreTrouble) -> Trouble {
    match *trouble {
        CoreTrouble::NetlinkRefused => Trouble::NetlinkRefused,
        CoreTrouble::Truncated => Trouble::Truncated,
        CoreTrouble::Unreadable { what, os_error } => Trouble::Unreadable { what, os_error },
        CoreTrouble::ProcessesHidden => Trouble::ProcessesHidden,
    }
}

/// Where a filter is wrong, in the units that JavaScript counts.
#[must_use]
pub fn filter_problem(text: &str, error: &FilterError) -> FilterProblem {
    use quaymaster_core::query::FilterProblem as Problem;
    let utf16 = |bytes: usize| text.get(..bytes).map_or(0, |before| count(before.encode_utf16().count()));
    FilterProblem {
        start: utf16(error.span.start),
        end: utf16(error.span.end),
        code: match error.problem {
            Problem::UnknownKey => "unknown_key",
            Problem::BadPort => "bad_port",
            Problem::BadRange => "bad_range",
            Problem::BadAddress => "bad_address",
            Problem::BadState => "bad_state",
            Problem::BadProtocol => "bad_protocol",
            Problem::BadPid => "bad_pid",
            Problem::BadCountry => "bad_country",
            Problem::BadMoment => "bad_moment",
            Problem::BadDay => "bad_day",
            Problem::OnlyInHistory => "only_in_history",
            Problem::NotInHistory => "not_in_history",
            Problem::MissingValue => "missing_value",
            Problem::OpenQuote => "open_quote",
            Problem::LoneNot => "lone_not",
            Problem::EmptyChoice => "empty_choice",
            Problem::TooLong => "too_long",
        },
        piece: visible(text.get(error.span.clone()).unwrap_or_default(), NAME),
    }
}

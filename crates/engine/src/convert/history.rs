//! What is remembered.

use quaymaster_core::Endpoint;
use quaymaster_history as history;

use super::socket::address;
use super::{NAME, PATH, count, visible};
use crate::networks;
use crate::settings::shown;
use crate::wire::{
    HistoryBucket, HistoryDeed, HistoryEvent, HistoryPortUser, HistoryProgram, HistoryTrouble, HistoryWhat,
};

/// An event as the page shows it.
#[must_use]
pub fn history_event(event: &history::Event) -> HistoryEvent {
    HistoryEvent {
        id: event.cursor.to_string(),
        at: event.at.into(),
        until: event.until.map(Into::into),
        cut: event.cut,
        already_open: event.already_open,
        program: event.program.as_ref().map(program),
        pid: event.pid,
        what: what(&event.kind),
    }
}

fn program(program: &history::Remembered) -> HistoryProgram {
    HistoryProgram {
        name: visible(&program.name, NAME),
        path: program.path.as_deref().map(|path| visible(path, PATH)),
        user: program.user.as_deref().map(|user| visible(user, PATH)),
    }
}

fn what(kind: &history::EventKind) -> HistoryWhat {
    let at = |ip, scope| address(Endpoint::new(ip, 0).in_scope(scope));
    match *kind {
        history::EventKind::Listener { protocol, local, scope, port } => {
            HistoryWhat::Listener { protocol: protocol.name(), address: at(local, scope), port }
        }
        history::EventKind::Connection {
            protocol,
            incoming,
            local,
            local_scope,
            remote,
            remote_scope,
            port,
            times,
            received,
            sent,
        } => HistoryWhat::Connection {
            protocol: protocol.name(),
            incoming,
            local: at(local, local_scope),
            remote: at(remote, remote_scope),
            remote_whose: networks::whose(remote),
            port,
            times,
            received,
            sent,
        },
        history::EventKind::Deed { deed, port } => HistoryWhat::Deed { deed: history_deed(deed), port },
    }
}

fn history_deed(deed: history::Deed) -> HistoryDeed {
    match deed {
        history::Deed::Ended => HistoryDeed::Ended,
        history::Deed::Forced => HistoryDeed::Forced,
        history::Deed::Expected => HistoryDeed::Expected,
    }
}

pub(crate) fn history_bucket(bucket: &history::Bucket) -> HistoryBucket {
    HistoryBucket { at: bucket.at.into(), listeners: bucket.listeners, connections: bucket.connections }
}

pub(crate) fn history_port_user(user: &history::PortUser) -> HistoryPortUser {
    HistoryPortUser {
        program: user.program.as_ref().map(program),
        first: user.first.into(),
        last: user.last.map(Into::into),
        listened: user.listened,
        incoming: user.incoming,
        outgoing: user.outgoing,
    }
}

pub(crate) fn history_counted(counted: history::Counted) -> (u32, bool) {
    (count(usize::try_from(counted.events).unwrap_or(usize::MAX)), counted.more)
}

/// What is wrong with the history.
#[must_use]
pub fn history_trouble(trouble: &history::HistoryTrouble) -> HistoryTrouble {
    use history::HistoryTrouble as Trouble;
    let detail = |detail: &str| visible(detail, PATH);
    match trouble {
        Trouble::DiskFull => HistoryTrouble::DiskFull,
        Trouble::Unwritable { detail: words } => HistoryTrouble::Unwritable { detail: detail(words) },
        Trouble::InUse => HistoryTrouble::InUse,
        Trouble::Failed { detail: words } => HistoryTrouble::Failed { detail: detail(words) },
        Trouble::Broken { kept_as } => HistoryTrouble::Broken { kept_as: shown(kept_as) },
        Trouble::Newer { kept_as, .. } => HistoryTrouble::Newer { kept_as: shown(kept_as) },
        Trouble::Removed => HistoryTrouble::Removed,
    }
}

//! One cell of a row as text: technical and the same in every language, so that files can be compared and read by programs.

use quaymaster_core::Row;

use crate::convert;
use crate::wire::{Column, Owner, OwnerGap, Whose};

/// The heading of a column in a file: the name of the field in JSON.
pub(super) fn heading(column: Column) -> &'static str {
    match column {
        Column::Program => "program",
        Column::Pid => "pid",
        Column::Protocol => "protocol",
        Column::LocalAddress => "local_address",
        Column::LocalPort => "local_port",
        Column::RemoteAddress => "remote_address",
        Column::RemotePort => "remote_port",
        Column::State => "state",
        Column::User => "user",
        Column::FirstSeen => "first_seen",
        Column::ReceiveQueue => "receive_queue",
        Column::SendQueue => "send_queue",
        Column::Path => "path",
        Column::UsualProgram => "usual_program",
        Column::Organisation => "organisation",
        Column::Country => "country",
        Column::Peer => "peer",
        Column::Receiving => "receiving",
        Column::Sending => "sending",
    }
}

/// The text of a cell; empty where nothing is known, several owners joined by `; `.
pub(super) fn cell(row: &Row, column: Column) -> String {
    let wire = convert::row(row);
    let socket = &wire.socket;
    let owners = if socket.owners.is_empty() { &socket.last_owners } else { &socket.owners };
    let joined = |part: fn(&Owner) -> String| owners.iter().map(part).collect::<Vec<_>>().join("; ");
    match column {
        Column::Program if owners.is_empty() => unknown(socket.owner_unknown_because).to_owned(),
        // As the grid shows it: what is copied is what was seen. JSON has the bare name too.
        Column::Program => joined(|owner| owner.label.clone()),
        Column::Pid => joined(|owner| owner.pid.to_string()),
        Column::Protocol => format!("{}{}", socket.protocol, if socket.family == 6 { "6" } else { "" }),
        Column::LocalAddress => socket.local_address.clone(),
        Column::LocalPort => socket.local_port.to_string(),
        Column::RemoteAddress => socket.remote_address.clone().unwrap_or_default(),
        Column::RemotePort => number(socket.remote_port),
        Column::State => socket.state.unwrap_or_default().to_owned(),
        Column::User => match (&socket.user, socket.uid) {
            (Some(user), _) => user.clone(),
            (None, Some(uid)) => uid.to_string(),
            // Where sockets have no user of their own (Windows) it is that of whoever holds them.
            (None, None) => joined(|owner| owner.user.clone().unwrap_or_default()),
        },
        Column::FirstSeen => socket.first_seen.0.to_string(),
        Column::ReceiveQueue => number(socket.receive_queue),
        Column::SendQueue => number(socket.send_queue),
        Column::Path => joined(|owner| owner.path.clone().unwrap_or_default()),
        Column::UsualProgram => wire.usual_program.clone().unwrap_or_default(),
        Column::Organisation => match &socket.remote_whose {
            Some(Whose::Network { organisation, .. }) => organisation.clone().unwrap_or_default(),
            _ => String::new(),
        },
        Column::Country => match &socket.remote_whose {
            Some(Whose::Network { country, .. }) => country.clone().unwrap_or_default(),
            _ => String::new(),
        },
        Column::Peer => socket.peer.clone().unwrap_or_default(),
        Column::Receiving => number(wire.traffic.as_ref().and_then(|traffic| traffic.receiving)),
        Column::Sending => number(wire.traffic.as_ref().and_then(|traffic| traffic.sending)),
    }
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The reason in brackets, as the code of the JSON.
fn unknown(because: Option<OwnerGap>) -> &'static str {
    match because {
        Some(OwnerGap::OtherUser) => "(other_user)",
        Some(OwnerGap::Protected) => "(protected)",
        Some(OwnerGap::NoHolder) => "(no_holder)",
        Some(OwnerGap::Pending) => "(pending)",
        Some(OwnerGap::NotReported) => "(not_reported)",
        None => "(kernel)",
    }
}

//! A program for tests: takes a few looks and prints what is known after the last, a socket a line, for a test that runs
//! it as another user: `COOKIE UID|- OWNER` (a number of its own where the kernel's text tables tell no cookie), where the owner is `pid,…`, `kernel` or the reason why it is not known. Last a
//! line of troubles.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use quaymaster_core::{Change, Owner, SocketKey, UnixMillis};

const LOOKS: usize = 4;

fn main() {
    let mut source = quaymaster_probe::socket_source();
    let mut sockets = BTreeMap::new();
    let mut troubles = Vec::new();
    for _ in 0..LOOKS {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let sample = source.look(UnixMillis(u64::try_from(since_1970.as_millis()).unwrap_or(0)));
        troubles = sample.troubles;
        for change in sample.changes {
            match change {
                Change::Opened(socket) | Change::Changed(socket) => drop(sockets.insert(socket.key, socket)),
                Change::Closed(key) => drop(sockets.remove(&key)),
                Change::Counted(..) => {}
            }
        }
    }
    for (number, (key, socket)) in sockets.iter().enumerate() {
        let cookie = match key {
            SocketKey::Cookie(cookie) => cookie.to_string(),
            SocketKey::Tuple { .. } => format!("text-{number}"),
        };
        let uid = socket.uid.map_or_else(|| "-".to_owned(), |uid| uid.to_string());
        println!("{cookie} {uid} {}", owner(&socket.owner));
    }
    println!("troubles {troubles:?}");
}

fn owner(owner: &Owner) -> String {
    match owner {
        Owner::Processes(keys) => keys.iter().map(|key| key.pid.to_string()).collect::<Vec<_>>().join(","),
        Owner::Kernel(_) => "kernel".to_owned(),
        Owner::Unknown(gap) => format!("{gap:?}"),
    }
}

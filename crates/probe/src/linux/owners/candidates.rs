//! In which order processes are asked for a socket that appeared.

use super::ledger::Ledger;
use super::wanted::Wanted;

/// Every process that may be read: who holds other sockets as the same user, who else is that user, who holds any, the
/// rest. Among equals the youngest PID first: what has just been started opens sockets.
pub(super) fn others(ledger: &Ledger, wanted: &Wanted) -> Vec<u32> {
    let users = wanted.users();
    let mut ranked: Vec<(u8, u32)> = ledger
        .readable()
        .map(|(pid, uid, holds)| {
            let rank = match (holds, users.contains(&uid)) {
                (true, true) => 0,
                (false, true) => 1,
                (true, false) => 2,
                (false, false) => 3,
            };
            (rank, pid)
        })
        .collect();
    ranked.sort_unstable_by_key(|(rank, pid)| (*rank, std::cmp::Reverse(*pid)));
    ranked.into_iter().map(|(_, pid)| pid).collect()
}

//! In which order processes are asked for a socket that appeared. Cheaper ways to ask (a process's lowest free descriptor
//! number, its cgroup) would change this order and nothing else.

use super::Sought;
use super::ledger::Ledger;

/// Who is known to have the descriptor (the socket may have been bound or connected long after it was opened), then the
/// hints.
pub(super) fn likely(ledger: &Ledger, sought: &[Sought], hints: &[u32]) -> Vec<u32> {
    let known = sought.iter().flat_map(|sought| ledger.pids(sought.inode).iter().copied());
    known.chain(hints.iter().copied()).collect()
}

/// Every process that may be read: who holds other sockets as the same user, who else is that user, who holds any, the
/// rest. Among equals the youngest PID first: what has just been started opens sockets.
pub(super) fn others(ledger: &Ledger, sought: &[Sought]) -> Vec<u32> {
    let mut ranked: Vec<(u8, u32)> = ledger
        .readable()
        .map(|(pid, uid, holds)| {
            let same_user = sought.iter().any(|sought| sought.uid == uid);
            let rank = match (holds, same_user) {
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

//! All the holders of a socket, and only them, for next to nothing when nothing moves.

use std::net::{Ipv4Addr, TcpListener};

use quaymaster_core::{Change, ProcessKey, TcpState, UnixMillis};
use quaymaster_probe::SocketSource as _;

use crate::looker::{Holder, Looker, me, pids, port};

#[test]
fn a_shared_socket_has_all_its_holders_until_each_lets_go() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = port(listener.local_addr());
    let mut looker = Looker::new();
    assert_eq!(pids(&looker.tcp(port, TcpState::Listen).owner), [me().pid]);

    let child = Holder::of(listener.try_clone().unwrap());
    looker.look();
    let mut both = vec![me().pid, child.pid()];
    both.sort_unstable();
    let mut seen = pids(&looker.tcp(port, TcpState::Listen).owner);
    seen.sort_unstable();
    assert_eq!(seen, both, "the child is seen in the next look");

    // This process lets go: nothing tells but its own turn to be read again.
    drop(listener);
    looker.until("only the child", |looker| pids(&looker.tcp(port, TcpState::Listen).owner) == [child.pid()]);
    let key = looker.tcp(port, TcpState::Listen).key;
    drop(child);
    looker.look();
    assert!(!looker.sockets.contains_key(&key), "closed with its last holder");
}

#[test]
fn a_holder_that_ended_is_noticed_though_nobody_reaped_it() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = port(listener.local_addr());
    let mut child = Holder::of(listener.try_clone().unwrap());
    let mut looker = Looker::new();
    assert_eq!(pids(&looker.tcp(port, TcpState::Listen).owner).len(), 2);
    looker.look();

    let target = quaymaster_probe::hold(*holder_key(&looker, port, child.pid())).unwrap();
    child.0.kill().unwrap();
    assert!(target.wait(std::time::Duration::from_secs(60)), "it has ended; it is a zombie now");
    looker.look();
    assert_eq!(pids(&looker.tcp(port, TcpState::Listen).owner), [me().pid]);
}

fn holder_key(looker: &Looker, port: u16, pid: u32) -> &ProcessKey {
    let holders = looker.tcp(port, TcpState::Listen).owner.holders();
    holders.iter().find(|key| key.pid == pid).unwrap()
}

#[test]
fn a_quiet_look_reads_nothing_of_proc() {
    let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut looker = Looker::new();
    // Other tests and programs come and go meanwhile; a look is quiet if none did and no other socket appeared.
    for _ in 0..10_000 {
        let before = looker.source.owner_stats();
        let sample = looker.source.look(UnixMillis(1_700_000_001_000));
        let after = looker.source.owner_stats();
        if before.stirred == after.stirred && sample.changes.is_empty() && before == looker.source.owner_stats() {
            return;
        }
        let opened = sample.changes.iter().any(|change| !matches!(change, Change::Closed(_)));
        assert!(
            before.stirred != after.stirred || opened || before.proc_reads == after.proc_reads,
            "nothing moved, and yet {} readings",
            after.proc_reads - before.proc_reads
        );
    }
    panic!("no quiet look in ten thousand");
}

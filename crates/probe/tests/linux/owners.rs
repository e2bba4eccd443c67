//! All the holders of a socket, and only them, for next to nothing when nothing moves.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use quaymaster_core::{Change, ProcessKey, UnixMillis};
use quaymaster_probe::SocketSource as _;

use crate::looker::{Holder, Looker, alone, me, pids};

#[test]
fn a_shared_socket_has_all_its_holders_until_each_lets_go() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let local = listener.local_addr().unwrap();
    let mut looker = Looker::new();
    assert_eq!(pids(&looker.listener(local).owner), [me().pid]);

    let child = Holder::of(listener.try_clone().unwrap());
    looker.look();
    let mut both = vec![me().pid, child.pid()];
    both.sort_unstable();
    let mut seen = pids(&looker.listener(local).owner);
    seen.sort_unstable();
    assert_eq!(seen, both, "the child is seen in the next look");

    // This process lets go: nothing tells but its own turn to be read again.
    drop(listener);
    looker.until("only the child", |looker| pids(&looker.listener(local).owner) == [child.pid()]);
    let key = looker.listener(local).key;
    drop(child);
    looker.look();
    assert!(!looker.sockets.contains_key(&key), "closed with its last holder");
}

#[test]
fn a_holder_that_ended_is_noticed_though_nobody_reaped_it() {
    let _alone = alone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let local = listener.local_addr().unwrap();
    let mut child = Holder::of(listener.try_clone().unwrap());
    let mut looker = Looker::new();
    assert_eq!(pids(&looker.listener(local).owner).len(), 2);
    looker.look();

    let target = quaymaster_probe::hold(*holder_key(&looker, local, child.pid())).unwrap();
    child.0.kill().unwrap();
    assert!(target.wait(std::time::Duration::from_secs(60)), "it has ended; it is a zombie now");
    looker.look();
    assert_eq!(pids(&looker.listener(local).owner), [me().pid]);
}

fn holder_key(looker: &Looker, local: SocketAddr, pid: u32) -> &ProcessKey {
    let holders = looker.listener(local).owner.holders();
    holders.iter().find(|key| key.pid == pid).unwrap()
}

#[test]
fn a_quiet_look_reads_nothing_of_proc() {
    let _alone = alone();
    let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut looker = Looker::new();
    let mut calm = 0;
    // Other programs come and go meanwhile, and what has come is read twice. A look is quiet if nothing has moved for a few.
    for _ in 0..100_000 {
        let before = looker.source.owner_stats();
        let sample = looker.source.look(UnixMillis(1_700_000_001_000));
        let after = looker.source.owner_stats();
        let opened = sample.changes.iter().any(|change| !matches!(change, Change::Closed(_)));
        calm = if opened || before.stirred != after.stirred { 0 } else { calm + 1 };
        if calm > 5 {
            assert_eq!(before, after, "nothing moved");
            return;
        }
    }
    panic!("never a quiet look");
}

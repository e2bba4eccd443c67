//! Which row of this look is which row of the last.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::{HashMap, HashSet};

use common::{Watch, connected, cookie, held, key, listen, named, tcp};
use proptest::prelude::*;
use quaymaster_core::Change::{Changed, Closed, Counted, Opened};
use quaymaster_core::{
    Bytes, Holders, Mark, Owner, OwnerGap, Queues, Row, Socket, SocketId, SocketKey, TcpState, UnixMillis,
};

fn only(watch: &Watch) -> Row {
    assert_eq!(watch.table.rows().len(), 1);
    watch.table.rows().next().unwrap()
}

fn marks(watch: &Watch) -> Vec<(u64, Mark)> {
    let mut marks: Vec<_> = watch.table.rows().map(|row| (row.id.0, row.mark)).collect();
    marks.sort_unstable();
    marks
}

#[test]
fn a_life_from_new_to_gone() {
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
    assert_eq!((only(&watch).mark, only(&watch).already_open), (Mark::Steady, true));
    let applied = watch.look(vec![Opened(connected(2, "10.0.0.1:80", "10.0.0.2:5", 8))]);
    assert_eq!(applied.new_owners, [key(8)]);
    assert_eq!(marks(&watch), [(1, Mark::Steady), (2, Mark::New)]);
    assert_eq!(watch.table.row(SocketId(2)).unwrap().first_seen, UnixMillis(2_000));
    assert!(!watch.table.row(SocketId(2)).unwrap().already_open);
    assert!(watch.look(vec![]).visible, "a fading mark is seen");
    assert!(!watch.look(vec![]).visible);
    watch.look(vec![Changed(tcp(2, TcpState::CloseWait, "10.0.0.1:80", Some("10.0.0.2:5"), held(8)))]);
    assert_eq!(marks(&watch), [(1, Mark::Steady), (2, Mark::Changed)]);
    let applied = watch.look(vec![Closed(cookie(2))]);
    assert_eq!(applied.departed, [key(8)]);
    assert_eq!(marks(&watch), [(1, Mark::Steady), (2, Mark::Closed)]);
    assert_eq!((watch.table.open(), watch.table.closed()), (1, 1));
    watch.look(vec![]);
    assert_eq!(marks(&watch), [(1, Mark::Steady)]);
}

/// Before its end, with it, after it while it is still shown, and of what is left; nobody sees a difference.
#[test]
fn what_went_through_a_connection_comes_to_its_row() {
    let bytes = Bytes { received: 5, sent: 7 };
    let counted = || Counted(cookie(2), bytes);
    let open = || Opened(connected(2, "10.0.0.1:80", "10.0.0.2:5", 8));
    let left = || tcp(2, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    for looks in [
        vec![vec![counted(), Closed(cookie(2))]],
        vec![vec![Closed(cookie(2))], vec![counted()]],
        vec![vec![counted(), Changed(left())]],
        vec![vec![Changed(left())], vec![], vec![counted()]],
    ] {
        let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
        watch.look(vec![open()]);
        let count = looks.len();
        for (at, look) in looks.into_iter().enumerate() {
            let expected = if at + 1 == count { vec![(SocketId(2), bytes)] } else { Vec::new() };
            assert_eq!(watch.look(look).counted, expected);
        }
    }
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
    let applied = watch.look(vec![counted()]);
    assert_eq!((applied.counted, applied.visible), (Vec::new(), false), "nobody's");
    watch.look(vec![open()]);
    watch.look(vec![Closed(cookie(2))]);
    let applied = watch.between(vec![counted()]);
    assert_eq!((applied.counted, applied.visible), (vec![(SocketId(2), bytes)], false));
    watch.look(vec![]);
    assert_eq!(watch.look(vec![counted()]).counted, [], "not shown any more");
}

/// The kernel gives what is left of a connection a new cookie; for a person it is the same row.
#[test]
fn what_is_left_of_a_connection_keeps_its_row_and_its_last_owner() {
    let rest = || tcp(9, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    let ways: [Vec<Vec<_>>; 4] = [
        vec![vec![Closed(cookie(1)), Opened(rest())]],
        vec![vec![Opened(rest()), Closed(cookie(1))]],
        vec![vec![Closed(cookie(1))], vec![Opened(rest())]],
        // Both in one listing, which is not made in one instant.
        vec![vec![Opened(rest())], vec![Closed(cookie(1))]],
    ];
    for looks in ways {
        let mut watch = Watch::on([connected(1, "10.0.0.1:80", "10.0.0.2:5", 7)]);
        watch.table.learn(named(7, "nginx", None));
        for look in looks {
            watch.look(look);
        }
        let row = only(&watch);
        assert_eq!((row.id, row.socket.state), (SocketId(1), Some(TcpState::TimeWait)));
        assert_eq!(row.socket.owner, Owner::Kernel(vec![key(7)].into()));
        assert_eq!((row.owners[0].name.as_str(), row.first_seen), ("nginx", UnixMillis(1_000)));
        watch.look(vec![Changed(rest())]);
        assert_eq!(only(&watch).mark, Mark::Steady, "the table's own knowledge of the last owner is no change");
        watch.look(vec![Closed(cookie(9))]);
        watch.look(vec![]);
        assert_eq!(watch.table.rows().len(), 0);
    }
}

#[test]
fn the_same_four_tuple_used_again_is_a_new_socket() {
    let mut watch = Watch::on([connected(1, "10.0.0.1:80", "10.0.0.2:5", 7)]);
    watch.look(vec![Closed(cookie(1)), Opened(connected(2, "10.0.0.1:80", "10.0.0.2:5", 7))]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::New)]);
    // Also after TIME_WAIT (RFC 6191).
    let rest = tcp(3, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    watch.look(vec![Closed(cookie(2)), Opened(rest)]);
    watch.look(vec![Closed(cookie(3)), Opened(connected(4, "10.0.0.1:80", "10.0.0.2:5", 7))]);
    assert_eq!(marks(&watch), [(2, Mark::Closed), (3, Mark::New)]);
}

#[test]
fn a_call_that_is_answered_stays_the_same_row() {
    let call = |state, owner| tcp(5, state, "10.0.0.1:80", Some("10.0.0.2:5"), owner);
    let mut watch = Watch::on([]);
    watch.look(vec![Opened(call(TcpState::SynRecv, Owner::Kernel(Holders::NOBODY)))]);
    watch.look(vec![Changed(call(TcpState::Established, Owner::Unknown(OwnerGap::Pending)))]);
    assert_eq!(only(&watch).mark, Mark::Changed);
    watch.look(vec![]);
    watch.look(vec![Changed(call(TcpState::Established, held(7)))]);
    assert_eq!((only(&watch).mark, only(&watch).id), (Mark::Steady, SocketId(1)));
    assert_eq!(watch.table.held_by(key(7)).count(), 1);
}

#[test]
fn waiting_bytes_are_no_change_worth_a_mark() {
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
    let queues = Some(Queues { receive: 3, send: 128 });
    assert!(watch.look(vec![Changed(Socket { queues, ..listen(1, "0.0.0.0:80", 7) })]).visible);
    assert_eq!((only(&watch).mark, only(&watch).socket.queues), (Mark::Steady, queues));
}

#[test]
fn closed_rows_stay_while_the_order_is_held() {
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7), listen(2, "0.0.0.0:81", 7)]);
    watch.keep_closed = true;
    watch.look(vec![Closed(cookie(1))]);
    watch.look(vec![]);
    watch.look(vec![]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::Steady)]);
    assert_eq!(watch.table.at_local_port(80).count(), 0, "it answers no question any more");
    watch.keep_closed = false;
    watch.look(vec![]);
    assert_eq!(marks(&watch), [(2, Mark::Steady)]);
}

#[test]
fn both_ends_of_a_connection_here_find_each_other() {
    let watch = Watch::on([
        connected(1, "127.0.0.1:7897", "127.0.0.1:50000", 7),
        connected(2, "127.0.0.1:50000", "127.0.0.1:7897", 8),
        connected(3, "127.0.0.1:50001", "10.0.0.1:7897", 8),
    ]);
    let row = |id| watch.table.row(SocketId(id)).unwrap();
    assert_eq!(watch.table.opposite(&row(1)).map(|row| row.id), Some(SocketId(2)));
    assert_eq!(watch.table.opposite(&row(2)).map(|row| row.id), Some(SocketId(1)));
    assert_eq!(watch.table.opposite(&row(3)).map(|row| row.id), None);
}

/// Where a socket has no number of its own, the key changes with the owner: who is orphaned or accepted is the same row still.
#[test]
fn a_key_that_changes_with_the_owner_changes_no_row() {
    let at = |stamp, state, owner| {
        let socket = tcp(0, state, "10.0.0.1:80", Some("10.0.0.2:5"), owner);
        let Socket { protocol, family, local, remote, .. } = socket;
        Socket { key: SocketKey::Tuple { protocol, family, local, remote, pid: 0, stamp }, ..socket }
    };
    let kernel = || Owner::Kernel(Holders::NOBODY);
    for lives in [
        [at(0, TcpState::SynRecv, kernel()), at(7, TcpState::Established, held(7))],
        [at(0, TcpState::Established, kernel()), at(7, TcpState::Established, held(7))],
        [at(7, TcpState::LastAck, held(7)), at(0, TcpState::LastAck, kernel())],
        [at(7, TcpState::Established, held(7)), at(0, TcpState::FinWait1, kernel())],
    ] {
        let [before, after] = lives;
        let mut watch = Watch::on([before.clone()]);
        watch.look(vec![Opened(after.clone()), Closed(before.key)]);
        assert_eq!((only(&watch).id, only(&watch).mark), (SocketId(1), Mark::Changed), "{before:?} {after:?}");
    }
}

/// As Windows names sockets: by tuple, PID and time of creation.
fn stamped(pid: u32, stamp: u64, socket: Socket) -> Socket {
    let Socket { protocol, family, local, remote, .. } = socket;
    Socket { key: SocketKey::Tuple { protocol, family, local, remote, pid, stamp }, ..socket }
}

/// Windows gives TIME_WAIT the PID 0, and whether the time of creation stays with it is nowhere promised.
#[test]
fn what_windows_keeps_of_a_connection_keeps_its_row_and_its_last_owner() {
    let call = stamped(7, 1_000, connected(0, "10.0.0.1:80", "10.0.0.2:5", 7));
    let rest = |stamp| {
        let state = TcpState::TimeWait;
        stamped(0, stamp, tcp(0, state, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY)))
    };
    for left in [rest(0), rest(1_000), rest(2_000)] {
        for looks in [
            vec![vec![Opened(left.clone()), Closed(call.key)]],
            vec![vec![Closed(call.key), Opened(left.clone())]],
            // One look fell between the two.
            vec![vec![Closed(call.key)], vec![Opened(left.clone())]],
        ] {
            let mut watch = Watch::on([call.clone()]);
            watch.table.learn(named(7, "nginx", None));
            for look in looks {
                watch.look(look);
            }
            let row = only(&watch);
            assert_eq!((row.id, row.socket.state, row.mark), (SocketId(1), left.state, Mark::Changed), "{left:?}");
            assert_eq!((&row.socket.owner, &*row.owners[0].name), (&Owner::Kernel(vec![key(7)].into()), "nginx"));
            watch.look(vec![]);
            assert_eq!(only(&watch).socket.owner, Owner::Kernel(vec![key(7)].into()), "also at the next look");
            watch.look(vec![Closed(left.key)]);
            watch.look(vec![]);
            assert_eq!(watch.table.rows().len(), 0);
        }
    }
}

#[test]
fn a_port_that_is_closed_and_opened_again_is_another_socket_where_its_creation_is_told() {
    let listener = |stamp| stamped(7, stamp, listen(0, "0.0.0.0:80", 7));
    let mut watch = Watch::on([listener(1_000)]);
    watch.look(vec![Opened(listener(2_000)), Closed(listener(1_000).key)]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::New)]);
    let call = |stamp| stamped(7, stamp, connected(0, "10.0.0.1:80", "10.0.0.2:5", 7));
    let mut watch = Watch::on([call(1_000)]);
    watch.look(vec![Opened(call(2_000)), Closed(call(1_000).key)]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::New)]);
}

#[test]
fn what_is_left_of_another_connection_is_another_row() {
    let rest =
        |number| tcp(number, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    let mut watch = Watch::on([rest(1)]);
    watch.look(vec![Closed(cookie(1)), Opened(rest(2))]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::New)]);
    assert_eq!(
        watch.table.row(SocketId(2)).unwrap().socket.owner,
        Owner::Kernel(Holders::NOBODY),
        "nobody's owner is inherited"
    );
}

#[test]
fn a_closed_row_that_is_kept_comes_back_only_as_its_own_remainder() {
    let mut watch = Watch::on([connected(1, "10.0.0.1:80", "10.0.0.2:5", 7)]);
    watch.table.learn(named(7, "nginx", None));
    watch.keep_closed = true;
    assert_eq!(watch.look(vec![Closed(cookie(1))]).departed, [key(7)]);
    watch.look(vec![]);
    watch.look(vec![Opened(connected(2, "10.0.0.1:80", "10.0.0.2:5", 8))]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::New)]);
    watch.look(vec![Closed(cookie(2))]);
    let rest = tcp(3, TcpState::FinWait2, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    watch.look(vec![Opened(rest)]);
    assert_eq!(marks(&watch), [(1, Mark::Closed), (2, Mark::Changed)], "of the last that had these ends");
    assert_eq!(watch.table.row(SocketId(2)).unwrap().socket.owner, Owner::Kernel(vec![key(8)].into()));
    watch.keep_closed = false;
    watch.look(vec![]);
    assert_eq!(marks(&watch), [(2, Mark::Steady)]);
}

/// Its process may have ended since, and could not be read again.
#[test]
fn a_row_that_comes_back_remembers_its_program() {
    let mut watch = Watch::on([connected(1, "10.0.0.1:80", "10.0.0.2:5", 7)]);
    watch.table.learn(named(7, "nginx", None));
    assert_eq!(watch.look(vec![Closed(cookie(1))]).departed, [key(7)]);
    let rest = tcp(3, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    let applied = watch.look(vec![Opened(rest)]);
    assert_eq!((&*only(&watch).owners[0].name, applied.new_owners), ("nginx", vec![]));
    assert_eq!(watch.table.process(key(7)).map(|process| &*process.name), Some("nginx"));
    assert_eq!(watch.table.held_by(key(7)).count(), 0, "it holds it no more");
}

#[test]
fn nothing_new_is_not_visible() {
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
    assert!(!watch.look(vec![Changed(listen(1, "0.0.0.0:80", 7)), Closed(cookie(99))]).visible);
    let until = Socket { time_wait_until: Some(UnixMillis(5)), ..listen(1, "0.0.0.0:80", 7) };
    assert!(watch.look(vec![Changed(until)]).visible);
    assert_eq!(only(&watch).mark, Mark::Steady);
}

#[test]
fn what_opens_and_changes_in_one_look_is_new() {
    let mut watch = Watch::on([]);
    watch.look(vec![Opened(listen(1, "0.0.0.0:80", 7)), Changed(listen(1, "0.0.0.0:80", 8))]);
    assert_eq!((only(&watch).mark, &only(&watch).socket.owner), (Mark::New, &held(8)));
}

#[test]
fn facts_reach_every_row_of_a_process_and_are_news_once() {
    let both = Owner::Processes(vec![key(7), key(8)].into());
    let mut watch = Watch::on([
        listen(1, "0.0.0.0:80", 7),
        tcp(2, TcpState::Listen, "0.0.0.0:81", None, both),
        listen(3, "[::]:82", 9),
    ]);
    assert!(watch.table.learn(named(7, "nginx", None)));
    assert!(!watch.table.learn(named(7, "nginx", None)), "known already");
    assert!(!watch.table.learn(named(99, "nobody", None)), "nobody's process");
    let names = |id| -> Vec<String> {
        watch.table.row(SocketId(id)).unwrap().owners.iter().map(|process| process.name.clone()).collect()
    };
    assert_eq!(
        (names(1), names(2), names(3)),
        (vec!["nginx".into()], vec!["nginx".into(), "".into()], vec!["".into()])
    );
    assert!(watch.table.learn_user(1000, Some("me")));
    assert!(!watch.table.learn_user(1000, Some("me")));
    assert_eq!(watch.table.rows().filter(|row| row.user.as_deref() == Some("me")).count(), 3);
}

#[derive(Clone, Debug)]
enum Step {
    Open(u64),
    Turn(u64, u32),
    Close(u64),
    Look,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = 1u64..12;
    proptest::collection::vec(
        prop_oneof![
            number.clone().prop_map(Step::Open),
            (number.clone(), 1u32..4).prop_map(|(number, pid)| Step::Turn(number, pid)),
            number.prop_map(Step::Close),
            Just(Step::Look),
        ],
        0..80,
    )
}

fn socket(number: u64, pid: u32) -> Socket {
    listen(number, &format!("127.0.0.1:{}", 100 + number % 3), pid)
}

proptest! {
    /// Against the plainest bookkeeping: a map of what is open. Ids are never used twice; indexes agree with the rows.
    #[test]
    fn the_table_is_what_the_source_told(steps in steps()) {
        let mut watch = Watch::on([]);
        let (mut open, mut told): (HashMap<u64, u32>, HashMap<u64, SocketId>) = Default::default();
        let (mut ids, mut changes) = (HashSet::new(), Vec::new());
        for step in steps.into_iter().chain([Step::Look]) {
            match step {
                Step::Open(number) if !open.contains_key(&number) => {
                    open.insert(number, 1);
                    told.remove(&number);
                    changes.push(Opened(socket(number, 1)));
                }
                Step::Turn(number, pid) if open.contains_key(&number) => {
                    open.insert(number, pid);
                    changes.push(Changed(socket(number, pid)));
                }
                // A source tells each socket once a look.
                Step::Close(number) if told.contains_key(&number) && open.remove(&number).is_some() => {
                    changes.retain(|change| !matches!(change, Opened(socket) | Changed(socket) if socket.key == cookie(number)));
                    changes.push(Closed(cookie(number)));
                }
                Step::Look => {
                    watch.look(std::mem::take(&mut changes));
                    let rows: Vec<_> = watch.table.rows().filter(|row| row.mark != Mark::Closed).collect();
                    prop_assert_eq!(rows.len(), open.len());
                    prop_assert_eq!(watch.table.open(), open.len());
                    for (&number, &pid) in &open {
                        let row = rows.iter().find(|row| row.socket.key == cookie(number)).unwrap();
                        prop_assert_eq!(&row.socket.owner, &held(pid));
                        if let Some(&before) = told.get(&number) {
                            prop_assert_eq!(before, row.id);
                        } else {
                            prop_assert!(ids.insert(row.id), "an id was used twice");
                        }
                        told.insert(number, row.id);
                        prop_assert!(watch.table.at_local_port(row.socket.local.port).any(|other| other.id == row.id));
                        prop_assert!(watch.table.held_by(key(pid)).any(|other| other.id == row.id));
                    }
                    for pid in 1..4 {
                        let holds = open.values().filter(|&&owner| owner == pid).count();
                        prop_assert_eq!(watch.table.held_by(key(pid)).count(), holds);
                        prop_assert_eq!(watch.table.process(key(pid)).is_some(), holds > 0);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What one row shows of a process is what all show, also when only a closed row remembered it.
#[test]
fn a_process_that_comes_back_is_remembered_for_all_its_rows() {
    let mut watch = Watch::on([listen(1, "0.0.0.0:80", 10)]);
    watch.table.learn(named(10, "nginx", None));
    watch.keep_closed = true;
    watch.look(vec![Closed(cookie(1))]);
    let both = Owner::Processes(vec![key(10), key(11)].into());
    let together = tcp(2, TcpState::Listen, "0.0.0.0:81", None, both);
    let applied = watch.look(vec![Opened(together), Opened(listen(3, "0.0.0.0:82", 10))]);
    assert_eq!(applied.new_owners, [key(11)], "what is remembered is not read again");
    let names: Vec<_> = watch.table.rows().map(|row| row.owners[0].name.clone()).collect();
    assert_eq!(names, ["nginx", "nginx", "nginx"]);
}

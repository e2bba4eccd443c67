//! Samples taken between two whole looks: what they bring is seen at once and for one whole interval at least, and changes
//! nothing of what the next whole look leads to.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::collections::BTreeMap;

use common::{Watch, connected, cookie, held, key, listen, named, tcp, udp};
use proptest::prelude::*;
use quaymaster_core::Change::{self, Changed, Closed, Opened};
use quaymaster_core::{Holders, Mark, Owner, OwnerGap, Socket, SocketId, SocketKey, TcpState, UnixMillis};

fn marks(watch: &Watch) -> Vec<(u64, Mark)> {
    let mut marks: Vec<_> = watch.table.rows().map(|row| (row.id.0, row.mark)).collect();
    marks.sort_unstable();
    marks
}

fn pending(number: u64) -> Socket {
    tcp(number, TcpState::Listen, "0.0.0.0:81", None, Owner::Unknown(OwnerGap::Pending))
}

/// A sample, `true` where it is a whole look, and the mark of each row after it.
type Scene = (bool, Vec<Change>, &'static [(u64, Mark)]);

#[test]
fn what_a_sample_between_marks_is_seen_for_one_interval() {
    let moved = || Changed(listen(1, "0.0.0.0:80", 8));
    let stories: [Vec<Scene>; 5] = [
        vec![
            (false, vec![Opened(listen(2, "0.0.0.0:81", 8))], &[(1, Mark::Steady), (2, Mark::New)]),
            (false, vec![], &[(1, Mark::Steady), (2, Mark::New)]),
            (true, vec![], &[(1, Mark::Steady), (2, Mark::New)]),
            (false, vec![], &[(1, Mark::Steady), (2, Mark::New)]),
            (true, vec![], &[(1, Mark::Steady), (2, Mark::Steady)]),
        ],
        // A closed row stays as long, and is not taken for open.
        vec![
            (false, vec![Closed(cookie(1))], &[(1, Mark::Closed)]),
            (true, vec![], &[(1, Mark::Closed)]),
            (true, vec![], &[]),
        ],
        // What a whole look marked fades at the next, whatever comes between; unless that marks it again.
        vec![
            (true, vec![moved()], &[(1, Mark::Changed)]),
            (false, vec![Opened(pending(2))], &[(1, Mark::Changed), (2, Mark::New)]),
            (true, vec![], &[(1, Mark::Steady), (2, Mark::New)]),
            (true, vec![], &[(1, Mark::Steady), (2, Mark::Steady)]),
        ],
        vec![
            (true, vec![moved()], &[(1, Mark::Changed)]),
            (false, vec![Changed(listen(1, "0.0.0.0:80", 9))], &[(1, Mark::Changed)]),
            (true, vec![], &[(1, Mark::Changed)]),
            (true, vec![], &[(1, Mark::Steady)]),
        ],
        // An owner that is found later is no news: the mark lasts no longer for it.
        vec![
            (false, vec![Opened(pending(2))], &[(1, Mark::Steady), (2, Mark::New)]),
            (true, vec![Changed(listen(2, "0.0.0.0:81", 8))], &[(1, Mark::Steady), (2, Mark::New)]),
            (false, vec![], &[(1, Mark::Steady), (2, Mark::New)]),
            (true, vec![], &[(1, Mark::Steady), (2, Mark::Steady)]),
        ],
    ];
    for story in stories {
        let mut watch = Watch::on([listen(1, "0.0.0.0:80", 7)]);
        for (number, (whole, changes, expected)) in story.into_iter().enumerate() {
            let before = marks(&watch);
            let told = !changes.is_empty();
            let applied = if whole { watch.look(changes) } else { watch.between(changes) };
            assert_eq!(marks(&watch), expected, "sample {number}");
            assert_eq!(applied.visible, told || before != marks(&watch), "sample {number}");
        }
    }
}

#[test]
fn a_row_was_first_seen_when_a_sample_first_showed_it() {
    let mut watch = Watch::on([]);
    let applied = watch.between(vec![Opened(listen(1, "0.0.0.0:80", 7))]);
    assert_eq!(applied.new_owners, [key(7)]);
    watch.look(vec![Changed(listen(1, "0.0.0.0:80", 8))]);
    let row = watch.table.row(SocketId(1)).unwrap();
    assert_eq!((row.first_seen, row.already_open), (UnixMillis(2_000), false));
}

/// Whatever is shown before the first whole look was there already.
#[test]
fn a_sample_before_the_first_look_finds_nothing_new() {
    let mut watch = Watch::default();
    watch.between(vec![Opened(listen(1, "0.0.0.0:80", 7))]);
    watch.look(vec![Opened(listen(2, "0.0.0.0:81", 7))]);
    assert_eq!(marks(&watch), [(1, Mark::Steady), (2, Mark::Steady)]);
    assert!(watch.table.rows().all(|row| row.already_open));
}

/// A connection whose end a sample between has told of goes on in what the kernel keeps of it, as after a whole look.
#[test]
fn what_closed_between_goes_on_in_its_remainder() {
    let mut watch = Watch::on([connected(1, "10.0.0.1:80", "10.0.0.2:5", 7)]);
    watch.table.learn(named(7, "nginx", None));
    assert_eq!(watch.between(vec![Closed(cookie(1))]).departed, [key(7)]);
    let rest = tcp(9, TcpState::TimeWait, "10.0.0.1:80", Some("10.0.0.2:5"), Owner::Kernel(Holders::NOBODY));
    watch.look(vec![Opened(rest)]);
    assert_eq!(marks(&watch), [(1, Mark::Changed)]);
    assert_eq!(&*watch.table.row(SocketId(1)).unwrap().owners[0].name, "nginx");
    // Half open, then accepted under another key: the same connection, in whichever sample the first key went.
    let at = |stamp, state, owner| {
        let socket = tcp(0, state, "10.0.0.1:80", Some("10.0.0.2:5"), owner);
        let Socket { protocol, family, local, remote, .. } = socket;
        Socket { key: SocketKey::Tuple { protocol, family, local, remote, pid: 0, stamp }, ..socket }
    };
    let half = at(0, TcpState::SynRecv, Owner::Kernel(Holders::NOBODY));
    let mut watch = Watch::on([half.clone()]);
    watch.between(vec![Closed(half.key)]);
    watch.look(vec![Opened(at(7, TcpState::Established, held(7)))]);
    assert_eq!(marks(&watch), [(1, Mark::Changed)]);
}

/// What the machine does, and when it is looked at.
#[derive(Clone, Debug)]
enum Step {
    /// A socket is there and looks like this; even numbers are listeners, which samples between show.
    Show(u64, u32),
    Close(u64),
    /// A sample of listeners.
    Between,
    Look,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..12u64, 0..5u32).prop_map(|(number, owner)| Step::Show(number, owner)),
        2 => (1..12u64).prop_map(Step::Close),
        2 => Just(Step::Between),
        1 => Just(Step::Look),
    ];
    proptest::collection::vec(step, 0..60)
}

fn socket(number: u64, owner: u32) -> Socket {
    let local = format!("127.0.0.1:{}", 100 + number % 4);
    let owner = if owner == 0 { Owner::Unknown(OwnerGap::Pending) } else { held(owner) };
    match number % 4 {
        0 => udp(number, &local, None, owner),
        2 => tcp(number, TcpState::Listen, &local, None, owner),
        _ => tcp(number, TcpState::Established, &local, Some(&format!("127.0.0.1:{}", 200 + number)), owner),
    }
}

type Sockets = BTreeMap<u64, Socket>;

/// What a source that told of `told` says when it sees `now`.
fn difference(told: &Sockets, now: &Sockets) -> Vec<Change> {
    let shown = now.iter().filter_map(|(number, socket)| match told.get(number) {
        None => Some(Opened(socket.clone())),
        Some(before) => (before != socket).then(|| Changed(socket.clone())),
    });
    shown.chain(told.keys().filter(|number| !now.contains_key(number)).map(|&number| Closed(cookie(number)))).collect()
}

fn listeners(sockets: &Sockets) -> Sockets {
    sockets.iter().filter(|(number, _)| *number % 2 == 0).map(|(&number, socket)| (number, socket.clone())).collect()
}

fn open(watch: &Watch) -> Sockets {
    let open = watch.table.rows().filter(|row| row.mark != Mark::Closed);
    open.map(|row| (if let SocketKey::Cookie(number) = row.socket.key { number } else { 0 }, row.socket)).collect()
}

proptest! {
    #[test]
    fn samples_between_change_nothing_of_where_looks_lead(steps in steps()) {
        let (mut watch, mut plain) = (Watch::on([]), Watch::on([]));
        let (mut now, mut told, mut plainly_told) = (Sockets::new(), Sockets::new(), Sockets::new());
        // Rows marked since the last whole look, which has to leave them their marks.
        let mut fresh: Vec<(SocketId, Mark)> = Vec::new();
        for step in steps.into_iter().chain([Step::Between, Step::Look, Step::Look, Step::Look]) {
            match step {
                Step::Show(number, owner) => {
                    now.insert(number, socket(number, owner));
                }
                Step::Close(number) => {
                    now.remove(&number);
                }
                Step::Between => {
                    let before: BTreeMap<SocketId, Mark> = watch.table.rows().map(|row| (row.id, row.mark)).collect();
                    let (seen, known) = (listeners(&now), listeners(&told));
                    watch.between(difference(&known, &seen));
                    for row in watch.table.rows().filter(|row| before.get(&row.id).copied() != Some(row.mark)) {
                        prop_assert_ne!(row.mark, Mark::Steady, "nothing fades");
                        fresh.push((row.id, row.mark));
                    }
                    prop_assert!(before.keys().all(|&id| watch.table.has(id)), "nothing goes");
                    told.retain(|number, _| number % 2 != 0);
                    told.extend(seen);
                }
                Step::Look => {
                    watch.look(difference(&told, &now));
                    plain.look(difference(&plainly_told, &now));
                    (told, plainly_told) = (now.clone(), now.clone());
                    prop_assert_eq!(open(&watch), open(&plain));
                    prop_assert_eq!(open(&watch), now.clone());
                    for (id, mark) in fresh.drain(..) {
                        let left = watch.table.row(id).map(|row| row.mark);
                        prop_assert!(left == Some(mark) || left == Some(Mark::Closed), "{:?} became {:?}", mark, left);
                    }
                }
            }
        }
        prop_assert!(watch.table.rows().all(|row| row.mark == Mark::Steady), "what nobody touches is steady at last");
        prop_assert_eq!(watch.table.rows().len(), now.len());
    }
}

//! The index on a `/proc` made of ordinary files, where nothing moves by itself and every reading can be counted.

#![expect(clippy::unwrap_used, reason = "a test that can't write its files has nothing to say")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::*;

const OWN: u32 = 1000;

struct Fake {
    root: tempfile::TempDir,
    last_pid: u32,
    tasks: u32,
    open: BTreeMap<u32, u32>,
    /// Closed since the look that showed them.
    closed: Vec<u32>,
    now: u64,
    index: OwnerIndex,
}

impl Fake {
    fn new() -> Self {
        Self::with_room(1_000)
    }

    fn with_room(room: u64) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("loadavg"), "0 0 0 1/1 1\n").unwrap();
        let index = OwnerIndex::with_room(ProcFs::at(root.path()).unwrap(), OWN, Room::of(room));
        let mut fake =
            Self { root, last_pid: 1, tasks: 1, open: BTreeMap::new(), closed: Vec::new(), now: 1_000_000, index };
        fake.start(1, 0, 1, &[]);
        fake
    }

    fn folder(&self, pid: u32) -> PathBuf {
        self.root.path().join(pid.to_string())
    }

    fn beat(&mut self, tasks: u32) {
        self.tasks = tasks;
        fs::write(self.root.path().join("loadavg"), format!("0 0 0 1/{} {}\n", self.tasks, self.last_pid)).unwrap();
    }

    fn start(&mut self, pid: u32, parent: u32, start: u64, sockets: &[u32]) {
        fs::create_dir_all(self.folder(pid).join("fd")).unwrap();
        let stat = format!("{pid} (fake) S {parent} 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {start} 0 0\n");
        fs::write(self.folder(pid).join("stat"), stat).unwrap();
        fs::write(self.folder(pid).join("status"), format!("Name:\tfake\nUid:\t{OWN}\t{OWN}\t{OWN}\t{OWN}\n")).unwrap();
        self.hold(pid, sockets);
        self.last_pid = pid;
        self.beat(self.tasks + 1);
    }

    fn hold(&mut self, pid: u32, sockets: &[u32]) {
        let fd = self.folder(pid).join("fd");
        // The folder itself stays, as the system's does: it may be held open.
        fs::read_dir(&fd).unwrap().for_each(|entry| fs::remove_file(entry.unwrap().path()).unwrap());
        symlink("/dev/null", fd.join("0")).unwrap();
        for (number, inode) in (3..).zip(sockets) {
            symlink(format!("socket:[{inode}]"), fd.join(number.to_string())).unwrap();
        }
    }

    /// Puts something at one number, or nothing.
    fn place(&self, pid: u32, number: u32, target: Option<&str>) {
        let place = self.folder(pid).join("fd").join(number.to_string());
        let _ = fs::remove_file(&place);
        target.iter().for_each(|target| symlink(target, &place).unwrap());
    }

    fn end(&mut self, pid: u32) {
        fs::remove_dir_all(self.folder(pid)).unwrap();
        self.beat(self.tasks - 1);
    }

    /// A look in which exactly these sockets are open. Returns what it read.
    fn look(&mut self, open: &[u32]) -> u64 {
        let appeared = open.iter().filter(|inode| !self.open.contains_key(inode));
        let appeared: Vec<_> = appeared.map(|inode| Sought { inode: *inode, uid: OWN }).collect();
        let lost: Vec<u32> = self.open.keys().copied().filter(|inode| !open.contains(inode)).collect();
        self.open = open.iter().map(|inode| (*inode, OWN)).collect();
        let before = self.index.stats().proc_reads;
        let sockets = &self.open;
        let closed = &self.closed;
        let mut errand = Errand {
            rounds: true,
            now: self.now,
            appeared: &appeared,
            hints: &[],
            lost: &lost,
            open: &|inode| sockets.get(&inode).copied(),
            still_open: &mut |inode| !closed.contains(&inode),
        };
        self.index.update(&mut errand);
        self.now += 1_000;
        self.index.stats().proc_reads - before
    }

    fn pids(&self, inode: u32) -> Vec<u32> {
        let owner = self.index.owner(inode, OWN);
        owner.iter().flat_map(Owner::holders).map(|key| key.pid).collect()
    }

    fn gap(&self, inode: u32) -> Option<Owner> {
        self.index.owner(inode, OWN)
    }
}

#[test]
fn a_quiet_look_reads_nothing() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501, 502]);
    assert!(fake.look(&[501, 502]) > 0, "the first look reads");
    assert_eq!((fake.pids(501), fake.pids(502)), (vec![10], vec![10]));
    for _ in 0..20 {
        assert_eq!(fake.look(&[501, 502]), 0);
    }
}

#[test]
fn a_closed_socket_costs_nothing() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501, 502]);
    fake.look(&[501, 502]);
    fake.hold(10, &[501]);
    assert_eq!(fake.look(&[501]), 0);
}

#[test]
fn a_new_socket_is_found_in_the_same_look_with_every_holder() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.look(&[501]);
    fake.hold(10, &[501, 503]);
    fake.start(11, 10, 200, &[501, 503]);
    fake.look(&[501, 503]);
    assert_eq!((fake.pids(501), fake.pids(503)), (vec![10, 11], vec![10, 11]));
}

#[test]
fn a_holder_that_is_gone_holds_no_more() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.start(11, 10, 200, &[501]);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [10, 11]);
    fake.end(10);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [11]);
}

#[test]
fn a_new_process_is_read_again_after_it_closed_what_it_inherited() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.look(&[501]);
    fake.start(11, 10, 200, &[501]);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [10, 11]);
    fake.hold(11, &[]);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [10]);
}

#[test]
fn a_socket_passed_on_is_noticed_within_a_minute() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.start(11, 1, 200, &[]);
    fake.look(&[501]);
    fake.hold(10, &[]);
    fake.hold(11, &[501]);
    for _ in 0..65 {
        fake.look(&[501]);
    }
    assert_eq!(fake.pids(501), [11], "the old holder's turn comes within a minute");
    fake.hold(10, &[501]);
    for _ in 0..65 {
        fake.look(&[501]);
    }
    assert_eq!(fake.pids(501), [10, 11], "and so does that of a process without sockets");
}

#[test]
fn a_number_that_was_used_again_is_another_process() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.start(20, 1, 150, &[]);
    fake.look(&[501]);
    let first = fake.gap(501);
    // The numbers came around: 10 is given out again between two looks.
    fake.end(10);
    fake.start(10, 1, 900, &[501]);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [10]);
    assert_ne!(fake.gap(501), first, "same PID, another start");
}

#[test]
fn what_nobody_holds_is_said_after_the_second_look() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[]);
    fake.look(&[777]);
    assert_eq!(fake.gap(777), Some(Owner::Unknown(OwnerGap::Pending)));
    fake.look(&[777]);
    assert_eq!(fake.gap(777), Some(Owner::Unknown(OwnerGap::NoHolder)));
    fake.hold(10, &[777]);
    for _ in 0..4 {
        fake.look(&[777]);
    }
    assert_eq!(fake.pids(777), [10], "and looked for again");
}

#[test]
fn the_last_answer_stands_while_a_holder_s_end_was_the_socket_s() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.look(&[501]);
    fake.end(10);
    fake.closed = vec![501];
    fake.look(&[501]);
    assert_eq!(fake.gap(501), None);
}

#[test]
fn what_an_ended_holder_had_passed_on_is_found_in_the_same_look() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.start(11, 1, 101, &[]);
    fake.look(&[501]);
    fake.place(11, 1, Some("socket:[501]"));
    fake.end(10);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [11]);
}

#[test]
fn the_order_of_candidates_is_from_likely_to_unlikely() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501]);
    fake.start(11, 1, 101, &[]);
    fake.start(12, 1, 102, &[502]);
    fake.look(&[501, 502]);
    let wanted = Wanted::of([Sought { inode: 503, uid: u32::MAX }].into_iter());
    assert_eq!(candidates::others(&fake.index.ledger, &wanted), [12, 10, 11, 1]);
}

#[test]
fn nobody_is_asked_for_a_connection_that_is_over() {
    let mut fake = Fake::new();
    (10..60).for_each(|pid| fake.start(pid, 1, u64::from(pid), &[]));
    fake.look(&[]);
    fake.closed = vec![901, 902];
    assert_eq!(fake.look(&[901, 902]), 0);
    assert!(fake.look(&[903]) > 50, "but for one that is open everybody");
}

/// Numbers 1 and 2 are taken too, so that what a process opens stands behind all else.
fn crowded(pid: u32, fake: &mut Fake) -> Vec<u32> {
    let sockets: Vec<u32> = (1_000..1_300).collect();
    fake.start(pid, 1, 100, &sockets);
    [1, 2].iter().for_each(|number| fake.place(pid, *number, Some("/dev/null")));
    sockets
}

#[test]
fn one_more_socket_among_hundreds_costs_a_few_calls() {
    let mut fake = Fake::new();
    let mut open = crowded(10, &mut fake);
    fake.look(&open);
    fake.look(&open);
    fake.place(10, 303, Some("socket:[2000]"));
    open.push(2_000);
    let reads = fake.look(&open);
    assert_eq!(fake.pids(2_000), [10]);
    assert!((1..5).contains(&reads), "{reads} calls");
}

#[test]
fn a_socket_at_the_number_of_one_that_was_closed_costs_a_call() {
    let mut fake = Fake::new();
    let mut open = crowded(10, &mut fake);
    fake.look(&open);
    for (number, old, new) in [(203, 1_200, 2_000), (103, 1_100, 2_001)] {
        fake.place(10, number, Some(&format!("socket:[{new}]")));
        open.retain(|inode| *inode != old);
        open.push(new);
    }
    let reads = fake.look(&open);
    assert_eq!((fake.pids(2_000), fake.pids(2_001)), (vec![10], vec![10]));
    assert_eq!(reads, 2);
}

/// The blind spot of looking at free numbers: nothing tells that a file was closed.
#[test]
fn a_socket_at_the_number_of_a_file_is_found_in_the_same_look() {
    let mut fake = Fake::new();
    let mut open = crowded(10, &mut fake);
    fake.look(&open);
    fake.place(10, 1, Some("socket:[2000]"));
    open.push(2_000);
    fake.look(&open);
    assert_eq!(fake.pids(2_000), [10]);
    // And the other way: what was a socket is a file, and the socket is elsewhere.
    fake.place(10, 1, Some("/dev/null"));
    fake.place(10, 77, Some("socket:[2001]"));
    open.retain(|inode| ![1_074, 2_000].contains(inode));
    open.push(2_001);
    fake.look(&open);
    assert_eq!(fake.pids(2_001), [10]);
}

#[test]
fn a_socket_at_a_high_number_is_found_in_the_same_look() {
    let mut fake = Fake::new();
    let mut open = crowded(10, &mut fake);
    fake.look(&open);
    for (number, inode) in [(900, 2_000), (4_000_000, 2_001)] {
        fake.place(10, number, Some(&format!("socket:[{inode}]")));
        open.push(inode);
        fake.look(&open);
        assert_eq!(fake.pids(inode), [10], "dup2 to {number}");
    }
}

#[test]
fn a_descriptor_that_was_doubled_is_held_until_both_are_closed() {
    let mut fake = Fake::new();
    fake.start(10, 1, 100, &[501, 501]);
    fake.start(11, 10, 101, &[501]);
    fake.look(&[501]);
    assert_eq!(fake.pids(501), [10, 11]);
    let after_a_minute = |fake: &mut Fake| {
        for _ in 0..65 {
            fake.look(&[501]);
        }
        fake.pids(501)
    };
    fake.place(10, 3, None);
    assert_eq!(after_a_minute(&mut fake), [10, 11]);
    fake.place(10, 4, None);
    assert_eq!(after_a_minute(&mut fake), [11]);
}

#[test]
fn without_room_for_descriptors_nothing_is_missed() {
    let mut fake = Fake::with_room(0);
    let mut open = crowded(10, &mut fake);
    fake.look(&open);
    fake.place(10, 303, Some("socket:[2000]"));
    open.push(2_000);
    let reads = fake.look(&open);
    assert_eq!(fake.pids(2_000), [10]);
    assert!(reads < 20, "{reads} calls");
    fake.end(10);
    fake.look(&[]);
    assert!(fake.pids(2_000).is_empty());
}

#[test]
fn room_is_given_back() {
    let mut fake = Fake::with_room(8);
    for round in 0..20 {
        fake.start(10, 1, 100 + round, &[501]);
        fake.look(&[501]);
        assert_eq!(fake.pids(501), [10], "round {round}");
        fake.end(10);
        fake.look(&[]);
    }
    assert!(fake.index.room.take(), "nobody holds any of it");
}

#[test]
fn many_processes_are_read_by_several_threads_and_each_once() {
    let mut fake = Fake::new();
    let open: Vec<u32> = (10..300).map(|pid| pid + 5_000).collect();
    (10..300).for_each(|pid| fake.start(pid, 1, u64::from(pid), &[pid + 5_000]));
    fake.look(&open);
    assert_eq!(fake.index.stats().scans, 291);
    (10..300).for_each(|pid| assert_eq!(fake.pids(pid + 5_000), [pid]));
}

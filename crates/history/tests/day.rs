//! A day in fast motion: what a busy computer tells in 24 hours leaves the memory as it was and the file small.
//!
//! Linux only: the memory is read from `/proc`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{DAY, Stage, calls, closed, hung_up, is_sound, listens, program};

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Alone in its file: what another test holds would be counted too.
#[test]
fn a_day_leaves_the_memory_as_it_was_and_the_file_small() {
    const PAIRS: u64 = 50_000;
    let stage = Stage::new();
    let recorder = stage.history.recorder();
    let mut memory = Vec::new();
    for pair in 0..PAIRS {
        let now = pair * DAY / PAIRS;
        let who = program(u32::try_from(1_000 + pair % 9_000).unwrap(), &format!("worker{}", pair % 150));
        let local = format!("127.0.0.1:{}", 20_000 + pair * 7 % 30_000);
        recorder.notes([listens(pair, now, who.clone(), &local), closed(pair, now + 1_200)]);
        if pair % 10 == 0 {
            let remote = format!("192.0.2.{}:443", pair / 10 % 200);
            let call = calls(PAIRS + pair, now, who, "10.0.0.2:50000", &remote);
            recorder.notes([call, hung_up(PAIRS + pair, now + 900, Some((5_000, 500)))]);
        }
        if pair % 50 == 49 {
            stage.history.flush();
        }
        if (pair + 1) % (PAIRS / 4) == 0 {
            memory.push(resident_kb());
        }
    }
    stage.tell([]);
    let before = std::fs::metadata(stage.file()).unwrap().len();
    println!("100 000 listener events and 10 000 of connections: {before} bytes; KB resident by quarters: {memory:?}");
    assert!(before < 10 << 20, "{before}");
    // The database's cache fills up to its 4 MB; nothing else grows, and when it is full nothing does.
    assert!(memory[3] < memory[0] + 6_144 && memory[3] < memory[2] + 1_024, "{memory:?}");
    assert_eq!(stage.history.lost(), 0);
    let folder = stage.folder;
    stage.history.stop();
    is_sound(&folder.path().join("history.sqlite"));
}

//! A full disk and a read-only folder, for real.
//!
//! Linux only: it takes a file system of its own, and root to mount it; where that is not allowed, the reason is printed and
//! nothing is claimed. Mounted is in a mount namespace of this program's own, so nothing is left behind however it ends.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{all, at, closed, is_sound, lines, listens, open, program};
use quaymaster_history::{History, HistoryTrouble, Keeping};

/// Says to this very program, run again in a namespace of its own, which part it is to play.
const PART: &str = "QUAYMASTER_HISTORY_DISK";

/// Runs a test of this file where mounting disturbs nobody. Whether it ran.
fn apart(test: &str, mount: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("{mount} && exec \"$0\" --exact {test} --nocapture");
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(PART, folder.path())
        .env("folder", folder.path())
        .output();
    let Ok(output) = output else {
        println!("skipped: there is no unshare");
        return false;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let problem = String::from_utf8_lossy(&output.stderr);
    if !said.contains("running 1 test") {
        println!("skipped: no mount: {problem}");
        return false;
    }
    println!("{said}");
    assert!(output.status.success(), "{said}{problem}");
    true
}

fn part() -> Option<std::path::PathBuf> {
    std::env::var_os(PART).map(Into::into)
}

#[test]
fn a_full_disk_stops_the_writing_and_nothing_else() {
    let Some(folder) = part() else {
        apart("a_full_disk_stops_the_writing_and_nothing_else", "mount -t tmpfs -o size=2m none \"$folder\"");
        return;
    };
    let history = open(&folder, 0);
    let recorder = history.recorder();
    recorder.note(listens(0, 0, program(7, "open"), "0.0.0.0:80"));
    let mut told = 0;
    while history.trouble().is_none() {
        recorder.notes((0..500).flat_map(|number| {
            let id = 1 + told + number;
            [listens(id, id, program(7, &format!("p{}", id % 99)), "0.0.0.0:80"), closed(id, id + 1)]
        }));
        told += 500;
        history.flush();
        assert!(told < 100_000, "2 MB are never full");
    }
    assert_eq!(history.trouble(), Some(HistoryTrouble::DiskFull));
    println!("full after {told} listeners");
    // It is asked in vain for as long as it likes, and answers what it has.
    for _ in 0..3 {
        recorder.note(listens(1_000_000, 1_000_000, program(7, "late"), "0.0.0.0:81"));
        history.retry();
        assert_eq!(history.trouble(), Some(HistoryTrouble::DiskFull));
    }
    let kept = all(&history.reader(), "").len();
    assert!(kept > 1_000, "{kept}");
    // There is room again: nothing of what waited is lost.
    assert!(Command::new("mount").args(["-o", "remount,size=40m"]).arg(&folder).status().unwrap().success());
    history.retry();
    assert_eq!((history.trouble(), history.lost()), (None, 0));
    assert_eq!(all(&history.reader(), "").len() as u64, 1 + told + 3);
    history.stop();
    is_sound(&folder.join("history.sqlite"));
    // Full from the very beginning: not even the file can be made.
    for file in fs::read_dir(&folder).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    fill(&folder);
    let opened = History::open(&folder, Keeping::default(), at(0));
    assert_eq!(opened.trouble, Some(HistoryTrouble::DiskFull));
    opened.history.recorder().notes([listens(1, 0, program(7, "nginx"), "0.0.0.0:80"), closed(1, 5)]);
    fs::remove_file(folder.join("stuff")).unwrap();
    opened.history.retry();
    assert_eq!(opened.history.trouble(), None);
    assert_eq!(lines(&all(&opened.history.reader(), "")), ["nginx listens 0.0.0.0 80, 0..5"]);
}

fn fill(folder: &Path) {
    let mut stuff = fs::File::create(folder.join("stuff")).unwrap();
    while std::io::Write::write_all(&mut stuff, &[1; 4_096]).is_ok() {}
}

#[test]
fn a_read_only_folder_is_no_trouble_but_told() {
    let Some(folder) = part() else {
        let mount = "mount -t tmpfs -o size=8m none \"$folder\"";
        apart("a_read_only_folder_is_no_trouble_but_told", mount);
        return;
    };
    let remount = |how: &str| {
        let mounted = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&folder).status().unwrap();
        assert!(mounted.success());
    };
    let history = open(&folder, 0);
    history.recorder().notes([listens(1, 0, program(7, "nginx"), "0.0.0.0:80"), closed(1, 5)]);
    history.stop();
    remount("ro");
    let opened = History::open(&folder, Keeping::default(), at(10));
    let Some(HistoryTrouble::Unwritable { detail }) = &opened.trouble else { panic!("{:?}", opened.trouble) };
    println!("read-only: {detail}");
    let history = opened.history;
    history.recorder().notes([listens(1, 20, program(8, "sshd"), "0.0.0.0:22"), closed(1, 25)]);
    history.retry();
    assert!(matches!(history.trouble(), Some(HistoryTrouble::Unwritable { .. })));
    assert!(matches!(history.delete_everything(), Err(HistoryTrouble::Unwritable { .. })));
    history.recorder().notes([listens(1, 20, program(8, "sshd"), "0.0.0.0:22"), closed(1, 25)]);
    remount("rw");
    history.retry();
    assert_eq!(history.trouble(), None);
    let expected = ["sshd listens 0.0.0.0 22, 20..25", "nginx listens 0.0.0.0 80, 0..5"];
    assert_eq!(lines(&all(&history.reader(), "")), expected);
}

#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let stage = common::Stage::new();
    stage.tell([listens(1, 0, program(7, "nginx"), "0.0.0.0:80")]);
    for file in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
        let mode = fs::metadata(stage.folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}");
    }
}

#[test]
fn another_persons_folder_is_no_trouble_but_told() {
    if let Some(folder) = part() {
        let opened = History::open(&folder.join("data"), Keeping::default(), at(0));
        let Some(HistoryTrouble::Unwritable { detail }) = opened.trouble else { panic!("{:?}", opened.trouble) };
        println!("another's folder: {detail}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "another_persons_folder_is_no_trouble_but_told", "--nocapture"])
        .env(PART, folder.path())
        .output();
    match output {
        Ok(output) if output.status.success() => println!("{}", String::from_utf8_lossy(&output.stdout)),
        Ok(output) if String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            panic!("{}", String::from_utf8_lossy(&output.stderr))
        }
        other => println!("skipped: nobody else to be: {other:?}"),
    }
}

//! What a disk, a folder or a file can do to the history, and that the program goes on.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::fs;
use std::path::Path;

use common::{Stage, all, closed, is_sound, lines, listens, open, open_troubled, program};
use quaymaster_history::{History, HistoryFilter, HistoryTrouble, Page, ReadError};
use rusqlite::Connection;

/// A history goes on from here as if nothing had been.
fn goes_on(history: &History) {
    history.recorder().notes([listens(1, 0, program(7, "nginx"), "0.0.0.0:80"), closed(1, 5)]);
    history.flush();
    assert_eq!(lines(&all(&history.reader(), ""))[0], "nginx listens 0.0.0.0 80, 0..5");
}

fn broken(folder: &Path) -> std::path::PathBuf {
    let (history, trouble) = open_troubled(folder);
    let HistoryTrouble::Broken { kept_as } = trouble.clone() else { panic!("{trouble}") };
    assert_eq!(history.trouble(), Some(trouble));
    goes_on(&history);
    // News stay until they are heard.
    assert!(history.trouble().is_some());
    history.heard();
    assert_eq!(history.trouble(), None);
    history.stop();
    is_sound(&folder.join("history.sqlite"));
    open(folder, 0).stop();
    kept_as
}

#[test]
fn what_is_no_database_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.sqlite");
    let garbage: Vec<u8> = (0..100_000u32).map(|byte| (byte * 7 % 251) as u8).collect();
    fs::write(&file, &garbage).unwrap();
    fs::write(folder.path().join("history.sqlite-wal"), b"also garbage").unwrap();
    let first = broken(folder.path());
    assert_eq!(fs::read(&first).unwrap(), garbage);
    assert!(first.starts_with(folder.path()));
    // Twice in the same millisecond.
    fs::write(&file, &garbage).unwrap();
    let second = broken(folder.path());
    assert_ne!(first, second);
    assert!(first.exists() && second.exists());
}

#[test]
fn somebody_elses_database_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let other = Connection::open(folder.path().join("history.sqlite")).unwrap();
    other.execute_batch("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (5);").unwrap();
    drop(other);
    let kept_as = broken(folder.path());
    let five: i64 = Connection::open(kept_as).unwrap().query_row("SELECT a FROM theirs", [], |row| row.get(0)).unwrap();
    assert_eq!(five, 5);
}

#[test]
fn an_empty_file_is_a_new_history() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("history.sqlite"), b"").unwrap();
    goes_on(&open(folder.path(), 0));
}

fn filled(listeners: u64) -> Stage {
    let stage = Stage::new();
    let listen = |id| [listens(id, id, program(7, &format!("p{}", id % 300)), "0.0.0.0:80"), closed(id, id + 1)];
    stage.tell((0..listeners).flat_map(listen));
    stage
}

#[test]
fn a_small_file_that_is_damaged_anywhere_is_kept_aside() {
    for page in [0, 3, 10, 40] {
        let Stage { folder, history } = filled(3_000);
        history.stop();
        let file = folder.path().join("history.sqlite");
        let mut bytes = fs::read(&file).unwrap();
        bytes[page * 4_096..][..4_096].fill(0xa5);
        fs::write(&file, &bytes).unwrap();
        let kept_as = broken(folder.path());
        assert_eq!(fs::read(kept_as).unwrap(), bytes, "page {page}");
    }
}

#[test]
fn damage_in_a_large_file_is_met_when_it_is_met() {
    let Stage { folder, history } = filled(120_000);
    history.stop();
    let file = folder.path().join("history.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    assert!(bytes.len() > 8 << 20, "{} bytes are checked whole", bytes.len());
    // In the middle of an index, where it is not looked at first: of 300 programs, the first and the last are.
    let connection = Connection::open(&file).unwrap();
    let leaves = "SELECT pageno FROM dbstat WHERE name = 'by_program' AND pagetype = 'leaf' ORDER BY path";
    let leaves: Vec<isize> =
        connection.prepare(leaves).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(connection);
    for page in &leaves[1..leaves.len() - 1] {
        bytes[(page.unsigned_abs() - 1) * 4_096..][..4_096].fill(0xa5);
    }
    fs::write(&file, &bytes).unwrap();
    let history = open(folder.path(), 0);
    for id in 0..2_000 {
        let name = format!("p{}", id % 300);
        history.recorder().note(listens(id, 500_000 + id, program(9, &name), &format!("0.0.0.0:{id}")));
        if id % 200 == 0 {
            history.flush();
        }
    }
    history.flush();
    let Some(HistoryTrouble::Broken { kept_as }) = history.trouble() else { panic!("{:?}", history.trouble()) };
    assert!(kept_as.exists());
    // What is open went into the new file too.
    let reader = history.reader();
    let listing = reader.query(&HistoryFilter::default(), Page { before: None, limit: 10_000 }).unwrap();
    assert_eq!((listing.events.len(), history.lost()), (1_000, 0));
    assert_eq!(history.reader().count(&HistoryFilter::default()).unwrap().events, 2_000);
    history.stop();
    is_sound(&file);
}

#[test]
fn a_newer_schema_is_kept_aside_untouched() {
    let Stage { folder, history } = filled(10);
    history.stop();
    let file = folder.path().join("history.sqlite");
    let newer = Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 7).unwrap();
    newer.close().unwrap();
    let bytes = fs::read(&file).unwrap();
    let (history, trouble) = open_troubled(folder.path());
    let HistoryTrouble::Newer { kept_as, schema: 7 } = trouble else { panic!("{trouble}") };
    assert_eq!(fs::read(&kept_as).unwrap(), bytes);
    goes_on(&history);
}

#[test]
fn the_log_of_a_newer_file_goes_with_it() {
    let Stage { folder, history } = filled(10);
    history.stop();
    let file = folder.path().join("history.sqlite");
    // As a newer version that was killed leaves it: what it wrote last is in the log alone.
    let newer = Connection::open(&file).unwrap();
    newer.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    newer.execute_batch("CREATE TABLE wonders (a); INSERT INTO wonders VALUES (9); PRAGMA user_version = 7;").unwrap();
    drop(newer);
    assert!(fs::metadata(folder.path().join("history.sqlite-wal")).unwrap().len() > 0);
    let (history, trouble) = open_troubled(folder.path());
    let HistoryTrouble::Newer { kept_as, .. } = trouble else { panic!("{trouble}") };
    let nine: i64 =
        Connection::open(kept_as).unwrap().query_row("SELECT a FROM wonders", [], |row| row.get(0)).unwrap();
    assert_eq!(nine, 9);
    goes_on(&history);
}

#[test]
fn two_programs_do_not_write_one_history() {
    let stage = Stage::new();
    stage.tell([listens(1, 0, program(7, "nginx"), "0.0.0.0:80")]);
    let (second, trouble) = open_troubled(stage.folder.path());
    assert_eq!(trouble, HistoryTrouble::InUse);
    second.recorder().note(listens(1, 9, program(8, "sshd"), "0.0.0.0:22"));
    second.flush();
    // It may read what the first one writes.
    assert_eq!(lines(&all(&second.reader(), "")), ["nginx listens 0.0.0.0 80, 0..now"]);
    let Stage { folder, history } = stage;
    history.stop();
    second.retry();
    assert_eq!(second.trouble(), None);
    let events = lines(&all(&second.reader(), ""));
    assert_eq!(events[0], "sshd listens 0.0.0.0 22, 9..now");
    drop(second);
    is_sound(&folder.path().join("history.sqlite"));
}

#[test]
fn a_file_that_is_removed_is_begun_anew_with_what_is_open() {
    let stage = Stage::new();
    let reader = stage.history.reader();
    stage.tell([
        listens(1, 0, program(7, "nginx"), "0.0.0.0:80"),
        listens(2, 0, program(8, "gone"), "0.0.0.0:81"),
        closed(2, 4),
    ]);
    assert_eq!(all(&reader, "").len(), 2);
    if cfg!(windows) {
        // An open file cannot be removed there.
        return;
    }
    fs::remove_file(stage.file()).unwrap();
    stage.history.recorder().note(listens(3, 9, program(9, "sshd"), "0.0.0.0:22"));
    stage.history.flush();
    assert_eq!(stage.history.trouble(), Some(HistoryTrouble::Removed));
    assert_eq!(lines(&all(&reader, "")), ["sshd listens 0.0.0.0 22, 9..now", "nginx listens 0.0.0.0 80, 0..now"]);
}

#[test]
fn a_folder_that_cannot_be_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("data");
    fs::write(&place, b"a file where the folder should be").unwrap();
    let (history, trouble) = open_troubled(&place);
    assert!(matches!(trouble, HistoryTrouble::Unwritable { .. }), "{trouble}");
    let answer = history.reader().query(&HistoryFilter::default(), Page { before: None, limit: 9 });
    assert_eq!(answer, Err(ReadError::Absent));
    history.recorder().notes([listens(1, 0, program(7, "nginx"), "0.0.0.0:80"), closed(1, 5)]);
    history.retry();
    assert!(matches!(history.trouble(), Some(HistoryTrouble::Unwritable { .. })));
    fs::remove_file(&place).unwrap();
    history.retry();
    assert_eq!(history.trouble(), None);
    // Nothing of what was told meanwhile is lost.
    assert_eq!(lines(&all(&history.reader(), "")), ["nginx listens 0.0.0.0 80, 0..5"]);
}

#[test]
fn what_cannot_be_written_is_kept_up_to_a_bound() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("data");
    fs::write(&place, b"a file where the folder should be").unwrap();
    let (history, _) = open_troubled(&place);
    history.recorder().notes((0..60_000).map(|id| listens(id, id, program(7, "nginx"), "0.0.0.0:80")));
    history.flush();
    assert_eq!(history.lost(), 10_000);
    fs::remove_file(&place).unwrap();
    history.retry();
    let count = history.reader().count(&HistoryFilter::default()).unwrap();
    assert!(count.more && history.trouble().is_none());
}

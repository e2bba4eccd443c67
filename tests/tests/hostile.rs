//! A process may call itself what it likes: its name is text, never structure.
#![expect(clippy::unwrap_used, reason = "a test that can't start its actor has nothing to say")]

mod ground;
#[path = "../wine/mod.rs"]
mod wine;

use std::path::Path;

use ground::{Actor, Rows, actor, copy_program, now};
use quaymaster_core::{Family, Gap, Owner, Process, Socket, TcpState};
use quaymaster_probe::{process_source, socket_source};
use wine::lacks;

/// What the probe says about the only holder of the listener on this port.
fn holder_of(port: u16) -> Process {
    let mut rows = Rows::default();
    rows.apply(socket_source().look(now()));
    // The port alone could be another family's or protocol's too.
    let listener = |socket: &&Socket| {
        socket.local.port == port && socket.family == Family::V4 && socket.state == Some(TcpState::Listen)
    };
    let row = rows.0.values().find(listener).unwrap();
    let Owner::Processes(holders) = &row.owner else { panic!("{row:?}") };
    assert_eq!(holders.len(), 1, "{row:?}");
    process_source().read(holders).remove(0)
}

/// A name that Linux allows a file to have.
#[cfg(not(windows))]
const FILE: &str = "new\nline \u{202e}<b>bold";
/// A name that Windows allows a file to have.
#[cfg(windows)]
const FILE: &str = "%PATH% & ^'`$(x); 微信🎣\u{202e}gpj \u{200b}.exe";

#[test]
fn paths_and_arguments_are_kept_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join(FILE);
    copy_program(Path::new(env!("CARGO_BIN_EXE_actor")), &program);
    let actor = Actor::start(&mut actor(&program, &["listen4"]));
    let process = holder_of(actor.ports[0]);
    let path = program.to_string_lossy().into_owned();
    let command_line = vec![path.clone(), "listen4".to_owned()];
    let told = if lacks("command-lines") { Err(Gap::Unsupported) } else { Ok(command_line) };
    assert_eq!((process.path, process.command_line), (Ok(path), told));
    assert_eq!(process.name, FILE, "completed from the file's name, where the system cuts it");
}

/// Linux only: there a program may change its name while it runs, to anything. On Windows it is called what its file is.
#[cfg(target_os = "linux")]
mod names {
    use quaymaster_core::{ProcessKey, StartMark};
    use quaymaster_probe::myself;

    use super::{Actor, holder_of};

    fn start_of(pid: u32) -> u64 {
        let stat = std::fs::read(format!("/proc/{pid}/stat")).unwrap();
        let end = stat.iter().rposition(|byte| *byte == b')').unwrap();
        String::from_utf8_lossy(&stat[end..]).split_whitespace().nth(20).unwrap().parse().unwrap()
    }

    fn check(name: &[u8], shown: &str) {
        let hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let actor = Actor::new(&["--name", &hex, "listen4"]);
        let process = holder_of(actor.ports[0]);
        assert_eq!(process.name, shown);
        let key = ProcessKey { pid: actor.pid(), start: StartMark(start_of(actor.pid())) };
        assert_eq!(process.key, key, "{shown:?}");
        assert_eq!(process.ancestors[0].key, myself().own, "{shown:?}");
        assert_eq!(process.path.unwrap(), env!("CARGO_BIN_EXE_actor"));
        assert_eq!(process.command_line.unwrap()[1..], ["--name", &hex, "listen4"]);
        assert!(quaymaster_probe::hold(key).is_ok(), "{shown:?}");
    }

    #[test]
    fn names_are_read_whole_and_change_nothing_else() {
        check(b"two\nlines", "two\nlines");
        check(b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m");
        check("a\u{202e}gpj.exe".as_bytes(), "a\u{202e}gpj.exe");
        check(b"<img onerror=x>", "<img onerror=x>");
        check(b"bad \xff\xfe utf8", "bad \u{fffd}\u{fffd} utf8");
        check(b") S 1 (", ") S 1 (");
        check(b"a) R 0 1 2 3 4", "a) R 0 1 2 3 4");
        check(b"((((((((((((((", "((((((((((((((");
        check(b"Uid:\t1\t2\t3\t4", "Uid:\t1\t2\t3\t4");
        check(b"\nUid:\t9\t9\t9\t9", "\nUid:\t9\t9\t9\t9");
        check(b"", "");
    }

    #[test]
    fn a_name_does_not_lie_about_the_user() {
        let hex: String = b"x\nUid:\t77\t77\t7".iter().map(|byte| format!("{byte:02x}")).collect();
        let actor = Actor::new(&["--name", &hex, "listen4"]);
        assert_eq!(holder_of(actor.ports[0]).uid, Some(rustix::process::geteuid().as_raw()));
    }
}

//! As an ordinary user every socket is listed all the same; only other users' programs are not told, and that is said. So is what a
//! system refuses to everybody: a look into processes, or the kernel's socket interface.
//!
//! Linux only, as a whole: running a program as a user that nobody has is setuid, and what is told of other users' sockets
//! is asked by the kernel's cookie. On Windows another account needs a password; there it is on the check list.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't start its actor has nothing to say")]

mod ground;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ground::{Actor, copy_program, is_root};

/// A user number that nobody has: no account is needed to run as it.
const SOMEBODY: u32 = 61_234;

/// User and owner of each socket, and the line of troubles.
type Shown = (BTreeMap<String, (String, String)>, String);

/// A folder that everybody may look into, with the programs in it: the build's own folder may be closed to others.
struct Stage(tempfile::TempDir);

impl Stage {
    fn new() -> Self {
        let folder = tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o755)).tempdir().unwrap();
        for program in [env!("CARGO_BIN_EXE_actor"), env!("CARGO_BIN_EXE_look")] {
            let copy = folder.path().join(Path::new(program).file_name().unwrap());
            copy_program(Path::new(program), &copy);
        }
        Self(folder)
    }

    fn program(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a user is shown: user and owner of each socket by cookie, and the troubles.
    fn look(&self, uid: Option<u32>) -> Shown {
        let mut command = Command::new(self.program("look"));
        if let Some(uid) = uid {
            command.uid(uid).gid(uid);
        }
        Self::shown(command)
    }

    /// The same by a process that `prepare` has been at, after it was forked and before it becomes the program.
    fn look_after(&self, prepare: impl FnMut() -> std::io::Result<()> + Send + Sync + 'static) -> Shown {
        let mut command = Command::new(self.program("look"));
        // SAFETY: what the tests below prepare is system calls alone.
        unsafe { command.pre_exec(prepare) };
        Self::shown(command)
    }

    fn shown(mut command: Command) -> Shown {
        let output = command.current_dir("/").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let mut rows = BTreeMap::new();
        let mut troubles = String::new();
        for line in text.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["troubles", ..] => troubles = line.to_owned(),
                [cookie, uid, owner] => {
                    rows.insert(cookie.to_owned(), (uid.to_owned(), owner.to_owned()));
                }
                _ => panic!("{line:?}"),
            }
        }
        (rows, troubles)
    }
}

#[test]
fn an_ordinary_user_sees_every_socket_and_the_owners_of_the_user_s_own() {
    if !is_root() {
        eprintln!("skipped: only root can be two users");
        return;
    }
    let stage = Stage::new();
    let kinds = ["listen4=3", "pair6=3", "udp4=2", "udp6-peer=2", "dual", "backlog", "half"];
    let root = Actor::new(&kinds);
    let own = Actor::of_user(&stage.program("actor"), SOMEBODY, &kinds);

    let (before, _) = stage.look(None);
    let (shown, troubles) = stage.look(Some(SOMEBODY));
    let (after, _) = stage.look(None);
    assert_eq!(troubles, "troubles []");
    let stayed = || before.iter().filter(|(cookie, _)| after.contains_key(cookie.as_str()));
    let missing: Vec<_> = stayed().filter(|(cookie, _)| !shown.contains_key(cookie.as_str())).collect();
    assert!(missing.is_empty(), "not shown: {missing:?}");

    let mut counts = [0; 2];
    for (cookie, (uid, owner)) in stayed() {
        let (shown_uid, shown_owner) = &shown[cookie];
        if *owner == own.pid().to_string() {
            counts[0] += 1;
            assert_eq!((shown_uid, shown_owner), (&SOMEBODY.to_string(), owner));
        } else if *owner == root.pid().to_string() {
            counts[1] += 1;
            assert_eq!((shown_uid.as_str(), shown_owner.as_str()), ("0", "OtherUser"));
        } else if *owner == "kernel" {
            assert_eq!((shown_uid, shown_owner.as_str()), (uid, "kernel"));
        }
    }
    // 3 listeners, 3 times a listener and two ends, 4 UDP, a dual listener, a listener and its client, and a listener with
    // both ends.
    assert_eq!(counts, [22, 22]);
}

#[test]
fn what_this_user_may_read_is_told_whoever_this_is() {
    let actor = Actor::new(&["listen4", "udp6"]);
    let stage = Stage::new();
    let (shown, _) = stage.look(None);
    let own = shown.values().filter(|(_, owner)| *owner == actor.pid().to_string()).count();
    assert_eq!(own, 2);
}

/// How many sockets are said to be this process's.
fn held_by(shown: &Shown, pid: u32) -> usize {
    shown.0.values().filter(|(_, owner)| *owner == pid.to_string()).count()
}

#[test]
fn a_process_that_nobody_may_look_into_is_said_to_be_protected() {
    if !is_root() {
        eprintln!("skipped: only root sees both sides");
        return;
    }
    let stage = Stage::new();
    let guarded = Actor::of_user(&stage.program("actor"), SOMEBODY, &["guarded"]);
    let (seen, _) = stage.look(None);
    let (shown, _) = stage.look(Some(SOMEBODY));
    let of = |wanted: &str| seen.iter().find(|(_, (_, owner))| owner == wanted).map(|(cookie, _)| cookie.clone());
    let cookie = of(&guarded.pid().to_string()).unwrap();
    assert_eq!(shown[&cookie], (SOMEBODY.to_string(), "Protected".to_owned()));
}

/// `hidepid` (`man 5 proc`): other users' processes are not even listed.
#[test]
fn where_processes_are_hidden_sockets_are_not_and_that_is_said() {
    use nix::mount::{MsFlags, mount};
    if !is_root() {
        eprintln!("skipped: only root mounts");
        return;
    }
    let stage = Stage::new();
    let root = Actor::new(&["listen4", "udp6"]);
    let own = Actor::of_user(&stage.program("actor"), SOMEBODY, &["pair4"]);
    let (seen, _) = stage.look(None);
    let shown = stage.look_after(|| {
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNS)?;
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)?;
        mount(Some("proc"), "/proc", Some("proc"), MsFlags::empty(), Some("hidepid=2"))?;
        nix::unistd::setgroups(&[])?;
        nix::unistd::setgid(SOMEBODY.into())?;
        Ok(nix::unistd::setuid(SOMEBODY.into())?)
    });
    assert_eq!(shown.1, "troubles [ProcessesHidden]");
    assert_eq!(held_by(&shown, own.pid()), 3);
    for (cookie, _) in seen.iter().filter(|(_, (_, owner))| *owner == root.pid().to_string()) {
        assert_eq!(shown.0[cookie], ("0".to_owned(), "OtherUser".to_owned()));
    }
}

/// A sandbox (seccomp) may forbid netlink altogether: then the text tables tell the same, and that is said.
#[test]
fn where_netlink_is_forbidden_the_text_tables_are_read_and_that_is_said() {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    const SOCKET: i64 = nix::libc::SYS_socket;
    let netlink = u64::try_from(nix::libc::AF_NETLINK).unwrap();
    let family = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, netlink).unwrap();
    let rules = [(SOCKET, vec![SeccompRule::new(vec![family]).unwrap()])].into();
    let forbidden = SeccompAction::Errno(u32::try_from(nix::libc::EPERM).unwrap());
    let here = std::env::consts::ARCH.try_into().unwrap();
    let filter: BpfProgram =
        SeccompFilter::new(rules, SeccompAction::Allow, forbidden, here).unwrap().try_into().unwrap();

    let actor = Actor::new(&["listen4", "pair6", "udp4"]);
    let stage = Stage::new();
    let shown = stage.look_after(move || seccompiler::apply_filter(&filter).map_err(std::io::Error::other));
    assert_eq!(shown.1, "troubles [NetlinkRefused]");
    assert_eq!(held_by(&shown, actor.pid()), 5);
    assert!(shown.0.keys().all(|key| key.starts_with("text-")), "{shown:?}");
}

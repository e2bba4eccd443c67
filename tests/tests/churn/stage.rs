//! Where the jugglers perform: a network of their own, so that no other socket is there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Moves this thread, and what it starts from now on, into a new network namespace, where only root may do that.
pub(crate) fn own_network() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // SAFETY: only the network namespace is left, which no descriptor of ours depends on.
    unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::NEWNET) }.unwrap();
    bring_up();
}

/// A new network's own loopback is down at first.
pub(crate) fn bring_up() {
    if rustix::process::geteuid().is_root() {
        let up = Command::new("ip").args(["link", "set", "lo", "up"]).status().unwrap();
        assert!(up.success(), "{up}");
    }
}

/// Runs `in_a_process_of_its_own` there: as another user, whose files lie where that user may read them; or with a main thread that
/// is in the network, which `/proc/net` asks for.
pub(crate) fn again_in_a_process_of_its_own(form: &str, user: Option<u32>) {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    open(folder.path());
    let copy = |from: &Path, name: &str| {
        let to = folder.path().join(name);
        // By another program: a child that is forked meanwhile must not hold the copy open for writing (`ETXTBSY`).
        assert!(Command::new("cp").arg(from).arg(&to).status().unwrap().success());
        open(&to);
        to
    };
    let program = copy(&std::env::current_exe().unwrap(), "churn");
    let juggler = copy(Path::new(env!("CARGO_BIN_EXE_juggler")), "juggler");
    let mut again = if form == "text" && rustix::process::geteuid().is_root() {
        let mut command = Command::new("unshare");
        command.arg("--net").arg(program);
        command
    } else {
        Command::new(program)
    };
    again.args(["--exact", "in_a_process_of_its_own", "--ignored", "--nocapture"]);
    again.env("QUAYMASTER_JUGGLER", juggler).env("QUAYMASTER_CHURN_FORM", form).current_dir("/");
    if let Some(user) = user {
        again.uid(user).gid(user);
    }
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// A juggler and the way to order it about.
pub(crate) struct Juggler {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Juggler {
    pub(crate) fn start(program: &Path) -> Self {
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, orders, answers }
    }

    pub(crate) fn perform(&mut self, seed: u64, acts: u64) {
        writeln!(self.orders, "{seed} {acts}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n");
    }
}

impl Drop for Juggler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

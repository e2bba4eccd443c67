//! Starting another program: an argument list, a folder, an honest error. No shell, no input.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::tally::Tally;

/// How long a finished program's output is waited for. A grandchild that was left behind keeps the pipe open for ever.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Between two looks at whether a program has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// A program to be started.
pub(crate) struct Call {
    command: Command,
}

/// Starts the description of a call.
pub(crate) fn call(program: impl AsRef<OsStr>) -> Call {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    Call { command }
}

/// The cargo that started this program, so that its toolchain stays the same.
pub(crate) fn cargo() -> Call {
    let mut call = call(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    call.command.current_dir(crate::place::root());
    call
}

/// Builds the programs, in one set of features for every chore, so that one does not undo what another has built.
/// Without this very program, which is running: Windows does not let it be written over.
pub(crate) fn build() -> Call {
    cargo().args(["build", "--workspace", "--exclude", "xtask", "--bins"])
}

impl Call {
    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Lets the program read what the person types.
    pub(crate) fn with_input(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Runs it to its end, its output going where ours goes.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let shown = self.shown();
        let status = self.status()?;
        if !status.success() {
            bail!("{shown} ended with {status}");
        }
        Ok(())
    }

    /// Runs it to its end, its output going where ours goes, and hands back how it ended.
    pub(crate) fn status(mut self) -> anyhow::Result<ExitStatus> {
        let shown = self.shown();
        self.command.status().with_context(|| format!("could not start {shown}"))
    }

    /// Runs it to its end, its output going where ours goes; `None` if it did not come to an end in time and was ended.
    pub(crate) fn status_within(mut self, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
        let shown = self.shown();
        let mut child = self.command.spawn().with_context(|| format!("could not start {shown}"))?;
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Some(status) = child.try_wait().with_context(|| format!("lost sight of {shown}"))? {
                return Ok(Some(status));
            }
            std::thread::sleep(GLANCE);
        }
        crate::screen::end(&mut child);
        Ok(None)
    }

    /// Runs it to its end and hands back what it printed; nothing is shown but its errors.
    pub(crate) fn output(mut self) -> anyhow::Result<String> {
        let shown = self.shown();
        let output = self.command.output().with_context(|| format!("could not start {shown}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{shown} ended with {}: {}", output.status, said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it to its end, good or bad, and hands back all that it said.
    pub(crate) fn everything(mut self) -> anyhow::Result<String> {
        let shown = self.shown();
        let output = self.command.output().with_context(|| format!("could not start {shown}"))?;
        let said = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&said).into_owned())
    }

    /// Runs it to a good end and hands back what it complained of meanwhile.
    pub(crate) fn complaints(mut self) -> anyhow::Result<String> {
        let shown = self.shown();
        let output = self.command.output().with_context(|| format!("could not start {shown}"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            bail!("{shown} ended with {}: {}", output.status, said.trim());
        }
        Ok(said)
    }

    /// Whether it runs and ends well; its output goes nowhere.
    pub(crate) fn succeeds(mut self) -> bool {
        let status = self.command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// Starts it and leaves it running; the caller ends it.
    pub(crate) fn start(mut self, output: Stdio, errors: Stdio) -> anyhow::Result<Child> {
        let shown = self.shown();
        self.command.stdout(output).stderr(errors).spawn().with_context(|| format!("could not start {shown}"))
    }

    /// Runs a test runner to its end: its output is shown, and the tests in it are counted. The count comes back also
    /// when the runner failed.
    pub(crate) fn count(mut self) -> (anyhow::Result<()>, Tally) {
        let shown = self.shown();
        let mut child = match self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(error) => {
                return (Err(error).with_context(|| format!("could not start {shown}")), Tally::default());
            }
        };
        let (send, counts) = mpsc::channel();
        if let Some(out) = child.stdout.take() {
            let send = send.clone();
            std::thread::spawn(move || pass_on(out, std::io::stdout(), &send));
        }
        if let Some(err) = child.stderr.take() {
            std::thread::spawn(move || pass_on(err, std::io::stderr(), &send));
        }
        let status = child.wait();
        // Ends when both readers have hung up, or when nothing more is to be waited for.
        let tally = std::iter::from_fn(|| counts.recv_timeout(LAST_WORDS).ok()).sum();
        let outcome = match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(anyhow::anyhow!("{shown} ended with {status}")),
            Err(error) => Err(error).with_context(|| format!("lost sight of {shown}")),
        };
        (outcome, tally)
    }

    fn shown(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}

/// Copies lines as they come, and tells how many tests they told of.
fn pass_on(from: impl Read, mut to: impl Write, counts: &mpsc::Sender<Tally>) {
    let mut tally = Tally::default();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        tally.read(&String::from_utf8_lossy(&line));
        // Nobody reading our output is no reason to stop the tests.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        line.clear();
    }
    let _ = counts.send(tally);
}

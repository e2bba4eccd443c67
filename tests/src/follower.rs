//! A program that is told what to do line by line, and answers so.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// It ends with this.
pub struct Follower {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Follower {
    /// Starts it and waits until it says that it is ready.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut follower = Self { child, orders, answers: BufReader::new(answers) };
        follower.hear()?;
        Ok(follower)
    }

    /// Gives an order, and waits for the answer.
    pub fn ask(&mut self, order: &str) -> io::Result<String> {
        writeln!(self.orders, "{order}")?;
        self.hear()
    }

    /// The next line of an answer that has several.
    pub fn hear(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(io::Error::other("a program that was to obey has ended; its own message stands above"));
        }
        Ok(answer.trim_end_matches('\n').to_owned())
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // What it has started ends with its own input, which ends with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

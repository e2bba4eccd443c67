//! A sign, at the cost of one read, that a process or thread may have started or ended since the last look.

use rustix::fd::OwnedFd;
use rustix::io::pread;

/// `/proc/loadavg` (`man 5 proc_loadavg`), kept open. Its fourth field ends in the number of tasks that exist, its fifth
/// is the last PID given out: a start moves the fifth, an end alone the fourth.
pub(in crate::linux) struct Pulse {
    file: OwnedFd,
}

/// One reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::linux) struct Beat {
    tasks: u32,
    /// The PID given out last in this PID namespace.
    pub(in crate::linux) last_pid: u32,
}

impl Pulse {
    pub(super) fn new(file: OwnedFd) -> Self {
        Self { file }
    }

    /// `None` if it cannot be read; then every look has to list the processes.
    pub(in crate::linux) fn feel(&self) -> Option<Beat> {
        let mut buffer = [0; 128];
        let length = pread(&self.file, &mut buffer[..], 0).ok()?;
        parse(std::str::from_utf8(buffer.get(..length)?).ok()?)
    }
}

fn parse(text: &str) -> Option<Beat> {
    let mut fields = text.split_ascii_whitespace().skip(3);
    let (_, tasks) = fields.next()?.split_once('/')?;
    Some(Beat { tasks: tasks.parse().ok()?, last_pid: fields.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_and_ends_both_show() {
        let Some(before) = parse("0.20 0.18 0.12 1/80 11206\n") else { panic!("not read") };
        assert_eq!(Some(before), parse("0.90 0.30 0.20 7/80 11206\n"), "load and running tasks mean nothing here");
        assert_ne!(Some(before), parse("0.20 0.18 0.12 1/81 11207\n"));
        assert_ne!(Some(before), parse("0.20 0.18 0.12 1/79 11206\n"));
        assert_eq!(parse("0.20 0.18"), None);
    }
}

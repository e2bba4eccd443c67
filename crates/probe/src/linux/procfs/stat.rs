//! `/proc/PID/stat` (`man 5 proc_pid_stat`).

use quaymaster_core::StartMark;

use super::number;

/// The fields that are used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::linux) struct Stat {
    /// Field 2: the first 15 bytes of the program's name, or whatever the program calls itself. Hostile.
    pub(in crate::linux) comm: Vec<u8>,
    /// Field 4: the parent, 0 for the first process of a PID namespace.
    pub(in crate::linux) parent: u32,
    /// Field 9, bit 21 (`PF_KTHREAD`): a thread of the kernel.
    pub(in crate::linux) kernel_thread: bool,
    /// Field 22: clock ticks from boot to start.
    pub(in crate::linux) start: StartMark,
}

const PF_KTHREAD: u32 = 0x0020_0000;

impl Stat {
    /// The name may hold anything, `) S 1 (` and line breaks too; after it there are only numbers. So its end is the
    /// **last** parenthesis.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let open = text.iter().position(|byte| *byte == b'(')?;
        let close = text.iter().rposition(|byte| *byte == b')')?;
        let comm = text.get(open + 1..close)?.to_vec();
        let fields: Vec<&[u8]> =
            text.get(close + 1..)?.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty()).collect();
        // The first field here is the third of the line.
        let field = |place: usize| fields.get(place - 3).copied();
        let start = std::str::from_utf8(field(22)?).ok()?.parse().ok()?;
        Some(Self {
            comm,
            parent: number(field(4)?)?,
            kernel_thread: number(field(9)?)? & PF_KTHREAD != 0,
            start: StartMark(start),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comm: &[u8]) {
        let mut line = b"4321 (".to_vec();
        line.extend_from_slice(comm);
        line.extend_from_slice(b") S 77 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0\n");
        let expected = Stat { comm: comm.to_vec(), parent: 77, kernel_thread: false, start: StartMark(987_654) };
        assert_eq!(Stat::parse(&line), Some(expected), "{:?}", String::from_utf8_lossy(comm));
    }

    #[test]
    fn no_name_shifts_the_fields() {
        for comm in [&b"sshd"[..], b") S 1 (", b"a) R 0 0 0", b"line\nbreak", b"", b"\xff\xfe", b"((((", b"))))"] {
            check(comm);
        }
    }

    #[test]
    fn a_cut_line_is_nothing() {
        for line in [&b""[..], b"1 (a", b"1 (a) S 1", b")(", b"1 )a( S 1 1"] {
            assert_eq!(Stat::parse(line), None, "{:?}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn kernel_threads_are_known_by_their_flag() {
        let line = b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0";
        assert_eq!(Stat::parse(line).map(|stat| stat.kernel_thread), Some(true));
    }
}

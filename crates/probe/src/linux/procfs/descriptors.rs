//! `/proc/PID/fd`: what a process has descriptors of. The dear part of finding owners: one call a descriptor.

use std::mem::MaybeUninit;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{RawDir, readlinkat_raw};
use rustix::io::Errno;

use super::{ProcFs, number};

/// What stands at a number of a process's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::linux) enum At {
    /// A socket of any kind, by inode.
    Socket(u32),
    /// Anything else.
    Other,
    /// Nothing: the number is free. The same is told of every number once the process is gone.
    Free,
}

/// The open folder of one process's descriptors. Bound to the process, as its own folder is. The system asks for every reading
/// anew whether we may (`proc_fd_access_allowed`), so a process that protects itself later is refused from then on.
///
/// Nothing here waits for the process's memory, only for its table of files, which nobody holds for long.
pub(in crate::linux) struct Descriptors(OwnedFd);

impl Descriptors {
    pub(super) fn new(folder: OwnedFd) -> Self {
        Self(folder)
    }

    /// Every number in use, in no promised order. An error means that nothing is known.
    pub(in crate::linux) fn all(&self, proc: &ProcFs) -> Result<Vec<(u32, At)>, Errno> {
        let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
        let mut entries = RawDir::new(self.0.as_fd(), &mut buffer);
        let mut all = Vec::new();
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            let Some(number) = number(name.to_bytes()) else { continue };
            match self.read(name, proc)? {
                // Closed since the folder was listed.
                At::Free => {}
                at => all.push((number, at)),
            }
        }
        Ok(all)
    }

    /// What stands at one number.
    pub(in crate::linux) fn at(&self, number: u32, proc: &ProcFs) -> Result<At, Errno> {
        let mut digits = [0; 11];
        self.read(name_of(number, &mut digits), proc)
    }

    fn read(&self, name: &std::ffi::CStr, proc: &ProcFs) -> Result<At, Errno> {
        proc.count();
        // The longest link to a socket is `socket:[4294967295]`; a longer target is cut here and is no socket.
        let mut target = [0; 32];
        match readlinkat_raw(&self.0, name, &mut target[..]) {
            Ok(length) => Ok(inode(target.get(..length).unwrap_or_default()).map_or(At::Other, At::Socket)),
            Err(Errno::NOENT | Errno::SRCH) => Ok(At::Free),
            Err(error) => Err(error),
        }
    }
}

/// The decimal digits of a number, ended by NUL, written from the end of `digits`.
fn name_of(mut number: u32, digits: &mut [u8; 11]) -> &std::ffi::CStr {
    let mut at = digits.len() - 1;
    digits[at] = 0;
    loop {
        at -= 1;
        // A digit always fits.
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    std::ffi::CStr::from_bytes_until_nul(&digits[at..]).unwrap_or_default()
}

fn inode(target: &[u8]) -> Option<u32> {
    number(target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sockets_count() {
        assert_eq!(inode(b"socket:[4294967295]"), Some(u32::MAX));
        for target in [&b"pipe:[12]"[..], b"socket:[", b"socket:[]", b"socket:[4294967296]", b"/home/socket:[1]"] {
            assert_eq!(inode(target), None, "{:?}", String::from_utf8_lossy(target));
        }
    }

    #[test]
    fn numbers_are_written_as_the_folder_names_them() {
        for number in [0, 7, 10, 4_294_967_295] {
            assert_eq!(name_of(number, &mut [0xFF; 11]).to_bytes(), number.to_string().as_bytes());
        }
    }
}

//! `/proc/PID/fd`: which sockets a process has descriptors of. The dear part of finding owners: one call a descriptor.

use std::mem::MaybeUninit;

use rustix::fd::BorrowedFd;
use rustix::fs::{RawDir, readlinkat_raw};
use rustix::io::Errno;

use super::{ProcFs, number};

/// The inodes of all sockets in this folder, sorted, each once. An error means that nothing is known.
pub(super) fn sockets(folder: BorrowedFd<'_>, proc: &ProcFs) -> Result<Vec<u32>, Errno> {
    let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
    let mut entries = RawDir::new(folder, &mut buffer);
    let mut inodes = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes().first() == Some(&b'.') {
            continue;
        }
        proc.count();
        // The longest link to a socket is `socket:[4294967295]`; a longer target is cut here and is no socket.
        let mut target = [0; 32];
        match readlinkat_raw(folder, name, &mut target[..]) {
            Ok(length) => inodes.extend(inode(target.get(..length).unwrap_or_default())),
            // Closed since the folder was listed.
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error),
        }
    }
    inodes.sort_unstable();
    inodes.dedup();
    Ok(inodes)
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
}

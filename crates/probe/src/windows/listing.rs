//! Every process of the computer in one call: its PID, its parent's, when it was created, its image's name.
//!
//! Anybody may ask this, also about processes that they may not open: an ordinary user has no other way to learn when System,
//! csrss or a service's process was created. It costs some milliseconds (it names every thread too), so who asks every second
//! opens processes first and comes here for those that can't be opened.

use std::mem::offset_of;

use quaymaster_core::StartMark;
use windows_sys::Wdk::System::SystemInformation::{NtQuerySystemInformation, SystemProcessInformation};
use windows_sys::Win32::Foundation::{RtlNtStatusToDosError, STATUS_INFO_LENGTH_MISMATCH, UNICODE_STRING};
use windows_sys::Win32::System::WindowsProgramming::SYSTEM_PROCESS_INFORMATION as Entry;

use super::memory::{Answer, Memory};

/// A process in the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Process id; 0 is the idle process, 4 the kernel ("System").
    pub(super) pid: u32,
    /// The PID of whoever created it. That process may have ended, and its PID may be another's by now.
    pub(super) parent: u32,
    /// The mark that `GetProcessTimes` tells of the same process. 0 for the idle process, which was never created.
    pub(super) created: StartMark,
    /// The image's name without its folder, as the kernel keeps it; empty for the idle process.
    pub(super) name: String,
}

/// When the process of this PID was created, if there is one.
pub(super) fn created(pid: u32) -> Option<StartMark> {
    processes().ok()?.into_iter().find(|process| process.pid == pid).map(|process| process.created)
}

/// All processes that there are. The error is the system's number.
pub(super) fn processes() -> Result<Vec<Listed>, i32> {
    let mut memory = Memory::default();
    let bytes = memory.filled(|at, size| {
        let given = *size;
        // SAFETY: `at` is writable for `given` bytes and aligned for every structure of Windows.
        let status = unsafe { NtQuerySystemInformation(SystemProcessInformation, at, given, size) };
        match status {
            STATUS_INFO_LENGTH_MISMATCH => Answer::TooSmall,
            status if status < 0 => Answer::Failed(error(status)),
            _ => Answer::Filled,
        }
    })?;
    Ok(read(bytes, bytes.as_ptr().addr()))
}

/// `CreateTime` lies in what the public header keeps nameless: after the private working set, two counters and the cycles.
const CREATED: usize = offset_of!(Entry, Reserved1) + 24;
/// `InheritedFromUniqueProcessId`.
const PARENT: usize = offset_of!(Entry, Reserved2);

/// The entries of a listing that was written to address `base`. Each says how far it is to the next; the last says 0. What
/// leads out of the bytes ends the listing there.
fn read(bytes: &[u8], base: usize) -> Vec<Listed> {
    let mut listed = Vec::new();
    let mut rest = bytes;
    while rest.len() >= size_of::<Entry>() {
        listed.extend(entry(rest, bytes, base));
        let next = u32::from_ne_bytes(part(rest, offset_of!(Entry, NextEntryOffset))) as usize;
        // An entry that begins within the one before it is none.
        if next < size_of::<Entry>() {
            break;
        }
        rest = rest.get(next..).unwrap_or_default();
    }
    listed
}

fn entry(entry: &[u8], all: &[u8], base: usize) -> Option<Listed> {
    let pid = usize::from_ne_bytes(part(entry, offset_of!(Entry, UniqueProcessId)));
    let parent = usize::from_ne_bytes(part(entry, PARENT));
    Some(Listed {
        pid: u32::try_from(pid).ok()?,
        parent: u32::try_from(parent).unwrap_or(0),
        created: StartMark(u64::from_ne_bytes(part(entry, CREATED))),
        name: name(&entry[offset_of!(Entry, ImageName)..], all, base).unwrap_or_default(),
    })
}

/// The text of a `UNICODE_STRING` that points into the listing itself; `None` if it points elsewhere.
fn name(string: &[u8], all: &[u8], base: usize) -> Option<String> {
    let length = usize::from(u16::from_ne_bytes(part(string, offset_of!(UNICODE_STRING, Length))));
    let address = usize::from_ne_bytes(part(string, offset_of!(UNICODE_STRING, Buffer)));
    let start = address.checked_sub(base)?;
    let units = all.get(start..start.checked_add(length)?)?;
    let units: Vec<u16> = units.chunks_exact(2).map(|unit| u16::from_ne_bytes([unit[0], unit[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

/// `N` bytes from `at` on, which the caller knows to be there.
fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

fn error(status: i32) -> i32 {
    // SAFETY: it takes no pointers.
    i32::try_from(unsafe { RtlNtStatusToDosError(status) }).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the made-up listing says that it lies.
    const BASE: usize = 0x10_0000;

    /// An entry, followed by its name, as the kernel lays them out.
    fn made(pid: usize, parent: usize, created: u64, name: &str, at: usize) -> Vec<u8> {
        let mut bytes = vec![0; size_of::<Entry>()];
        let text: Vec<u8> = name.encode_utf16().flat_map(u16::to_ne_bytes).collect();
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        let string = offset_of!(Entry, ImageName);
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        put(offset_of!(Entry, NextEntryOffset), &0u32.to_ne_bytes());
        put(CREATED, &created.to_ne_bytes());
        put(offset_of!(Entry, UniqueProcessId), &pid.to_ne_bytes());
        put(PARENT, &parent.to_ne_bytes());
        put(string + offset_of!(UNICODE_STRING, Length), &length.to_ne_bytes());
        put(string + offset_of!(UNICODE_STRING, Buffer), &(at + size_of::<Entry>()).to_ne_bytes());
        bytes.extend(text);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }

    fn two() -> Vec<u8> {
        let mut bytes = made(4, 0, 77, "System", BASE);
        let next = bytes.len();
        bytes[..4].copy_from_slice(&u32::try_from(next).unwrap_or(0).to_ne_bytes());
        bytes.extend(made(812, 4, 99, "端口.exe", BASE + next));
        bytes
    }

    fn listed(pid: u32, parent: u32, created: u64, name: &str) -> Listed {
        Listed { pid, parent, created: StartMark(created), name: name.into() }
    }

    #[test]
    fn entries_are_followed_to_the_last() {
        let all = [listed(4, 0, 77, "System"), listed(812, 4, 99, "端口.exe")];
        assert_eq!(read(&two(), BASE), all);
        let mut longer = two();
        longer.resize(10_000, 0xff);
        assert_eq!(read(&longer, BASE), all, "what lies behind the last is nothing");
        assert_eq!(read(&[], BASE), []);
    }

    #[test]
    fn no_cut_or_lie_leads_out_of_the_bytes() {
        let whole = two();
        let all = read(&whole, BASE);
        for length in 0..whole.len() {
            let cut = read(&whole[..length], BASE);
            assert!(cut.len() <= 2 && cut.iter().zip(&all).all(|(cut, whole)| cut.pid == whole.pid), "{length}");
        }
        for next in [1, 8, u32::MAX, u32::MAX - 7] {
            let mut lie = whole.clone();
            lie[..4].copy_from_slice(&next.to_ne_bytes());
            assert_eq!(read(&lie, BASE).len(), 1, "{next}");
        }
        for base in [0, BASE + 1_000_000, usize::MAX] {
            assert!(read(&whole, base).iter().all(|process| process.name.is_empty()), "{base}");
        }
    }

    #[test]
    fn this_process_is_listed_with_the_mark_that_its_handle_tells() {
        let own = std::process::id();
        let listed = processes();
        let me = listed.iter().flatten().find(|process| process.pid == own);
        let me = me.map(|process| (Some(process.created), process.name.clone()));
        let exe = std::env::current_exe().ok();
        let name = exe.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
        assert_eq!(me, Some((super::super::start_mark(own), name.unwrap_or_default())));
    }
}

//! Whose a process is.

use std::collections::HashMap;

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Foundation::{ERROR_BAD_LENGTH, ERROR_INSUFFICIENT_BUFFER};
use windows_sys::Win32::Security::{GetTokenInformation, LookupAccountSidW, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Threading::OpenProcessToken;

use super::super::error::{gap, last};
use super::super::handle::Handle;
use super::super::memory::{Answer, Memory};
use super::super::wide::{text, within};

/// Names of accounts by their security identifier: a computer of a domain asks another one for them.
#[derive(Default)]
pub(super) struct Accounts {
    names: HashMap<Sid, String>,
}

/// More accounts than a computer shows at a time; beyond them the names are asked for again.
const MOST: usize = 1024;
/// Units that the name of an account or a domain may have at most (`UNLEN` is 256).
const LONGEST: usize = 512;

impl Accounts {
    /// The name of the account, without its domain, in the system's language ("SYSTEM", "Administrator", "王伟"); its
    /// identifier ("S-1-5-21-…") where it has no name.
    pub(super) fn of(&mut self, process: &Handle) -> Known<String> {
        let sid = token(process).and_then(|token| user(&token))?;
        if let Some(known) = self.names.get(&sid) {
            return Ok(known.clone());
        }
        if self.names.len() >= MOST {
            self.names.clear();
        }
        let name = name(&sid).unwrap_or_else(|| sid.to_string());
        self.names.insert(sid, name.clone());
        Ok(name)
    }
}

/// A security identifier: revision, how many numbers, authority (6 bytes, the highest first), the numbers. Held as the numbers
/// of 32 bits that it is aligned as.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sid(Vec<u32>);

impl Sid {
    /// Bytes before the numbers.
    const HEAD: usize = 8;

    /// The identifier that lies at `address`, in the memory that begins at `base`.
    fn at(all: &[u8], base: usize, address: usize) -> Option<Self> {
        let head = within(all, base, address, Self::HEAD)?;
        let whole = within(all, base, address, Self::HEAD + 4 * usize::from(head[1]))?;
        Some(Self(whole.chunks_exact(4).map(|four| u32::from_ne_bytes([four[0], four[1], four[2], four[3]])).collect()))
    }
}

impl std::fmt::Display for Sid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (head, numbers) = self.0.split_at(2.min(self.0.len()));
        let bytes: Vec<u8> = head.iter().flat_map(|number| number.to_ne_bytes()).collect();
        let authority = bytes.iter().skip(2).fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        write!(f, "S-{}-{authority}", bytes.first().copied().unwrap_or(0))?;
        numbers.iter().try_for_each(|number| write!(f, "-{number}"))
    }
}

fn token(process: &Handle) -> Known<Handle> {
    let mut token = std::ptr::null_mut();
    // SAFETY: the handle is open, and `token` outlives the call; what comes back is ours to close.
    if unsafe { OpenProcessToken(process.0, TOKEN_QUERY, &raw mut token) } != 0 {
        Ok(Handle(token))
    } else {
        Err(gap(last()))
    }
}

fn user(token: &Handle) -> Known<Sid> {
    let mut memory = Memory::default();
    let bytes = memory.filled(|at, size| {
        let given = *size;
        // SAFETY: the token is open for queries, and `at` is writable for `given` bytes.
        let read = unsafe { GetTokenInformation(token.0, TokenUser, at, given, size) };
        match last() {
            _ if read != 0 => Answer::Filled,
            ERROR_INSUFFICIENT_BUFFER | ERROR_BAD_LENGTH => Answer::TooSmall,
            error => Answer::Failed(error.cast_signed()),
        }
    });
    let bytes = bytes.map_err(|error| gap(error.cast_unsigned()))?;
    let head = bytes.get(..size_of::<TOKEN_USER>()).ok_or(Gap::Unsupported)?;
    // SAFETY: as many bytes as the structure has, of which every pattern is one; it is read wherever it lies.
    let head = unsafe { head.as_ptr().cast::<TOKEN_USER>().read_unaligned() };
    Sid::at(bytes, bytes.as_ptr().addr(), head.User.Sid.addr()).ok_or(Gap::Unsupported)
}

fn name(sid: &Sid) -> Option<String> {
    let mut name = [0u16; LONGEST];
    let mut domain = [0u16; LONGEST];
    let mut lengths = [LONGEST as u32; 2];
    let [name_length, domain_length] = &mut lengths;
    let mut kind = 0;
    // SAFETY: the identifier is whole (`Sid::at`) and Windows only reads it; both texts are writable for the units that their
    // lengths say.
    let found = unsafe {
        LookupAccountSidW(
            std::ptr::null(),
            sid.0.as_ptr().cast_mut().cast(),
            name.as_mut_ptr(),
            name_length,
            domain.as_mut_ptr(),
            domain_length,
            &raw mut kind,
        )
    };
    Some(text(&name)).filter(|name| found != 0 && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-1-5-21-1-4294967295, as it lies in memory.
    const BYTES: [u8; 20] = [1, 3, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255];

    #[test]
    fn an_identifier_reads_as_windows_writes_it() {
        let sid = Sid::at(&BYTES, 1000, 1000);
        assert_eq!(sid.map(|sid| sid.to_string()).as_deref(), Some("S-1-5-21-1-4294967295"));
        assert!(Sid::at(&BYTES[..19], 1000, 1000).is_none());
        assert!(Sid::at(&BYTES, 1000, 1004).is_some_and(|sid| sid.to_string().starts_with("S-0-")));
        assert!(Sid::at(&BYTES, 1000, 1016).is_none());
    }

    #[test]
    fn the_system_knows_the_names_of_its_own_and_not_those_of_nobody() {
        // S-1-5-18, LocalSystem, is called SYSTEM in most languages and something in all.
        let system = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];
        assert!(Sid::at(&system, 0, 0).and_then(|sid| name(&sid)).is_some_and(|name| !name.contains('\\')));
        assert_eq!(Sid::at(&BYTES, 0, 0).and_then(|sid| name(&sid)), None);
    }
}

//! A version resource in memory, and the words in it.

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, GetLastError};
use windows_sys::Win32::Storage::FileSystem::{GetFileVersionInfoSizeW, GetFileVersionInfoW, VerQueryValueW};

use super::super::super::wide::{text, units, within};
use super::translation::Translation;

/// Real ones have two to ten kilobytes; a larger one is not believed.
const MOST: u32 = 1 << 20;

/// The resource as the system copied it out of the file, aligned as it wants it.
pub(super) struct Block(Vec<u64>);

impl Block {
    /// Reads it from the file at `path`, which ends in a NUL. [`Gap::None`] if the file has none.
    pub(super) fn read(path: &[u16]) -> Known<Self> {
        let mut unused = 0;
        // SAFETY: the path ends in a NUL, and `unused` outlives the call.
        let size = unsafe { GetFileVersionInfoSizeW(path.as_ptr(), &raw mut unused) };
        if size == 0 || size > MOST {
            // SAFETY: GetLastError has no preconditions.
            let denied = size == 0 && unsafe { GetLastError() } == ERROR_ACCESS_DENIED;
            return Err(if denied { Gap::Denied } else { Gap::None });
        }
        let mut block = vec![0u64; (size as usize).div_ceil(8)];
        // SAFETY: the path ends in a NUL, and the block is writable for `size` bytes.
        let read = unsafe { GetFileVersionInfoW(path.as_ptr(), 0, size, block.as_mut_ptr().cast()) };
        if read == 0 { Err(Gap::None) } else { Ok(Self(block)) }
    }

    /// The translations that it says it has.
    pub(super) fn translations(&self) -> Vec<Translation> {
        // The length is in bytes here.
        let pairs = self.value("\\VarFileInfo\\Translation", 1).map(units).unwrap_or_default();
        let pairs = pairs.chunks_exact(2).take(64);
        pairs.map(|pair| Translation { language: pair[0], code_page: pair[1] }).collect()
    }

    /// One of its words in one translation, without the blanks around it; `None` if there is none or it is empty.
    pub(super) fn word(&self, Translation { language, code_page }: Translation, name: &str) -> Option<String> {
        // The length is in units here.
        let value = self.value(&format!("\\StringFileInfo\\{language:04x}{code_page:04x}\\{name}"), 2)?;
        Some(text(&units(value)).trim().to_owned()).filter(|word| !word.is_empty())
    }

    /// What lies at `name`; its length is told in items of `item` bytes. Never more than there is: the length comes from the
    /// file.
    fn value(&self, name: &str, item: usize) -> Option<&[u8]> {
        let name: Vec<u16> = name.encode_utf16().chain([0]).collect();
        let mut at = std::ptr::null_mut();
        let mut length = 0;
        // SAFETY: the block is a resource that the system itself wrote, the name ends in a NUL, both results outlive the call.
        let found = unsafe { VerQueryValueW(self.0.as_ptr().cast(), name.as_ptr(), &raw mut at, &raw mut length) };
        if found == 0 {
            return None;
        }
        let (all, base) = (self.bytes(), self.0.as_ptr().addr());
        let there = (base + all.len()).checked_sub(at.addr())?;
        within(all, base, at.addr(), (length as usize).saturating_mul(item).min(there))
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the vector's own, initialised numbers; bytes have no alignment and no invalid values.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * size_of::<u64>()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Translation = Translation { language: 0x409, code_page: 0x4b0 };

    /// A node of a version resource: its length, its value's length, its type, its name, its value, its children, each
    /// aligned to four bytes.
    fn node(name: &str, value: &[u16], length: u16, children: &[Vec<u16>]) -> Vec<u16> {
        let mut node = vec![0, length, u16::from(!name.contains("Trans"))];
        node.extend(name.encode_utf16().chain([0]));
        node.resize(node.len().next_multiple_of(2), 0);
        node.extend(value);
        for child in children {
            node.resize(node.len().next_multiple_of(2), 0);
            node.extend(child);
        }
        node[0] = u16::try_from(node.len() * 2).unwrap_or(u16::MAX);
        node
    }

    /// A resource whose description has `length` units, as it says.
    fn made(description: &str, length: u16) -> Block {
        let words: Vec<u16> = description.encode_utf16().collect();
        let table = node("040904b0", &[], 0, &[node("FileDescription", &words, length, &[])]);
        let strings = node("StringFileInfo", &[], 0, &[table]);
        let translation = node("VarFileInfo", &[], 0, &[node("Translation", &[0x409, 0x4b0], 4, &[])]);
        let mut units = node("VS_VERSION_INFO", &[], 0, &[strings, translation]);
        units.resize(units.len().next_multiple_of(4), 0);
        let eight = |four: &[u16]| four.iter().rev().fold(0u64, |all, unit| all << 16 | u64::from(*unit));
        Block(units.chunks_exact(4).map(eight).collect())
    }

    #[test]
    fn words_are_read_without_what_is_around_them() {
        assert_eq!(made("Quay 端口\0", 8).word(ENGLISH, "FileDescription").as_deref(), Some("Quay 端口"));
        assert_eq!(made("  Quay \0\0x\0", 10).word(ENGLISH, "FileDescription").as_deref(), Some("Quay"));
        assert_eq!(made(" \0", 2).word(ENGLISH, "FileDescription"), None);
        assert_eq!(made("Quay\0", 5).word(ENGLISH, "CompanyName"), None);
        assert_eq!(made("Quay\0", 5).translations(), [ENGLISH]);
    }

    #[test]
    fn a_length_that_lies_reads_nothing_outside() {
        for length in [6, 100, 0x7fff, u16::MAX] {
            // Whatever is made of it, it comes out of the block.
            let word = made("Quay\0", length).word(ENGLISH, "FileDescription");
            assert!(word.is_none_or(|word| word == "Quay"), "{length}");
        }
        assert_eq!(Block(vec![0; 8]).translations(), []);
    }

    #[test]
    fn a_file_without_one_has_none() {
        let missing: Vec<u16> = "C:\\there is no such file.exe\0".encode_utf16().collect();
        assert_eq!(Block::read(&missing).err(), Some(Gap::None));
    }
}

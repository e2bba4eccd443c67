//! The arguments of a process.
//!
//! Windows hands a program one line, which the program takes apart itself; nearly all do it by the rules of
//! `CommandLineToArgvW`. That call does it here too: what is shown is what such a program sees.

use quaymaster_core::{Gap, Known};
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessCommandLineInformation};
use windows_sys::Win32::Foundation::{
    LocalFree, STATUS_ACCESS_DENIED, STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_TOO_SMALL, STATUS_INFO_LENGTH_MISMATCH,
    STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED, STATUS_NOT_SUPPORTED, UNICODE_STRING,
};
use windows_sys::Win32::UI::Shell::CommandLineToArgvW;

use super::super::handle::Handle;
use super::super::memory::{Answer, Memory};
use super::super::wide::{ended, units, within};

/// The arguments, the program's name first. Needs no more than limited rights since Windows 8.1 (information class 60), where
/// the kernel copies the line out of the process: a program can write another into its memory after it was started.
pub(super) fn of(handle: &Handle) -> Known<Vec<String>> {
    let mut memory = Memory::default();
    let bytes = memory.filled(|at, size| {
        let given = *size;
        // SAFETY: the handle is open, and `at` is writable for `given` bytes.
        let status = unsafe { NtQueryInformationProcess(handle.0, ProcessCommandLineInformation, at, given, size) };
        match status {
            STATUS_INFO_LENGTH_MISMATCH | STATUS_BUFFER_TOO_SMALL | STATUS_BUFFER_OVERFLOW => Answer::TooSmall,
            status if status < 0 => Answer::Failed(status),
            _ => Answer::Filled,
        }
    });
    let line = line(bytes.map_err(gap)?).ok_or(Gap::None)?;
    // An empty line would read as the path of our own program, a line of blanks as nothing.
    if line.iter().all(|unit| *unit == u16::from(b' ')) { Err(Gap::None) } else { split(&line) }
}

fn gap(status: i32) -> Gap {
    match status {
        STATUS_ACCESS_DENIED => Gap::Denied,
        STATUS_INVALID_INFO_CLASS | STATUS_NOT_IMPLEMENTED | STATUS_NOT_SUPPORTED => Gap::Unsupported,
        // "Registry" and its like have no memory that could hold one.
        _ => Gap::None,
    }
}

/// The text of the `UNICODE_STRING` that the memory begins with, up to the NUL where the program would stop reading.
fn line(bytes: &[u8]) -> Option<Vec<u16>> {
    let string = bytes.get(..size_of::<UNICODE_STRING>())?;
    // SAFETY: as many bytes as the structure has, of which every pattern is one; it is read wherever it lies.
    let string = unsafe { string.as_ptr().cast::<UNICODE_STRING>().read_unaligned() };
    let text = within(bytes, bytes.as_ptr().addr(), string.Buffer.addr(), usize::from(string.Length))?;
    units(text).split(|unit| *unit == 0).next().map(<[u16]>::to_vec)
}

/// One line as arguments.
fn split(line: &[u16]) -> Known<Vec<String>> {
    let line = ended(line).ok_or(Gap::None)?;
    let mut count = 0;
    // SAFETY: the line ends in a NUL and `count` outlives the call.
    let list = unsafe { CommandLineToArgvW(line.as_ptr(), &raw mut count) };
    if list.is_null() {
        return Err(Gap::Unsupported);
    }
    let argument = |index: usize| {
        // SAFETY: the list holds `count` pointers, each to a text that ends in a NUL, all in one block that is freed below.
        let (text, length) = unsafe {
            let text = *list.add(index);
            (text, (0..).take_while(|at| *text.add(*at) != 0).count())
        };
        // SAFETY: so many units were just read.
        String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(text, length) })
    };
    let arguments = (0..usize::try_from(count).unwrap_or(0)).map(argument).collect();
    // SAFETY: the list was allocated by the call above and is not used any more.
    unsafe { LocalFree(list.cast()) };
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let arguments = split(&line.encode_utf16().collect::<Vec<_>>());
        assert_eq!(arguments, Ok(expected.iter().map(|&argument| argument.to_owned()).collect()), "{line}");
    }

    #[test]
    fn a_line_is_taken_apart_as_programs_do() {
        check(r#"quay.exe"#, &["quay.exe"]);
        check(r#""C:\Program Files\quay.exe" list  7897"#, &[r"C:\Program Files\quay.exe", "list", "7897"]);
        check(r#"a "" b"#, &["a", "", "b"]);
        check(r#"a "b c"d"#, &["a", "b cd"]);
        check(r#"a "he said \"hi\"""#, &["a", r#"he said "hi""#]);
        check(r#"a C:\dir\ "C:\with space\\" e"#, &["a", r"C:\dir\", r"C:\with space\", "e"]);
        check(r#"a \\\"b \\\\"c d""#, &["a", r#"\"b"#, r"\\c d"]);
        check("a 端口 \u{1F6A2}", &["a", "端口", "\u{1F6A2}"]);
        // The first ends at its quote: backslashes mean nothing in it.
        check(r#""C:\a\" b"#, &[r"C:\a\", "b"]);
    }

    #[test]
    fn what_points_out_of_the_memory_is_no_line() {
        let mut memory = [0u64; 8];
        assert_eq!(line(&[]), None);
        let base = memory.as_ptr().addr() as u64;
        let mut check = |length: u64, address: u64, expected: Option<&str>| {
            memory[..3].copy_from_slice(&[length | length << 16, address, u64::from_ne_bytes(*b"a\0b\0\0\0c\0")]);
            // SAFETY: the array's own bytes.
            let bytes = unsafe { std::slice::from_raw_parts(memory.as_ptr().cast::<u8>(), size_of_val(&memory)) };
            assert_eq!(line(bytes), expected.map(|text| text.encode_utf16().collect()), "{length} at {address}");
        };
        check(4, base + 16, Some("ab"));
        check(8, base + 16, Some("ab"));
        check(2, base + 16, Some("a"));
        check(0, base + 16, Some(""));
        check(50, base + 16, None);
        check(4, base - 2, None);
        check(4, u64::MAX, None);
    }
}

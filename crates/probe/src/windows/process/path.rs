//! The program file of a process, and how such a file is opened without opening something else.

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_INSUFFICIENT_BUFFER, GetLastError};
use windows_sys::Win32::System::Threading::{
    PROCESS_NAME_FORMAT, PROCESS_NAME_NATIVE, PROCESS_NAME_WIN32, QueryFullProcessImageNameW,
};

use super::super::handle::Handle;
use super::super::wide::ended;

/// Paths of Windows hold fewer units than this (`UNICODE_STRING`'s length in bytes is 16 bits wide).
const MOST: usize = 32_768;
/// `MAX_PATH`: as many units a path has room for, its NUL included, unless it begins with `\\?\`.
const SHORT: usize = 260;
const SEPARATOR: u16 = b'\\' as u16;

/// The file that the process was started from. On a volume that has no letter it is the kernel's own name,
/// `\Device\HarddiskVolume3\…`. [`Gap::None`] for the few that have no file ("Registry", "Memory Compression").
pub(super) fn of(handle: &Handle) -> Known<Vec<u16>> {
    let path = match image(handle, PROCESS_NAME_WIN32) {
        Err(ERROR_ACCESS_DENIED) => return Err(Gap::Denied),
        Err(_) => image(handle, PROCESS_NAME_NATIVE),
        path => path,
    };
    path.ok().filter(|path| path.contains(&SEPARATOR)).ok_or(Gap::None)
}

fn image(handle: &Handle, format: PROCESS_NAME_FORMAT) -> Result<Vec<u16>, u32> {
    let mut path = vec![0; SHORT];
    loop {
        let mut length = u32::try_from(path.len()).unwrap_or(u32::MAX);
        // SAFETY: the handle is open, and `path` is writable for `length` units.
        let read = unsafe { QueryFullProcessImageNameW(handle.0, format, path.as_mut_ptr(), &raw mut length) };
        if read != 0 {
            path.truncate(length as usize);
            return Ok(path);
        }
        // SAFETY: GetLastError has no preconditions.
        match unsafe { GetLastError() } {
            ERROR_INSUFFICIENT_BUFFER if path.len() < MOST => path.resize((path.len() * 4).min(MOST), 0),
            error => return Err(error),
        }
    }
}

/// What stands behind the last separator.
pub(super) fn file_name(path: &[u16]) -> &[u16] {
    path.rsplit(|unit| *unit == SEPARATOR).next().unwrap_or(path)
}

/// The path as a call of Windows may be given it, ended by a NUL; `None` for what is no file on a disk or a share. Windows
/// reads a path "helpfully" unless it begins with `\\?\`: `a.exe.` is `a.exe` to it and `COM1.exe` a serial port, so that
/// the file of a process could be mistaken for something else. Where that can happen the path is given as it is.
pub(super) fn openable(path: &[u16]) -> Option<Vec<u16>> {
    let text = String::from_utf16(path).ok()?;
    let verbatim = |text: String| ended(&text.encode_utf16().collect::<Vec<_>>());
    if has_letter(&text) {
        return if plain(&text) { ended(path) } else { verbatim(format!(r"\\?\{text}")) };
    }
    if let Some(native) = text.strip_prefix(r"\Device\") {
        let disk = ["HarddiskVolume", "Mup\\", "CdRom"].iter().any(|kind| native.starts_with(kind));
        return verbatim(format!(r"\\?\GLOBALROOT{text}")).filter(|_| disk);
    }
    if let Some(rest) = text.strip_prefix(r"\\?\") {
        return ended(path).filter(|_| has_letter(rest) || rest.starts_with("UNC\\") || rest.starts_with("Volume{"));
    }
    let share = text.strip_prefix(r"\\").filter(|share| !share.starts_with(['.', '?', '\\']))?;
    if plain(&text) { ended(path) } else { verbatim(format!(r"\\?\UNC\{share}")) }
}

/// Whether it begins with `C:\`.
fn has_letter(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic())
}

/// Whether Windows reads it as it stands.
fn plain(path: &str) -> bool {
    path.encode_utf16().count() < SHORT && !path.contains('/') && path.split('\\').all(|part| !is_read_otherwise(part))
}

fn is_read_otherwise(part: &str) -> bool {
    let stem = part.split(['.', ':']).next().unwrap_or(part).trim_end().to_ascii_uppercase();
    let numbered = |port: &str| stem.strip_prefix(port).is_some_and(|number| number.chars().count() == 1);
    part.ends_with(['.', ' '])
        || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(path: &str) -> Option<String> {
        openable(&path.encode_utf16().collect::<Vec<_>>()).map(|path| {
            let (end, path) = path.split_last().unwrap_or((&1, &[]));
            assert_eq!(*end, 0);
            String::from_utf16_lossy(path)
        })
    }

    fn check(path: &str, expected: &str) {
        assert_eq!(opened(path).as_deref(), Some(expected), "{path}");
    }

    #[test]
    fn a_path_opens_the_file_that_it_names() {
        check(r"C:\Windows\notepad.exe", r"C:\Windows\notepad.exe");
        check(r"C:\端口\a b.exe", r"C:\端口\a b.exe");
        check(r"C:\a.\b.exe", r"\\?\C:\a.\b.exe");
        check(r"C:\a\b.exe ", r"\\?\C:\a\b.exe ");
        check(r"C:\a\nul.exe", r"\\?\C:\a\nul.exe");
        check(r"C:\a\com1", r"\\?\C:\a\com1");
        check(r"C:\a\common.exe", r"C:\a\common.exe");
        check(r"\\server\share\a.exe", r"\\server\share\a.exe");
        check(r"\\server\share\a.exe.", r"\\?\UNC\server\share\a.exe.");
        check(r"\Device\HarddiskVolume9\a.exe", r"\\?\GLOBALROOT\Device\HarddiskVolume9\a.exe");
        check(r"\\?\Volume{0}\a.exe", r"\\?\Volume{0}\a.exe");
        let long = format!(r"C:\{}", "Ω".repeat(300));
        check(&long, &format!(r"\\?\{long}"));
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        for path in [
            "",
            "a.exe",
            "\\a.exe",
            r"C:a.exe",
            r"\\.\COM1",
            r"\\.\pipe\a",
            r"\\?\pipe\a",
            r"\\?\GLOBALROOT\Device\NamedPipe\a",
            r"\Device\NamedPipe\a",
            "C:\\a.exe\0.txt",
            "https://a/b",
        ] {
            assert_eq!(opened(path), None, "{path:?}");
        }
    }

    #[test]
    fn the_name_is_behind_the_last_separator() {
        let name = |path: &str| String::from_utf16_lossy(file_name(&path.encode_utf16().collect::<Vec<_>>()));
        assert_eq!(name(r"C:\端口\Ω.exe"), "Ω.exe");
        assert_eq!(name("Registry"), "Registry");
    }
}

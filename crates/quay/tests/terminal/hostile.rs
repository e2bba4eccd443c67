//! Names that try to do something to the terminal.

use crate::stage::{Child, quay};

#[test]
fn a_name_is_shown_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let child = Child::named(folder.path(), &system::name());
    let (pid, port) = (child.pid().to_string(), child.port.to_string());
    let filter = format!("lport:{port}");
    let said = [
        quay(["list", &filter]),
        quay(["list", &filter, "--watch", "--json", "--nonsense"]),
        quay([&port]),
        quay(["list", &filter, "--json"]),
        quay([&*port, "--json"]),
        quay(["end", &pid]),
        quay(["end", &pid, "--yes", "--force", "--lang", "zh-CN"]),
    ];
    for said in &said {
        let acts = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
        assert!(!said.out.contains(acts) && !said.err.contains(acts), "{said:?}");
    }
    // One heading and one row: the line break in the name made none.
    assert_eq!(said[0].out.lines().count(), 2, "{:?}", said[0]);
    assert!(said[0].out.contains(system::SHOWN), "{:?}", said[0]);
    assert!(said[2].out.contains("\\u{202e}gpj"), "{:?}", said[2]);
    assert!(said[6].out.contains("已结束"), "{:?}", said[6]);
}

#[test]
fn what_is_typed_is_shown_harmless_too() {
    let typed = "\u{1b}[31m\u{202e}";
    for arguments in [&[typed][..], &["end", typed, "--yes"], &["list", "--sort", typed], &["list", typed, "pid:x"]] {
        let said = quay(arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains("\\e[31m\\u{202e}") && !said.err.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}

/// The worst that Linux allows: everything but `/` and NUL.
#[cfg(target_os = "linux")]
mod system {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    /// Escapes, line breaks, bidi overrides, a bell, a C1 control, a zero-width space, bytes that are no UTF-8, a false end
    /// of the kernel's name field.
    pub(super) fn name() -> OsString {
        OsString::from_vec(b"\x1b[31mred\n2J\x07\xe2\x80\xaegpj\xc2\x9b\xe2\x80\x8b\xff) S 1 (".to_vec())
    }

    pub(super) const SHOWN: &str = "\\e[31mred\\n2J\\u{7}\\u{202e}gpj";
}

/// The worst that Windows allows: nothing below a space and none of `<>:"/\|?*`, but half a character.
#[cfg(windows)]
mod system {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStringExt;

    use crate::wine::lacks;

    /// A bidi override, a zero-width space, a C1 control, what a command line would take apart or fill in, Chinese, a
    /// character beyond 16 bits, half of one.
    pub(super) fn name() -> OsString {
        let name = "%PATH% & ^'`$(x); 微信🎣\u{202e}gpj\u{9b}31m\u{200b}";
        let half = (!lacks("half-characters")).then_some(0xD83D);
        let name: Vec<u16> = name.encode_utf16().chain(half).chain(".exe".encode_utf16()).collect();
        OsString::from_wide(&name)
    }

    pub(super) const SHOWN: &str = "%PATH% & ^'`$(x); 微信🎣\\u{202e}gpj";
}

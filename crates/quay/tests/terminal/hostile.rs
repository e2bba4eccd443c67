//! Names that try to do something to the terminal.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::stage::{Child, quay};

/// Escapes, line breaks, bidi overrides, a bell, a C1 control, a zero-width space, bytes that are no UTF-8, a false end of
/// the kernel's name field.
const NAME: &[u8] = b"\x1b[31mred\n2J\x07\xe2\x80\xaegpj\xc2\x9b\xe2\x80\x8b\xff) S 1 (";

#[test]
fn a_name_is_shown_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let child = Child::named(folder.path(), OsStr::from_bytes(NAME));
    let (pid, port) = (child.pid().to_string(), child.port.to_string());
    let filter = format!("lport:{port}");
    let said = [
        quay(["list", &filter]),
        quay(["list", &filter, "--watch", "--json", "--nonsense"]),
        quay([&port]),
        quay(["list", &filter, "--json"]),
        quay([&*port, "--json"]),
        quay(["end", &pid]),
        quay(["end", &pid, "--yes", "--lang", "zh-CN"]),
    ];
    for said in &said {
        let acts = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
        assert!(!said.out.contains(acts) && !said.err.contains(acts), "{said:?}");
    }
    // One heading and one row: the line break in the name made none.
    assert_eq!(said[0].out.lines().count(), 2, "{:?}", said[0]);
    assert!(said[0].out.contains("\\e[31mred\\n2J\\u{7}\\u{202e}gpj"), "{:?}", said[0]);
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

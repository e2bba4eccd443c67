//! A program's whole name.

use super::super::procfs::{Folder, Stat};

/// The kernel keeps 15 bytes of a name (`TASK_COMM_LEN` less the NUL).
const CUT: usize = 15;

/// The name, completed where the kernel cut it.
pub(super) fn of(folder: &Folder<'_>, stat: &Stat) -> String {
    if stat.comm.len() < CUT {
        return lossy(&stat.comm);
    }
    let program = folder.link(c"exe").unwrap_or_default();
    let arguments = folder.command_line().unwrap_or_default();
    let program = program.strip_suffix(DELETED).unwrap_or(&program);
    // The second argument is the script where the first is its interpreter.
    let candidates = std::iter::once(program).chain(arguments.split(|byte| *byte == 0).take(2));
    lossy(complete(&stat.comm, candidates))
}

/// What the kernel appends to the path of a program file that is gone.
pub(super) const DELETED: &[u8] = b" (deleted)";

/// Invalid UTF-8 replaced by U+FFFD.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The first candidate whose file name begins with the cut name. Anything else would be another name, not this one: a
/// process may call itself what it likes.
fn complete<'a>(cut: &'a [u8], candidates: impl Iterator<Item = &'a [u8]>) -> &'a [u8] {
    let names = candidates.filter_map(|path| path.rsplit(|byte| *byte == b'/').next());
    names.filter(|name| name.len() > cut.len()).find(|name| name.starts_with(cut)).unwrap_or(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cut: &str, candidates: &[&str], expected: &str) {
        let found = complete(cut.as_bytes(), candidates.iter().map(|candidate| candidate.as_bytes()));
        assert_eq!(String::from_utf8_lossy(found), expected, "{cut} of {candidates:?}");
    }

    #[test]
    fn a_cut_name_is_completed_only_by_itself() {
        check("systemd-resolve", &["/usr/lib/systemd/systemd-resolved"], "systemd-resolved");
        check(
            "very-long-scrip",
            &["/usr/bin/python3.11", "python3", "/opt/very-long-script.py"],
            "very-long-script.py",
        );
        check("Web Content xyz", &["/usr/lib/firefox/firefox", "firefox"], "Web Content xyz");
        check("abcdefghijklmno", &["/bin/abcdefghijklmno"], "abcdefghijklmno");
        check("abcdefghijklmno", &[], "abcdefghijklmno");
    }

    #[test]
    fn a_character_that_the_kernel_cut_through_is_whole_again() {
        let name = "端口管理程序";
        let found = complete(&name.as_bytes()[..CUT], [name.as_bytes()].into_iter());
        assert_eq!(lossy(found), name);
    }
}

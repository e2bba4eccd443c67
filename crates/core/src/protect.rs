//! Which processes are never ended, and why.

use std::borrow::Cow;

use crate::process::{Process, ProcessKey};

/// Why a process is not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// It is Quaymaster.
    Itself,
    /// Quaymaster runs inside it.
    Ancestor,
    /// The idle and first processes and the kernel's own threads; PID 4 on Windows.
    System,
    /// On the list of programs that a session or desktop depends on.
    Essential,
}

/// Kernel threads on Linux are children of this one (`kthreadd`).
const KTHREADD: u32 = 2;

/// Linux programs whose end logs the person out, freezes the screen or stops the computer: the first process's helpers, the
/// message bus, display servers and compositors, what starts them, and the desktops' own shells. Services that a person may
/// start again (NetworkManager, sshd, polkitd, …) are not here: whoever ends one by mistake loses minutes, not work.
const ESSENTIAL: [&str; 61] = [
    // The system and its sessions.
    "systemd",
    "systemd-logind",
    "systemd-udevd",
    "systemd-journald",
    "init",
    "openrc-init",
    "runit",
    "elogind",
    "seatd",
    "dbus-daemon",
    "dbus-broker",
    "dbus-broker-launch",
    // What shows the login screen and watches over the session.
    "gdm",
    "gdm3",
    "gdm-session-worker",
    "gdm-x-session",
    "gdm-wayland-session",
    "sddm",
    "sddm-helper",
    "lightdm",
    "lxdm",
    "greetd",
    // Display servers and compositors.
    "X",
    "Xorg",
    "Xwayland",
    "weston",
    "gnome-shell",
    "mutter",
    "kwin_x11",
    "kwin_wayland",
    "kwin_wayland_wrapper",
    "sway",
    "Hyprland",
    "labwc",
    "wayfire",
    "river",
    "niri",
    "cosmic-comp",
    "i3",
    "xfwm4",
    "openbox",
    "marco",
    "muffin",
    "ukui-kwin_x11",
    "ukui-kwin_wayland",
    // Sessions: when one of these ends, so does everything in it.
    "gnome-session-binary",
    "gnome-session-service",
    "plasmashell",
    "plasma_session",
    "ksmserver",
    "startplasma-x11",
    "startplasma-wayland",
    "xfce4-session",
    "cinnamon",
    "cinnamon-session-binary",
    "mate-session",
    "lxsession",
    "lxqt-session",
    "ukui-session",
    "dde-session",
    "cosmic-session",
];

/// Windows programs whose end stops the computer or the session at once (the critical processes of Windows Internals, part 1,
/// chapter 2), the desktop itself, and the host of services, of which one may hold twenty: a service is stopped, not its host
/// ended. `MemCompression` is how the system calls the file of `Memory Compression`, which has none.
const ESSENTIAL_WINDOWS: [&str; 19] = [
    "system",
    "registry",
    "secure system",
    "memory compression",
    "memcompression",
    "smss.exe",
    "csrss.exe",
    "wininit.exe",
    "winlogon.exe",
    "services.exe",
    "lsass.exe",
    "lsaiso.exe",
    "lsm.exe",
    "svchost.exe",
    "fontdrvhost.exe",
    "dwm.exe",
    "logonui.exe",
    "sihost.exe",
    "explorer.exe",
];

/// Where only the administrator can put a program; one of the same name elsewhere is somebody's own.
const SYSTEM_FOLDERS: [&str; 7] =
    ["/usr/", "/bin/", "/sbin/", "/lib/", "/nix/store/", "/run/current-system/", "/gnu/store/"];

/// Judges `process`, given Quaymaster's own key and its ancestors'.
#[must_use]
pub fn protection(process: &Process, own: ProcessKey, ancestors: &[ProcessKey]) -> Option<Protection> {
    if process.key == own {
        Some(Protection::Itself)
    } else if is_system(process) {
        Some(Protection::System)
    } else if ancestors.contains(&process.key) {
        Some(Protection::Ancestor)
    } else if is_essential(process) {
        Some(Protection::Essential)
    } else {
        None
    }
}

/// PID 4 is the kernel on Windows, where it has no program file; on Linux it is a kernel thread, which has none either, or in
/// a container anybody, who has one.
fn is_system(process: &Process) -> bool {
    let fileless = process.path.as_ref().map_or(true, |path| is_bare(path));
    let below_kthreadd =
        process.ancestors.iter().any(|ancestor| ancestor.key.pid == KTHREADD && ancestor.name == "kthreadd");
    match process.key.pid {
        0 | 1 => true,
        KTHREADD | 4 => fileless,
        _ => fileless && below_kthreadd,
    }
}

/// By the program file, where it is known: it must be one of the list **and** be in a folder of the system, for a process may
/// call itself whatever it likes. By the name alone only where the file is hidden, which is so of other users' programs.
fn is_essential(process: &Process) -> bool {
    let Ok(path) = &process.path else {
        return ESSENTIAL.contains(&&*process.name) || is_windows_name(&process.name);
    };
    // Linux marks the file of a program that was updated since it started.
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    match path.rsplit_once('/') {
        _ if is_bare(path) => is_windows_name(path),
        Some((_, name)) => ESSENTIAL.contains(&name) && is_system_folder(path),
        None => is_windows_path(path),
    }
}

fn is_system_folder(path: &str) -> bool {
    !path.starts_with("/usr/local/") && SYSTEM_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// A name without any folder. Windows gives one where there is no file: `Registry`, `MemCompression`.
fn is_bare(path: &str) -> bool {
    !path.contains(['/', '\\'])
}

fn is_windows_name(name: &str) -> bool {
    ESSENTIAL_WINDOWS.iter().any(|essential| essential.eq_ignore_ascii_case(name))
}

/// `C:\Windows\System32\csrss.exe`. The folder of Windows is directly on a drive, mostly `Windows`, but whoever installs it may
/// choose another name, so any counts that has a `System32` with such a program in it: a false friend there is spared, which
/// harms nobody. Windows does not tell upper from lower case.
fn is_windows_path(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let Some(below) = below_drive(&path) else { return false };
    let parts: Vec<&str> = below.split('\\').collect();
    match parts[..] {
        ["windows" | "winnt", name] | [_, "system32" | "syswow64", name] => is_windows_name(name),
        _ => false,
    }
}

/// What follows the drive, in all the ways in which the system writes a path: `C:\`, `\\?\C:\`, `\??\C:\` and
/// `\Device\HarddiskVolume3\`; `\SystemRoot\` is the folder of Windows itself.
fn below_drive(path: &str) -> Option<Cow<'_, str>> {
    if let Some(below) = path.strip_prefix("\\systemroot\\") {
        return Some(Cow::Owned(format!("windows\\{below}")));
    }
    if let Some(volume) = path.strip_prefix("\\device\\harddiskvolume") {
        return Some(Cow::Borrowed(
            volume.trim_start_matches(|digit: char| digit.is_ascii_digit()).strip_prefix('\\')?,
        ));
    }
    let path = path.strip_prefix("\\\\?\\").or_else(|| path.strip_prefix("\\??\\")).unwrap_or(path);
    path.strip_prefix(|drive: char| drive.is_ascii_alphabetic())?.strip_prefix(":\\").map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Ancestor, Gap, StartMark};

    fn key(pid: u32) -> ProcessKey {
        ProcessKey { pid, start: StartMark(u64::from(pid)) }
    }

    fn check(process: Process, expected: Option<Protection>) {
        assert_eq!(protection(&process, key(500), &[key(400), key(300), key(1)]), expected, "{process:?}");
    }

    fn named(pid: u32, name: &str, path: Result<&str, Gap>) -> Process {
        Process { name: name.into(), path: path.map(str::to_owned), ..Process::unread(key(pid), Gap::Denied) }
    }

    #[test]
    fn who_is_spared() {
        check(named(500, "quaymaster", Ok("/usr/bin/quaymaster")), Some(Protection::Itself));
        check(named(400, "bash", Ok("/usr/bin/bash")), Some(Protection::Ancestor));
        check(named(1, "anything", Err(Gap::Denied)), Some(Protection::System));
        check(named(900, "nginx", Ok("/usr/sbin/nginx")), None);
        check(named(900, "Xorg", Ok("/usr/lib/xorg/Xorg")), Some(Protection::Essential));
        check(named(900, "dbus-daemon", Err(Gap::Denied)), Some(Protection::Essential));
    }

    #[test]
    fn a_name_alone_protects_nobodys_own_program() {
        check(named(900, "systemd", Ok("/home/me/systemd")), None);
        check(named(900, "init", Ok("/usr/local/bin/init")), None);
        check(named(900, "x", Ok("/usr/bin/x")), None);
        // Calling oneself something is free (PR_SET_NAME); the file is what counts.
        check(named(900, "gnome-shell", Ok("/usr/bin/python3.11")), None);
        check(named(900, "python3", Ok("/usr/bin/gnome-shell")), Some(Protection::Essential));
        check(named(900, "Xorg", Ok("/usr/lib/xorg/Xorg (deleted)")), Some(Protection::Essential));
        check(named(900, "NetworkManager", Err(Gap::Denied)), None);
        check(named(900, "sshd", Ok("/usr/sbin/sshd")), None);
    }

    #[test]
    fn windows_goes_by_its_own_folders() {
        for (name, path, expected) in [
            ("csrss.exe", Err(Gap::Denied), Some(Protection::Essential)),
            ("LSASS.EXE", Err(Gap::Denied), Some(Protection::Essential)),
            ("dwm.exe", Ok("C:\\Windows\\System32\\dwm.exe"), Some(Protection::Essential)),
            ("explorer.exe", Ok("D:\\WINDOWS\\explorer.exe"), Some(Protection::Essential)),
            ("csrss.exe", Ok("C:\\Users\\me\\Windows\\System32\\csrss.exe"), None),
            ("svchost.exe", Ok("C:\\Users\\me\\svchost.exe"), None),
            ("chrome.exe", Ok("C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"), None),
            ("notepad.exe", Ok("C:\\Windows\\System32\\notepad.exe"), None),
            ("lsass.exe", Ok("E:\\Fenster\\System32\\lsass.exe"), Some(Protection::Essential)),
            ("smss.exe", Ok("\\SystemRoot\\System32\\smss.exe"), Some(Protection::Essential)),
            ("csrss.exe", Ok("\\??\\C:\\WINDOWS\\system32\\csrss.exe"), Some(Protection::Essential)),
            ("dwm.exe", Ok("\\\\?\\C:\\Windows\\System32\\dwm.exe"), Some(Protection::Essential)),
            ("csrss.exe", Ok("\\Device\\HarddiskVolume12\\Windows\\System32\\csrss.exe"), Some(Protection::Essential)),
            ("csrss.exe", Ok("\\Device\\HarddiskVolume12\\Users\\me\\Windows\\System32\\csrss.exe"), None),
            ("explorer.exe", Ok("D:\\games\\explorer.exe"), None),
            ("csrss.exe", Ok("\\\\server\\share\\Windows\\System32\\csrss.exe"), None),
            ("Registry", Ok("Registry"), Some(Protection::Essential)),
            ("Memory Compression", Ok("MemCompression"), Some(Protection::Essential)),
            ("Secure System", Err(Gap::Denied), Some(Protection::Essential)),
            ("odd", Ok("端"), None),
            ("odd", Ok(""), None),
        ] {
            check(named(900, name, path), expected);
        }
    }

    #[test]
    fn a_kernel_thread_is_the_system() {
        let thread = Process {
            ancestors: vec![Ancestor { key: key(2), name: "kthreadd".into() }],
            ..named(77, "kworker/0:1", Err(Gap::None))
        };
        check(thread, Some(Protection::System));
        check(named(2, "kthreadd", Err(Gap::None)), Some(Protection::System));
        // In a container PID 2 may be anybody.
        check(named(2, "node", Ok("/usr/bin/node")), None);
        let child = Process {
            ancestors: vec![Ancestor { key: key(2), name: "bash".into() }],
            ..named(77, "node", Err(Gap::Denied))
        };
        check(child, None);
        check(named(4, "System", Err(Gap::Denied)), Some(Protection::System));
        check(named(4, "System", Ok("System")), Some(Protection::System));
        check(named(4, "node", Ok("/usr/bin/node")), None);
    }

    #[test]
    fn the_same_number_with_another_start_is_somebody_else() {
        let mut other = named(400, "python3", Ok("/usr/bin/python3"));
        other.key.start = StartMark(9);
        check(other, None);
    }
}

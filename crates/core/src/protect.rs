//! Which processes are never ended, and why.

use crate::process::{Gap, Process, ProcessKey};

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

/// Programs whose end logs the person out, freezes the screen or stops the computer. Linux: the session bus, display
/// servers and compositors, and what starts them. Windows: the critical processes of Windows Internals, part 1, chapter 2.
const ESSENTIAL: [&str; 42] = [
    "systemd",
    "init",
    "dbus-daemon",
    "dbus-broker",
    "dbus-broker-launch",
    "systemd-logind",
    "systemd-udevd",
    "systemd-journald",
    "elogind",
    "polkitd",
    "Xorg",
    "X",
    "Xwayland",
    "gnome-shell",
    "gnome-session-binary",
    "kwin_x11",
    "kwin_wayland",
    "plasmashell",
    "ksmserver",
    "startplasma-wayland",
    "startplasma-x11",
    "xfce4-session",
    "xfwm4",
    "cinnamon",
    "cinnamon-session-binary",
    "mate-session",
    "lxqt-session",
    "sway",
    "Hyprland",
    "weston",
    "gdm3",
    "gdm",
    "sddm",
    "lightdm",
    "csrss.exe",
    "wininit.exe",
    "winlogon.exe",
    "services.exe",
    "lsass.exe",
    "smss.exe",
    "dwm.exe",
    "lsaiso.exe",
];

/// Where the system keeps its own programs; one of the same name elsewhere is somebody's own.
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

/// PID 4 is the kernel on Windows, where it is called "System"; on Linux it is a kernel thread, or in a container anybody.
fn is_system(process: &Process) -> bool {
    let fileless = process.path == Err(Gap::None);
    let below_kthreadd = process.ancestors.iter().any(|ancestor| ancestor.key.pid == KTHREADD);
    match process.key.pid {
        0 | 1 => true,
        4 if process.name == "System" => true,
        KTHREADD => fileless,
        _ => fileless && below_kthreadd,
    }
}

/// By name, and where the program file is known, by its folder: a person's own `init` in the home folder is not the system's.
fn is_essential(process: &Process) -> bool {
    let named = ESSENTIAL.iter().any(|essential| {
        // Windows does not tell `X` from `x`, Linux does.
        *essential == process.name || essential.ends_with(".exe") && essential.eq_ignore_ascii_case(&process.name)
    });
    named && process.path.as_ref().map_or(true, |path| is_system_folder(path))
}

fn is_system_folder(path: &str) -> bool {
    let windows = path.to_ascii_lowercase().contains("\\windows\\system32\\");
    let own = path.starts_with("/usr/local/");
    windows || !own && SYSTEM_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Ancestor, StartMark};

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
        check(named(4, "System", Err(Gap::Denied)), Some(Protection::System));
        check(named(4, "node", Ok("/usr/bin/node")), None);
    }

    #[test]
    fn the_same_number_with_another_start_is_somebody_else() {
        let mut other = named(400, "python3", Ok("/usr/bin/python3"));
        other.key.start = StartMark(9);
        check(other, None);
    }
}

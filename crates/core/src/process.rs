//! A process and what could be learnt about it.

use std::borrow::Cow;

use crate::time::UnixMillis;

/// The program in which Windows runs services that are libraries.
const SERVICE_HOST: &str = "svchost.exe";

/// The system's own mark of a process's start: Linux, field 22 of `/proc/PID/stat` (clock ticks since boot); Windows, the
/// creation FILETIME (100 ns since 1601). Only compared for equality and order; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StartMark(pub u64);

/// One process, for good: PIDs are used again, but never with the same start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessKey {
    /// Process id.
    pub pid: u32,
    /// When it started, in the system's own mark.
    pub start: StartMark,
}

/// A fact, or the reason why it is not known.
pub type Known<T> = Result<T, Gap>;

/// Why a fact about a process is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// The system does not let this user read it. Administrator rights would help.
    Denied,
    /// The process had ended before it was read.
    Gone,
    /// There is none: a kernel thread has no program file.
    None,
    /// Not read yet: the reading is under way or the system does not answer.
    Pending,
    /// This system does not offer it.
    Unsupported,
}

/// What is known about a process. All text is the program's own and hostile until shown through
/// [`text::visible`](crate::text::visible).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Which process.
    pub key: ProcessKey,
    /// The program's name, whole (not the kernel's 15 bytes), invalid UTF-8 replaced.
    pub name: String,
    /// The program file.
    pub path: Known<String>,
    /// The arguments as given, the program's name first.
    pub command_line: Known<Vec<String>>,
    /// The user's name, or the number as text where it has no name.
    pub user: Known<String>,
    /// The user's number (Linux).
    pub uid: Option<u32>,
    /// When it started.
    pub started_at: Known<UnixMillis>,
    /// The working directory.
    pub working_directory: Known<String>,
    /// What the program file calls itself (Windows: `FileDescription` of its version resource, in the person's language where
    /// it has one). Anybody can write anything there.
    pub description: Known<String>,
    /// Whose it says it is (Windows: `CompanyName`). A claim, no signature.
    pub company: Known<String>,
    /// The services that run in it (Windows). Empty: none does.
    pub services: Known<Vec<Service>>,
    /// Parent, grandparent, … up to the session's root or PID 1. Each is older than its child (else the PID was reused
    /// and the chain ends there).
    pub ancestors: Vec<Ancestor>,
}

impl Process {
    /// A process of which nothing but its key is known yet.
    #[must_use]
    pub fn unread(key: ProcessKey, why: Gap) -> Self {
        Self {
            key,
            name: String::new(),
            path: Err(why),
            command_line: Err(why),
            user: Err(why),
            uid: None,
            started_at: Err(why),
            working_directory: Err(why),
            description: Err(why),
            company: Err(why),
            services: Err(why),
            ancestors: Vec::new(),
        }
    }
}

impl Process {
    /// What a person tells it from others by: its name, or what runs in it where one program hosts everybody's services
    /// (`Windows Time (W32Time)` instead of the twenty-first `svchost.exe`).
    #[must_use]
    pub fn label(&self) -> Cow<'_, str> {
        match &self.services {
            Ok(services) if !services.is_empty() && self.name.eq_ignore_ascii_case(SERVICE_HOST) => {
                let services: Vec<String> = services.iter().map(Service::to_string).collect();
                Cow::Owned(services.join(", "))
            }
            _ => Cow::Borrowed(&self.name),
        }
    }

    /// Whether this is the kernel of Windows, which is process 4 there and has no program file: SMB, HTTP.sys and other
    /// drivers listen in its name.
    #[must_use]
    pub fn is_windows_kernel(&self) -> bool {
        self.key.pid == 4 && self.name == "System" && self.path.is_err()
    }
}

/// A service that runs in a process (Windows).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// Its short name, which commands take: `W32Time`.
    pub name: String,
    /// Its name for people, in the system's language: `Windows Time`.
    pub display_name: String,
}

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { name, display_name } if display_name.is_empty() || display_name == name => f.write_str(name),
            Self { name, display_name } => write!(f, "{display_name} ({name})"),
        }
    }
}

/// A link of the parent chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Which process.
    pub key: ProcessKey,
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(name: &str, services: Known<Vec<Service>>) -> Process {
        let key = ProcessKey { pid: 8, start: StartMark(1) };
        Process { name: name.into(), services, ..Process::unread(key, Gap::Denied) }
    }

    fn service(name: &str, display_name: &str) -> Service {
        Service { name: name.into(), display_name: display_name.into() }
    }

    #[test]
    fn a_host_of_services_goes_by_their_names() {
        let time = service("W32Time", "Windows Time");
        let cases = [
            ("svchost.exe", Ok(vec![time.clone()]), "Windows Time (W32Time)"),
            ("SvcHost.exe", Ok(vec![service("a", "A"), service("b", "b"), service("c", "")]), "A (a), b, c"),
            ("svchost.exe", Ok(vec![]), "svchost.exe"),
            ("svchost.exe", Err(Gap::Denied), "svchost.exe"),
            // A program with a service of its own is known by its own name.
            ("postgres.exe", Ok(vec![time]), "postgres.exe"),
        ];
        for (name, services, label) in cases {
            assert_eq!(process(name, services).label(), label);
        }
    }

    #[test]
    fn only_process_4_without_a_file_is_the_kernel_of_windows() {
        let kernel = Process { path: Err(Gap::None), ..process("System", Err(Gap::None)) };
        let at = |pid| Process { key: ProcessKey { pid, ..kernel.key }, ..kernel.clone() };
        assert!(at(4).is_windows_kernel());
        assert!(!at(8).is_windows_kernel());
        assert!(!Process { name: "kworker/R-rcu_gp".into(), ..at(4) }.is_windows_kernel());
        assert!(!Process { path: Ok("/home/me/System".into()), ..at(4) }.is_windows_kernel());
    }
}

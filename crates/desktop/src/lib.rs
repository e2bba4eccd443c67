//! The desktop around the window, each system's own way: notifications that can be answered, and whether there is a tray.
//!
//! Nothing here waits on the caller's thread. A desktop may be missing, may hang, may be started anew: whoever shows a
//! notice is told what became of it, later, by a callback.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(any(target_os = "linux", windows)))]
mod other;
#[cfg(windows)]
mod windows;

use std::path::PathBuf;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(any(target_os = "linux", windows)))]
use other as system;
#[cfg(windows)]
use windows as system;

/// Who shows notices, in the words of each system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppIdentity {
    /// The program's name as people read it.
    pub name: String,
    /// Its desktop entry and icon on Linux, without `.desktop`.
    pub desktop_entry: String,
    /// Its AppUserModelID on Windows.
    pub app_id: String,
    /// Its icon as a PNG, for Windows, which wants a file …
    pub icon: &'static [u8],
    /// … and gets one in this folder.
    pub folder: PathBuf,
}

/// Where the desktop is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    address: Option<String>,
}

impl Session {
    /// The session of the person who started the program.
    #[must_use]
    pub fn own() -> Self {
        Self::default()
    }

    /// The message bus at this D-Bus address: how tests bring a desktop of their own. Means nothing on Windows.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: Some(address.to_owned()) }
    }
}

/// What a button under a notice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionId {
    /// Show it in the window.
    Show,
    /// It was expected: not to be told again.
    Expected,
    /// End the program.
    End,
}

impl ActionId {
    const ALL: [Self; 3] = [Self::Show, Self::Expected, Self::End];

    /// How the desktop is told of it.
    const fn key(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Expected => "expected",
            Self::End => "end",
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key() == key)
    }
}

/// Something to be told to a person who may be looking elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The caller's number for it: answers come back under it.
    pub tag: u64,
    /// One line.
    pub title: String,
    /// Plain text, shown as such: nothing in it is read as markup.
    pub body: String,
    /// Buttons and their labels. A desktop may have no room for any.
    pub actions: Vec<(ActionId, String)>,
    /// The tag of an earlier notice that this one takes the place of.
    pub replaces: Option<u64>,
}

/// What a person did with a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Pressed one of its buttons.
    Chosen(ActionId),
    /// Clicked on the notice itself.
    Opened,
    /// It has gone: put away, timed out, or its desktop has ended. May follow one of the others.
    Closed,
}

/// A person's answer to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The notice's tag.
    pub tag: u64,
    /// What was done with it.
    pub reply: Reply,
}

/// What became of a notice that was to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The desktop has it.
    Shown,
    /// Nothing on this desktop shows notices, at this moment.
    NoDaemon,
    /// What shows notices did not take it; the system's words.
    Failed(String),
}

/// What a notifier tells its owner, from a thread of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A person has answered.
    Answered(Answer),
    /// What became of the notice with this tag.
    Delivered(u64, Delivery),
}

/// Shows notices and hears their answers. Dropping it gives up hearing; what is on the screen stays there.
pub struct Notifier {
    inner: system::Notifier,
}

impl Notifier {
    /// Starts the thread that talks to the desktop; fails only where no thread can be started.
    pub fn start(
        session: &Session,
        app: AppIdentity,
        told: impl Fn(Told) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Ok(Self { inner: system::Notifier::start(session, app, Box::new(told))? })
    }

    /// Shows a notice. Comes back at once; how it went is told.
    pub fn show(&self, notice: Notice) {
        self.inner.show(notice);
    }

    /// Takes a notice off the screen, as far as the system can.
    pub fn withdraw(&self, tag: u64) {
        self.inner.withdraw(tag);
    }
}

/// Watches whether the desktop has a place for tray icons, until dropped.
pub struct TrayWatch {
    _inner: system::TrayWatch,
}

impl TrayWatch {
    /// Tells at once whether there is a tray, and again whenever that changes.
    pub fn start(session: &Session, tell: impl Fn(bool) + Send + 'static) -> std::io::Result<Self> {
        Ok(Self { _inner: system::TrayWatch::start(session, Box::new(tell))? })
    }
}

type Teller = Box<dyn Fn(Told) + Send + Sync>;
type TellTray = Box<dyn Fn(bool) + Send>;

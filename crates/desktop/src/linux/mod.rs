//! The freedesktop.org ways, over the session bus: `org.freedesktop.Notifications`, and the watcher of tray icons.

mod bus;
mod notes;
mod notifier;
mod tray;

pub(crate) use notifier::Notifier;
pub(crate) use tray::TrayWatch;

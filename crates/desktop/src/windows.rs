//! Toasts, and the tray that every Windows has.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::{fs, io, thread};

use tauri_winrt_notification::{Toast, ToastDismissalReason};
use windows_registry::CURRENT_USER;

use crate::{ActionId, Answer, AppIdentity, Delivery, Notice, Reply, Session, TellTray, Teller, Told};

/// Who shows toasts, by AppUserModelID, for this person.
const IDENTITIES: &str = r"Software\Classes\AppUserModelId";

/// The icon's file, which the uninstaller deletes.
const ICON: &str = "notice.png";

pub(crate) struct Notifier {
    notices: Sender<Notice>,
}

impl Notifier {
    pub(crate) fn start(_: &Session, app: AppIdentity, told: Teller) -> std::io::Result<Self> {
        let (notices, queue) = channel();
        thread::Builder::new().name("notifier".into()).spawn(move || run(&app, &told.into(), &queue))?;
        Ok(Self { notices })
    }

    pub(crate) fn show(&self, notice: Notice) {
        // The thread lives as long as this handle.
        let _ = self.notices.send(notice);
    }

    /// A toast leaves the screen by itself after some seconds; it stays in the notification centre.
    pub(crate) fn withdraw(&self, _tag: u64) {}
}

fn run(app: &AppIdentity, told: &Arc<dyn Fn(Told) + Send + Sync>, queue: &Receiver<Notice>) {
    if let Err(error) = introduce(app) {
        tracing::warn!(%error, "Windows does not know who shows the toasts, and may show none");
    }
    for notice in queue {
        let delivery = match show(app, told, &notice) {
            Ok(()) => Delivery::Shown,
            Err(error) => Delivery::Failed(error.to_string()),
        };
        told(Told::Delivered(notice.tag, delivery));
    }
}

/// Tells Windows who shows these toasts: a program that is in no package has to, or none is shown. The portable version, which
/// nobody installs, does it too.
fn introduce(app: &AppIdentity) -> io::Result<()> {
    let key = CURRENT_USER.create(Path::new(IDENTITIES).join(&app.app_id).to_string_lossy())?;
    key.set_string("DisplayName", &app.name)?;
    // Without it Windows draws one of its own.
    let icon = app.folder.join(ICON);
    if fs::read(&icon).ok().as_deref() != Some(app.icon) {
        fs::create_dir_all(&app.folder)?;
        fs::write(&icon, app.icon)?;
    }
    Ok(key.set_string("IconUri", icon.to_string_lossy())?)
}

fn show(
    app: &AppIdentity,
    told: &Arc<dyn Fn(Told) + Send + Sync>,
    notice: &Notice,
) -> tauri_winrt_notification::Result<()> {
    let tag = notice.tag;
    let (opened, closed) = (told.clone(), told.clone());
    // Texts are set as text of the toast's XML: nothing in them is read as markup.
    let mut toast = Toast::new(&app.app_id).title(&notice.title).text1(&notice.body).sound(None);
    for (action, label) in &notice.actions {
        toast = toast.add_button(label, action.key());
    }
    toast
        .on_activated(move |key| {
            let chosen = key.as_deref().and_then(ActionId::of_key);
            opened(Told::Answered(Answer { tag, reply: chosen.map_or(Reply::Opened, Reply::Chosen) }));
            Ok(())
        })
        .on_dismissed(move |reason| {
            // After its time on the screen it is still in the notification centre, where it can be answered.
            if reason != Some(ToastDismissalReason::TimedOut) {
                closed(Told::Answered(Answer { tag, reply: Reply::Closed }));
            }
            Ok(())
        })
        .show()
}

pub(crate) struct TrayWatch;

impl TrayWatch {
    pub(crate) fn start(_: &Session, tell: TellTray) -> std::io::Result<Self> {
        tell(true);
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn windows_knows_who_shows_the_toasts() {
        let folder = tempfile::tempdir().unwrap();
        let app_id = format!("app.quaymaster.test-{}", std::process::id());
        let app = AppIdentity {
            name: "Quaymaster".into(),
            desktop_entry: String::new(),
            app_id: app_id.clone(),
            icon: b"icon",
            folder: folder.path().join("data"),
        };
        // Once more at every start.
        introduce(&app).unwrap();
        introduce(&app).unwrap();
        let identities = CURRENT_USER.open(IDENTITIES).unwrap();
        let key = identities.open(&app_id).unwrap();
        assert_eq!(key.get_string("DisplayName").unwrap(), "Quaymaster");
        assert_eq!(fs::read(key.get_string("IconUri").unwrap()).unwrap(), b"icon");
        drop(key);
        CURRENT_USER.create(IDENTITIES).unwrap().remove_tree(&app_id).unwrap();
    }
}

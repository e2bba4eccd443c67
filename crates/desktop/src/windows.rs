//! Toasts, and the tray that every Windows has.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tauri_winrt_notification::{Toast, ToastDismissalReason};

use crate::{ActionId, Answer, AppIdentity, Delivery, Notice, Reply, Session, TellTray, Teller, Told};

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
    for notice in queue {
        let delivery = match show(app, told, &notice) {
            Ok(()) => Delivery::Shown,
            Err(error) => Delivery::Failed(error.to_string()),
        };
        told(Told::Delivered(notice.tag, delivery));
    }
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

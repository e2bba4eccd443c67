//! What the watch tells, shown as notifications, and what a person answers.

mod words;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quaymaster_desktop::{ActionId, Answer, AppIdentity, Delivery, Notice, Notifier, Reply, Session, Told};
use quaymaster_engine::watch::{Warden, WatchStart};
use quaymaster_engine::wire::{Alert, NewListener, WatchSettings, Wish};
use quaymaster_engine::words::Words;
use quaymaster_engine::{Engine, place};
use tauri::{AppHandle, Manager, Runtime};

use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::window;

/// As many alerts can still be answered; some desktops keep old notifications for days.
const ANSWERABLE: usize = 64;

/// Shows alerts.
struct News {
    notifier: Notifier,
    shown: Arc<Mutex<Shown>>,
}

#[derive(Default)]
struct Shown {
    given: u64,
    alerts: VecDeque<(u64, Alert)>,
}

impl News {
    fn new<R: Runtime>(app: &AppHandle<R>) -> std::io::Result<Self> {
        let identity = AppIdentity {
            name: "Quaymaster".into(),
            desktop_entry: "quaymaster".into(),
            app_id: app.config().identifier.clone(),
            icon: include_bytes!("../../../icons/128x128.png"),
            folder: place::data(),
        };
        let shown = Arc::new(Mutex::new(Shown::default()));
        let (alerts, window) = (Arc::clone(&shown), app.clone());
        let notifier = Notifier::start(&Session::own(), identity, move |told| match told {
            Told::Answered(answer) => match lock(&alerts).answer(answer) {
                Some(Act::Ask(wish)) => window::ask(&window, wish),
                Some(Act::Expected(rows)) => expect(&window, rows),
                None => {}
            },
            Told::Delivered(_, Delivery::Shown) => {}
            // The mark on the tray's icon tells it all the same.
            Told::Delivered(_, delivery) => tracing::info!(?delivery, "a notification was not shown"),
        })?;
        Ok(Self { notifier, shown })
    }

    /// Shows an alert.
    fn tell(&self, words: &Words, alert: Alert) {
        let notice = lock(&self.shown).notice(words, alert);
        self.notifier.show(notice);
    }
}

/// Watches over listeners from now on; what is news comes out of the receiver.
pub(crate) fn watch(folder: &Path, settings: &WatchSettings) -> (Warden, Receiver<Alert>) {
    let (tell, alerts) = channel();
    // Nobody hears it any more when the program is ending.
    let tell = Box::new(move |alert| drop(tell.send(alert)));
    (Warden::new(WatchStart { folder, settings, tell }), alerts)
}

/// Shows the alerts that come, and does what a person answers.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>, alerts: Receiver<Alert>) -> std::io::Result<()> {
    let news = News::new(app)?;
    let app = app.clone();
    std::thread::Builder::new().name("news".into()).spawn(move || {
        for alert in alerts {
            news.tell(&Words::of(app.state::<Preferences>().language()), alert);
            if let Some(tray) = app.try_state::<Tray>() {
                tray.renew();
            }
        }
    })?;
    Ok(())
}

/// The person expects these.
fn expect<R: Runtime>(app: &AppHandle<R>, rows: Vec<u64>) {
    // Only an engine that is gone fails here, and the window says that.
    let _ = app.state::<Engine>().expect_listeners(rows);
    if let Some(tray) = app.try_state::<Tray>() {
        tray.renew();
    }
}

/// What is to be done for an answer.
#[derive(Debug, PartialEq, Eq)]
enum Act {
    Ask(Wish),
    Expected(Vec<u64>),
}

impl Shown {
    fn notice(&mut self, words: &Words, alert: Alert) -> Notice {
        self.given += 1;
        let (title, body) = words::say(words, &alert);
        let label = |key: &str| words.say(key, &[]);
        let mut actions =
            vec![(ActionId::Show, label("news-action-show")), (ActionId::Expected, label("news-action-expected"))];
        // Many are ended one by one, in the window.
        if alert.count == 1 {
            actions.push((ActionId::End, label("news-action-end")));
        }
        if self.alerts.len() == ANSWERABLE {
            self.alerts.pop_front();
        }
        self.alerts.push_back((self.given, alert));
        Notice { tag: self.given, title, body, actions, replaces: None }
    }

    fn answer(&mut self, Answer { tag, reply }: Answer) -> Option<Act> {
        let place = self.alerts.iter().position(|(of, _)| *of == tag)?;
        let alert = &self.alerts[place].1;
        match reply {
            Reply::Opened | Reply::Chosen(ActionId::Show | ActionId::End) => {
                let wish = match (alert.listeners.as_slice(), reply) {
                    // Nothing is ended unseen: the window names what will go, and asks.
                    ([NewListener { port, process: Some(process), .. }], Reply::Chosen(ActionId::End)) => {
                        Wish::End { port: *port, process: process.clone() }
                    }
                    ([one], _) => Wish::Port { port: one.port },
                    _ => Wish::Listening,
                };
                Some(Act::Ask(wish))
            }
            Reply::Chosen(ActionId::Expected) => Some(Act::Expected(alert.rows.clone())),
            Reply::Closed => {
                self.alerts.remove(place);
                None
            }
        }
    }
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use quaymaster_engine::wire::{Millis, ProcessRef, Reach};

    use super::*;

    pub(super) fn listener(program: &str, port: u16) -> NewListener {
        NewListener {
            row: port.into(),
            process: None,
            program: Some(program.to_owned()),
            path: None,
            protocol: "tcp",
            address: "0.0.0.0".into(),
            port,
            reach: Reach::Everywhere,
            usual_program: None,
            back: false,
            at: Millis::from(quaymaster_engine::clock::now()),
        }
    }

    pub(super) fn alert(listeners: &[NewListener]) -> Alert {
        let count = u32::try_from(listeners.len()).unwrap_or(u32::MAX);
        let rows = listeners.iter().map(|listener| listener.row).collect();
        Alert { count, programs: Vec::new(), listeners: listeners.to_vec(), rows }
    }

    fn answered(shown: &mut Shown, tag: u64, reply: Reply) -> Option<Act> {
        shown.answer(Answer { tag, reply })
    }

    #[test]
    fn an_answer_is_about_the_alert_that_was_answered() {
        let (mut shown, words) = (Shown::default(), Words::of("en"));
        let first = shown.notice(&words, alert(&[listener("python3", 8000)]));
        let many = shown.notice(&words, alert(&[listener("node", 3000), listener("node", 3001)]));
        assert_eq!((first.actions.len(), many.actions.len()), (3, 2));
        let port = Some(Act::Ask(Wish::Port { port: 8000 }));
        assert_eq!(answered(&mut shown, first.tag, Reply::Opened), port);
        assert_eq!(answered(&mut shown, first.tag, Reply::Chosen(ActionId::End)), port, "whom to end is not known");
        assert_eq!(answered(&mut shown, many.tag, Reply::Opened), Some(Act::Ask(Wish::Listening)));
        let process = ProcessRef { pid: 7, start: "70".into() };
        let known = NewListener { process: Some(process.clone()), ..listener("python3", 8000) };
        let known = shown.notice(&words, alert(&[known]));
        assert_eq!(
            answered(&mut shown, known.tag, Reply::Chosen(ActionId::End)),
            Some(Act::Ask(Wish::End { port: 8000, process }))
        );
        let Some(Act::Expected(rows)) = answered(&mut shown, many.tag, Reply::Chosen(ActionId::Expected)) else {
            panic!("nothing was expected");
        };
        assert_eq!(rows, [3000, 3001]);
        assert_eq!(answered(&mut shown, many.tag, Reply::Closed), None);
        assert_eq!(answered(&mut shown, many.tag, Reply::Opened), None);
    }

    #[test]
    fn alerts_that_nobody_answers_fill_no_memory() {
        let (mut shown, words) = (Shown::default(), Words::of("en"));
        let tags: Vec<u64> = (0..100).map(|port| shown.notice(&words, alert(&[listener("x", port)])).tag).collect();
        assert_eq!(shown.alerts.len(), ANSWERABLE);
        assert_eq!(answered(&mut shown, tags[0], Reply::Opened), None);
        assert_eq!(answered(&mut shown, tags[99], Reply::Opened), Some(Act::Ask(Wish::Port { port: 99 })));
    }
}

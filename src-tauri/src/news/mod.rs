//! What the watch tells, shown as notifications, and what a person answers.

mod words;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quaymaster_desktop::{ActionId, Answer, AppIdentity, Delivery, Notice, Notifier, Reply, Session, Told};
use quaymaster_engine::wire::{Alert, NewListener, Wish};
use quaymaster_engine::words::Words;
use tauri::{AppHandle, Runtime};

use crate::window;

/// As many alerts can still be answered; some desktops keep old notifications for days.
const ANSWERABLE: usize = 64;

/// Shows alerts.
pub(crate) struct News {
    notifier: Notifier,
    shown: Arc<Mutex<Shown>>,
}

#[derive(Default)]
struct Shown {
    given: u64,
    alerts: VecDeque<(u64, Alert)>,
}

impl News {
    /// Makes ready to show alerts. `expected` hears of those that a person does not want to be told of again.
    pub(crate) fn start<R: Runtime>(
        app: &AppHandle<R>,
        expected: impl Fn(Vec<NewListener>) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let identity = AppIdentity {
            name: "Quaymaster".into(),
            desktop_entry: "quaymaster".into(),
            app_id: app.config().identifier.clone(),
        };
        let shown = Arc::new(Mutex::new(Shown::default()));
        let (alerts, window) = (Arc::clone(&shown), app.clone());
        let notifier = Notifier::start(&Session::own(), identity, move |told| match told {
            Told::Answered(answer) => match lock(&alerts).answer(answer) {
                Some(Act::Ask(wish)) => window::ask(&window, wish),
                Some(Act::Expected(listeners)) => expected(listeners),
                None => {}
            },
            Told::Delivered(_, Delivery::Shown) => {}
            // The mark on the tray's icon tells it all the same.
            Told::Delivered(_, delivery) => tracing::info!(?delivery, "a notification was not shown"),
        })?;
        Ok(Self { notifier, shown })
    }

    /// Shows an alert.
    pub(crate) fn tell(&self, words: &Words, alert: Alert) {
        let notice = lock(&self.shown).notice(words, alert);
        self.notifier.show(notice);
    }
}

/// What is to be done for an answer.
#[derive(Debug, PartialEq, Eq)]
enum Act {
    Ask(Wish),
    Expected(Vec<NewListener>),
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
            // Nothing is ended unseen: the window names what will go, and asks.
            Reply::Opened | Reply::Chosen(ActionId::Show | ActionId::End) => {
                let wish = match alert.listeners.as_slice() {
                    [one] => Wish::Port { port: one.port },
                    _ => Wish::Listening,
                };
                Some(Act::Ask(wish))
            }
            Reply::Chosen(ActionId::Expected) => Some(Act::Expected(alert.listeners.clone())),
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
    use quaymaster_engine::wire::{Millis, Reach};

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
        Alert { count, programs: Vec::new(), listeners: listeners.to_vec() }
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
        assert_eq!(answered(&mut shown, first.tag, Reply::Chosen(ActionId::End)), port, "nothing is ended unseen");
        assert_eq!(answered(&mut shown, many.tag, Reply::Opened), Some(Act::Ask(Wish::Listening)));
        let Some(Act::Expected(listeners)) = answered(&mut shown, many.tag, Reply::Chosen(ActionId::Expected)) else {
            panic!("nothing was expected");
        };
        assert_eq!(listeners.iter().map(|one| one.port).collect::<Vec<_>>(), [3000, 3001]);
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

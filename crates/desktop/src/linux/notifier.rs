//! Notices over `org.freedesktop.Notifications`.
//!
//! **Invariant:** one thread owns the connection and what was shown, and hears signals through the same channel as orders. A
//! click that comes before the daemon has even answered is read after the answer was.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use zbus::blocking::Connection;
use zbus::message::Type;
use zbus::zvariant::Value;
use zbus::{MatchRule, Message};

use super::bus::{self, sender};
use super::notes::Notes;
use crate::{ActionId, Answer, AppIdentity, Delivery, Notice, Reply, Session, Teller, Told};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// The action that stands for a click on the notice itself.
const BODY: &str = "default";
/// The urgency between low and critical.
const NORMAL: u8 = 1;
/// How long a notice stays: as long as the person's desktop says.
const AS_THE_DESKTOP_SAYS: i32 = -1;

enum Order {
    Show(Notice),
    Withdraw(u64),
    /// A signal came on the connection of this number; `None`: it is broken.
    Heard(u64, Option<Message>),
    Stop,
}

pub(crate) struct Notifier {
    orders: Sender<Order>,
}

impl Notifier {
    pub(crate) fn start(session: &Session, app: AppIdentity, told: Teller) -> std::io::Result<Self> {
        let (orders, queue) = channel();
        let (session, back) = (session.clone(), orders.clone());
        let mut desk = Desk { session, app, told, back, link: None, links: 0, notes: Notes::default() };
        thread::Builder::new().name("notifier".into()).spawn(move || desk.run(&queue))?;
        Ok(Self { orders })
    }

    pub(crate) fn show(&self, notice: Notice) {
        // The thread lives as long as this handle.
        let _ = self.orders.send(Order::Show(notice));
    }

    pub(crate) fn withdraw(&self, tag: u64) {
        let _ = self.orders.send(Order::Withdraw(tag));
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
    }
}

/// A connection, and what the daemon behind it can do.
struct Link {
    connection: Connection,
    number: u64,
    /// Asked for when it is needed first, and again when another daemon has come.
    abilities: Option<Abilities>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Abilities {
    actions: bool,
    markup: bool,
}

struct Desk {
    session: Session,
    app: AppIdentity,
    told: Teller,
    back: Sender<Order>,
    link: Option<Link>,
    /// How many connections there have been.
    links: u64,
    notes: Notes,
}

impl Desk {
    fn run(&mut self, queue: &Receiver<Order>) {
        for order in queue {
            match order {
                Order::Show(notice) => {
                    let delivery = self.show(&notice);
                    if delivery != Delivery::Shown {
                        tracing::debug!(?delivery, "a notice was not shown");
                    }
                    (self.told)(Told::Delivered(notice.tag, delivery));
                }
                Order::Withdraw(tag) => self.withdraw(tag),
                // Of a connection that was given up: what it says is of no daemon that we know.
                Order::Heard(number, _) if self.link.as_ref().is_none_or(|link| link.number != number) => {}
                Order::Heard(_, Some(message)) => self.hear(&message),
                Order::Heard(_, None) => self.hang_up(),
                Order::Stop => return self.hang_up(),
            }
        }
    }

    fn show(&mut self, notice: &Notice) -> Delivery {
        if let Err(error) = self.link() {
            tracing::debug!(%error, "no session bus");
            return Delivery::NoDaemon;
        }
        match self.send(notice) {
            Ok(()) => Delivery::Shown,
            Err(error) => {
                let delivery = delivery(&error);
                // It is tried afresh with the next notice; a bus that was restarted is another bus.
                if is_broken(&error) {
                    self.hang_up();
                }
                delivery
            }
        }
    }

    fn send(&mut self, notice: &Notice) -> zbus::Result<()> {
        let Abilities { actions, markup } = self.abilities()?;
        let connection = self.link()?.connection.clone();
        let body = if markup { escaped(&notice.body) } else { notice.body.clone() };
        let buttons = if actions { buttons(notice) } else { Vec::new() };
        let hints = HashMap::from([
            ("urgency", Value::from(NORMAL)),
            ("desktop-entry", Value::from(self.app.desktop_entry.as_str())),
            ("category", Value::from("network")),
        ]);
        let (name, icon) = (self.app.name.as_str(), self.app.desktop_entry.as_str());
        let earlier = notice.replaces.and_then(|tag| self.notes.id(tag)).map_or(0, |(_, id)| id);
        let words = (name, earlier, icon, notice.title.as_str(), body, buttons, hints, AS_THE_DESKTOP_SAYS);
        let reply = connection.call_method(Some(NAME), PATH, Some(NAME), "Notify", &words)?;
        let id: u32 = reply.body().deserialize()?;
        self.notes.remember(&sender(&reply).unwrap_or_default(), id, notice.tag);
        Ok(())
    }

    fn withdraw(&mut self, tag: u64) {
        let (Some(link), Some((daemon, id))) = (&self.link, self.notes.id(tag)) else { return };
        // To that daemon itself: with another one the number means somebody else's notice. It says `NotificationClosed`.
        if let Err(error) = link.connection.call_method(Some(daemon), PATH, Some(NAME), "CloseNotification", &id) {
            tracing::debug!(%error, "a notice could not be withdrawn");
        }
    }

    fn hear(&mut self, message: &Message) {
        if bus::is(message, "org.freedesktop.DBus", "NameOwnerChanged") {
            return self.another_daemon();
        }
        let daemon = sender(message).unwrap_or_default();
        if bus::is(message, NAME, "ActionInvoked") {
            let Ok((id, key)) = message.body().deserialize::<(u32, String)>() else { return };
            let Some(tag) = self.notes.tag(&daemon, id) else { return };
            let reply = if key == BODY { Some(Reply::Opened) } else { ActionId::of_key(&key).map(Reply::Chosen) };
            if let Some(reply) = reply {
                self.answer(tag, reply);
            }
        } else if bus::is(message, NAME, "NotificationClosed") {
            let Ok((id, _)) = message.body().deserialize::<(u32, u32)>() else { return };
            if let Some(tag) = self.notes.forget(&daemon, id) {
                self.answer(tag, Reply::Closed);
            }
        }
    }

    /// What shows notices has ended or been replaced, and its numbers with it.
    fn another_daemon(&mut self) {
        if let Some(link) = &mut self.link {
            link.abilities = None;
        }
        for tag in self.notes.forget_all() {
            self.answer(tag, Reply::Closed);
        }
    }

    fn answer(&self, tag: u64, reply: Reply) {
        (self.told)(Told::Answered(Answer { tag, reply }));
    }

    fn abilities(&mut self) -> zbus::Result<Abilities> {
        let link = self.link()?;
        if let Some(known) = link.abilities {
            return Ok(known);
        }
        let reply = link.connection.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &())?;
        let named: Vec<String> = reply.body().deserialize()?;
        let has = |ability: &str| named.iter().any(|name| name == ability);
        Ok(*link.abilities.insert(Abilities { actions: has("actions"), markup: has("body-markup") }))
    }

    fn link(&mut self) -> zbus::Result<&mut Link> {
        let link = match self.link.take() {
            Some(link) => link,
            None => self.connect()?,
        };
        Ok(self.link.insert(link))
    }

    fn connect(&mut self) -> zbus::Result<Link> {
        self.links += 1;
        let (number, back) = (self.links, self.back.clone());
        let signals = MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.build();
        let rules = [signals, bus::owner_changes(NAME)?];
        let heard = move |message| drop(back.send(Order::Heard(number, message)));
        Ok(Link { connection: bus::connect(&self.session, &rules, heard)?, number, abilities: None })
    }

    fn hang_up(&mut self) {
        if let Some(link) = self.link.take() {
            let _ = link.connection.close();
        }
        self.another_daemon();
    }
}

/// A button's key and its label, one after the other; a click on the notice itself is one of them.
fn buttons(notice: &Notice) -> Vec<&str> {
    let show = notice.actions.iter().find(|(action, _)| *action == ActionId::Show);
    let body = [BODY, show.map_or("", |(_, label)| label.as_str())];
    let rest = notice.actions.iter().flat_map(|(action, label)| [action.key(), label.as_str()]);
    body.into_iter().chain(rest).collect()
}

/// Text for a daemon that reads markup: what a program calls itself must not become a link.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn delivery(error: &zbus::Error) -> Delivery {
    let absent = match error {
        zbus::Error::MethodError(name, ..) => {
            let name = name.as_str();
            ["ServiceUnknown", "NameHasNoOwner"].iter().any(|end| name.ends_with(end)) || name.contains(".Spawn.")
        }
        error => is_broken(error),
    };
    if absent { Delivery::NoDaemon } else { Delivery::Failed(error.to_string()) }
}

/// Whether it is the bus that is missing, not an answer on it.
fn is_broken(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(error) if error.kind() != std::io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_text() {
        assert_eq!(escaped("<a href='x'>&amp;</a>"), "&lt;a href='x'&gt;&amp;amp;&lt;/a&gt;");
    }

    #[test]
    fn only_the_bus_itself_is_given_up() {
        let failed = |kind: std::io::ErrorKind| zbus::Error::from(std::io::Error::from(kind));
        assert!(is_broken(&failed(std::io::ErrorKind::BrokenPipe)));
        assert!(!is_broken(&failed(std::io::ErrorKind::TimedOut)));
        assert!(matches!(delivery(&failed(std::io::ErrorKind::TimedOut)), Delivery::Failed(_)));
        assert_eq!(delivery(&failed(std::io::ErrorKind::NotFound)), Delivery::NoDaemon);
    }
}

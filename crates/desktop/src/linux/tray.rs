//! Whether the desktop shows tray icons: `org.kde.StatusNotifierWatcher`, of whichever desktop.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::Connection;
use zbus::blocking::fdo::{DBusProxy, PropertiesProxy};
use zbus::message::Type;
use zbus::names::{BusName, InterfaceName};
use zbus::{MatchRule, fdo};

use super::bus;
use crate::{Session, TellTray};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";
/// Where there is no bus, it is looked for again so often: a program may be started before its desktop.
const AGAIN: Duration = Duration::from_secs(30);

enum Order {
    /// Something was said of the watcher or its hosts; `false`: the bus has gone.
    Heard(bool),
    Stop,
}

pub(crate) struct TrayWatch {
    orders: Sender<Order>,
}

impl TrayWatch {
    pub(crate) fn start(session: &Session, tell: TellTray) -> std::io::Result<Self> {
        let (orders, queue) = channel();
        let mut watch = Watch { session: session.clone(), back: orders.clone(), tell, told: None };
        thread::Builder::new().name("tray-watch".into()).spawn(move || watch.run(&queue))?;
        Ok(Self { orders })
    }
}

impl Drop for TrayWatch {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
    }
}

struct Watch {
    session: Session,
    back: Sender<Order>,
    tell: TellTray,
    told: Option<bool>,
}

impl Watch {
    fn run(&mut self, queue: &Receiver<Order>) {
        loop {
            match self.connect() {
                Ok(connection) => {
                    let stopped = self.attend(&connection, queue);
                    let _ = connection.close();
                    if stopped {
                        return;
                    }
                }
                Err(error) => tracing::debug!(%error, "no session bus: no tray"),
            }
            self.tell(false);
            if is_stopped_within(queue, AGAIN) {
                return;
            }
        }
    }

    /// Until the bus has gone, or for good: then `true`.
    fn attend(&mut self, connection: &Connection, queue: &Receiver<Order>) -> bool {
        loop {
            self.tell(has_tray(connection));
            match queue.recv() {
                Ok(Order::Heard(true)) => {}
                Ok(Order::Heard(false)) => return false,
                Ok(Order::Stop) | Err(_) => return true,
            }
        }
    }

    fn connect(&self) -> zbus::Result<Connection> {
        let hosts = MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.build();
        let back = self.back.clone();
        // Icons come and go all the time, and are no concern of ours.
        let concerns = |message: &zbus::Message| {
            bus::is(message, "org.freedesktop.DBus", "NameOwnerChanged")
                || bus::is(message, NAME, "StatusNotifierHostRegistered")
                || bus::is(message, NAME, "StatusNotifierHostUnregistered")
        };
        let heard = move |message: Option<zbus::Message>| {
            if message.as_ref().is_none_or(concerns) {
                let _ = back.send(Order::Heard(message.is_some()));
            }
        };
        bus::connect(&self.session, &[hosts, bus::owner_changes(NAME)?], heard)
    }

    fn tell(&mut self, present: bool) {
        if self.told.replace(present) != Some(present) {
            (self.tell)(present);
        }
    }
}

/// Somebody collects icons, and says that somebody shows them.
fn has_tray(connection: &Connection) -> bool {
    let look = || -> zbus::Result<bool> {
        let name = BusName::try_from(NAME)?;
        if !DBusProxy::new(connection)?.name_has_owner(name.clone())? {
            return Ok(false);
        }
        let properties = PropertiesProxy::new(connection, name, PATH)?;
        match properties.get(InterfaceName::try_from(NAME)?, "IsStatusNotifierHostRegistered") {
            Ok(value) => Ok(bool::try_from(value).unwrap_or(true)),
            // One that hangs would have whoever brings it an icon hang, too.
            Err(fdo::Error::ZBus(error)) => Err(error),
            // One that does not know the question is there all the same.
            Err(_) => Ok(true),
        }
    };
    look().unwrap_or(false)
}

/// Whether the order to stop comes within that time; other orders are of the connection that has gone.
fn is_stopped_within(queue: &Receiver<Order>, time: Duration) -> bool {
    let end = Instant::now() + time;
    loop {
        match queue.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Order::Heard(_)) => {}
            Err(RecvTimeoutError::Timeout) => return false,
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return true,
        }
    }
}

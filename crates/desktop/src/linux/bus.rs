//! One connection to the session bus, and the thread that listens on it.

use std::thread;
use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::{MatchRule, Message};

use crate::Session;

/// How long an answer may take: a daemon that hangs must not hang us, one that is being started needs a moment.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Connects, and hands every signal that fits `rules` to `heard` on a thread of its own; `None` when the bus has gone.
///
/// Comes back when the bus knows the rules: whatever is asked afterwards, no answer to it is missed.
pub(super) fn connect(
    session: &Session,
    rules: &[MatchRule<'_>],
    heard: impl Fn(Option<Message>) + Send + 'static,
) -> zbus::Result<Connection> {
    let builder = match &session.address {
        Some(address) => Builder::address(address.as_str())?,
        None => Builder::session()?,
    };
    let connection = builder.method_timeout(PATIENCE).build()?;
    let messages = MessageIterator::from(&connection);
    let listen = move || {
        for message in messages.map_while(Result::ok) {
            if message.message_type() == Type::Signal {
                heard(Some(message));
            }
        }
        heard(None);
    };
    thread::Builder::new().name("desktop-signals".into()).spawn(listen).map_err(zbus::Error::from)?;
    let proxy = DBusProxy::new(&connection)?;
    for rule in rules {
        proxy.add_match_rule(rule.clone())?;
    }
    Ok(connection)
}

/// The rule for the coming and going of whoever owns `name`.
pub(super) fn owner_changes(name: &'static str) -> zbus::Result<MatchRule<'static>> {
    let rule = MatchRule::builder().msg_type(Type::Signal).sender("org.freedesktop.DBus")?;
    Ok(rule.interface("org.freedesktop.DBus")?.member("NameOwnerChanged")?.arg(0, name)?.build())
}

/// Whether this signal is that of `interface` with the name `member`.
pub(super) fn is(message: &Message, interface: &str, member: &str) -> bool {
    let header = message.header();
    header.interface().is_some_and(|name| name.as_str() == interface)
        && header.member().is_some_and(|name| name.as_str() == member)
}

/// The bus name of who has sent it.
pub(super) fn sender(message: &Message) -> Option<String> {
    message.header().sender().map(ToString::to_string)
}

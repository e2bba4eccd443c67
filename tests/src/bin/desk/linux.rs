//! The desktop as D-Bus knows it: a watcher of tray icons that is its own host, and a daemon of notices.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Structure, Value};

const TRAY: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const NOTICES: &str = "org.freedesktop.Notifications";
const NOTICES_PATH: &str = "/org/freedesktop/Notifications";

/// Width, height and bytes of a picture.
type Picture = (i32, i32, Vec<u8>);
/// A menu item as it is sent: its number, its properties, its own items.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
type Answer = Result<Json, Box<dyn Error>>;

/// Bus name and path of every icon that came, oldest first.
type Icons = Arc<Mutex<Vec<(String, String)>>>;
/// Every notice that was shown, as it was asked for.
type Notices = Arc<Mutex<Vec<Json>>>;

struct Tray {
    icons: Icons,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Tray {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let icon =
            if service.starts_with('/') { (sender, service) } else { (service, "/StatusNotifierItem".to_owned()) };
        self.icons.lock().expect("no thread has panicked").push(icon);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let icons = self.icons.lock().expect("no thread has panicked");
        icons.iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

struct Daemon {
    notices: Notices,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "body-markup", "persistence"]
    }

    #[expect(clippy::too_many_arguments, reason = "so many there are")]
    fn notify(
        &self,
        app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut notices = self.notices.lock().expect("no thread has panicked");
        let id = if replaces == 0 { u32::try_from(notices.len()).unwrap_or(u32::MAX) + 1 } else { replaces };
        notices.push(
            json!({ "id": id, "replaces": replaces, "app": app, "title": title, "body": body, "actions": actions }),
        );
        id
    }

    fn close_notification(&self, _id: u32) {}
}

struct Desk {
    address: String,
    icons: Icons,
    tray: Option<Connection>,
    daemon: Connection,
    notices: Notices,
}

pub(crate) fn main() {
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("a session bus");
    let mut desk = Desk::open(address).expect("a desktop on that bus");
    say(&json!({ "ready": true }));
    for line in std::io::stdin().lock().lines() {
        let answer = line.map_err(Into::into).and_then(|line| desk.obey(&serde_json::from_str(&line)?));
        say(&answer.map_or_else(|error| json!({ "error": error.to_string() }), |answer| json!({ "answer": answer })));
    }
}

fn say(line: &Json) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads");
}

impl Desk {
    fn open(address: String) -> zbus::Result<Self> {
        let (icons, notices) = (Icons::default(), Notices::default());
        let served =
            Builder::address(address.as_str())?.serve_at(NOTICES_PATH, Daemon { notices: Arc::clone(&notices) })?;
        let daemon = served.name(NOTICES)?.build()?;
        Ok(Self { address, icons, tray: None, daemon, notices })
    }

    fn obey(&mut self, order: &Json) -> Answer {
        match order["do"].as_str().unwrap_or_default() {
            "tray" => self.switch_tray(order["on"] == true),
            "icon" => self.icon(),
            "menu" => self.menu().map(|(_, root)| root),
            "choose" => self.choose(order["label"].as_str().unwrap_or_default()),
            "click" => {
                self.item()?.call_method("Activate", &(0, 0))?;
                Ok(Json::Null)
            }
            "notices" => Ok(Json::Array(self.notices.lock().expect("no thread has panicked").clone())),
            "press" => {
                let body = (number(&order["notice"]), order["key"].as_str().unwrap_or_default());
                self.daemon.emit_signal(None::<&str>, NOTICES_PATH, NOTICES, "ActionInvoked", &body)?;
                Ok(Json::Null)
            }
            "put_away" => {
                let body = (number(&order["notice"]), 2_u32);
                self.daemon.emit_signal(None::<&str>, NOTICES_PATH, NOTICES, "NotificationClosed", &body)?;
                Ok(Json::Null)
            }
            _ => Err(format!("not understood: {order}").into()),
        }
    }

    /// A panel that comes, or goes with all its icons.
    fn switch_tray(&mut self, on: bool) -> Answer {
        if let Some(tray) = self.tray.take() {
            self.icons.lock().expect("no thread has panicked").clear();
            tray.close()?;
        }
        if on {
            let watcher = Tray { icons: Arc::clone(&self.icons) };
            let served = Builder::address(self.address.as_str())?.serve_at("/StatusNotifierWatcher", watcher)?;
            self.tray = Some(served.name(TRAY)?.build()?);
        }
        Ok(Json::Null)
    }

    fn proxy(&self, path: Option<&str>, interface: &'static str) -> Result<Proxy<'static>, Box<dyn Error>> {
        let icons = self.icons.lock().expect("no thread has panicked");
        let (name, own) = icons.last().ok_or("there is no icon")?.clone();
        let connection = self.tray.as_ref().ok_or("there is no tray")?;
        Ok(Proxy::new(connection, name, path.map_or(own, str::to_owned), interface)?)
    }

    fn item(&self) -> Result<Proxy<'static>, Box<dyn Error>> {
        self.proxy(None, ITEM)
    }

    /// What the icon says of itself; of its picture, the size and the sum of its red.
    fn icon(&self) -> Answer {
        let item = self.item()?;
        let (name, _, title, text): (String, Vec<Picture>, String, String) = item.get_property("ToolTip")?;
        let pictures: Vec<Picture> = item.get_property("IconPixmap")?;
        let red =
            |pixels: &[u8]| pixels.chunks_exact(4).filter(|argb| argb[1] > 200 && argb[2] < 80 && argb[3] < 80).count();
        let pictures: Vec<Json> = pictures.iter().map(|(w, h, pixels)| json!([w, h, red(pixels)])).collect();
        let count = self.icons.lock().expect("no thread has panicked").len();
        let id: String = item.get_property("Id")?;
        let status: String = item.get_property("Status")?;
        Ok(json!({
            "id": id, "status": status, "icons": count, "pictures": pictures, "tooltip": [name, title, text],
        }))
    }

    /// The path of the menu, and its items as they were sent.
    fn menu(&self) -> Result<(String, Json), Box<dyn Error>> {
        let path: zbus::zvariant::OwnedObjectPath = self.item()?.get_property("Menu")?;
        let menu = self.proxy(Some(&path), MENU)?;
        menu.call_method("AboutToShow", &0_i32)?;
        let reply = menu.call_method("GetLayout", &(0_i32, -1_i32, Vec::<&str>::new()))?;
        let (_, root): (u32, Layout) = reply.body().deserialize()?;
        Ok((path.to_string(), Json::Array(root.2.iter().filter_map(|child| entry(child)).collect())))
    }

    fn choose(&self, label: &str) -> Answer {
        let (path, items) = self.menu()?;
        let wanted = items.as_array().into_iter().flatten().find(|item| item["label"].as_str() == Some(label));
        let id = wanted.and_then(|item| item["id"].as_i64()).ok_or(format!("no {label} in {items}"))?;
        let event = (i32::try_from(id)?, "clicked", Value::from(""), 0_u32);
        self.proxy(Some(&path), MENU)?.call_method("Event", &event)?;
        Ok(Json::Null)
    }
}

fn number(value: &Json) -> u32 {
    value.as_u64().and_then(|number| number.try_into().ok()).unwrap_or_default()
}

/// An item of a menu, with its own items: `(ia{sv}av)`.
fn entry(value: &Value<'_>) -> Option<Json> {
    let fields = <&Structure<'_>>::try_from(value).ok()?.fields();
    let [Value::I32(id), Value::Dict(properties), ..] = fields else { return None };
    let text = |key: &'static str| properties.get::<_, &str>(&key).ok().flatten().map(str::to_owned);
    Some(json!({ "id": id, "label": text("label"), "type": text("type") }))
}

//! The icon in the tray, where the desktop has one.
//!
//! One thread owns it: it asks the engine, makes the menu anew when it would read differently, and waits for a tray where there
//! is none yet.

mod menu;
mod picture;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use quaymaster_desktop::{Session, TrayWatch};
use quaymaster_engine::Engine;
use quaymaster_engine::listeners::ListenersSummary;
use quaymaster_engine::wire::{OwnerGap, Wish};
use quaymaster_engine::words::Words;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Runtime};

use crate::preferences::Preferences;
use crate::window;
use menu::{Choice, Entry, MOST_PORTS, TrayState};

/// The engine is asked this often at most; also, how soon a tray that refused the icon is tried again.
const EVERY: Duration = Duration::from_secs(2);
/// A window that was left to a tray which has gone comes back after this long: a panel that is only being started anew is back
/// sooner, and a program that nobody can reach any more serves nobody.
const PATIENCE: Duration = Duration::from_secs(30);
const ID: &str = "quaymaster";
/// Elsewhere the icon has a title of its own, which stands above the tooltip.
const NAMED: bool = cfg!(windows);

/// What the tray's thread is told.
enum Order {
    /// The desktop has a tray, or has none any more.
    Desktop(bool),
    /// Something that the menu says has changed.
    Renew,
}

/// A handle on the tray.
pub(crate) struct Tray {
    orders: Sender<Order>,
    there: Arc<AtomicBool>,
    _watch: TrayWatch,
}

impl Tray {
    /// Starts watching for a tray and puts the icon there.
    pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) -> std::io::Result<Self> {
        let (orders, queue) = channel();
        let there = Arc::new(AtomicBool::new(false));
        let keeper = Keeper { app: app.clone(), there: Arc::clone(&there), shown: None, gone: Some(Instant::now()) };
        thread::Builder::new().name("tray".into()).spawn(move || keeper.run(&queue))?;
        let tell = orders.clone();
        let watch = TrayWatch::start(&Session::own(), move |present| {
            // Nobody hears it any more when the program is ending.
            let _ = tell.send(Order::Desktop(present));
        })?;
        Ok(Self { orders, there, _watch: watch })
    }

    /// Whether the icon can be seen: what closing the window does hangs on it.
    pub(crate) fn is_there(&self) -> bool {
        self.there.load(Ordering::Acquire)
    }

    /// Says at once what would be said within two seconds: after pausing, after a change of language.
    pub(crate) fn renew(&self) {
        let _ = self.orders.send(Order::Renew);
    }
}

/// What stands in the tray.
struct Shown<R: Runtime> {
    icon: TrayIcon<R>,
    menu: Vec<Entry>,
    tooltip: String,
    marked: bool,
}

struct Keeper<R: Runtime> {
    app: AppHandle<R>,
    there: Arc<AtomicBool>,
    shown: Option<Shown<R>>,
    /// Since when there is no tray.
    gone: Option<Instant>,
}

impl<R: Runtime> Keeper<R> {
    fn run(mut self, queue: &Receiver<Order>) {
        let mut words = ("", Words::of("en"));
        loop {
            match queue.recv_timeout(EVERY) {
                Ok(Order::Desktop(true)) => self.gone = None,
                Ok(Order::Desktop(false)) => self.lose(),
                Ok(Order::Renew) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            match self.gone {
                Some(since) if since.elapsed() >= PATIENCE => window::show_if_lost(&self.app),
                Some(_) => {}
                None => {
                    let language = self.app.state::<Preferences>().language();
                    if words.0 != language {
                        words = (language, Words::of(language));
                    }
                    self.renew(&words.1);
                }
            }
        }
    }

    fn lose(&mut self) {
        self.gone.get_or_insert_with(Instant::now);
        // The icon itself stays registered: it comes back with the panel, without a hand of ours.
        self.there.store(false, Ordering::Release);
    }

    /// Brings the icon up to date, or puts it there.
    fn renew(&mut self, words: &Words) {
        let engine = self.app.state::<Engine>().inner().clone();
        let Ok(summary) = tauri::async_runtime::block_on(engine.listeners_summary(MOST_PORTS)) else { return };
        let state = state(words, summary);
        let done = match &mut self.shown {
            Some(shown) => shown.renew(&self.app, words, &state),
            None => put(&self.app, words, &state).map(|shown| self.shown = Some(shown)),
        };
        match done {
            Ok(()) => self.there.store(true, Ordering::Release),
            Err(error) => tracing::debug!(%error, "the tray does not take the icon"),
        }
    }
}

impl<R: Runtime> Shown<R> {
    fn renew(&mut self, app: &AppHandle<R>, words: &Words, state: &TrayState) -> tauri::Result<()> {
        let menu = menu::menu(words, state);
        // A menu that is made anew while it stands open closes, or loses its place.
        if self.menu != menu {
            self.icon.set_menu(Some(made(app, &menu)?))?;
            self.menu = menu;
        }
        let tooltip = menu::tooltip(words, state, NAMED);
        if self.tooltip != tooltip {
            self.icon.set_tooltip(Some(&tooltip))?;
            self.tooltip = tooltip;
        }
        let marked = state.unread > 0;
        if self.marked != marked {
            self.icon.set_icon(Some(picture::picture(marked)))?;
            self.marked = marked;
        }
        Ok(())
    }
}

/// Puts the icon into the tray. On the main thread throughout: menus are counted there, and Windows wants the icon there.
fn put<R: Runtime>(app: &AppHandle<R>, words: &Words, state: &TrayState) -> tauri::Result<Shown<R>> {
    let (menu, tooltip) = (menu::menu(words, state), menu::tooltip(words, state, NAMED));
    let marked = state.unread > 0;
    let (answer, put) = channel();
    let there = app.clone();
    app.run_on_main_thread(move || {
        let icon = made(&there, &menu).and_then(|made| builder(marked, &tooltip).menu(&made).build(&there));
        // Nobody waits any more when the program is ending.
        let _ = answer.send(icon.map(|icon| Shown { icon, menu, tooltip, marked }));
    })?;
    put.recv().map_err(|_| tauri::Error::FailedToReceiveMessage)?
}

fn builder<R: Runtime>(marked: bool, tooltip: &str) -> TrayIconBuilder<R> {
    TrayIconBuilder::with_id(ID)
        .icon(picture::picture(marked))
        .title("Quaymaster")
        .tooltip(tooltip)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| {
            if let Some(choice) = Choice::of_id(event.id().as_ref()) {
                choose(app, choice);
            }
        })
        .on_tray_icon_event(|icon, event| {
            let click = (MouseButton::Left, MouseButtonState::Up);
            if matches!(event, TrayIconEvent::Click { button, button_state, .. } if (button, button_state) == click) {
                window::show(icon.app_handle());
            }
        })
}

fn made<R: Runtime>(app: &AppHandle<R>, entries: &[Entry]) -> tauri::Result<Menu<R>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        match entry {
            Entry::Item(choice, label) => {
                menu.append(&MenuItem::with_id(app, choice.id(), label, true, None::<&str>)?)?
            }
            Entry::Separator => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

fn choose<R: Runtime>(app: &AppHandle<R>, choice: Choice) {
    match choice {
        Choice::Open => window::show(app),
        Choice::Find => window::ask(app, Wish::Search),
        Choice::Port(port) => window::ask(app, Wish::Port { port }),
        Choice::More => window::ask(app, Wish::Listening),
        Choice::Pause | Choice::GoOn => {
            // An engine that has stopped is told in the window.
            let _ = app.state::<Engine>().set_paused(choice == Choice::Pause);
            app.state::<Tray>().renew();
        }
        Choice::Quit => app.exit(0),
    }
}

/// What the engine has summed up, in words.
fn state(words: &Words, summary: ListenersSummary) -> TrayState {
    let ListenersSummary { ports, listening, connections, unread, paused } = summary;
    let named = ports.into_iter().map(|one| {
        let why = || words.say(one.because.map_or("owner-gap-not_reported", gap), &[]);
        (one.program.clone().unwrap_or_else(why), one.port)
    });
    TrayState { listeners: named.collect(), listening, connections, unread, paused }
}

fn gap(gap: OwnerGap) -> &'static str {
    match gap {
        OwnerGap::OtherUser => "owner-gap-other_user",
        OwnerGap::Protected => "owner-gap-protected",
        OwnerGap::NoHolder => "owner-gap-no_holder",
        OwnerGap::Pending => "owner-gap-pending",
        OwnerGap::NotReported => "owner-gap-not_reported",
    }
}

//! What the tray says: its menu and its tooltip, as plain data. Knows words, and nothing of any desktop.

use quaymaster_engine::words::{Value, Words};

/// As many ports are in the menu.
pub(crate) const MOST_PORTS: usize = 12;
/// A longer name makes a menu as wide as the screen.
const LONGEST: usize = 48;

/// What the tray shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrayState {
    /// Listening ports with what a person calls their programs, in order.
    pub(crate) listeners: Vec<(String, u16)>,
    /// How many ports are listened on, those in `listeners` among them.
    pub(crate) listening: u32,
    pub(crate) connections: u32,
    /// News that nobody has looked at.
    pub(crate) unread: u32,
    pub(crate) paused: bool,
}

/// What can be chosen in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Open,
    Find,
    Port(u16),
    More,
    Pause,
    GoOn,
    Quit,
}

impl Choice {
    const PLAIN: [(Self, &'static str); 6] = [
        (Self::Open, "tray-open"),
        (Self::Find, "tray-find"),
        (Self::More, "tray-more"),
        (Self::Pause, "tray-pause"),
        (Self::GoOn, "tray-go-on"),
        (Self::Quit, "tray-quit"),
    ];
    const PORT: &'static str = "tray-port-";

    /// The name of its menu item.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Port(port) => format!("{}{port}", Self::PORT),
            plain => Self::PLAIN.iter().find(|(choice, _)| *choice == plain).map_or("", |(_, id)| id).to_owned(),
        }
    }

    pub(crate) fn of_id(id: &str) -> Option<Self> {
        if let Some(port) = id.strip_prefix(Self::PORT) {
            return port.parse().ok().map(Self::Port);
        }
        Self::PLAIN.iter().find(|(_, plain)| *plain == id).map(|(choice, _)| *choice)
    }
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Item(Choice, String),
    Separator,
}

/// The whole menu.
pub(crate) fn menu(words: &Words, state: &TrayState) -> Vec<Entry> {
    let plain = |choice: Choice| Entry::Item(choice, words.say(&choice.id(), &[]));
    let mut entries = vec![plain(Choice::Open), plain(Choice::Find), Entry::Separator];
    for (program, port) in state.listeners.iter().take(MOST_PORTS) {
        let values = [("port", Value::from(port.to_string())), ("program", Value::from(short(program)))];
        entries.push(Entry::Item(Choice::Port(*port), literal(&words.say("tray-port", &values))));
    }
    let named = u32::try_from(state.listeners.len().min(MOST_PORTS)).unwrap_or(u32::MAX);
    let more = state.listening.saturating_sub(named);
    if more > 0 {
        entries.push(Entry::Item(Choice::More, words.say("tray-more", &[("count", more.into())])));
    }
    if named > 0 || more > 0 {
        entries.push(Entry::Separator);
    }
    entries.extend([plain(if state.paused { Choice::GoOn } else { Choice::Pause }), plain(Choice::Quit)]);
    entries
}

/// What stands under the pointer; the program's name too where the system does not add it itself.
pub(crate) fn tooltip(words: &Words, state: &TrayState, named: bool) -> String {
    let counts = [("listening", state.listening.into()), ("connections", state.connections.into())];
    let unread = (state.unread > 0).then(|| words.say("tray-tooltip-unread", &[("unread", state.unread.into())]));
    let paused = state.paused.then(|| words.say("tray-tooltip-paused", &[]));
    let name = named.then(|| words.say("app-name", &[]));
    let lines = [name, Some(words.say("tray-tooltip", &counts)), unread, paused];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A menu reads `&` as the mark of the key that chooses an item; twice, it is itself.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(listeners: usize) -> TrayState {
        let listeners: Vec<_> =
            (0_u16..).map(|number| (format!("program-{number}"), 1000 + number)).take(listeners).collect();
        TrayState {
            listening: listeners.len().try_into().unwrap_or(0),
            connections: 1,
            listeners,
            ..Default::default()
        }
    }

    fn labels(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| if let Entry::Item(_, label) = entry { label } else { "-" }).collect()
    }

    #[test]
    fn the_menu_has_the_ports_and_says_how_many_more_there_are() {
        let english = Words::of("en");
        let two = menu(&english, &state(2));
        let expected = [
            "Open Quaymaster",
            "Who holds port…?",
            "-",
            "1000 · program-0",
            "1001 · program-1",
            "-",
            "Pause",
            "Quit Quaymaster",
        ];
        assert_eq!(labels(&two), expected);
        let many = menu(&english, &state(13));
        assert_eq!(labels(&many)[15], "1 more listening port…");
        assert_eq!(many.len(), 3 + 12 + 1 + 3);
        let none = menu(&english, &TrayState { paused: true, ..state(0) });
        assert_eq!(labels(&none), ["Open Quaymaster", "Who holds port…?", "-", "Go on", "Quit Quaymaster"]);
    }

    #[test]
    fn a_name_of_a_program_gives_no_orders_to_the_menu() {
        let hostile = TrayState { listeners: vec![(format!("a&b{}", "x".repeat(400)), 80)], listening: 1, ..state(0) };
        let entries = menu(&Words::of("en"), &hostile);
        let label = labels(&entries)[3];
        assert!(label.starts_with("80 · a&&bxxx") && label.ends_with('…'), "{label}");
        assert!(label.chars().count() < 60, "{label}");
    }

    #[test]
    fn what_is_chosen_is_known_by_the_name_of_its_item() {
        let all =
            [Choice::Open, Choice::Find, Choice::Port(7897), Choice::More, Choice::Pause, Choice::GoOn, Choice::Quit];
        for choice in all {
            assert_eq!(Choice::of_id(&choice.id()), Some(choice));
        }
        for stranger in ["", "tray-port-", "tray-port-70000", "elsewhere"] {
            assert_eq!(Choice::of_id(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn the_tooltip_counts_in_both_languages() {
        let state = TrayState { unread: 3, paused: true, ..state(1) };
        let english = "Quaymaster\n1 listening port, 1 connection\n3 new listeners not yet seen\nPaused";
        assert_eq!(tooltip(&Words::of("en"), &state, true), english);
        let chinese = "1 个监听端口，1 个连接\n3 个新的监听尚未查看\n已暂停";
        assert_eq!(tooltip(&Words::of("zh-CN"), &state, false), chinese);
    }
}

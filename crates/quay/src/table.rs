//! The table of sockets as lines of text.

use anstyle::Style;
use quaymaster_engine::wire::{Mark, Owner, Row, Socket};
use quaymaster_engine::words::Words;

use crate::phrase;
use crate::style::{self, FAINT, GREEN, PLAIN, Paint, RED, STRONG, YELLOW};
use crate::text::{fit, share, width};

const COLUMNS: usize = 7;
const PID: usize = 1;
const GAP: &str = "  ";

/// Columns that may be cut when the terminal is narrow, and how far: PID, protocol and state are whole or worthless.
const LEAST: [usize; COLUMNS] = [8, usize::MAX, usize::MAX, 10, 10, usize::MAX, 6];

#[derive(Default)]
struct Cell {
    text: String,
    /// The end of the text, which is not cut.
    tail: String,
    style: Style,
}

impl Cell {
    fn new(style: Style, text: impl Into<String>) -> Self {
        Self { text: text.into(), tail: String::new(), style }
    }

    fn end(address: &str, port: u16) -> Self {
        let (text, tail) = phrase::end(address, port);
        Self { text, tail, style: PLAIN }
    }

    fn width(&self) -> usize {
        width(&self.text) + width(&self.tail)
    }
}

/// Heading and rows, one a line. Cut to `room` columns where there is a limit; with `marks`, each line begins with what
/// happened to its row lately.
pub(crate) fn lines(rows: &[Row], words: &Words, paint: Paint, room: Option<usize>, marks: bool) -> Vec<String> {
    let heading = heading(words);
    let cells: Vec<[Cell; COLUMNS]> = rows.iter().map(|row| cells(&row.socket, words)).collect();
    let widths = widths(&heading, &cells, room.map(|room| room.saturating_sub(if marks { 2 } else { 0 })));
    let glyph = |mark| if marks { glyph(mark) } else { ("", PLAIN) };
    let first = if marks { "  " } else { "" };
    let mut lines = vec![format!("{first}{}", line(&heading, &widths, paint))];
    for (row, cells) in rows.iter().zip(&cells) {
        let (glyph, style) = glyph(row.mark);
        lines.push(format!("{}{}", paint.apply(style, glyph), line(cells, &widths, paint)));
    }
    lines
}

fn heading(words: &Words) -> [Cell; COLUMNS] {
    let named = |key: String| Cell::new(STRONG, key);
    [
        named(words.say("quay-column-program", &[])),
        named(words.say("quay-column-pid", &[])),
        named(words.say("quay-column-protocol", &[])),
        named(words.say("quay-column-local", &[])),
        named(words.say("quay-column-remote", &[])),
        named(words.say("quay-column-state", &[])),
        named(words.say("quay-column-user", &[])),
    ]
}

fn cells(socket: &Socket, words: &Words) -> [Cell; COLUMNS] {
    let state = socket.state.unwrap_or_default();
    let uid = || socket.uid.map(|uid| uid.to_string());
    let remote = socket.remote_address.as_deref().zip(socket.remote_port);
    [
        program(socket, words),
        Cell::new(PLAIN, pids(&socket.owners)),
        Cell::new(PLAIN, phrase::protocol(socket)),
        Cell::end(&socket.local_address, socket.local_port),
        remote.map_or_else(|| Cell::new(FAINT, "-"), |(address, port)| Cell::end(address, port)),
        Cell::new(style::of_state(state), state),
        Cell::new(PLAIN, socket.user.clone().or_else(uid).unwrap_or_else(|| users(&socket.owners))),
    ]
}

/// The names of the holders, each once; or why there are none.
fn program(socket: &Socket, words: &Words) -> Cell {
    if let Some(gap) = socket.owner_unknown_because {
        return Cell::new(FAINT, words.say(&format!("owner-gap-{}", phrase::code(gap)), &[]));
    }
    if socket.kept_by_kernel {
        // Connected, and no process has it: the listener has not accepted it yet.
        let waits = matches!(socket.state, Some("SYN_RECV" | "ESTABLISHED" | "CLOSE_WAIT"));
        let words = if waits { words.say("owner-waiting", &[]) } else { words.say("owner-kernel", &[]) };
        return Cell::new(FAINT, words);
    }
    let mut names: Vec<&str> =
        socket.owners.iter().map(|owner| &*owner.label).filter(|name| !name.is_empty()).collect();
    names.dedup();
    if names.is_empty() {
        Cell::new(FAINT, words.say("owner-gap-pending", &[]))
    } else {
        Cell::new(PLAIN, names.join(", "))
    }
}

/// The users of the holders, each once: where sockets have no user of their own (Windows).
fn users(owners: &[Owner]) -> String {
    let mut users: Vec<&str> = owners.iter().filter_map(|owner| owner.user.as_deref()).collect();
    users.dedup();
    users.join(", ")
}

fn pids(owners: &[Owner]) -> String {
    match owners {
        [] => String::new(),
        [only] => only.pid.to_string(),
        [first, more @ ..] => format!("{} +{}", first.pid, more.len()),
    }
}

fn glyph(mark: Mark) -> (&'static str, Style) {
    match mark {
        Mark::Steady => ("  ", PLAIN),
        Mark::New => ("+ ", GREEN),
        Mark::Changed => ("~ ", YELLOW),
        Mark::Closed => ("- ", RED),
    }
}

fn widths(heading: &[Cell; COLUMNS], cells: &[[Cell; COLUMNS]], room: Option<usize>) -> Vec<usize> {
    let lines = || std::iter::once(heading).chain(cells);
    let natural: Vec<usize> =
        (0..COLUMNS).map(|column| lines().map(|cells| cells[column].width()).max().unwrap_or(0)).collect();
    match room {
        None => natural,
        Some(room) => share(natural, &LEAST, room.saturating_sub((COLUMNS - 1) * GAP.len())),
    }
}

fn line(cells: &[Cell; COLUMNS], widths: &[usize], paint: Paint) -> String {
    let mut line = String::new();
    for (column, (cell, &room)) in cells.iter().zip(widths).enumerate() {
        let text = fit(&cell.text, &cell.tail, room);
        let space = " ".repeat(room.saturating_sub(width(&text)));
        let painted = paint.apply(cell.style, &text);
        match column {
            PID => line += &format!("{space}{painted}{GAP}"),
            // Nothing after the last column: lines that end in spaces wrap.
            _ if column == COLUMNS - 1 => line += &painted,
            _ => line += &format!("{painted}{space}{GAP}"),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use quaymaster_engine::wire::{Millis, OwnerGap};

    use super::*;
    use crate::arguments::Color;

    fn socket(name: &str, address: &str) -> Socket {
        let (name, label, start) = (name.into(), name.into(), "1".into());
        let owner = Owner { pid: 42, start, name, label, path: None, user: None, started_at: None };
        Socket {
            protocol: "tcp",
            family: 4,
            dual_stack: false,
            local_address: address.into(),
            local_port: 7897,
            remote_address: None,
            remote_whose: None,
            peer: None,
            remote_port: None,
            state: Some("LISTEN"),
            owners: vec![owner],
            owner_unknown_because: None,
            kept_by_kernel: false,
            last_owners: Vec::new(),
            uid: Some(1000),
            user: Some("me".into()),
            receive_queue: None,
            send_queue: None,
            time_wait_until: None,
            first_seen: Millis(0),
            already_open: true,
        }
    }

    fn row(socket: Socket) -> Row {
        Row { id: 1, mark: Mark::New, usual_program: None, socket, traffic: None }
    }

    fn shown(rows: &[Row], room: Option<usize>, color: Color, marks: bool) -> Vec<String> {
        lines(rows, &Words::of("zh-CN"), Paint::new(color, true), room, marks)
    }

    #[test]
    fn columns_stand_below_each_other_whatever_is_in_them() {
        let rows = [row(socket("微信", "127.0.0.1")), row(socket("python3", "0.0.0.0"))];
        let lines = shown(&rows, None, Color::Never, false);
        let places: Vec<usize> =
            lines[1..].iter().map(|line| width(&line[..line.find("tcp4").expect("a protocol")])).collect();
        assert_eq!(places[0], places[1], "{lines:#?}");
        assert!(!lines.concat().contains('\u{1b}'));
    }

    #[test]
    fn a_narrow_terminal_cuts_names_and_keeps_ports() {
        let rows = [row(socket(&"long".repeat(30), "2001:db8:1111:2222:3333:4444:5555:6666"))];
        let lines = shown(&rows, Some(80), Color::Never, true);
        assert!(lines.iter().all(|line| width(line) <= 80), "{lines:#?}");
        assert!(lines[1].starts_with("+ ") && lines[1].contains("…:7897") && lines[1].contains("LISTEN"), "{lines:#?}");
    }

    #[test]
    fn where_sockets_have_no_user_the_holders_have() {
        let owner = |user: Option<&str>| {
            let user = user.map(str::to_owned);
            Owner { user, ..socket("", "::").owners.remove(0) }
        };
        let of = |owners| Socket { owners, uid: None, user: None, ..socket("svchost.exe", "0.0.0.0") };
        let user = |socket: &Socket| cells(socket, &Words::of("en"))[COLUMNS - 1].text.clone();
        assert_eq!(user(&of(vec![owner(Some("SYSTEM")), owner(Some("SYSTEM")), owner(None)])), "SYSTEM");
        assert_eq!(user(&of(vec![owner(Some("a")), owner(Some("b"))])), "a, b");
        assert_eq!(user(&of(vec![owner(None)])), "");
        assert_eq!(user(&socket("nginx", "::")), "me");
    }

    #[test]
    fn nobody_is_named_who_is_not_known() {
        let hidden =
            Socket { owners: Vec::new(), owner_unknown_because: Some(OwnerGap::OtherUser), ..socket("", "::") };
        let kernel =
            |state| Socket { owners: Vec::new(), kept_by_kernel: true, state: Some(state), ..socket("", "::") };
        let rows = [row(hidden), row(kernel("TIME_WAIT")), row(socket("", "::")), row(kernel("ESTABLISHED"))];
        let lines = shown(&rows, None, Color::Never, false);
        assert!(lines[1].contains("其他用户的程序") && lines[1].contains("[::]:7897"), "{lines:#?}");
        assert!(lines[2].contains("系统（正在关闭）"), "{lines:#?}");
        assert!(lines[3].contains("查找中") && lines[3].contains("42"), "{lines:#?}");
        assert!(lines[4].contains("尚未接受"), "{lines:#?}");
    }

    #[test]
    fn colours_end_where_they_began() {
        let line = &shown(&[row(socket("x", "::"))], None, Color::Always, true)[1];
        assert!(line.contains("\u{1b}[32mLISTEN\u{1b}[0m"), "{line:?}");
    }
}

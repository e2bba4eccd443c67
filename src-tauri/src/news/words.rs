//! An alert in a person's words. What is in it was made harmless by the engine; here it is cut to what a notification holds.

use quaymaster_engine::wire::{Alert, NewListener, Reach};
use quaymaster_engine::words::{Value, Words};

/// As many programs have a line of their own.
const PROGRAMS: usize = 4;
/// As many ports are named in such a line.
const PORTS: usize = 6;

/// Title and body.
pub(super) fn say(words: &Words, alert: &Alert) -> (String, String) {
    match alert.listeners.as_slice() {
        [one] if alert.count == 1 => (title_of_one(words, one), body_of_one(words, one)),
        _ => (words.say("news-many-title", &[("count", alert.count.into())]), body_of_many(words, alert)),
    }
}

fn title_of_one(words: &Words, one: &NewListener) -> String {
    let port = ("port", Value::from(one.port.to_string()));
    match &one.program {
        Some(program) => words.say("news-one-title", &[("program", program.as_str().into()), port]),
        None => words.say("news-one-title-unknown", &[port]),
    }
}

fn body_of_one(words: &Words, one: &NewListener) -> String {
    let reach = match one.reach {
        Reach::ThisComputer => "reach-this_computer",
        Reach::LocalNetwork => "reach-local_network",
        Reach::Everywhere => "reach-everywhere",
    };
    let values = [
        ("reach", Value::from(words.say(reach, &[]))),
        ("protocol", Value::from(one.protocol.to_uppercase())),
        ("address", Value::from(one.address.as_str())),
    ];
    let usual = |program: &String| words.say("news-one-usual", &[("program", program.as_str().into())]);
    let lines = [
        Some(words.say("news-one-body", &values)),
        one.usual_program.as_ref().filter(|usual| one.program.as_ref() != Some(usual)).map(usual),
        one.back.then(|| words.say("news-one-back", &[])),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// A line a program, with its ports as far as they are told.
fn body_of_many(words: &Words, alert: &Alert) -> String {
    let mut told = 0;
    let mut lines: Vec<String> = Vec::new();
    for counted in alert.programs.iter().take(PROGRAMS) {
        let own = alert.listeners.iter().filter(|one| one.program == counted.program);
        let mut ports: Vec<u16> = own.map(|one| one.port).collect();
        ports.sort_unstable();
        ports.dedup();
        let more = ports.len() > PORTS || ports.is_empty();
        let named: Vec<String> = ports.iter().take(PORTS).map(ToString::to_string).collect();
        let ports = named.into_iter().chain(more.then(|| "…".to_owned())).collect::<Vec<_>>().join(", ");
        let program = counted.program.clone().unwrap_or_else(|| words.say("news-many-unseen", &[]));
        lines.push(words.say("news-many-program", &[("program", program.into()), ("ports", ports.into())]));
        told += counted.count;
    }
    let more = alert.count.saturating_sub(told);
    if more > 0 {
        lines.push(words.say("news-many-more", &[("count", more.into())]));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use quaymaster_engine::wire::ProgramCount;

    use super::*;
    use crate::news::tests::{alert, listener};

    #[test]
    fn one_listener_is_told_in_both_languages() {
        let one =
            alert(&[NewListener { usual_program: Some("Jupyter".into()), back: true, ..listener("python3", 8000) }]);
        let (title, body) = say(&Words::of("en"), &one);
        assert_eq!(title, "python3 started to listen on port 8000");
        assert_eq!(
            body,
            "Reachable from every network this computer is in (TCP, 0.0.0.0).\nThis port is often used by Jupyter.\nIt was known \
             here, and has not been seen for a month."
        );
        let (title, body) = say(&Words::of("zh-CN"), &alert(&[listener("python3", 8000)]));
        assert_eq!(title, "python3 开始监听端口 8000");
        assert_eq!(body, "可访问范围：本机所在的所有网络（TCP，0.0.0.0）。");
        let unseen = NewListener { program: None, ..listener("", 22) };
        assert_eq!(
            say(&Words::of("en"), &alert(&[unseen])).0,
            "A program that cannot be seen started to listen on port 22"
        );
    }

    #[test]
    fn many_are_told_a_line_a_program_and_the_rest_as_a_number() {
        let many: Vec<NewListener> =
            (0..9).map(|port| listener("node", 3000 + port)).chain([listener("sshd", 22)]).collect();
        let alert = Alert {
            rows: Vec::new(),
            count: 13,
            programs: vec![
                ProgramCount { program: Some("node".into()), count: 9 },
                ProgramCount { program: Some("sshd".into()), count: 1 },
            ],
            listeners: many,
        };
        let (title, body) = say(&Words::of("en"), &alert);
        assert_eq!(title, "13 new listening ports");
        assert_eq!(body, "node: 3000, 3001, 3002, 3003, 3004, 3005, …\nsshd: 22\nand 3 more");
    }
}

//! Our own program, called by itself to do one thing: what the other side of an order with administrator rights runs.
//!
//! Both programs hand their arguments over here before they do anything else. **Invariant:** an act trusts nothing but its
//! arguments. It reads no file, no setting and no environment, speaks to nobody, and answers by its exit code ([`Answer`]).
//! **Invariant:** it ends nothing that would not have been ended without it, but for the rights: the same judgement is made
//! here once more, over processes that are read anew.

use std::ffi::OsString;

use quaymaster_core::{ProcessKey, StartMark};

use super::answer::Answer;
use super::order;
use crate::convert;
use crate::wire::{EndRequest, ProcessRef};

/// The first argument of such a call.
pub const VERB: &str = "act";

/// Does what the arguments (the program's name first) say and hands back the exit code; `None` if this is no such call.
#[must_use]
pub fn act(arguments: impl IntoIterator<Item = OsString>) -> Option<u8> {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next()? != VERB {
        return None;
    }
    let words: Option<Vec<String>> = arguments.map(|word| word.into_string().ok()).collect();
    let answer = match words.as_deref().and_then(understood) {
        Some(Order::End(request)) => end(&request),
        Some(Order::Interrupt(key)) => match quaymaster_probe::interrupt(key) {
            Ok(()) => Answer::Interrupted,
            Err(_) => Answer::Progress(crate::wire::EndProgress::CannotBeAsked),
        },
        None => Answer::BadRequest,
    };
    Some(answer.code())
}

/// The call that carries out `order`: `act end PID START ask|force [PID:START …]`. `None` if it names a process wrongly.
pub(super) fn call(order: &EndRequest) -> Option<Vec<String>> {
    let key = convert::process_key(&order.process)?;
    let how = if order.force { "force" } else { "ask" };
    let mut words = [VERB, "end"].map(str::to_owned).to_vec();
    words.extend([key.pid.to_string(), key.start.0.to_string(), how.to_owned()]);
    for child in &order.children {
        let key = convert::process_key(child)?;
        words.push(format!("{}:{}", key.pid, key.start.0));
    }
    Some(words)
}

#[derive(Debug, PartialEq, Eq)]
enum Order {
    End(EndRequest),
    Interrupt(ProcessKey),
}

/// Exactly the words that [`call`] and the probe write.
fn understood(words: &[String]) -> Option<Order> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["end", pid, start, how @ ("ask" | "force"), ref children @ ..] => {
            let children: Option<Vec<ProcessRef>> =
                children.iter().map(|child| child.split_once(':').and_then(|(pid, start)| named(pid, start))).collect();
            Some(Order::End(EndRequest {
                process: named(pid, start)?,
                children: children?,
                force: how == "force",
                elevated: false,
                ports: Vec::new(),
            }))
        }
        ["interrupt", pid, start] => Some(Order::Interrupt(key(pid, start)?)),
        _ => None,
    }
}

fn named(pid: &str, start: &str) -> Option<ProcessRef> {
    Some(convert::process_ref(key(pid, start)?))
}

fn key(pid: &str, start: &str) -> Option<ProcessKey> {
    Some(ProcessKey { pid: digits(pid)?.parse().ok()?, start: StartMark(digits(start)?.parse().ok()?) })
}

/// Numbers are written in one way only: `parse` alone would take a sign and zeros before it.
fn digits(number: &str) -> Option<&str> {
    let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
    plain.then_some(number)
}

/// Nobody looks at ports here: the asking side does.
fn end(request: &EndRequest) -> Answer {
    let myself = quaymaster_probe::myself();
    match order::end(request, &myself, &mut *quaymaster_probe::process_source()) {
        Ok((_, progress, _)) => Answer::Progress(progress),
        Err(failure) => Answer::from(&failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    fn process(pid: u32, start: u64) -> ProcessRef {
        ProcessRef { pid, start: start.to_string() }
    }

    #[test]
    fn a_call_is_understood_as_it_was_meant() {
        for (force, children) in
            [(false, vec![]), (true, vec![process(12, 7)]), (false, vec![process(12, 7), process(u32::MAX, u64::MAX)])]
        {
            let request =
                EndRequest { process: process(4711, 133_000), children, force, elevated: false, ports: Vec::new() };
            let call = call(&request).expect("it is written well");
            assert_eq!(call[0], VERB);
            assert_eq!(understood(&call[1..]), Some(Order::End(request)));
        }
        let interrupt = [quaymaster_probe::INTERRUPT[1].to_owned(), "12".into(), "7".into()];
        let key = ProcessKey { pid: 12, start: StartMark(7) };
        assert_eq!(understood(&interrupt), Some(Order::Interrupt(key)));
        assert_eq!(quaymaster_probe::INTERRUPT[0], VERB);
    }

    #[test]
    fn nothing_else_is_understood() {
        for wrong in [
            "",
            "end",
            "end 1",
            "end 1 2",
            "end 1 2 kill",
            "end 1 2 Ask",
            "end 1 2 ask ",
            "end 1 2 ask 3",
            "end 1 2 ask 3:",
            "end 1 2 ask 3:4:5",
            "end 1 2 ask 3:4 --force",
            "end +1 2 ask",
            "end 01 2 ask",
            "end -1 2 ask",
            "end 1 0x2 ask",
            "end 4294967296 2 ask",
            "end 1 18446744073709551616 ask",
            "end 1 ٢ ask",
            "--yes end 1 2 ask",
            "END 1 2 ask",
            "interrupt 1",
            "interrupt 1 2 3",
            "--interrupt 1 2",
            "run 1 2",
        ] {
            assert_eq!(understood(&words(wrong)), None, "{wrong:?}");
        }
    }

    #[test]
    fn other_calls_are_left_to_the_program() {
        for line in ["quay", "quay list", "quay acts", "quay list act", "quay --json act"] {
            assert_eq!(act(words(line).into_iter().map(OsString::from)), None, "{line}");
        }
        let act = |line| act(words(line).into_iter().map(OsString::from));
        assert_eq!(act("quay act"), Some(Answer::BadRequest.code()));
        assert_eq!(act("quay act end 1 2 please"), Some(Answer::BadRequest.code()));
    }
}

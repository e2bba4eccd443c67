//! Pieces of sentences that table, answer and order share.

use quaymaster_core::Trouble;
use quaymaster_engine::convert;
use quaymaster_engine::wire;
use quaymaster_engine::words::Words;
use serde::Serialize;

/// The code that stands for `value` in JSON and at the end of its key in the catalogues.
pub(crate) fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

/// A program with its PID.
pub(crate) fn program(words: &Words, name: Option<&str>, pid: u32) -> String {
    let name = match name.filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => words.say("quay-program-unknown", &[]),
    };
    words.say("quay-program-named", &[("program", name.into()), ("pid", pid.to_string().into())])
}

/// An address with its port, as it is written in both families.
pub(crate) fn end(address: &str, port: u16) -> (String, String) {
    let address = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    (address, format!(":{port}"))
}

/// A socket's protocol and family: `tcp6+4` serves both families.
pub(crate) fn protocol(socket: &wire::Socket) -> String {
    let both = if socket.dual_stack { "+4" } else { "" };
    format!("{}{}{both}", socket.protocol, socket.family)
}

/// Why a process is not ended.
pub(crate) fn refusal(words: &Words, refusal: wire::Refusal) -> String {
    words.say(&format!("refusal-{}", code(refusal)), &[])
}

/// Why an order failed, with the system's own words where there are any.
pub(crate) fn failure(words: &Words, failure: &wire::Failure) -> String {
    let mut said = match failure.refusal {
        Some(why) => refusal(words, why),
        None => words.say(&format!("error-{}", failure.code), &[]),
    };
    if let Some(detail) = &failure.detail {
        said = format!("{said}\n{}", words.say("quay-failed-detail", &[("detail", detail.as_str().into())]));
    }
    said
}

/// Why a look is less than whole.
pub(crate) fn trouble(words: &Words, trouble: &Trouble) -> String {
    match convert::trouble(trouble) {
        wire::Trouble::NetlinkRefused => words.say("trouble-netlink_refused", &[]),
        wire::Trouble::Truncated => words.say("trouble-truncated", &[]),
        wire::Trouble::Unreadable { what, os_error } => {
            let error = os_error.to_string();
            words.say("trouble-unreadable", &[("what", what.into()), ("os_error", error.into())])
        }
        wire::Trouble::ProcessesHidden => words.say("trouble-processes_hidden", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_json() {
        assert_eq!(code(wire::OwnerGap::OtherUser), "other_user");
        assert_eq!(code(wire::PortFate::TimeWait), "time_wait");
        // What is no code is no key either.
        assert_eq!(code(7), "");
    }

    #[test]
    fn ends_are_written_so_that_the_port_can_be_told() {
        assert_eq!(end("127.0.0.1", 80), ("127.0.0.1".to_owned(), ":80".to_owned()));
        assert_eq!(end("fe80::1%2", 80), ("[fe80::1%2]".to_owned(), ":80".to_owned()));
    }
}

//! `quay lookup ADDRESS`: whose it is, from the file of networks.

use std::net::IpAddr;

use quaymaster_core::text::visible;
use quaymaster_engine::networks;
use quaymaster_engine::wire::Whose;
use quaymaster_engine::words::Words;

use crate::arguments::Lookup;
use crate::style::{FAINT, STRONG};
use crate::terminal::Terminal;
use crate::{Exit, json, phrase, usage};

/// Answers for what was typed as addresses.
pub(crate) fn run(order: &Lookup, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut addresses = Vec::new();
    for typed in &order.address {
        let Some(ip) = address(typed) else {
            let value = visible(typed, 100).into_owned();
            let what = terminal.words.say("quay-usage-not-an-address", &[("value", value.into())]);
            return Ok(usage::wrong(terminal, &what));
        };
        addresses.push(json::Address { address: ip.to_string(), whose: networks::whose(ip) });
    }
    let file = networks::told();
    if let Some(useless) = &file.useless {
        let detail = useless.clone();
        terminal.complain(&terminal.words.say("networks-useless", &[("detail", detail.into())]));
    }
    if terminal.json {
        let listing = json::Lookup { schema: json::SCHEMA, as_of: file.as_of.as_deref(), addresses: &addresses };
        terminal.print_json(&listing, false)?;
    } else {
        let lines: Vec<String> = addresses.iter().map(|at| line(at, terminal)).collect();
        terminal.print(&(lines.join("\n") + "\n"))?;
        let remark = match file.as_of {
            Some(date) => terminal.words.say("network-estimate", &[("date", date.into())]),
            None => terminal.words.say("networks-absent", &[]),
        };
        terminal.remark(&terminal.paint.apply(FAINT, &remark))?;
    }
    let known = addresses.iter().any(|at| at.whose != Whose::Unknown);
    Ok(if known { Exit::Done } else { Exit::Nothing })
}

/// An address as it may be copied from anywhere: with brackets, with a zone.
fn address(typed: &str) -> Option<IpAddr> {
    let bare = typed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(typed);
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    bare.parse().ok()
}

fn line(at: &json::Address, terminal: &Terminal) -> String {
    format!("{}  {}", terminal.paint.apply(STRONG, &at.address), in_words(&at.whose, &terminal.words))
}

/// Whose it is, in one line.
fn in_words(whose: &Whose, words: &Words) -> String {
    match whose {
        Whose::Special { what } => {
            let special = format!("special-{}", phrase::code(*what));
            format!("{} · {}", words.say(&special, &[]), words.say(&format!("{special}-why"), &[]))
        }
        Whose::Network { asn, organisation, country } => {
            let name = organisation.clone().unwrap_or_else(|| words.say("network-no-name", &[]));
            let system = asn.map(|asn| format!("AS{asn}"));
            let country =
                country.clone().map(|country| words.say("network-registered", &[("country", country.into())]));
            [Some(name), system, country].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Whose::Unknown => words.say("network-unknown", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_copy_them() {
        for typed in ["::1", "[::1]", "::1%lo", "[fe80::1%2]", "223.5.5.5"] {
            assert!(address(typed).is_some(), "{typed}");
        }
        for typed in ["", "localhost", "223.5.5", "1.2.3.4:5", "[::1", "1.2.3.4/8"] {
            assert_eq!(address(typed), None, "{typed}");
        }
    }
}

//! The filter language, from text to terms. Total: any text is a filter or an error with a place.

use std::net::{IpAddr, SocketAddr};
use std::ops::{Range, RangeInclusive};

use ipnet::IpNet;

use super::filter::{Filter, Side, Term, Test};
use crate::endpoint::{Family, Protocol};
use crate::socket::TcpState;

/// Longer ones are a paste by mistake.
const LONGEST: usize = 1_000;

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What.
    pub problem: FilterProblem,
}

/// Kinds of wrong filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "worded by filter-* in locales/*/common.ftl")]
pub enum FilterProblem {
    UnknownKey,
    BadPort,
    BadRange,
    BadAddress,
    BadState,
    BadProtocol,
    BadPid,
    MissingValue,
    OpenQuote,
    LoneNot,
    EmptyChoice,
    TooLong,
}

type Parsed<T> = Result<T, FilterError>;

fn fail<T>(span: Range<usize>, problem: FilterProblem) -> Parsed<T> {
    Err(FilterError { span, problem })
}

/// One of the choices between `|`.
struct Choice {
    /// What is meant, without quotes.
    text: String,
    span: Range<usize>,
    /// Stood in quotes: nothing but text.
    quoted: bool,
}

pub(super) fn parse(text: &str) -> Parsed<Filter> {
    if text.chars().count() > LONGEST {
        return fail(0..text.len(), FilterProblem::TooLong);
    }
    let mut terms = Vec::new();
    let mut rest = Scanner { text, at: 0 };
    while rest.skip_spaces() {
        terms.push(rest.term()?);
    }
    Ok(Filter { terms })
}

struct Scanner<'text> {
    text: &'text str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Whether anything is left.
    fn skip_spaces(&mut self) -> bool {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at < self.text.len()
    }

    fn term(&mut self) -> Parsed<Term> {
        let start = self.at;
        let denied = self.peek() == Some('!');
        if denied {
            self.at += 1;
            if self.peek().is_none_or(char::is_whitespace) {
                return fail(start..self.at, FilterProblem::LoneNot);
            }
        }
        let key = self.key()?;
        let choices = self.choices()?;
        if let [only] = &choices[..]
            && only.text.is_empty()
            && !only.quoted
        {
            return fail(start..self.at, FilterProblem::MissingValue);
        }
        if let Some(empty) = choices.iter().find(|choice| choice.text.is_empty() && !choice.quoted) {
            return fail(
                empty.span.start.saturating_sub(1)..(empty.span.end + 1).min(self.at),
                FilterProblem::EmptyChoice,
            );
        }
        let tests = choices.into_iter().map(|choice| key.test(&choice)).collect::<Parsed<_>>()?;
        Ok(Term { denied, tests })
    }

    /// A key with its colon, if the word has one.
    fn key(&mut self) -> Parsed<Key> {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        let Some((name, value)) = word.split_once(':') else { return Ok(Key::None) };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) || is_address(word) {
            return Ok(Key::None);
        }
        let path = name.len() == 1 && value.starts_with(['\\', '/']);
        if path {
            return Ok(Key::None);
        }
        let Some(key) = Key::named(&name.to_ascii_lowercase()) else {
            return fail(self.at..self.at + name.len(), FilterProblem::UnknownKey);
        };
        self.at += name.len() + 1;
        Ok(key)
    }

    /// The choices of a word, up to the next space outside quotes.
    fn choices(&mut self) -> Parsed<Vec<Choice>> {
        let mut choices = Vec::new();
        let mut choice = Choice { text: String::new(), span: self.at..self.at, quoted: false };
        while let Some(next) = self.peek() {
            match next {
                '"' => {
                    choice.quoted = true;
                    choice.text += self.quoted()?;
                }
                '|' => {
                    choice.span.end = self.at;
                    self.at += 1;
                    choices.push(std::mem::replace(
                        &mut choice,
                        Choice { text: String::new(), span: self.at..self.at, quoted: false },
                    ));
                }
                space if space.is_whitespace() => break,
                other => {
                    choice.text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
        choice.span.end = self.at;
        choices.push(choice);
        Ok(choices)
    }

    fn quoted(&mut self) -> Parsed<&str> {
        let start = self.at + 1;
        let Some(length) = self.text[start..].find('"') else {
            return fail(self.at..self.text.len(), FilterProblem::OpenQuote);
        };
        self.at = start + length + 1;
        Ok(&self.text[start..start + length])
    }
}

/// What stands before the colon.
#[derive(Clone, Copy)]
enum Key {
    None,
    Port(Side),
    Address(Side),
    Pid,
    Program,
    User,
    Path,
    State,
    Protocol,
}

impl Key {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "port" => Self::Port(Side::Either),
            "lport" => Self::Port(Side::Local),
            "rport" => Self::Port(Side::Remote),
            "local" => Self::Address(Side::Local),
            "remote" => Self::Address(Side::Remote),
            "pid" => Self::Pid,
            "proc" => Self::Program,
            "user" => Self::User,
            "path" => Self::Path,
            "state" => Self::State,
            "proto" => Self::Protocol,
            _ => return None,
        })
    }

    fn test(self, choice: &Choice) -> Parsed<Test> {
        let text = &*choice.text;
        let lower = || text.to_lowercase();
        let bad = |problem| FilterError { span: choice.span.clone(), problem };
        match self {
            Self::None if choice.quoted => Ok(Test::Text(lower())),
            Self::None => Ok(bare(text)),
            Self::Port(side) => ports(text).map(|range| Test::Port(side, range)).map_err(bad),
            Self::Address(side) => place(side, text).ok_or_else(|| bad(FilterProblem::BadAddress)),
            Self::Pid => text.parse().map(Test::Pid).map_err(|_| bad(FilterProblem::BadPid)),
            Self::Program => Ok(Test::Program(lower())),
            Self::User => Ok(Test::User(lower())),
            Self::Path => Ok(Test::Path(lower())),
            Self::State => state(text).map(Test::State).ok_or_else(|| bad(FilterProblem::BadState)),
            Self::Protocol => protocol(text).ok_or_else(|| bad(FilterProblem::BadProtocol)),
        }
    }
}

/// A word without key: a number, an address, or text.
fn bare(text: &str) -> Test {
    if let Ok(number) = text.parse() {
        return Test::Number(number);
    }
    // `:7897` is how many write a port.
    if let Some(port) = text.strip_prefix(':').and_then(|port| port.parse().ok()) {
        return Test::Port(Side::Either, port..=port);
    }
    place(Side::Either, text).unwrap_or_else(|| Test::Text(text.to_lowercase()))
}

fn is_address(word: &str) -> bool {
    place(Side::Either, word).is_some()
}

/// An address, a network, or an address with its port.
fn place(side: Side, text: &str) -> Option<Test> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    if let Ok(ip) = inner.parse::<IpAddr>() {
        return Some(Test::Address(side, IpNet::from(ip.to_canonical())));
    }
    if let Ok(net) = text.parse::<IpNet>() {
        return Some(Test::Address(side, net));
    }
    let end: SocketAddr = text.parse().ok()?;
    Some(Test::End(side, end.ip().to_canonical(), end.port()))
}

fn ports(text: &str) -> Result<RangeInclusive<u16>, FilterProblem> {
    let port = |text: &str| text.parse::<u16>().map_err(|_| FilterProblem::BadPort);
    let Some((first, last)) = text.split_once('-') else { return port(text).map(|port| port..=port) };
    let range = port(first)?..=port(last)?;
    if range.is_empty() { Err(FilterProblem::BadRange) } else { Ok(range) }
}

/// A state in anybody's spelling: netstat's, ss's, the RFC's.
fn state(text: &str) -> Option<Option<TcpState>> {
    let bare: String = text.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_ascii_lowercase();
    let alias = match &*bare {
        "listening" => "listen",
        "estab" | "est" | "connected" => "established",
        "synreceived" => "synrecv",
        "close" | "unconn" => "closed",
        "udp" => return Some(None),
        other => other,
    };
    TcpState::ALL.into_iter().find(|state| state.name().replace('_', "").eq_ignore_ascii_case(alias)).map(Some)
}

fn protocol(text: &str) -> Option<Test> {
    let (protocol, family) = match &*text.to_ascii_lowercase() {
        "tcp" => (Protocol::Tcp, None),
        "tcp4" => (Protocol::Tcp, Some(Family::V4)),
        "tcp6" => (Protocol::Tcp, Some(Family::V6)),
        "udp" => (Protocol::Udp, None),
        "udp4" => (Protocol::Udp, Some(Family::V4)),
        "udp6" => (Protocol::Udp, Some(Family::V6)),
        _ => return None,
    };
    Some(Test::Protocol(protocol, family))
}

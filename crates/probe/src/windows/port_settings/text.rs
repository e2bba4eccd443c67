//! What `netsh` prints, in whatever language and code page.
//!
//! The text is bytes: in none of the code pages of consoles is a digit, a blank, `-` or `*` part of another character, while
//! letters may be. Words are never looked at. A text of another shape is no answer at all, rather than half of one.

use std::ops::RangeInclusive;

use quaymaster_core::port::Excluded;

/// The dynamic range. Below the line of dashes stand two lines that end with a number: the first port, and how many.
pub(super) fn dynamic(text: &[u8]) -> Option<RangeInclusive<u16>> {
    let mut numbers = body(text)?.filter(|line| line.last().is_some_and(u8::is_ascii_digit)).map(last_number);
    let (first, count) = (numbers.next()??, numbers.next()??);
    let last = u32::from(first).checked_add(u32::from(count))?.checked_sub(1)?;
    let range = first..=u16::try_from(last).ok()?;
    (numbers.next().is_none() && first != 0 && !range.is_empty()).then_some(range)
}

/// The excluded ranges, in order. Below the line of dashes stand lines of a first and a last port, with a `*` behind those
/// that an administrator set, up to a line without any digit.
pub(super) fn excluded(text: &[u8]) -> Option<Vec<Excluded>> {
    let rows = body(text)?.take_while(|line| line.iter().any(u8::is_ascii_digit));
    let mut ranges = rows.map(range).collect::<Option<Vec<_>>>()?;
    ranges.sort_by_key(|range| (*range.ports.start(), *range.ports.end()));
    Some(ranges)
}

/// The lines below the first that consists of dashes and blanks.
fn body(text: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let is_rule = |line: &[u8]| line.starts_with(b"---") && line.iter().all(|byte| matches!(byte, b'-' | b' '));
    lines.find(|line| is_rule(line))?;
    Some(lines)
}

/// The number at the end of a line.
fn last_number(line: &[u8]) -> Option<u16> {
    let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    number(&line[line.len() - digits..])
}

/// Two numbers and perhaps a `*`, and nothing else.
fn range(line: &[u8]) -> Option<Excluded> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let ports = number(words.next()?)?..=number(words.next()?)?;
    let administered = match words.next() {
        None => false,
        Some(b"*") => true,
        Some(_) => return None,
    };
    (words.next().is_none() && !ports.is_empty()).then_some(Excluded { ports, forbidden: true, administered })
}

fn number(word: &[u8]) -> Option<u16> {
    // Without this, `+5` would be one.
    word.iter().all(u8::is_ascii_digit).then(|| str::from_utf8(word).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests;

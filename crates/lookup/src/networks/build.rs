//! Making a file of networks from lists of ranges.

use std::collections::{BinaryHeap, HashMap};
use std::net::IpAddr;

use quaymaster_core::network::Country;

use super::layout::{FORMAT, HEADER, INDEX, MAGIC, NOWHERE};
use super::upper;

/// Addresses from the first to the last, of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: IpAddr,
    /// The last, in it.
    pub last: IpAddr,
}

/// Collects ranges. Where several hold an address, the narrowest counts. Of IPv6 a range that is not of whole /64s is left out.
#[derive(Debug, Default)]
pub struct Builder {
    names: Pool<String>,
    systems: [Vec<Range>; 2],
    countries: [Vec<Range>; 2],
}

/// From a number to another (in it), which stand for addresses: all 32 bits of IPv4, the upper 64 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    first: u64,
    last: u64,
    what: What,
}

/// A system with the number of its name, or a country's letters.
type What = (u32, u32);

const NOTHING: What = (NOWHERE, 0);

/// Things, each once, numbered as they came.
#[derive(Debug)]
struct Pool<T> {
    numbers: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), things: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Pool<T> {
    fn number(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.things.len()).unwrap_or(NOWHERE);
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            next
        })
    }
}

impl Builder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These addresses are announced by this autonomous system, which somebody of this name runs.
    pub fn system(&mut self, span: Span, asn: u32, name: &str) {
        let name = if name.is_empty() { NOWHERE } else { self.names.number(name.to_owned()) };
        add(&mut self.systems, span, (name, asn));
    }

    /// These addresses are registered in this country.
    pub fn country(&mut self, span: Span, country: Country) {
        let [first, second, ..] = *country.code().as_bytes() else { return };
        add(&mut self.countries, span, (0, u32::from_le_bytes([first, second, 0, 0])));
    }

    /// The file, of data of a day (20260617), with the words that the sources' licences ask for.
    #[must_use]
    pub fn build(self, date: u32, credits: &str) -> Vec<u8> {
        let Self { names, systems: [systems_4, systems_6], countries: [countries_4, countries_6] } = self;
        let mut places = Pool::default();
        let in_4 = merge(&flat(systems_4), &flat(countries_4), &mut places);
        let in_6 = merge(&flat(systems_6), &flat(countries_6), &mut places);
        let texts: usize = names.things.iter().map(String::len).sum();
        let counts = [FORMAT, date]
            .into_iter()
            .chain([in_4.len(), in_6.len(), places.things.len()].map(number))
            .chain([names.things.len(), texts, credits.len()].map(number));
        let mut file = MAGIC.to_vec();
        counts.for_each(|count| put(&mut file, count));
        debug_assert_eq!(file.len(), HEADER, "the header is as long as it says");
        let mut stretch = 0;
        for half in 0..INDEX as u64 {
            while in_4.get(stretch).is_some_and(|&(start, _)| start >> 16 < half) {
                stretch += 1;
            }
            put(&mut file, number(stretch));
        }
        let low = |start: u64| u16::try_from(start & 0xffff).unwrap_or_default();
        in_4.iter().for_each(|&(start, _)| file.extend(low(start).to_le_bytes()));
        file.extend(vec![0; in_4.len() % 2 * 2]);
        in_4.iter().for_each(|&(_, place)| put(&mut file, place));
        in_6.iter().for_each(|&(start, _)| file.extend(start.to_le_bytes()));
        in_6.iter().for_each(|&(_, place)| put(&mut file, place));
        for ((name, asn), country) in places.things {
            [name, asn, country].into_iter().for_each(|number| put(&mut file, number));
        }
        let mut at = 0;
        put(&mut file, 0);
        for name in &names.things {
            at += name.len();
            put(&mut file, number(at));
        }
        names.things.iter().for_each(|name| file.extend(name.as_bytes()));
        file.extend(credits.as_bytes());
        file
    }
}

fn put(file: &mut Vec<u8>, number: u32) {
    file.extend(number.to_le_bytes());
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NOWHERE)
}

fn add(families: &mut [Vec<Range>; 2], span: Span, what: What) {
    let [v4, v6] = families;
    match (span.first, span.last) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            v4.push(Range { first: first.to_bits().into(), last: last.to_bits().into(), what });
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            let (first, last) = (first.to_bits(), last.to_bits());
            if first << 64 == 0 && last << 64 == u128::MAX << 64 {
                v6.push(Range { first: upper(first), last: upper(last), what });
            }
        }
        _ => {}
    }
}

/// Ranges as stretches that follow one another: where each begins, and what is in it.
fn flat(mut ranges: Vec<Range>) -> Vec<(u64, What)> {
    /// The narrowest first.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Open(std::cmp::Reverse<u64>, u64, What);

    ranges.sort_by_key(|range| range.first);
    let mut edges: Vec<u64> =
        ranges.iter().flat_map(|range| [Some(range.first), range.last.checked_add(1)]).flatten().collect();
    edges.sort_unstable();
    edges.dedup();
    let mut stretches: Vec<(u64, What)> = Vec::new();
    let (mut open, mut next) = (BinaryHeap::new(), ranges.iter().peekable());
    for edge in edges {
        while let Some(range) = next.next_if(|range| range.first <= edge) {
            open.push(Open(std::cmp::Reverse(range.last - range.first), range.last, range.what));
        }
        while open.peek().is_some_and(|Open(_, last, _)| *last < edge) {
            open.pop();
        }
        let what = open.peek().map_or(NOTHING, |Open(_, _, what)| *what);
        if stretches.last().is_none_or(|(_, before)| *before != what) {
            stretches.push((edge, what));
        }
    }
    stretches
}

/// Stretches of systems and of countries as stretches of places.
fn merge(systems: &[(u64, What)], countries: &[(u64, What)], places: &mut Pool<(What, u32)>) -> Vec<(u64, u32)> {
    let mut edges: Vec<u64> = systems.iter().chain(countries).map(|&(start, _)| start).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut merged: Vec<(u64, u32)> = Vec::new();
    let (mut system, mut country) = (Walk::new(systems), Walk::new(countries));
    for edge in edges {
        let place = (system.at(edge), country.at(edge).1);
        let place = if place == (NOTHING, 0) { NOWHERE } else { places.number(place) };
        if merged.last().is_none_or(|&(_, before)| before != place) {
            merged.push((edge, place));
        }
    }
    merged
}

/// A walk along stretches.
struct Walk<'a> {
    rest: std::slice::Iter<'a, (u64, What)>,
    here: What,
}

impl<'a> Walk<'a> {
    fn new(stretches: &'a [(u64, What)]) -> Self {
        Self { rest: stretches.iter(), here: NOTHING }
    }

    /// What is in the stretch at a place that is not before the last one asked for.
    fn at(&mut self, edge: u64) -> What {
        while let Some(&(start, what)) = self.rest.as_slice().first()
            && start <= edge
        {
            self.here = what;
            self.rest.next();
        }
        self.here
    }
}

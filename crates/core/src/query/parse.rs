//! The filter language, from text to terms. Total: any text is a filter or an error with a place.

use std::ops::Range;

use super::filter::{Filter, Term};
use super::value::{Key, is_address};

/// Longer ones are a paste by mistake.
const LONGEST: usize = 1_000;

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("wrong filter at bytes {} to {}: {problem:?}", span.start, span.end)]
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
    BadCountry,
    BadMoment,
    BadDay,
    OnlyInHistory,
    NotInHistory,
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
pub(super) struct Choice {
    /// What is meant, without quotes.
    pub(super) text: String,
    pub(super) span: Range<usize>,
    /// Stood in quotes: nothing but text.
    pub(super) quoted: bool,
}

/// Where a filter is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Over what is there now.
    Present,
    /// Over the history, where words of time mean something.
    History,
}

pub(super) fn parse(text: &str, place: Place) -> Parsed<Filter> {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        return fail(end..text.len(), FilterProblem::TooLong);
    }
    let mut terms = Vec::new();
    let mut rest = Scanner { text, at: 0, place };
    while rest.skip_spaces() {
        terms.push(rest.term()?);
    }
    Ok(Filter { terms })
}

struct Scanner<'text> {
    text: &'text str,
    at: usize,
    place: Place,
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
            if self.peek().is_none_or(|next| next.is_whitespace() || next == '!') {
                return fail(start..self.at, FilterProblem::LoneNot);
            }
        }
        let key = self.key()?;
        let choices = self.choices()?;
        if let [only] = &choices[..]
            && only.text.is_empty()
        {
            return fail(start..self.at, FilterProblem::MissingValue);
        }
        if let Some(empty) = choices.iter().find(|choice| choice.text.is_empty()) {
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
        let path = name.len() == 1 && value.starts_with(['\\', '/']);
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) || path || is_address(word) {
            return Ok(Key::None);
        }
        let Some(key) = Key::named(&name.to_ascii_lowercase()) else {
            return fail(self.at..self.at + name.len(), FilterProblem::UnknownKey);
        };
        if self.place == Place::Present && key.is_of_time() {
            return fail(self.at..self.at + name.len(), FilterProblem::OnlyInHistory);
        }
        if self.place == Place::History && key.is_of_now() {
            return fail(self.at..self.at + name.len(), FilterProblem::NotInHistory);
        }
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

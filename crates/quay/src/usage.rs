//! What is said when a call is not understood, in the person's language and not in clap's.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use quaymaster_core::query::FilterError;
use quaymaster_core::text::visible;
use quaymaster_engine::convert;
use quaymaster_engine::words::Words;

use crate::Exit;
use crate::terminal::Terminal;
use crate::text::width;

/// Typed text is shown back no longer than this.
const LONGEST: usize = 200;

/// Says what clap did not understand, or prints the help that was asked for.
pub(crate) fn explain(error: &clap::Error, words: &Words) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Nobody is left to tell if this fails.
        drop(error.print());
        return Exit::Done;
    }
    let context = |kind| error.get(kind).map(|value| visible(&plain(value), LONGEST).into_owned());
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue);
    let what = match (error.kind(), value) {
        (ErrorKind::UnknownArgument, _) => words.say("quay-usage-unknown", &[("argument", argument.into())]),
        (ErrorKind::InvalidSubcommand, _) => {
            let command = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            words.say("quay-usage-unknown", &[("argument", command.into())])
        }
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(value)) if !value.is_empty() => {
            words.say("quay-usage-wrong-value", &[("value", value.into()), ("argument", argument.into())])
        }
        (ErrorKind::InvalidValue | ErrorKind::MissingRequiredArgument, _) if argument == "--watch" => {
            words.say("quay-usage-needs-watch", &[])
        }
        (ErrorKind::InvalidValue | ErrorKind::MissingRequiredArgument, _) => {
            words.say("quay-usage-missing", &[("argument", argument.into())])
        }
        (ErrorKind::ArgumentConflict, _) => words.say("quay-usage-twice", &[("argument", argument.into())]),
        _ => words.say("quay-usage-other", &[]),
    };
    eprintln!("{what}\n{}", hint(words));
    Exit::Usage
}

/// Says what is wrong with a call that clap understood.
pub(crate) fn wrong(terminal: &Terminal, what: &str) -> Exit {
    terminal.complain(&format!("{what}\n{}", hint(&terminal.words)));
    Exit::Usage
}

/// Shows the place where a filter is wrong, and says why.
pub(crate) fn wrong_filter(terminal: &Terminal, filter: &str, error: &FilterError) -> Exit {
    let problem = convert::filter_problem(filter, error);
    let words = &terminal.words;
    let why = words.say(&format!("filter-{}", problem.code), &[("piece", problem.piece.into())]);
    let before = visible(filter.get(..error.span.start).unwrap_or_default(), LONGEST);
    let piece = visible(filter.get(error.span.clone()).unwrap_or_default(), LONGEST);
    let after = visible(filter.get(error.span.end..).unwrap_or_default(), LONGEST);
    let carets = "^".repeat(width(&piece).max(1));
    let place = format!("  {before}{piece}{after}\n  {}{carets}", " ".repeat(width(&before)));
    terminal.complain(&format!("{}\n{place}\n{why}", words.say("quay-usage-filter", &[])));
    Exit::Usage
}

fn hint(words: &Words) -> String {
    words.say("quay-usage-hint", &[("command", "quay".into())])
}

/// Text or a list of texts.
fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(" "),
        _ => String::new(),
    }
}

//! What a person may type, and its help in both languages. Knows clap; knows nothing of sockets.

use std::ffi::OsString;
use std::time::Duration;

use clap::{ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use quaymaster_core::query::Column;
use quaymaster_engine::words::{self, Words};

// Help texts are in the catalogues, as `quay-help-` and the argument's name: comments here are not shown to anybody.

/// A whole call.
#[derive(Debug, Parser)]
#[command(
    name = "quay",
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    pub(crate) port: Option<String>,
    #[command(subcommand)]
    pub(crate) order: Option<Order>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What may stand anywhere.
#[derive(Debug, Args)]
pub(crate) struct Common {
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read by [`words`] before anything else is.
    #[arg(long, global = true, value_enum, ignore_case = true, hide_possible_values = true)]
    lang: Option<Language>,
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) color: Color,
    #[arg(long, short = 'h', global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(long, short = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Order {
    /// The table.
    List(List),
    /// Ending a program.
    End(End),
    /// What happens from now on.
    Watch(Watch),
    /// Whose an address is.
    Lookup(Lookup),
    /// What has happened.
    History(History),
}

/// `quay list`.
#[derive(Debug, Default, Args)]
pub(crate) struct List {
    /// Words of one filter: `quay list chrome state:listen` needs no quotes.
    pub(crate) filter: Vec<String>,
    #[arg(long, value_enum, hide_possible_values = true)]
    pub(crate) sort: Option<SortBy>,
    #[arg(long)]
    pub(crate) desc: bool,
    #[arg(long)]
    pub(crate) watch: bool,
    #[arg(long, value_parser = interval, requires = "watch")]
    pub(crate) interval: Option<Duration>,
}

/// `quay end`.
#[derive(Debug, Args)]
pub(crate) struct End {
    pub(crate) target: String,
    #[arg(long)]
    pub(crate) force: bool,
    #[arg(long, short)]
    pub(crate) yes: bool,
    #[arg(long)]
    pub(crate) children: bool,
    /// Only where the system refuses, and can be asked.
    #[arg(long)]
    pub(crate) elevate: bool,
}

/// `quay watch`.
#[derive(Debug, Default, Args)]
pub(crate) struct Watch {
    pub(crate) filter: Vec<String>,
}

/// `quay lookup`.
#[derive(Debug, Args)]
pub(crate) struct Lookup {
    #[arg(required = true)]
    pub(crate) address: Vec<String>,
}

/// `quay history`.
#[derive(Debug, Default, Args)]
pub(crate) struct History {
    // It knows words of time besides, and its help says so.
    #[arg(id = "filter-past")]
    pub(crate) filter: Vec<String>,
    /// At most so many events; 0: all.
    #[arg(long, default_value_t = 200, hide_default_value = true)]
    pub(crate) limit: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    #[value(name = "en")]
    English,
    #[value(name = "zh-CN", alias = "zh", alias = "zh_CN")]
    Chinese,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that can, unless the person's environment says no.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Names of columns, as short as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortBy {
    /// The program's name.
    Program,
    /// The PID.
    Pid,
    /// The protocol.
    #[value(alias = "protocol")]
    Proto,
    /// The local address.
    Local,
    /// The local port.
    #[value(alias = "lport")]
    Port,
    /// The remote address.
    Remote,
    /// The remote port.
    Rport,
    /// The state.
    State,
    /// The user.
    User,
    /// The program file.
    Path,
    /// The other end's organisation.
    Org,
    /// The other end's country.
    Country,
    /// The program at the other end, on this computer.
    Peer,
}

impl SortBy {
    /// The column that it names.
    pub(crate) fn column(self) -> Column {
        match self {
            Self::Program => Column::Program,
            Self::Pid => Column::Pid,
            Self::Proto => Column::Protocol,
            Self::Local => Column::LocalAddress,
            Self::Port => Column::LocalPort,
            Self::Remote => Column::RemoteAddress,
            Self::Rport => Column::RemotePort,
            Self::State => Column::State,
            Self::User => Column::User,
            Self::Path => Column::Path,
            Self::Org => Column::Organisation,
            Self::Country => Column::Country,
            Self::Peer => Column::Peer,
        }
    }
}

fn interval(typed: &str) -> Result<Duration, String> {
    let seconds: f64 = typed.parse().map_err(|_| String::new())?;
    // The bounds first: from_secs_f64 panics on what is no length of time.
    if (0.5..=10.0).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err(String::new()) }
}

/// The words to speak in: `--lang` where it is given and known, else the system's language. Looked for before clap
/// reads anything, so that help and complaints are in it too.
pub(crate) fn words(typed: &[OsString]) -> Words {
    let mut typed = typed.iter().skip(1).filter_map(|word| word.to_str()).take_while(|word| *word != "--");
    let mut asked = None;
    while let Some(word) = typed.next() {
        if word == "--lang" {
            asked = typed.next();
        } else if let Some(language) = word.strip_prefix("--lang=") {
            asked = Some(language);
        }
    }
    match asked.and_then(|language| Language::from_str(language, true).ok()) {
        Some(Language::English) => Words::of("en"),
        Some(Language::Chinese) => Words::of("zh-CN"),
        None => Words::of(words::system_language()),
    }
}

/// Reads a call.
pub(crate) fn read(typed: &[OsString], words: &Words) -> Result<Arguments, clap::Error> {
    let mut matches = command(words).try_get_matches_from(typed)?;
    Arguments::from_arg_matches_mut(&mut matches)
}

/// The command with its help in the person's language.
pub(crate) fn command(words: &Words) -> Command {
    let command = spoken(Arguments::command(), words);
    command.mut_subcommands(|command| spoken(command, words)).after_help(words.say("quay-help-exit-codes", &[]))
}

fn spoken(command: Command, words: &Words) -> Command {
    let name = command.get_name().to_owned();
    let heading = |part: &str| words.say(&format!("quay-heading-{part}"), &[]);
    let usage = words.say(&format!("quay-usage-{name}"), &[]).replace('\n', "\n  ");
    let commands = match command.has_subcommands() {
        true => format!("{}\n{{subcommands}}\n\n", heading("commands")),
        false => String::new(),
    };
    let template = format!(
        "{{about}}\n\n{}\n  {usage}\n\n{commands}{}\n{{positionals}}\n\n{}\n{{options}}{{after-help}}\n",
        heading("usage"),
        heading("arguments"),
        heading("options"),
    );
    let about = words.say(&format!("quay-about-{name}"), &[]);
    command.about(about).help_template(template).mut_args(|argument| {
        let id = argument.get_id().as_str().to_owned();
        let argument = argument.help(words.say(&format!("quay-help-{id}"), &[]));
        if argument.get_action().takes_values() {
            argument.value_name(words.say(&format!("quay-value-{id}"), &[]))
        } else {
            argument
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn read(line: &str) -> Result<Arguments, clap::error::ErrorKind> {
        super::read(&typed(line), &Words::of("en")).map_err(|error| error.kind())
    }

    #[test]
    fn the_command_is_consistent() {
        command(&Words::of("zh-CN")).debug_assert();
    }

    #[test]
    fn everything_has_words_in_both_languages() {
        for language in ["en", "zh-CN"] {
            for line in
                ["quay --help", "quay list --help", "quay end -h", "quay watch -h", "quay history -h", "quay lookup -h"]
            {
                let help = super::read(&typed(line), &Words::of(language)).expect_err("help is printed").to_string();
                // A key without words shows itself in brackets.
                for key in ["[quay-help-", "[quay-value-", "[quay-about-", "[quay-usage-", "[quay-heading-"] {
                    assert!(!help.contains(key), "{language}: {help}");
                }
                let english = ["Usage:", "Options:", "possible values", "default:"];
                assert!(language == "en" || !english.iter().any(|word| help.contains(word)), "{help}");
            }
        }
    }

    #[test]
    fn what_may_stand_where() {
        assert_eq!(read("quay 7897").expect("a port").port.as_deref(), Some("7897"));
        assert!(read("quay --json 7897").expect("a port").common.json);
        assert!(read("quay 7897 --json").expect("a port").common.json);
        assert!(read("quay list --json").expect("a list").common.json);
        assert!(read("quay --json list").expect("a list").common.json);
        assert!(matches!(read("quay list a b --watch --interval 0.5").expect("a list").order,
            Some(Order::List(List { filter, interval: Some(interval), .. }))
                if filter == ["a", "b"] && interval == Duration::from_millis(500)));
        for wrong in [
            "quay list --interval 0.4 --watch",
            "quay list --interval NaN --watch",
            "quay list --interval 1",
            "quay --colour",
            "quay end",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_language_is_known_before_anything_is_read() {
        for line in ["quay --lang zh-CN", "quay list --lang=zh --nonsense", "quay --lang en --lang ZH_cn"] {
            assert_eq!(words(&typed(line)).say("quay-column-program", &[]), "程序", "{line}");
        }
        assert_eq!(words(&typed("quay --lang=en")).say("quay-column-program", &[]), "Program");
    }
}

//! Tells a person of new listeners.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::{Duration, Instant};

use quaymaster_core::port::{PortSettings, usual_program};
use quaymaster_core::watch::{Herald, Identity, Program, QuietHours, Rule, Subject, Verdict, Watch, Wishes};
use quaymaster_core::{ProcessKey, Protocol, SocketId, UnixMillis};

use super::known::Known;
use super::{Happening, What};
use crate::wire::{Alert, NewListener, ProgramCount, WatchProtocol, WatchSettings, WatchTrouble};
use crate::{clock, convert};

/// How long the range of ports that the system chooses from is waited for. On Windows eight programs are started for it.
const RANGE_PATIENCE: Duration = Duration::from_secs(10);
/// Where it cannot be read: RFC 6335 § 6.
const USUAL_RANGE: RangeInclusive<u16> = 49_152..=65_535;
/// How often it is written down who is still there.
const TOUCH_EVERY: Duration = Duration::from_secs(3_600);
/// News that nobody looks at is kept up to here; the oldest goes first.
const MOST_NEWS: usize = 500;
/// An alert names so many programs.
const NAMED: usize = 5;

/// Is told an alert, on the engine's thread: it must not block.
type Tell = Box<dyn FnMut(Alert) + Send>;

/// What a warden begins with.
pub struct WatchStart<'a> {
    /// Where the baseline is kept.
    pub folder: &'a Path,
    /// What the person wants.
    pub settings: &'a WatchSettings,
    /// Shows a notification.
    pub tell: Tell,
}

/// Watches over listeners.
pub struct Warden {
    watch: Watch,
    known: Known,
    herald: Herald<News>,
    notify: bool,
    quiet: Option<QuietHours>,
    tell: Tell,
    began: Instant,
    /// Quaymaster itself: nobody is told what they have started themselves to be told.
    own: Option<ProcessKey>,
    /// The ports that the system chooses from, once they are known; until then listeners wait.
    range: Option<RangeInclusive<u16>>,
    waiting: Vec<Happening>,
    open: HashMap<SocketId, Identity>,
    /// What nobody has looked at.
    unread: Vec<News>,
    touched: Instant,
    dirty: bool,
}

#[derive(Clone, Debug)]
struct News {
    identity: Identity,
    listener: NewListener,
}

impl Warden {
    /// A warden who knows what is written down in the folder.
    #[must_use]
    pub fn new(start: WatchStart<'_>) -> Self {
        let (known, baseline) = Known::open(start.folder);
        let now = Instant::now();
        let mut warden = Self {
            watch: Watch::new(baseline, Wishes::default()),
            known,
            herald: Herald::default(),
            notify: false,
            quiet: None,
            tell: start.tell,
            began: now,
            own: None,
            range: None,
            waiting: Vec::new(),
            open: HashMap::new(),
            unread: Vec::new(),
            touched: now,
            dirty: false,
        };
        warden.wish(start.settings);
        warden
    }

    /// The person has chosen anew.
    pub(crate) fn wish(&mut self, settings: &WatchSettings) {
        self.notify = settings.notify;
        self.quiet = settings.quiet.map(|quiet| QuietHours { from: quiet.from, until: quiet.until });
        let rules = settings.rules.iter().map(|rule| Rule {
            tell: rule.tell,
            program: rule.program.clone(),
            ports: rule.ports.as_ref().map(|ports| ports.first..=ports.last),
            reach: rule.reach.map(convert::core_reach),
            protocol: rule.protocol.map(|protocol| match protocol {
                WatchProtocol::Tcp => Protocol::Tcp,
                WatchProtocol::Udp => Protocol::Udp,
            }),
        });
        self.watch.wishes = Wishes { udp: settings.udp, rules: rules.collect() };
    }

    /// Who Quaymaster itself is.
    pub(crate) fn know_own(&mut self, own: ProcessKey) {
        self.own = Some(own);
    }

    /// What the system's settings say of ports has been read.
    pub(crate) fn learn_settings(&mut self, settings: &[PortSettings]) {
        // The range is the one that any port lies in.
        let range = settings.iter().find_map(|setting| setting.dynamic.as_ref().ok());
        self.range = Some(range.cloned().unwrap_or(USUAL_RANGE));
        self.examine_waiting();
    }

    /// Takes in what happened.
    pub(crate) fn take_in(&mut self, happened: &[Happening]) {
        for happening in happened {
            match happening.what {
                What::ListenerOpened if self.range.is_none() => self.waiting.push(happening.clone()),
                What::ListenerOpened => self.examine(happening),
                What::ListenerClosed => self.close(happening.row.id, happening.at),
                What::ConnectionOpened | What::ConnectionClosed | What::BytesLearnt => {}
            }
        }
        self.write_down();
    }

    /// Does what is due; called whenever the engine's thread is awake.
    pub(crate) fn attend(&mut self) {
        if self.range.is_none() && self.began.elapsed() > RANGE_PATIENCE {
            self.range = Some(USUAL_RANGE);
            self.examine_waiting();
        }
        if self.touched.elapsed() > TOUCH_EVERY {
            self.touched = Instant::now();
            let now = clock::now();
            for identity in self.open.values() {
                self.dirty |= self.watch.baseline.touch(identity, now);
            }
            self.write_down();
        }
        let is_quiet = !self.notify || self.quiet.is_some_and(|hours| hours.contain(minute_of_day()));
        if !self.notify {
            self.herald.retain(|_| false);
        }
        let mut news = self.herald.tell(self.began.elapsed(), is_quiet);
        if !news.is_empty() {
            // They came in the order in which their programs were read; they are told in the order in which they came.
            news.sort_by_key(|news| (news.listener.at, news.listener.row));
            (self.tell)(alert(&news));
        }
    }

    /// When something will be due.
    pub(crate) fn due(&self) -> Option<Instant> {
        let told = self.herald.due().map(|due| self.began + due);
        // In quiet hours it is overdue; a minute is soon enough to see that they are over.
        let told = told.map(|due| if due <= Instant::now() { Instant::now() + Duration::from_secs(60) } else { due });
        let range = self.range.is_none().then(|| self.began + RANGE_PATIENCE + Duration::from_millis(1));
        told.into_iter().chain(range).min()
    }

    /// What nobody has looked at, newest last.
    pub(crate) fn news(&self) -> Vec<NewListener> {
        self.unread.iter().map(|news| news.listener.clone()).collect()
    }

    /// How much of it there is.
    pub(crate) fn unread(&self) -> usize {
        self.unread.len()
    }

    /// The person has seen the news.
    pub(crate) fn dismiss(&mut self) {
        self.unread.clear();
    }

    /// What is wrong with the file of what is known, unless the person has heard it.
    pub(crate) fn trouble(&self) -> Option<WatchTrouble> {
        self.known.trouble()
    }

    /// The person has read it.
    pub(crate) fn hear_trouble(&self) {
        self.known.hear_trouble();
    }

    /// The person expects these, and whatever else is the same to a person; they are no news any more.
    pub(crate) fn expect(&mut self, rows: &[u64]) {
        let now = clock::now();
        let is_meant = |news: &News| rows.contains(&news.listener.row);
        let of_news = self.unread.iter().filter(|news| is_meant(news)).map(|news| news.identity.clone());
        let of_rows = rows.iter().filter_map(|row| self.open.get(&SocketId(*row)).cloned());
        let meant: Vec<Identity> = of_news.chain(of_rows).collect();
        for identity in &meant {
            self.watch.expect(identity.clone(), now);
        }
        self.unread.retain(|news| !meant.contains(&news.identity));
        self.herald.retain(|news| !meant.contains(&news.identity));
        self.dirty |= !meant.is_empty();
        self.write_down();
    }

    fn examine_waiting(&mut self) {
        for happening in std::mem::take(&mut self.waiting) {
            self.examine(&happening);
        }
        self.write_down();
    }

    fn examine(&mut self, happening: &Happening) {
        let row = &happening.row;
        if self.own.is_some_and(|own| row.owners.iter().any(|owner| owner.key == own)) {
            return;
        }
        let port = row.socket.local.port;
        let ephemeral = self.range.as_ref().is_some_and(|range| range.contains(&port));
        let identity = Identity::of(row, ephemeral);
        let owner = row.owners.first().filter(|_| !matches!(identity.program, Program::Unknown(_)));
        let name = owner.map_or("", |owner| owner.name.as_str());
        let subject = Subject { identity: identity.clone(), name, port, already_open: row.already_open };
        let known = self.watch.baseline.iter().len();
        let verdict = self.watch.see(&subject, happening.at);
        self.dirty |= self.watch.baseline.iter().len() != known || verdict == Verdict::Back;
        self.open.insert(row.id, identity.clone());
        if verdict != Verdict::Known {
            let listener = new_listener(happening, verdict == Verdict::Back);
            let news = News { identity, listener };
            if self.unread.len() == MOST_NEWS {
                self.unread.remove(0);
            }
            self.unread.push(news.clone());
            self.herald.gather(news, self.began.elapsed());
        }
    }

    fn close(&mut self, id: SocketId, at: UnixMillis) {
        self.waiting.retain(|happening| happening.row.id != id);
        if let Some(identity) = self.open.remove(&id) {
            self.dirty |= self.watch.baseline.touch(&identity, at);
        }
    }

    fn write_down(&mut self) {
        if std::mem::take(&mut self.dirty) {
            self.known.save(&self.watch.baseline);
        }
    }
}

fn new_listener(happening: &Happening, back: bool) -> NewListener {
    let row = convert::row(&happening.row);
    let owner = row.socket.owners.first();
    NewListener {
        row: row.id,
        process: owner.map(crate::wire::Owner::process),
        program: owner.map(|owner| owner.label.clone()).filter(|label| !label.is_empty()),
        path: owner.and_then(|owner| owner.path.clone()),
        protocol: row.socket.protocol,
        address: row.socket.local_address,
        port: row.socket.local_port,
        reach: convert::reach(quaymaster_core::port::reach(happening.row.socket.local.ip)),
        usual_program: usual_program(&happening.row.socket).map(str::to_owned),
        back,
        at: happening.at.into(),
    }
}

fn alert(news: &[News]) -> Alert {
    let mut programs: Vec<ProgramCount> = Vec::new();
    for News { listener, .. } in news {
        match programs.iter_mut().find(|known| known.program == listener.program) {
            Some(known) => known.count += 1,
            None => programs.push(ProgramCount { program: listener.program.clone(), count: 1 }),
        }
    }
    programs.sort_by_key(|known| std::cmp::Reverse(known.count));
    programs.truncate(NAMED);
    let listeners = news.iter().take(Alert::LISTED).map(|news| news.listener.clone()).collect();
    let rows = news.iter().map(|news| news.listener.row).collect();
    Alert { count: convert::count(news.len()), programs, listeners, rows }
}

/// Minutes since midnight where the person is.
fn minute_of_day() -> u16 {
    let now = jiff::Zoned::now();
    u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or(0)
}

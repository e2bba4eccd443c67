//! The engine's one thread and the handle that the shell holds.
//!
//! **Invariant:** one named thread owns probe, tracker and table: ownership, not locks. Its channel is both the queue of
//! orders and the sleep between two looks, which an order interrupts.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use quaymaster_core::network::Atlas;
use quaymaster_core::port::PortSettings;
use quaymaster_core::tracker::Applied;
use quaymaster_core::{Process, ProcessKey, UnixMillis};
use quaymaster_probe::{Myself, ProcessSource, SocketSource};
use tokio::sync::oneshot;

use crate::blocking::blocking;
use crate::clock;
use crate::icon::Icons;
use crate::networks;
use crate::past::Past;
use crate::reader::{News, Reader};
use crate::state::State;
use crate::watch::{Observed, Observers};
use crate::wire::{Failure, Frame, FrameRequest, HistorySettings, NewListener, WatchSettings};

/// A waiting request is answered after this long even if nothing is new, so that no call hangs for ever.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How long answers wait for the facts about processes that a look found: mostly they come within a few milliseconds, and
/// a name that is there at once is worth more than a row that is there a blink sooner. A stuck process gets no more.
const FACTS_PATIENCE: Duration = Duration::from_millis(60);
/// A process that was read this soon after its start may still become another program: `exec` keeps PID and start. It is
/// read once more when it has had the time.
const YOUNG: Duration = Duration::from_secs(2);
/// How old the settings of ports may be when a port is asked for. They change when Hyper-V, WSL or an administrator changes
/// them; on Windows a reading starts eight programs.
const SETTINGS_AGE: Duration = Duration::from_secs(300);
/// How often listeners are looked at between two looks: a new one is to be seen, with its owner, within a quarter of a second.
const LISTENERS_EVERY: Duration = Duration::from_millis(125);
/// Looks at listeners take at most this part of the time: where they are many, or slow to list, they come more rarely. Counted over
/// the last of them, for one that had more to do than others must not keep a newcomer waiting.
const LISTENERS_SHARE: u32 = 20;
const LISTENERS_MEAN: u32 = 8;
/// A look that takes longer than this would keep a newcomer waiting: listeners are looked at just before it.
const LONG_LOOK: Duration = Duration::from_millis(50);
/// Nobody has asked for a frame for so long: the window is hidden. Then only listeners are looked at …
const UNWATCHED: Duration = Duration::from_secs(3);
/// … and everything so often.
const UNWATCHED_INTERVAL: Duration = Duration::from_secs(10);
/// The shortest and the longest time between two looks.
pub const INTERVALS: std::ops::RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(10);

/// What the thread can be told.
enum Order {
    /// Answer when something newer exists.
    Frame(Box<FrameRequest>, oneshot::Sender<Frame>),
    /// Facts that a reader has learnt.
    News(News),
    /// Run this on the state.
    Ask(Box<dyn FnOnce(&mut State) + Send>),
    /// Take a look now, then run this on the state.
    LookThen(Box<dyn FnOnce(&mut State) + Send>),
    /// The last handle is gone.
    Stop,
}

/// The operating system as the engine sees it: what tests replace.
pub struct Machine {
    /// Where sockets come from.
    pub sockets: Box<dyn SocketSource>,
    /// Makes a source of process facts, one a reading thread.
    pub processes: Box<dyn Fn() -> Box<dyn ProcessSource> + Send + Sync>,
    /// Reads what the system's settings say of ports.
    pub port_settings: Box<dyn Fn() -> Vec<PortSettings> + Send + Sync>,
    /// Quaymaster's own process.
    pub myself: Myself,
    /// Whose addresses are.
    pub atlas: Option<Arc<dyn Atlas>>,
}

impl Machine {
    /// This computer.
    #[must_use]
    pub fn this() -> Self {
        Self {
            sockets: quaymaster_probe::socket_source(),
            processes: Box::new(quaymaster_probe::process_source),
            port_settings: Box::new(quaymaster_probe::port_settings),
            myself: quaymaster_probe::myself(),
            atlas: networks::atlas(),
        }
    }
}

/// A handle on the running engine; clones share it. The thread ends when the last handle is gone.
#[derive(Clone)]
pub struct Engine {
    handle: Arc<Handle>,
}

struct Handle {
    orders: Sender<Order>,
    icons: Icons,
    past: Option<Past>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        // The readers hold a sender too, so the channel alone would never tell the thread that nobody is left.
        drop(self.orders.send(Order::Stop));
    }
}

impl Engine {
    /// Starts the thread, which looks at once and then every `interval` (held within [`INTERVALS`]).
    pub fn start(machine: Machine, interval: Duration) -> std::io::Result<Self> {
        Self::start_observed(machine, interval, Observers::default())
    }

    /// The same, and tells `observers` what happens.
    pub fn start_observed(machine: Machine, interval: Duration, observers: Observers) -> std::io::Result<Self> {
        let (orders, queue) = channel();
        let news = orders.clone();
        let tell = move |learnt| news.send(Order::News(learnt)).is_ok();
        let reader = Reader::start(machine.processes, machine.port_settings, tell)?;
        let mut state = State::new(machine.sockets, machine.myself, within(interval));
        state.table.consult(machine.atlas);
        let past = observers.past.clone();
        state.observed = Observed::new(observers);
        // The warden is to know which ports the system chooses by itself.
        let own = state.myself.own;
        if let Some(warden) = state.observed.warden() {
            warden.know_own(own);
            reader.ask_port_settings();
        }
        thread::Builder::new().name("engine".into()).spawn(move || Thread::new(state, reader).run(&queue))?;
        Ok(Self { handle: Arc::new(Handle { orders, icons: Icons::default(), past }) })
    }

    /// The next frame, by the request's `after`.
    pub async fn next_frame(&self, request: FrameRequest) -> Result<Frame, Failure> {
        let (answer, frame) = oneshot::channel();
        self.send(Order::Frame(Box::new(request), answer))?;
        frame.await.map_err(|_| Failure::engine_gone())
    }

    /// Sets the time between two looks.
    pub fn set_interval(&self, interval: Duration) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(move |state| state.interval = within(interval))))
    }

    /// Stops looking, or goes on.
    pub fn set_paused(&self, paused: bool) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(move |state| {
            state.sequence += u64::from(state.paused != paused);
            state.paused = paused;
        })))
    }

    /// Sets which new listeners are told of.
    pub fn set_watch(&self, settings: WatchSettings) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(move |state| {
            if let Some(warden) = state.observed.warden() {
                warden.wish(&settings);
            }
        })))
    }

    /// The new listeners that nobody has looked at, newest last.
    pub async fn news(&self) -> Result<Vec<NewListener>, Failure> {
        self.ask(|state| state.observed.warden().map(|warden| warden.news()).unwrap_or_default()).await
    }

    /// The person has looked at the news.
    pub fn dismiss_news(&self) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(|state| {
            state.sequence += 1;
            if let Some(warden) = state.observed.warden() {
                warden.dismiss();
            }
        })))
    }

    /// The person has read what is wrong with what the watch remembers.
    pub fn hear_watch_trouble(&self) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(|state| {
            state.sequence += 1;
            if let Some(warden) = state.observed.warden() {
                warden.hear_trouble();
            }
        })))
    }

    /// The person expects the listeners of these rows, and others like them: they are not told of again.
    pub fn expect_listeners(&self, rows: Vec<u64>) -> Result<(), Failure> {
        self.send(Order::Ask(Box::new(move |state| {
            state.sequence += 1;
            state.observed.expect(&state.table, &rows);
        })))
    }

    /// Remembers as the person wants from now on. Waits for the disk.
    pub async fn keep_history(&self, settings: HistorySettings) -> Result<(), Failure> {
        let Some(past) = self.past().cloned() else { return Ok(()) };
        if let Some(begun) = blocking("history", move || past.keep(settings)).await? {
            self.ask(move |state| state.observed.begin_past(&state.table, begun)).await?;
        }
        Ok(())
    }

    /// What is remembered, where anything is.
    #[must_use]
    pub fn past(&self) -> Option<&Past> {
        self.handle.past.as_ref()
    }

    /// Looks now, even if paused.
    pub fn look_now(&self) -> Result<(), Failure> {
        self.send(Order::LookThen(Box::new(|_| ())))
    }

    /// The picture of the program file at `path`, from memory or from the disk: may block.
    pub(crate) fn icon_of(&self, path: &str) -> Option<Arc<str>> {
        self.handle.icons.of(path, |path| quaymaster_probe::process_source().icon(path).ok())
    }

    /// Runs `question` on the engine's thread and waits for its answer.
    pub(crate) async fn ask<A: Send + 'static>(
        &self,
        question: impl FnOnce(&mut State) -> A + Send + 'static,
    ) -> Result<A, Failure> {
        let (order, answer) = answered(question);
        self.send(Order::Ask(order))?;
        answer.await.map_err(|_| Failure::engine_gone())
    }

    /// The same after a fresh look, from a thread that may block.
    pub(crate) fn look_and_ask<A: Send + 'static>(
        &self,
        question: impl FnOnce(&mut State) -> A + Send + 'static,
    ) -> Result<A, Failure> {
        let (order, answer) = answered(question);
        self.send(Order::LookThen(order))?;
        answer.blocking_recv().map_err(|_| Failure::engine_gone())
    }

    fn send(&self, order: Order) -> Result<(), Failure> {
        self.handle.orders.send(order).map_err(|_| Failure::engine_gone())
    }
}

type Question = Box<dyn FnOnce(&mut State) + Send>;

fn answered<A: Send + 'static>(
    question: impl FnOnce(&mut State) -> A + Send + 'static,
) -> (Question, oneshot::Receiver<A>) {
    let (sender, receiver) = oneshot::channel();
    // Nobody waits for the answer any more when the window was closed meanwhile.
    (Box::new(move |state| drop(sender.send(question(state)))), receiver)
}

fn within(interval: Duration) -> Duration {
    interval.clamp(*INTERVALS.start(), *INTERVALS.end())
}

struct Waiting {
    request: Box<FrameRequest>,
    answer: oneshot::Sender<Frame>,
    until: Instant,
}

struct Thread {
    state: State,
    reader: Reader,
    /// The page's question, until something newer exists.
    waiting: Option<Waiting>,
    next_look: Instant,
    /// `None` where the source has no way to look at listeners alone.
    next_listeners: Option<Instant>,
    /// How long a look at listeners has taken of late.
    listeners_took: Duration,
    /// They have been looked at before the look that is due.
    glanced: bool,
    /// When the page asked last.
    asked: Instant,
    /// Processes whose facts have been asked for and have not come.
    unread: usize,
    /// Until when answers wait for them.
    facts_until: Instant,
    /// Processes that are read once more, and when.
    young: Vec<(Instant, ProcessKey)>,
    /// Until when what was read of the settings of ports is good enough.
    settings_until: Instant,
}

impl Thread {
    fn new(state: State, reader: Reader) -> Self {
        let now = Instant::now();
        Self {
            state,
            reader,
            waiting: None,
            next_look: now,
            next_listeners: Some(now + LISTENERS_EVERY),
            listeners_took: Duration::ZERO,
            glanced: false,
            asked: now,
            unread: 0,
            facts_until: now,
            young: Vec::new(),
            settings_until: now,
        }
    }

    fn run(mut self, queue: &Receiver<Order>) {
        loop {
            if !self.state.paused {
                self.look_if_due();
            }
            self.state.observed.attend(&self.state.table);
            self.answer_waiting();
            match queue.recv_timeout(self.sleep()) {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(order) => self.obey(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn look_if_due(&mut self) {
        let now = Instant::now();
        if now >= self.next_look && self.is_glance_wanted_first() {
            self.glanced = true;
            self.look_at_listeners();
        } else if now >= self.look_due() {
            self.look();
        } else if self.next_listeners.is_some_and(|due| now >= due) {
            self.look_at_listeners();
        }
    }

    /// Whether a look is going to take so long that listeners had better be looked at just before. Not before the first
    /// owners are known: the glance would have to find them all, which the look has put off on purpose.
    fn is_glance_wanted_first(&self) -> bool {
        let is_possible = self.next_listeners.is_some() && !self.state.owners_put_off;
        !self.glanced && is_possible && self.state.look_took > LONG_LOOK
    }

    /// When the next look is to be taken. What the glance before it found is shown first, with names: they are waited for less
    /// long than glances are apart, so that a stream of newcomers puts no look off for good.
    fn look_due(&self) -> Instant {
        if self.glanced && self.waits_for_facts() { self.next_look.max(self.facts_until) } else { self.next_look }
    }

    /// Until the next look, the waiting request's end or the end of the patience with facts, whichever comes first.
    fn sleep(&self) -> Duration {
        let looks = std::iter::once(self.look_due()).chain(self.next_listeners);
        let look = looks.min().filter(|_| !self.state.paused);
        let facts = (self.waits_for_facts() && self.waiting.is_some()).then_some(self.facts_until);
        let due = self.waiting.iter().map(|waiting| waiting.until).chain(look).chain(facts);
        let due = due.chain(self.state.observed.due()).min();
        due.map_or(LONGEST_WAIT, |due| due.saturating_duration_since(Instant::now()))
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Frame(request, answer) => self.wait(request, answer),
            Order::News(News::Processes(processes)) => {
                self.unread = self.unread.saturating_sub(processes.len());
                self.note_young(&processes);
                self.state.learn(processes);
            }
            Order::News(News::Users(users)) => self.state.learn_users(&users),
            Order::News(News::PortSettings(settings)) => self.state.learn_settings(settings),
            Order::Ask(question) => {
                let interval = self.state.interval;
                question(&mut self.state);
                if self.state.interval != interval {
                    self.next_look = Instant::now() + self.state.interval;
                }
            }
            Order::LookThen(question) => {
                self.look();
                question(&mut self.state);
            }
            Order::Stop => {}
        }
    }

    fn note_young(&mut self, processes: &[Process]) {
        let now = clock::now();
        let again = Instant::now() + YOUNG;
        let is_young = |started: UnixMillis| Duration::from_millis(now.since(started)) < YOUNG;
        let young = processes.iter().filter(|process| process.started_at.is_ok_and(is_young));
        self.young.extend(young.map(|process| (again, process.key)));
    }

    fn look(&mut self) {
        let began = Instant::now();
        let applied = self.state.look();
        self.reader.attend();
        let now = Instant::now();
        self.glanced = false;
        let grown: Vec<ProcessKey> = self.young.extract_if(.., |(due, _)| *due <= now).map(|(_, key)| key).collect();
        self.reader.ask(&grown, &[]);
        self.find_out(&applied);
        let interval = if self.is_watched() { self.state.interval } else { UNWATCHED_INTERVAL };
        self.next_look = now + if self.state.owners_put_off { Duration::ZERO } else { interval };
        // What began to listen while a long look was under way has waited long enough.
        let pause = LISTENERS_EVERY.saturating_sub(now - began);
        self.next_listeners = self.next_listeners.map(|_| now + pause);
    }

    fn look_at_listeners(&mut self) {
        let began = Instant::now();
        let applied = self.state.look_at_listeners();
        let now = Instant::now();
        self.listeners_took = (self.listeners_took * (LISTENERS_MEAN - 1) + (now - began)) / LISTENERS_MEAN;
        self.next_listeners =
            applied.as_ref().map(|_| now + LISTENERS_EVERY.max(self.listeners_took * LISTENERS_SHARE));
        if let Some(applied) = applied {
            self.find_out(&applied);
        }
    }

    /// Asks for the facts that a look brought the want of.
    fn find_out(&mut self, Applied { new_owners, new_users, .. }: &Applied) {
        if new_owners.is_empty() && new_users.is_empty() {
            return;
        }
        self.reader.ask(new_owners, new_users);
        self.unread += new_owners.len();
        self.facts_until = Instant::now() + FACTS_PATIENCE;
    }

    /// Whether somebody sees what is found.
    fn is_watched(&self) -> bool {
        self.waiting.is_some() || self.asked.elapsed() < UNWATCHED || self.state.observed.is_listened_to()
    }

    /// The page asks. If it has been silent, the window was hidden, and what it shows now is to be of now.
    fn note_asking(&mut self) {
        if !self.is_watched() {
            self.next_look = Instant::now();
        }
        self.asked = Instant::now();
    }

    /// A new question takes the place of the one that waited, which is answered with what there is: the page has turned
    /// away from it, and answered at the next look it would disturb the order that is held for the new one.
    fn wait(&mut self, request: Box<FrameRequest>, answer: oneshot::Sender<Frame>) {
        self.note_asking();
        if let Some(superseded) = self.waiting.take() {
            self.answer(superseded);
        }
        if request.port.is_some() && Instant::now() >= self.settings_until {
            self.settings_until = Instant::now() + SETTINGS_AGE;
            self.reader.ask_port_settings();
        }
        self.waiting = Some(Waiting { request, answer, until: Instant::now() + LONGEST_WAIT });
    }

    fn waits_for_facts(&self) -> bool {
        self.unread > 0 && Instant::now() < self.facts_until
    }

    fn answer_waiting(&mut self) {
        if self.waits_for_facts() {
            return;
        }
        let now = Instant::now();
        let due = self.waiting.take_if(|waiting| {
            let newer = waiting.request.after.is_none_or(|after| after != self.state.sequence);
            newer || waiting.until <= now
        });
        if let Some(due) = due {
            self.answer(due);
        }
    }

    fn answer(&mut self, Waiting { request, answer, .. }: Waiting) {
        if !answer.is_closed() {
            drop(answer.send(self.state.frame(&request)));
        }
    }
}

//! A look without a thread: what the terminal program needs.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use quaymaster_core::port::PortSettings;
use quaymaster_core::tracker::{Applied, Tracker};
use quaymaster_core::{ProcessKey, Table, Trouble, UnixMillis};
use quaymaster_probe::{Myself, SocketSource};

use crate::reader::{News, Reader};
use crate::wire::{EndOutcome, EndPlan, EndRequest, Failure, PortAnswer};
use crate::{clock, convert, end, networks};

/// How long a look waits for the facts of its owners; what comes later is shown as being read.
const PATIENCE: Duration = Duration::from_secs(1);

/// Looks more that the first one is worth, so that an answer that is given once does not say "looking": a source gives up
/// on an owner at the second.
const SECOND_LOOKS: usize = 2;
/// Time for a descriptor that is on its way from one process to another.
const BETWEEN: Duration = Duration::from_millis(10);

/// The machine's sockets, looked at when asked.
pub struct Look {
    /// The rows.
    pub table: Table,
    /// When the last look was taken.
    pub taken_at: UnixMillis,
    /// Why it is less than whole.
    pub troubles: Vec<Trouble>,
    /// Quaymaster's own process.
    pub myself: Myself,
    source: Box<dyn SocketSource>,
    tracker: Tracker,
    port_settings: Vec<PortSettings>,
    reader: Reader,
    news: Receiver<News>,
}

impl Look {
    /// Takes the first look, with the facts of all owners as far as the system tells them within a second.
    pub fn take() -> std::io::Result<Self> {
        let (tell, news) = channel();
        let reader = Reader::start(quaymaster_probe::process_source, quaymaster_probe::port_settings, move |learnt| {
            tell.send(learnt).is_ok()
        })?;
        let mut look = Self {
            table: Table::new(),
            taken_at: UnixMillis(0),
            troubles: Vec::new(),
            myself: quaymaster_probe::myself(),
            source: quaymaster_probe::socket_source(),
            tracker: Tracker::new(),
            port_settings: Vec::new(),
            reader,
            news,
        };
        look.table.consult(networks::atlas());
        look.again();
        for _ in 0..SECOND_LOOKS {
            if !look.is_early() {
                break;
            }
            std::thread::sleep(BETWEEN);
            look.again();
        }
        Ok(look)
    }

    /// Takes the next look.
    pub fn again(&mut self) {
        let sample = self.source.look(clock::now());
        let applied = self.tracker.apply(&mut self.table, &sample, false);
        self.taken_at = sample.taken_at;
        self.troubles = sample.troubles;
        self.learn(&applied);
    }

    /// Everything known about a port, with what the system's settings say of it.
    pub fn port_answer(&mut self, port: u16) -> PortAnswer {
        self.reader.ask_port_settings();
        self.await_news(0, 0, 1);
        convert::port_answer(&self.table, &self.myself, &self.port_settings, port)
    }

    /// What will go if this process is ended.
    #[must_use]
    pub fn plan_end(&self, key: ProcessKey) -> EndPlan {
        end::plan(key, end::stake(&self.table, key), &self.myself, &mut *quaymaster_probe::process_source())
    }

    /// Ends a program and tells what became of its ports. Takes up to [`end::GRACE`] and a moment more.
    pub fn end(&mut self, order: &EndRequest) -> Result<EndOutcome, Failure> {
        let myself = self.myself.clone();
        end::carry_out(order, &myself, &mut *quaymaster_probe::process_source(), |ports, ended| {
            self.again();
            Ok(ports.iter().map(|&port| end::port_after(&self.table, port, ended)).collect())
        })
    }

    /// Whether some owner was not found, and it is too early to say why.
    fn is_early(&self) -> bool {
        self.table.is_pending()
    }

    fn learn(&mut self, Applied { new_owners, new_users, .. }: &Applied) {
        self.reader.ask(new_owners, new_users);
        self.await_news(new_owners.len(), new_users.len(), 0);
    }

    /// Takes in what readers learn until so many answers of each kind have come, or patience is at its end.
    fn await_news(&mut self, mut processes: usize, mut users: usize, mut settings: usize) {
        let until = Instant::now() + PATIENCE;
        while processes + users + settings > 0 {
            match self.news.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(News::Processes(learnt)) => {
                    processes = processes.saturating_sub(learnt.len());
                    for process in learnt {
                        self.table.learn(process);
                    }
                }
                Ok(News::Users(learnt)) => {
                    users = users.saturating_sub(learnt.len());
                    for (uid, name) in learnt {
                        self.table.learn_user(uid, name.as_deref());
                    }
                }
                Ok(News::PortSettings(learnt)) => {
                    settings = settings.saturating_sub(1);
                    self.port_settings = learnt;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

//! Questions to what is remembered. An answer may wait for the disk: none is to be asked for on the engine's thread.

use std::path::Path;
use std::sync::Arc;

use quaymaster_core::UnixMillis;
use quaymaster_history::{Cursor, History, HistoryFilter, Listing, Page, ReadError, Reader};

use crate::wire::{Failure, HistoryChart, HistoryChartRequest, HistoryPage, HistoryPortUser, HistoryRequest, Millis};
use crate::{clock, convert, networks};

/// Answers questions of the page and of the terminal. Clones share what they have read.
#[derive(Clone, Debug)]
pub struct Archive {
    list: Arc<Reader>,
    /// Apart from the list, which is not to wait for it.
    chart: Arc<Reader>,
}

impl Archive {
    /// The readers of a history that is being kept, which lets go of the file when it is to be put aside or deleted.
    pub(super) fn kept_by(history: &History) -> Self {
        let reader = || Arc::new(history.reader().with(networks::atlas()));
        Self { list: reader(), chart: reader() }
    }

    /// What is remembered in a folder, whoever keeps it. Nothing is made; it may block.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let reader = Arc::new(Reader::of(folder).with(networks::atlas()));
        Self { list: Arc::clone(&reader), chart: reader }
    }

    /// Closes the file until the next question, of which one that is being answered has its answer first.
    pub(super) fn let_go(&self) {
        self.list.let_go();
        self.chart.let_go();
    }

    /// A part of the list. Takes less than a tenth of a second and then says where to go on.
    pub fn page(&self, request: &HistoryRequest) -> Result<HistoryPage, Failure> {
        let before = request.before.as_deref().map(str::parse::<Cursor>).transpose();
        let before = before.map_err(|_| Failure::bad_request())?;
        let filter = match HistoryFilter::parse(&request.filter, clock::now()) {
            Ok(filter) => filter,
            Err(error) => {
                let problem = convert::filter_problem(&request.filter, &error);
                return Ok(HistoryPage { events: Vec::new(), next: None, filter_problem: Some(problem) });
            }
        };
        let limit = usize::try_from(request.limit.max(1)).unwrap_or(usize::MAX);
        let Listing { events, next } = self.list.query(&filter, Page { before, limit }).or_else(nothing_yet)?;
        Ok(HistoryPage {
            events: events.iter().map(convert::history_event).collect(),
            next: next.map(|next| next.to_string()),
            filter_problem: None,
        })
    }

    /// The course of time, and how much there is.
    pub fn chart(&self, request: &HistoryChartRequest) -> Result<HistoryChart, Failure> {
        let empty = |filter_problem| HistoryChart {
            buckets: Vec::new(),
            counted_from: Millis(request.since),
            events: 0,
            more: false,
            filter_problem,
        };
        let filter = match HistoryFilter::parse(&request.filter, clock::now()) {
            Ok(filter) => filter,
            Err(error) => return Ok(empty(Some(convert::filter_problem(&request.filter, &error)))),
        };
        let buckets = usize::try_from(request.buckets).unwrap_or(usize::MAX);
        let (since, until) = (UnixMillis(request.since), UnixMillis(request.until));
        let (events, more) = convert::history_counted(self.chart.count(&filter).or_else(nothing_yet)?);
        let chart = self.chart.buckets(&filter, since, until, buckets).or_else(nothing_yet)?;
        Ok(HistoryChart {
            buckets: chart.buckets.iter().map(convert::history_bucket).collect(),
            counted_from: chart.counted_from.into(),
            events,
            more,
            filter_problem: None,
        })
    }

    /// Which programs had to do with a port at any time since then, the one last seen first.
    pub fn port_users(&self, port: u16, since: u64) -> Result<Vec<HistoryPortUser>, Failure> {
        let users = self.chart.programs_at_port(port, UnixMillis(since)).or_else(nothing_yet)?;
        Ok(users.iter().map(convert::history_port_user).collect())
    }

    /// All events that fit, newest first, part by part: until there are none or `take` has had enough. May take long.
    pub(super) fn all(
        &self,
        filter: &HistoryFilter,
        mut take: impl FnMut(&[quaymaster_history::Event]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut before = None;
        loop {
            let Listing { events, next } =
                self.list.query(filter, Page { before, limit: 1_000 }).or_else(nothing_yet)?;
            take(&events)?;
            if next.is_none() {
                return Ok(());
            }
            before = next;
        }
    }
}

/// Where nothing has been remembered yet there is nothing.
fn nothing_yet<A: Default>(error: ReadError) -> Result<A, Failure> {
    match error {
        ReadError::Absent => Ok(A::default()),
        ReadError::Unavailable { .. } => Err(Failure::read_failed(&error)),
    }
}

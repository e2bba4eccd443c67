//! Somebody who asks the engine as the page does.

use std::io;
use std::time::{Duration, Instant};

use quaymaster_engine::Engine;
use quaymaster_engine::wire::{Column, Frame, FrameRequest, Scope, Sort};

/// Nobody waits longer for what is to show.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks, and waits for the answer.
pub struct Asker {
    /// Who is asked.
    pub engine: Engine,
    runtime: tokio::runtime::Runtime,
}

impl Asker {
    /// Somebody who asks this engine.
    pub fn new(engine: Engine) -> io::Result<Self> {
        Ok(Self { engine, runtime: tokio::runtime::Builder::new_current_thread().build()? })
    }

    /// The next frame; `None` when the engine is gone.
    pub fn ask(&self, request: FrameRequest) -> Option<Frame> {
        self.runtime.block_on(self.engine.next_frame(request)).ok()
    }

    /// Whether a frame came, before patience ended, that shows enough.
    pub fn until(&self, mut request: FrameRequest, enough: impl Fn(&Frame) -> bool) -> bool {
        let until = Instant::now() + PATIENCE;
        while let Some(frame) = self.ask(request.clone()) {
            if enough(&frame) {
                return true;
            }
            if Instant::now() > until {
                break;
            }
            request.after = Some(frame.sequence);
        }
        false
    }
}

/// What a page asks that has just been opened and shows what this filter lets through.
#[must_use]
pub fn request(filter: &str) -> FrameRequest {
    FrameRequest {
        after: None,
        scope: Scope::All,
        filter: filter.to_owned(),
        sort: Sort { column: Column::LocalPort, descending: false },
        group: false,
        folded: Vec::new(),
        first: 0,
        count: 60,
        hold: false,
        port: None,
        detail: None,
        traffic: false,
        locate: None,
    }
}

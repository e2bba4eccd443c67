//! Events as a file: as many as there are, so they are written as they are read.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use quaymaster_core::text::spreadsheet_safe;
use quaymaster_history::HistoryFilter;
use serde::Serialize;
use tempfile::NamedTempFile;

use super::Archive;
use crate::wire::{ExportFormat, Failure, HistoryDeed, HistoryEvent, HistoryExportRequest, HistoryWhat, Whose};
use crate::{clock, convert};

/// A line of cells; the headings are the fields' names, as in JSON. Empty where something is not known or does not apply.
#[derive(Default, Serialize)]
struct Line<'event> {
    at: u64,
    until: Option<u64>,
    cut: bool,
    already_open: bool,
    program: Cow<'event, str>,
    path: Cow<'event, str>,
    user: Cow<'event, str>,
    pid: Option<u32>,
    kind: &'static str,
    protocol: &'static str,
    incoming: Option<bool>,
    local: &'event str,
    remote: &'event str,
    organisation: Cow<'event, str>,
    port: Option<u16>,
    times: Option<u64>,
    received: Option<u64>,
    sent: Option<u64>,
    deed: Option<HistoryDeed>,
}

/// Who runs the network of an address.
fn organisation(whose: &Whose) -> Cow<'_, str> {
    match whose {
        Whose::Network { organisation: Some(name), .. } => spreadsheet_safe(name),
        _ => Cow::default(),
    }
}

impl<'event> Line<'event> {
    fn of(event: &'event HistoryEvent) -> Self {
        let program = event.program.as_ref();
        let text = |text: Option<&'event String>| text.map(|text| spreadsheet_safe(text)).unwrap_or_default();
        let common = Self {
            at: event.at.0,
            until: event.until.map(|until| until.0),
            cut: event.cut,
            already_open: event.already_open,
            program: text(program.map(|program| &program.name)),
            path: text(program.and_then(|program| program.path.as_ref())),
            user: text(program.and_then(|program| program.user.as_ref())),
            pid: event.pid,
            ..Self::default()
        };
        match &event.what {
            HistoryWhat::Listener { protocol, address, port } => {
                Self { kind: "listener", protocol, local: address, port: Some(*port), ..common }
            }
            HistoryWhat::Connection {
                protocol,
                incoming,
                local,
                remote,
                remote_whose,
                port,
                times,
                received,
                sent,
            } => Self {
                kind: "connection",
                protocol,
                incoming: Some(*incoming),
                local,
                remote,
                organisation: organisation(remote_whose),
                port: Some(*port),
                times: Some(*times),
                received: *received,
                sent: *sent,
                ..common
            },
            HistoryWhat::Deed { deed, port } => Self { kind: "deed", deed: Some(*deed), port: *port, ..common },
        }
    }
}

impl Archive {
    /// Writes all events that fit to a file, which is there when all of it is; answers how many there were. May take long: a
    /// million events some ten seconds.
    pub fn export(&self, request: &HistoryExportRequest, path: &Path) -> Result<u32, Failure> {
        // The page has shown what is wrong with a wrong one, and offers none of this.
        let filter = HistoryFilter::parse(&request.filter, clock::now()).map_err(|_| Failure::bad_request())?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(failed)?;
        let written = match request.format {
            ExportFormat::Csv => self.write_cells(&filter, file.as_file())?,
            ExportFormat::Json => self.write_objects(&filter, file.as_file())?,
        };
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| Failure::write_failed(&error.error))?;
        Ok(written)
    }

    /// UTF-8 with a byte order mark, without which Excel takes it for something else.
    fn write_cells(&self, filter: &HistoryFilter, mut file: &File) -> Result<u32, Failure> {
        file.write_all(b"\xEF\xBB\xBF").map_err(failed)?;
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        let mut written = 0;
        self.each(filter, |event| {
            written += 1;
            writer.serialize(Line::of(event)).map_err(failed)
        })?;
        writer.flush().map_err(failed)?;
        Ok(written)
    }

    /// An object with the list in it; an event is what `quay history --json` prints.
    fn write_objects(&self, filter: &HistoryFilter, file: &File) -> Result<u32, Failure> {
        let mut writer = BufWriter::new(file);
        write!(writer, "{{\"schema\":1,\"taken_at\":{},\"events\":[", clock::now().0).map_err(failed)?;
        let mut written = 0;
        self.each(filter, |event| {
            writer.write_all(if written == 0 { b"\n" } else { b",\n" }).map_err(failed)?;
            written += 1;
            serde_json::to_writer(&mut writer, event).map_err(failed)
        })?;
        writer.write_all(b"\n]}\n").and_then(|()| writer.flush()).map_err(failed)?;
        Ok(written)
    }

    fn each(
        &self,
        filter: &HistoryFilter,
        mut write: impl FnMut(&HistoryEvent) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.all(filter, |events| events.iter().try_for_each(|event| write(&convert::history_event(event))))
    }
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::write_failed(&error)
}

//! Rows taken out of the window: as text for the clipboard, as CSV or JSON for a file.

mod cell;

use std::collections::BTreeMap;

use quaymaster_core::query::{Filter, Line, Query, Selection};
use quaymaster_core::{Mark, Row, SocketId, Table, UnixMillis, text};

use crate::engine::Engine;
use crate::wire::{Column, ExportFormat, ExportRequest, Failure, FrameRequest, Listing};
use crate::{convert, export::cell::cell};

/// A file's contents and how many rows they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The contents.
    pub bytes: Vec<u8>,
    /// Rows in them.
    pub rows: usize,
}

impl Engine {
    /// The rows of these ids as lines of tab-separated cells, in the order of the ids; rows that are gone are left out.
    pub async fn rows_as_text(&self, ids: Vec<u64>, columns: Vec<Column>) -> Result<Written, Failure> {
        self.ask(move |state| tab_separated(&state.table, &ids, &columns)).await
    }

    /// The ids of the rows among lines `first..=last` of the answer to `view`.
    pub async fn row_ids(&self, view: FrameRequest, first: u32, last: u32) -> Result<Vec<u64>, Failure> {
        self.ask(move |state| state.ids(&view, first, last)).await
    }

    /// Everything that matches, as a file's contents.
    pub async fn export(&self, request: ExportRequest) -> Result<Written, Failure> {
        self.ask(move |state| contents(&state.table, state.taken_at, &request)).await?
    }
}

fn tab_separated(table: &Table, ids: &[u64], columns: &[Column]) -> Written {
    let rows = ids.iter().filter_map(|&id| table.row(SocketId(id)));
    let line = |row: Row| columns.iter().map(|&column| cell(&row, column)).collect::<Vec<_>>().join("\t");
    let lines: Vec<String> = rows.map(line).collect();
    Written { bytes: lines.join("\n").into_bytes(), rows: lines.len() }
}

fn contents(table: &Table, taken_at: UnixMillis, request: &ExportRequest) -> Result<Written, Failure> {
    // The page sends the filter as typed; a wrong one cannot be exported, for nothing shown belongs to it.
    let filter = Filter::parse(&request.view.filter).map_err(|_| Failure::bad_request())?;
    let query = Query { folded: std::collections::BTreeSet::new(), ..convert::query_of(&request.view, filter) };
    let selection = query.run(table);
    let mut written = 0;
    let rows = selected(&selection, table).inspect(|_| written += 1);
    let bytes = match request.format {
        ExportFormat::Csv => csv(rows, &request.columns).map_err(|error| Failure::write_failed(&error))?,
        ExportFormat::Json => serde_json::to_vec_pretty(&listing(taken_at, &selection, rows))
            .map_err(|error| Failure::write_failed(&error))?,
    };
    Ok(Written { bytes, rows: written })
}

/// The open rows of a selection, in order.
pub fn selected(selection: &Selection, table: &Table) -> impl Iterator<Item = Row> {
    let ids = selection.lines.iter().filter_map(|line| match line {
        Line::Socket(id) => Some(*id),
        Line::Group(_) => None,
    });
    ids.filter_map(|id| table.row(id)).filter(|row| row.mark != Mark::Closed)
}

/// The listing of these rows.
#[must_use]
pub fn listing(taken_at: UnixMillis, selection: &Selection, rows: impl Iterator<Item = Row>) -> Listing {
    Listing {
        schema: 1,
        taken_at: taken_at.into(),
        sockets: rows.map(|row| convert::socket(&row)).collect(),
        hidden: convert::hidden(&selection.hidden)
            .into_iter()
            .map(|hidden| (hidden.because, hidden.sockets))
            .collect::<BTreeMap<_, _>>(),
    }
}

/// UTF-8 with a byte order mark, without which Excel takes it for something else.
fn csv(rows: impl Iterator<Item = Row>, columns: &[Column]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(columns.iter().map(|&column| cell::heading(column)))?;
    for row in rows {
        let cells = columns.iter().map(|&column| cell(&row, column));
        writer.write_record(cells.map(|cell| text::spreadsheet_safe(&cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    use quaymaster_core::{
        Endpoint, Family, Gap, Owner, Process, ProcessKey, Protocol, Service, Socket, SocketKey, StartMark, TcpState,
    };

    use super::*;

    /// A listener of a program with this name.
    fn row(name: &str) -> Row {
        let key = ProcessKey { pid: 7, start: StartMark(1) };
        let socket = Socket {
            key: SocketKey::Cookie(1),
            protocol: Protocol::Tcp,
            family: Family::V4,
            dual_stack: false,
            local: Endpoint::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 80),
            remote: None,
            state: Some(TcpState::Listen),
            owner: Owner::Processes(key.into()),
            uid: None,
            queues: None,
            interface: 0,
            time_wait_until: None,
        };
        let process = Process { name: name.to_owned(), ..Process::unread(key, Gap::Denied) };
        let (first_seen, mark) = (UnixMillis(0), Mark::Steady);
        Row {
            remote: None,
            peer: None,
            id: SocketId(1),
            socket,
            owners: vec![Arc::new(process)],
            user: None,
            first_seen,
            already_open: true,
            mark,
        }
    }

    #[test]
    fn a_programs_name_is_no_formula_and_breaks_no_line() {
        let columns = [Column::Program, Column::LocalPort];
        for (name, line) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\",80"),
            ("@sum,1", "\"'@sum,1\",80"),
            ("a\nb\u{1b}[31m\u{202e}", "a\\nb\\e[31m\\u{202e},80"),
        ] {
            let bytes = csv(std::iter::once(row(name)), &columns).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), format!("\u{feff}program,local_port\n{line}\n"));
        }
    }

    #[test]
    fn a_service_goes_by_its_name_and_a_socket_without_a_user_by_its_holders() {
        let mut row = row("svchost.exe");
        let host = Arc::make_mut(&mut row.owners[0]);
        host.services = Ok(vec![Service { name: "W32Time".into(), display_name: "Windows Time".into() }]);
        host.user = Ok("LOCAL SERVICE".into());
        let csv = |row: &Row| csv(std::iter::once(row.clone()), &[Column::Program, Column::User]);
        let text = |row: &Row| String::from_utf8(csv(row).unwrap()).unwrap();
        assert!(text(&row).ends_with("\nWindows Time (W32Time),LOCAL SERVICE\n"), "{}", text(&row));
        row.socket.uid = Some(0);
        assert!(text(&row).ends_with(",0\n"));
    }
}

//! Which services run in which process: svchost.exe is twenty programs of the same name without it.

use std::collections::HashMap;
use std::mem::offset_of;
use std::time::{Duration, Instant};

use quaymaster_core::{Gap, Known, ProcessKey, Service};
use windows_sys::Win32::Foundation::ERROR_MORE_DATA;
use windows_sys::Win32::System::Services::{
    CloseServiceHandle, ENUM_SERVICE_STATUS_PROCESSW as Entry, EnumServicesStatusExW, OpenSCManagerW,
    SC_ENUM_PROCESS_INFO, SC_HANDLE, SC_MANAGER_CONNECT, SC_MANAGER_ENUMERATE_SERVICE, SERVICE_ACTIVE,
    SERVICE_STATUS_PROCESS, SERVICE_WIN32,
};

use super::super::error::{gap, last};
use super::super::wide::text_at;
use super::Census;

/// So long the services of one question serve the next too: facts are asked for in handfuls, one after another.
const FRESH: Duration = Duration::from_secs(3);
/// The most that one call may hand over (its documentation); what does not fit comes with the next.
const PAGE: usize = 256 << 10;
/// Pages after which the list is given up: some two hundred thousand services.
const PAGES: usize = 256;

type ByPid = HashMap<u32, Vec<Service>>;

/// The services that run, and the processes that there were just before they were asked for.
///
/// The list names PIDs alone. One is believed to be a process's only if that process was there before the list was made and
/// is there after: then the number was its own all the time.
#[derive(Default)]
pub(super) struct Services {
    seen: Option<Seen>,
}

struct Seen {
    at: Instant,
    before: Census,
    running: Known<ByPid>,
}

impl Services {
    /// Asks for the services, unless it was done a moment ago and all of these processes were there then.
    pub(super) fn refresh(&mut self, mut keys: impl Iterator<Item = ProcessKey>) {
        let mut serves = |seen: &Seen| seen.at.elapsed() < FRESH && keys.all(|key| seen.before.get(key).is_some());
        if !self.seen.as_ref().is_some_and(&mut serves) {
            let at = Instant::now();
            self.seen = Census::take().map(|before| Seen { at, before, running: running() });
        }
    }

    /// The services of a process that was seen alive after the last refresh.
    pub(super) fn of(&self, key: ProcessKey) -> Known<Vec<Service>> {
        let seen = self.seen.as_ref().ok_or(Gap::Unsupported)?;
        let running = seen.running.as_ref().map_err(|why| *why)?;
        // Younger than the list: it is asked for again with the next reading.
        seen.before.get(key).ok_or(Gap::Pending)?;
        Ok(running.get(&key.pid).cloned().unwrap_or_default())
    }
}

/// All services that run or are about to, by the PID of their process, sorted by name.
fn running() -> Known<ByPid> {
    let registry = Registry::open()?;
    let mut page = vec![0u64; PAGE / size_of::<u64>()];
    let mut all = ByPid::new();
    let mut resume = 0;
    for _ in 0..PAGES {
        let (count, more) = registry.page(&mut page, &mut resume)?;
        for (pid, service) in read(&page, count) {
            all.entry(pid).or_default().push(service);
        }
        if !more {
            all.values_mut().for_each(|services| services.sort_unstable());
            return Ok(all);
        }
    }
    Err(Gap::Unsupported)
}

/// The system's list of services, open until dropped. Any user may list them.
struct Registry(SC_HANDLE);

impl Registry {
    fn open() -> Known<Self> {
        let access = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
        // SAFETY: both names may be null: this computer, its running list.
        let opened = unsafe { OpenSCManagerW(std::ptr::null(), std::ptr::null(), access) };
        if opened.is_null() { Err(gap(last())) } else { Ok(Self(opened)) }
    }

    /// Fills the page from where `resume` says; how many entries it has got, and whether there are more.
    fn page(&self, page: &mut [u64], resume: &mut u32) -> Known<(usize, bool)> {
        let (mut needed, mut count) = (0, 0);
        // SAFETY: the list is open; the page is writable for the bytes that are named; the numbers outlive the call; no group.
        let whole = unsafe {
            EnumServicesStatusExW(
                self.0,
                SC_ENUM_PROCESS_INFO,
                SERVICE_WIN32,
                SERVICE_ACTIVE,
                page.as_mut_ptr().cast(),
                u32::try_from(size_of_val(page)).unwrap_or(u32::MAX),
                &raw mut needed,
                &raw mut count,
                resume,
                std::ptr::null(),
            )
        };
        match (whole != 0, last()) {
            (true, _) => Ok((count as usize, false)),
            // A page that took nothing would be asked for for ever.
            (false, ERROR_MORE_DATA) if count > 0 => Ok((count as usize, true)),
            (false, error) => Err(gap(error)),
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, open, and closed only here.
        unsafe { CloseServiceHandle(self.0) };
    }
}

/// The entries of a page. Names lie behind them, where they point.
fn read(page: &[u64], count: usize) -> Vec<(u32, Service)> {
    // SAFETY: the slice's own, initialised numbers; bytes have no alignment and no invalid values.
    let bytes = unsafe { std::slice::from_raw_parts(page.as_ptr().cast::<u8>(), size_of_val(page)) };
    let base = page.as_ptr().addr();
    let entry = |entry: &[u8]| {
        let name = |at: usize| text_at(bytes, base, usize::from_ne_bytes(entry.get(at..at + 8)?.try_into().ok()?));
        let pid = entry.get(PID..PID + 4)?.try_into().ok().map(u32::from_ne_bytes)?;
        let name_of_both = (name(offset_of!(Entry, lpServiceName))?, name(offset_of!(Entry, lpDisplayName))?);
        // A service that is about to start has no process yet.
        Some((pid, Service { name: name_of_both.0, display_name: name_of_both.1 })).filter(|_| pid != 0)
    };
    bytes.chunks_exact(size_of::<Entry>()).take(count).filter_map(entry).collect()
}

/// Where an entry names the process.
const PID: usize = offset_of!(Entry, ServiceStatusProcess) + offset_of!(SERVICE_STATUS_PROCESS, dwProcessId);

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with entries of `(pid, name, display name)`, the names at its end, as Windows lays them out.
    fn made(services: &[(u32, &str, &str)]) -> Vec<u64> {
        let mut page = vec![0u64; 512];
        let base = page.as_ptr().addr() as u64;
        let mut end = page.len();
        let mut put = |page: &mut [u64], text: &str| {
            let units: Vec<u16> = text.encode_utf16().chain([0; 4]).collect();
            end -= units.len() / 4;
            for (slot, four) in page[end..].iter_mut().zip(units.chunks_exact(4)) {
                *slot = four.iter().rev().fold(0, |all, unit| all << 16 | u64::from(*unit));
            }
            base + 8 * end as u64
        };
        for (index, (pid, name, display)) in services.iter().enumerate() {
            let at = index * size_of::<Entry>() / 8;
            page[at] = put(&mut page, name);
            page[at + 1] = put(&mut page, display);
            page[at + PID / 8] |= u64::from(*pid) << (8 * (PID % 8));
        }
        page
    }

    #[test]
    fn a_page_is_read_as_far_as_it_is_filled() {
        let page = made(&[(900, "W32Time", "Windows Time"), (0, "Wait", "Wait"), (12, "端口", "端口服务")]);
        let service = |name: &str, display: &str| Service { name: name.into(), display_name: display.into() };
        let all = [(900, service("W32Time", "Windows Time")), (12, service("端口", "端口服务"))];
        assert_eq!(read(&page, 3), all);
        assert_eq!(read(&page, 1), all[..1]);
        assert_eq!(read(&page, 0), []);
        assert_eq!(read(&page, usize::MAX), all, "what is no entry points nowhere");
    }

    #[test]
    fn a_name_that_points_elsewhere_is_none() {
        let mut page = made(&[(900, "W32Time", "Windows Time")]);
        page[0] = 8;
        assert_eq!(read(&page, 1), []);
        page[0] = u64::MAX;
        assert_eq!(read(&page, 1), []);
    }

    #[test]
    fn a_process_that_came_after_the_list_is_not_given_anothers_services() {
        let mut services = Services::default();
        let own = super::super::myself().own;
        services.refresh([own].into_iter());
        let younger = ProcessKey { start: quaymaster_core::StartMark(own.start.0 + 1), ..own };
        assert_eq!(services.of(own), Ok(Vec::new()));
        assert_eq!(services.of(younger), Err(Gap::Pending));
    }
}

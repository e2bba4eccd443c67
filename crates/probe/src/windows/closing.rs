//! Asking a program's windows to close: what a click on their cross does.
//!
//! Messages are posted, never sent: a window that hangs would hang us with it.

use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, GetLastError, HWND, LPARAM};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    EnumWindows, GW_OWNER, GetClassNameW, GetWindow, GetWindowThreadProcessId, IsWindowVisible, PostMessageW, WM_CLOSE,
};
use windows_sys::core::BOOL;

use crate::EndError;

/// Windows that show a console. The system says of them that they belong to the program that runs in it, and closing one ends
/// everything that does: the person's shell too. `PseudoConsoleWindow` stands for a console that a terminal shows.
const CONSOLES: [&str; 2] = ["ConsoleWindowClass", "PseudoConsoleWindow"];

/// Asks the windows of exactly this process that a person can see, on this desktop: its main windows, or where it shows none,
/// its dialogs. Hidden windows are left alone: a program that lives in the tray keeps them for itself and takes a WM_CLOSE as
/// "hide", and many have one just to get messages.
pub(super) fn close_windows(pid: u32) -> Result<(), EndError> {
    let shown = visible_windows(pid);
    // A dialog is owned by the window that it belongs to, and goes with it.
    let (main, owned): (Vec<HWND>, Vec<HWND>) = shown.into_iter().partition(|&window| owner(window).is_null());
    let asked = if main.is_empty() { owned } else { main };
    let results: Vec<Result<(), EndError>> = asked.into_iter().map(close).collect();
    match results.iter().find(|result| result.is_ok()).or(results.first()) {
        Some(result) => *result,
        None => Err(EndError::NoWayToAsk),
    }
}

fn close(window: HWND) -> Result<(), EndError> {
    // SAFETY: a window that is gone by now is refused, and WM_CLOSE carries no pointers.
    if unsafe { PostMessageW(window, WM_CLOSE, 0, 0) } != 0 {
        return Ok(());
    }
    // SAFETY: GetLastError has no preconditions.
    match unsafe { GetLastError() } {
        // The window of a program with more rights than ours (User Interface Privilege Isolation).
        ERROR_ACCESS_DENIED => Err(EndError::NotAllowed),
        _ => Err(EndError::NoWayToAsk),
    }
}

/// What the system calls for each window writes here.
struct Search {
    pid: u32,
    found: Vec<HWND>,
}

fn visible_windows(pid: u32) -> Vec<HWND> {
    let mut search = Search { pid, found: Vec::new() };
    // SAFETY: `note` gets the address of `search`, which outlives the call and is touched by nobody else meanwhile. A listing
    // that fails halfway has noted windows that exist all the same.
    unsafe { EnumWindows(Some(note), (&raw mut search).addr().cast_signed()) };
    search.found
}

/// Called by the system for each top-level window.
unsafe extern "system" fn note(window: HWND, search: LPARAM) -> BOOL {
    // SAFETY: `visible_windows` handed over the address of a `Search` that it keeps until EnumWindows returns.
    let search = unsafe { &mut *std::ptr::with_exposed_provenance_mut::<Search>(search.cast_unsigned()) };
    let mut pid = 0;
    // SAFETY: `pid` outlives the call; a window that is gone by now leaves it 0. IsWindowVisible takes no pointers.
    let visible = unsafe {
        GetWindowThreadProcessId(window, &raw mut pid);
        IsWindowVisible(window) != 0
    };
    if visible && pid == search.pid && !CONSOLES.contains(&&*class(window)) {
        search.found.push(window);
    }
    1
}

fn owner(window: HWND) -> HWND {
    // SAFETY: GetWindow takes no pointers; a window that is gone by now has no owner.
    unsafe { GetWindow(window, GW_OWNER) }
}

fn class(window: HWND) -> String {
    // Names of classes are at most 256 long (WNDCLASSEXW).
    let mut name = [0; 257];
    // SAFETY: the buffer is as long as is said.
    let length = unsafe { GetClassNameW(window, name.as_mut_ptr(), 257) };
    String::from_utf16_lossy(&name[..usize::try_from(length).unwrap_or(0).min(name.len())])
}

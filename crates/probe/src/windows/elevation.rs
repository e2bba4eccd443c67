//! Administrator rights for one act: our own program once more, started by the verb `runas`, for which Windows asks the person
//! (User Account Control). This process never gets more rights than it has.

use std::os::windows::ffi::OsStrExt;
use std::path::Path;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DISABLED_BY_POLICY, ERROR_CANCELLED, ERROR_INVALID_PARAMETER, GetLastError, HWND, WAIT_TIMEOUT,
};
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation};
use windows_sys::Win32::System::Com::{
    COINIT_APARTMENTTHREADED, COINIT_DISABLE_OLE1DDE, CoInitializeEx, CoUninitialize,
};
use windows_sys::Win32::System::Console::GetConsoleWindow;
use windows_sys::Win32::System::SystemInformation::GetSystemDirectoryW;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetExitCodeProcess, OpenProcessToken};
use windows_sys::Win32::UI::Shell::{
    SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC, SEE_MASK_NOCLOSEPROCESS, SHELLEXECUTEINFOW, ShellExecuteExW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{GetForegroundWindow, GetWindowThreadProcessId, SW_HIDE};
use windows_sys::core::w;

use super::command_line;
use super::handle::Handle;
use crate::{Elevation, ElevationError};

/// The act itself takes some ten seconds at most; the person's answer is waited for before this begins.
const LONGEST: u32 = 60_000;

/// Whether this process has the rights already. An ordinary user's can be given those of another account: the system asks for
/// its name and password then.
pub(crate) fn elevation() -> Elevation {
    match is_elevated() {
        Some(true) => Elevation::AlreadyThere,
        Some(false) => Elevation::Possible,
        None => Elevation::Unsupported,
    }
}

fn is_elevated() -> Option<bool> {
    let mut token = std::ptr::null_mut();
    // SAFETY: `token` outlives the call; the handle of the current process needs no closing.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return None;
    }
    let token = Handle(token);
    let mut elevation = TOKEN_ELEVATION { TokenIsElevated: 0 };
    let size = u32::try_from(size_of::<TOKEN_ELEVATION>()).unwrap_or(0);
    let mut written = 0;
    // SAFETY: the token is open, `elevation` is as large as is said, and both outlive the call.
    let told = unsafe {
        GetTokenInformation(token.0, TokenElevation, (&raw mut elevation).cast(), size, &raw mut written) != 0
    };
    told.then_some(elevation.TokenIsElevated != 0)
}

/// On a thread of its own: the shell's functions want COM set up in a way that the caller's thread may not share.
pub(crate) fn as_administrator(arguments: &[String]) -> Result<u32, ElevationError> {
    let program = std::env::current_exe().map_err(|error| ElevationError::System(error.raw_os_error().unwrap_or(0)))?;
    let line = command_line::line(arguments);
    if line.contains('\0') {
        return Err(system(ERROR_INVALID_PARAMETER));
    }
    let before = our_window().addr();
    let start = move || run(&program, &line, std::ptr::with_exposed_provenance_mut(before));
    let thread = std::thread::Builder::new().name("administrator".into()).spawn(start);
    let thread = thread.map_err(|error| ElevationError::System(error.raw_os_error().unwrap_or(0)))?;
    thread.join().unwrap_or(Err(ElevationError::System(0)))
}

fn run(program: &Path, line: &str, window: HWND) -> Result<u32, ElevationError> {
    let _com = Com::start();
    let program: Vec<u16> = program.as_os_str().encode_wide().chain([0]).collect();
    let line: Vec<u16> = line.encode_utf16().chain([0]).collect();
    let folder = system_folder();
    let mut order = SHELLEXECUTEINFOW {
        cbSize: u32::try_from(size_of::<SHELLEXECUTEINFOW>()).unwrap_or(0),
        // The process is waited for; this thread ends soon and runs no message loop; errors are told, not shown.
        fMask: SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI,
        // Above which Windows shows its question. Without one it may only blink in the task bar.
        hwnd: window,
        lpVerb: w!("runas"),
        lpFile: program.as_ptr(),
        lpParameters: line.as_ptr(),
        // Not the folder that we happen to be in, from which more rights than ours should load nothing.
        lpDirectory: folder.as_ptr(),
        nShow: SW_HIDE,
        ..Default::default()
    };
    // SAFETY: every text ends in a zero and outlives the call, and the structure says its own size.
    if unsafe { ShellExecuteExW(&raw mut order) } == 0 {
        return Err(refused());
    }
    if order.hProcess.is_null() {
        return Err(ElevationError::System(0));
    }
    let process = Handle(order.hProcess);
    if !process.ended_within(LONGEST) {
        return Err(system(WAIT_TIMEOUT));
    }
    let mut code = 0;
    // SAFETY: the handle is open and may be asked this; `code` outlives the call.
    let told = unsafe { GetExitCodeProcess(process.0, &raw mut code) } != 0;
    if told { Ok(code) } else { Err(refused()) }
}

fn refused() -> ElevationError {
    // SAFETY: GetLastError has no preconditions.
    match unsafe { GetLastError() } {
        // "No", or a policy that answers so for everybody.
        ERROR_CANCELLED | ERROR_ACCESS_DISABLED_BY_POLICY => ElevationError::Declined,
        other => system(other),
    }
}

fn system(error: u32) -> ElevationError {
    ElevationError::System(i32::try_from(error).unwrap_or(i32::MAX))
}

/// The window that the person looks at, if it is ours; else that of our console, if we have one.
fn our_window() -> HWND {
    let mut pid = 0;
    // SAFETY: `pid` outlives the call; without a foreground window it stays 0, which is not our PID.
    unsafe {
        let foreground = GetForegroundWindow();
        GetWindowThreadProcessId(foreground, &raw mut pid);
        if pid == std::process::id() { foreground } else { GetConsoleWindow() }
    }
}

/// `C:\Windows\System32`, with its closing zero. The empty text where the system does not say: then it chooses itself.
fn system_folder() -> Vec<u16> {
    let mut folder = vec![0; 260];
    // SAFETY: the buffer is as long as is said.
    let length = unsafe { GetSystemDirectoryW(folder.as_mut_ptr(), 260) };
    folder.truncate(usize::try_from(length).unwrap_or(0).min(259));
    folder.push(0);
    folder
}

/// COM on this thread, until dropped.
struct Com(bool);

impl Com {
    fn start() -> Self {
        let mode = COINIT_APARTMENTTHREADED.cast_unsigned() | COINIT_DISABLE_OLE1DDE.cast_unsigned();
        // SAFETY: the reserved pointer is null, as it must be.
        Self(unsafe { CoInitializeEx(std::ptr::null(), mode) } >= 0)
    }
}

impl Drop for Com {
    fn drop(&mut self) {
        if self.0 {
            // SAFETY: undoes the call above, on the same thread.
            unsafe { CoUninitialize() };
        }
    }
}

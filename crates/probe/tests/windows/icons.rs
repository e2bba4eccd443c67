//! What a program file says of itself, and its picture.

use std::os::windows::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use quaymaster_core::{Gap, Process};
use quaymaster_probe::{Icon, process_source};
use windows_sys::Win32::System::Threading::{
    CREATE_SUSPENDED, GR_GDIOBJECTS, GR_USEROBJECTS, GetCurrentProcess, GetGuiResources,
};

use crate::processes::key_of;
use crate::wine::lacks;

/// A program of the system.
fn system(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("SystemRoot").unwrap()).join(name)
}

fn icon(path: &str) -> Result<Icon, Gap> {
    process_source().icon(path)
}

/// What is read of a program of the system that was started, but does not get so far as to open its window.
fn read_started(program: &str) -> Process {
    let mut child = Command::new(system(program)).creation_flags(CREATE_SUSPENDED).spawn().unwrap();
    let read = process_source().read(&[key_of(child.id())]).remove(0);
    let _ = child.kill();
    let _ = child.wait();
    read
}

#[test]
fn a_program_of_the_system_says_what_it_is_and_whose() {
    let read = read_started(r"system32\winver.exe");
    assert!(read.path.unwrap().to_lowercase().ends_with(r"\system32\winver.exe"));
    assert_eq!(read.company.as_deref(), Ok("Microsoft Corporation"));
    let description = read.description.unwrap();
    assert!(!description.is_empty() && description.trim() == description && !description.contains('\0'));
}

#[test]
fn a_program_of_the_system_has_a_picture() {
    for program in ["regedit.exe", r"system32\taskmgr.exe"] {
        let icon = icon(system(program).to_str().unwrap()).unwrap();
        assert_eq!((icon.size, icon.rgba.len()), (32, 32 * 32 * 4));
        let pixels: Vec<&[u8]> = icon.rgba.chunks_exact(4).collect();
        let seen = pixels.iter().filter(|pixel| pixel[3] > 0).count();
        assert!((50..=1024).contains(&seen), "{program}: {seen} pixels are seen");
        let colors: std::collections::HashSet<&[u8]> = pixels.iter().filter(|pixel| pixel[3] > 0).copied().collect();
        assert!(colors.len() > 3, "{program} is one blot");
    }
}

#[test]
fn what_has_no_picture_says_so() {
    // A test program has none; nor has a text, a folder, or what is not there.
    assert_eq!(icon(std::env::current_exe().unwrap().to_str().unwrap()), Err(Gap::None));
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("端口.exe");
    std::fs::write(&text, "MZ, but no program").unwrap();
    for path in [text.clone(), folder.path().to_path_buf(), folder.path().join("nothing.exe")] {
        assert_eq!(icon(path.to_str().unwrap()), Err(Gap::None), "{path:?}");
    }
    for path in ["", "notepad.exe", r"\\.\PhysicalDrive0", r"\\?\pipe\nobody", "C:\\a\0b"] {
        assert_eq!(icon(path), Err(Gap::Unsupported), "{path:?}");
    }
}

#[test]
fn a_torn_file_does_no_harm() {
    let whole = std::fs::read(system("regedit.exe")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (number, part) in [2, 3, 5, 9].into_iter().enumerate() {
        let torn = folder.path().join(format!("{number}.exe"));
        std::fs::write(&torn, &whole[..whole.len() / part]).unwrap();
        // What can still be drawn of it may be drawn.
        let drawn = icon(torn.to_str().unwrap());
        assert!(drawn == Err(Gap::None) || drawn.is_ok_and(|icon| icon.rgba.len() == 4096), "{part}");
    }
}

#[test]
fn pictures_leave_nothing_behind() {
    let objects = || {
        let of = |kind| {
            // SAFETY: the pseudo handle of this process needs no closing.
            unsafe { GetGuiResources(GetCurrentProcess(), kind) }
        };
        of(GR_GDIOBJECTS) + of(GR_USEROBJECTS)
    };
    let path = system("regedit.exe");
    let first = icon(path.to_str().unwrap());
    let before = objects();
    assert!((0..200).all(|_| icon(path.to_str().unwrap()) == first));
    // Other tests draw at the same time, a few objects each.
    assert!(objects() < before + 100, "{before} before, {} after", objects());
    assert_eq!(before == 0, lacks("drawn-objects"));
}

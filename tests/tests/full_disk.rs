//! A disk without room: what was on it stays whole.
//!
//! Linux only, as a whole: a small disk of one's own is a tmpfs in a mount namespace. Elsewhere the same order of steps (a new
//! file, then a rename) is all that there is to trust.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::io::Write;
use std::path::Path;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use quaymaster_engine::settings::SettingsFile;
use quaymaster_engine::wire::Theme;

/// A disk of 64 KiB over this folder, for this thread alone; it goes with the thread.
fn small_disk(folder: &Path) -> nix::Result<()> {
    unshare(CloneFlags::CLONE_NEWNS)?;
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)?;
    mount(Some("tmpfs"), folder, Some("tmpfs"), MsFlags::empty(), Some("size=64k"))
}

#[test]
fn settings_on_a_full_disk_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    if let Err(error) = small_disk(folder.path()) {
        eprintln!("skipped: no small disk may be mounted here ({error})");
        return;
    }
    let (mut file, mut settings, _) = SettingsFile::open(folder.path().to_owned());
    file.save(&settings).unwrap();
    let whole = fs::read_to_string(file.path()).unwrap();

    let filler = folder.path().join("filler");
    let mut writer = fs::File::create(&filler).unwrap();
    while writer.write_all(&[7; 512]).is_ok() {}
    settings.theme = Theme::Dark;
    assert_eq!(file.save(&settings).unwrap_err().code, "write_failed");
    assert_eq!(fs::read_to_string(file.path()).unwrap(), whole);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "half a file was left");

    // There is room again: what could not be written is written.
    drop(writer);
    fs::remove_file(filler).unwrap();
    file.save(&settings).unwrap();
    let (_, read, trouble) = SettingsFile::open(folder.path().to_owned());
    assert_eq!((read, trouble), (settings, None));
}

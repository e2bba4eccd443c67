//! The portable zip: the files in a folder of the package's name, so that unpacking it anywhere strews nothing about.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::ensure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{FILES, portable_package};
use crate::bundle::contents;
use crate::bundle::stage::Stage;

/// What a person on a slow line is spared (issue 3).
const LARGEST: u64 = 12 * 1024 * 1024;

/// Packs the folder. The same files of the same commit make the same bytes.
pub(super) fn pack(stage: &Stage, folder: &Path) -> anyhow::Result<()> {
    let package = portable_package(stage);
    let file = stage.product(&package);
    let mut zip = ZipWriter::new(File::create(&file)?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(moment(stage.epoch)?)
        .unix_permissions(0o755);
    let top = package.trim_end_matches(".zip");
    let mut lines = Vec::new();
    for name in FILES {
        let bytes = fs::read(folder.join(name))?;
        zip.start_file(format!("{top}/{name}"), options)?;
        zip.write_all(&bytes)?;
        lines.push(format!("{top}/{name} {}", bytes.len()));
    }
    zip.finish()?;
    let size = fs::metadata(&file)?.len();
    ensure!(size <= LARGEST, "{package} has {size} bytes, more than {LARGEST}");
    println!("{package}: {size} bytes");
    contents::write(stage, &package, lines)
}

/// Unpacks it into a folder and tells the names of the files, in order.
pub(super) fn unpack(stage: &Stage, into: &Path) -> anyhow::Result<Vec<String>> {
    let mut zip = ZipArchive::new(File::open(stage.product(&portable_package(stage)))?)?;
    zip.extract(into)?;
    let names = zip.file_names().map(|name| Ok(name?.into_owned()));
    let mut names = names.collect::<anyhow::Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

/// The date of everything in the archive, in UTC: zip knows no zones.
fn moment(epoch: u64) -> anyhow::Result<DateTime> {
    let moment = Timestamp::from_second(i64::try_from(epoch)?)?.to_zoned(TimeZone::UTC).datetime();
    Ok(DateTime::try_from(moment)?)
}

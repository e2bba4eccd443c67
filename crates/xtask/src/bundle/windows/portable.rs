//! The portable zip: the files in a folder of the package's name, so that unpacking it anywhere strews nothing about.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, ensure};
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
        std::io::Write::write_all(&mut zip, &bytes)?;
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
    let mut names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

/// The date of everything in the archive, in UTC: zip knows no zones.
fn moment(epoch: u64) -> anyhow::Result<DateTime> {
    let days = i64::try_from(epoch / 86_400)?;
    let (year, month, day) = date(days);
    let [hour, minute, second] = [epoch / 3_600 % 24, epoch / 60 % 60, epoch % 60].map(|part| part as u8);
    DateTime::from_date_and_time(u16::try_from(year)?, month, day, hour, minute, second).context("no date for zip")
}

/// The civil date of a day counted from 1970-01-01, by the reckoning of
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn date(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u8, day as u8)
}

//! Makes a file of networks from the lists of the packages in `sources/`: `compile FOLDER-OF-PACKAGES DATE FILE`.

use std::fs::File;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use quaymaster_core::network::Country;
use quaymaster_lookup::networks::{Builder, Span};

/// What the licences of the lists want said where they are used.
const CREDITS: &str = "Route Views (routeviews.org), CC BY 4.0
DB-IP: IP to ASN Lite (db-ip.com), CC BY 4.0
Number Resource Organization (nro.net), CC BY 4.0
merged by ip-location-db; compiled by Quaymaster";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [packages, date, file] = &arguments[..] else { bail!("compile FOLDER-OF-PACKAGES DATE FILE") };
    let packages = PathBuf::from(packages);
    let mut builder = Builder::new();
    for family in ["ipv4", "ipv6"] {
        read(&packages.join(format!("asn/asn-{family}.csv")), |span, rest| {
            let [asn, name] = rest else { bail!("a system has a number and a name") };
            builder.system(span, asn.parse()?, name.trim());
            Ok(())
        })?;
        read(&packages.join(format!("asn-country/asn-country-{family}.csv")), |span, rest| {
            let [country] = rest else { bail!("a country has a code") };
            // `ZZ` and the like stand for nowhere.
            if let Some(country) = Country::read(country).filter(|country| country.code() != "ZZ") {
                builder.country(span, country);
            }
            Ok(())
        })?;
    }
    let bytes = builder.build(date.parse().context("the date")?, CREDITS);
    println!("{} bytes", bytes.len());
    // A file that somebody has mapped is replaced, never written into.
    let new = format!("{file}.new");
    std::fs::write(&new, bytes)?;
    Ok(std::fs::rename(new, file)?)
}

fn read(list: &Path, mut take: impl FnMut(Span, &[&str]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let file = File::open(list).with_context(|| format!("{}", list.display()))?;
    for (number, record) in csv::ReaderBuilder::new().has_headers(false).from_reader(file).into_records().enumerate() {
        let record = record?;
        let fields: Vec<&str> = record.iter().collect();
        let [first, last, rest @ ..] = &fields[..] else { bail!("{}, row {number}: no range", list.display()) };
        let span = Span { first: first.parse::<IpAddr>()?, last: last.parse::<IpAddr>()? };
        take(span, rest).with_context(|| format!("{}, row {number}", list.display()))?;
    }
    Ok(())
}

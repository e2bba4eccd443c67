//! Embeds in quay.exe what Windows shows of a program file (version, icon) and how it is to treat it (manifest).

use std::error::Error;

const ICON: &str = "../../icons/icon.ico";
const MANIFEST: &str = "../../packaging/windows/app.manifest";
/// English (United States), the neutral choice of version resources.
const LANGUAGE: u16 = 0x0409;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={ICON}");
    println!("cargo:rerun-if-changed={MANIFEST}");
    // What is built for, not what builds: `cfg!` would tell of this script's own system.
    if std::env::var("CARGO_CFG_TARGET_OS")? == "windows" {
        embed()?;
    }
    Ok(())
}

fn embed() -> Result<(), Box<dyn Error>> {
    let manifest = std::fs::read_to_string(MANIFEST)?;
    // Versions come from Cargo.
    tauri_winres::WindowsResource::new()
        .set_language(LANGUAGE)
        .set("ProductName", "Quaymaster")
        // The name that Task Manager and the firewall's question show.
        .set("FileDescription", "Quaymaster in the terminal")
        .set("CompanyName", "The Quaymaster authors")
        .set("LegalCopyright", "Copyright (c) 2026 The Quaymaster authors")
        .set("OriginalFilename", "quay.exe")
        .set("InternalName", "quay")
        .set_icon(ICON)
        .set_manifest(&manifest)
        .compile()?;
    Ok(())
}

//! A program file of Windows, read back: what Windows will show of it, how it will treat it, what it will look for.

use std::path::Path;

use anyhow::{Context, ensure};
use pelite::pe64::{Pe, PeFile};
use pelite::{FileMap, image};

use super::LOADER;

/// What a program must say of itself.
pub(super) struct Wanted {
    /// Whether Windows opens a console for it.
    console: bool,
    /// What Task Manager calls it.
    description: &'static str,
    /// Whether it needs the library that lies beside it.
    loader: bool,
}

/// quaymaster.exe
pub(super) const WINDOW: Wanted = Wanted { console: false, description: "Quaymaster", loader: true };
/// quay.exe
pub(super) const TERMINAL: Wanted = Wanted { console: true, description: "Quaymaster in the terminal", loader: false };

/// What every icon must hold: 16 and 32 pixels at 100, 125, 150 and 200 % of the screen, and Explorer's largest.
const ICON_SIZES: [u32; 8] = [16, 20, 24, 32, 40, 48, 64, 256];

/// What the manifest must hold, in these words.
const MANIFEST: [&str; 7] = [
    "Microsoft.Windows.Common-Controls\" version=\"6.0.0.0\"",
    "level=\"asInvoker\"",
    ">PerMonitorV2, PerMonitor</dpiAwareness>",
    ">UTF-8</activeCodePage>",
    ">true</longPathAware>",
    // Windows 10 and 11.
    "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}",
    "uiAccess=\"false\"",
];

/// The libraries that every Windows 10 has. Any other would have to be packed: a compiler's, most likely.
const OF_WINDOWS: &[&str] = &[
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "api-ms-win-core-winrt-error-l1-1-0.dll",
    "api-ms-win-core-winrt-l1-1-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "combase.dll",
    "comctl32.dll",
    "crypt32.dll",
    "dwmapi.dll",
    "gdi32.dll",
    "imm32.dll",
    "iphlpapi.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "netapi32.dll",
    "ntdll.dll",
    "ole32.dll",
    "oleaut32.dll",
    "pdh.dll",
    "powrprof.dll",
    "propsys.dll",
    "psapi.dll",
    "secur32.dll",
    "shell32.dll",
    "shlwapi.dll",
    "user32.dll",
    "userenv.dll",
    "uxtheme.dll",
    "version.dll",
    "ws2_32.dll",
];

/// Fails unless the program is as it is meant to be.
pub(super) fn check(file: &Path, wanted: &Wanted, version: &str) -> anyhow::Result<()> {
    let map = FileMap::open(file).with_context(|| format!("no {}", file.display()))?;
    let program = PeFile::from_bytes(&map)?;
    let found = || -> anyhow::Result<()> {
        subsystem(program, wanted)?;
        libraries(program, wanted)?;
        words(program, wanted, version)?;
        icon(program)?;
        let manifest = program.resources()?.manifest()?;
        let missing: Vec<&str> = MANIFEST.into_iter().filter(|words| !manifest.contains(words)).collect();
        ensure!(missing.is_empty(), "the manifest lacks {missing:?}");
        Ok(())
    };
    found().with_context(|| file.display().to_string())
}

fn subsystem(program: PeFile<'_>, wanted: &Wanted) -> anyhow::Result<()> {
    let console = match program.optional_header().Subsystem {
        image::IMAGE_SUBSYSTEM_WINDOWS_GUI => false,
        image::IMAGE_SUBSYSTEM_WINDOWS_CUI => true,
        other => anyhow::bail!("subsystem {other}"),
    };
    ensure!(console == wanted.console, "a program {} console", if console { "with a" } else { "without a" });
    Ok(())
}

fn libraries(program: PeFile<'_>, wanted: &Wanted) -> anyhow::Result<()> {
    let mut loader = false;
    for import in program.imports()? {
        let name = import.dll_name()?.to_string();
        loader |= name == LOADER;
        let known = name == LOADER && wanted.loader || OF_WINDOWS.contains(&&*name.to_ascii_lowercase());
        ensure!(known, "it needs {name}, which is neither packed nor known to be part of Windows");
    }
    ensure!(loader == wanted.loader, "{LOADER} is packed for nothing: the program does not import it");
    Ok(())
}

fn words(program: PeFile<'_>, wanted: &Wanted, version: &str) -> anyhow::Result<()> {
    let info = program.resources()?.version_info()?;
    let language = *info.translation().first().context("a version resource without a language")?;
    for (key, value) in [
        ("ProductName", "Quaymaster"),
        ("FileDescription", wanted.description),
        ("CompanyName", "The Quaymaster authors"),
        ("LegalCopyright", "Copyright (c) 2026 The Quaymaster authors"),
        ("FileVersion", version),
        ("ProductVersion", version),
    ] {
        let found = info.value(language, key);
        ensure!(found.as_deref() == Some(value), "{key} is {found:?}, not {value:?}");
    }
    let fixed = info.fixed().context("a version resource without numbers")?.dwFileVersion;
    let numbers = format!("{}.{}.{}", fixed.Major, fixed.Minor, fixed.Patch);
    ensure!(version.starts_with(&numbers), "the version's numbers are {numbers}, not those of {version}");
    Ok(())
}

fn icon(program: PeFile<'_>) -> anyhow::Result<()> {
    let (_, group) = program.resources()?.icons().next().context("no icon")??;
    // 256 does not fit the byte and is written as 0.
    let mut sizes: Vec<u32> = group.entries().iter().map(|entry| (u32::from(entry.bWidth) + 255) % 256 + 1).collect();
    sizes.sort_unstable();
    ensure!(sizes == ICON_SIZES, "the icon has the sizes {sizes:?}, not {ICON_SIZES:?}");
    Ok(())
}

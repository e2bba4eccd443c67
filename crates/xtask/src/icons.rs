//! The program's icons: every size from one drawing, by librsvg's and ImageMagick's programs.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::call::call;
use crate::place;

/// Files that the shell and the packages name, by the width and height of their pictures.
pub(crate) const FILES: &[(u32, &str)] = &[
    (16, "16x16.png"),
    (24, "24x24.png"),
    (32, "32x32.png"),
    (48, "48x48.png"),
    (64, "64x64.png"),
    (128, "128x128.png"),
    (256, "128x128@2x.png"),
    (512, "icon.png"),
];

/// Sizes inside the one Windows file: title bar, task bar and desktop, each at 100, 125, 150 and 200 % of the screen. The
/// first is what Tauri gives to the window itself; the system picks from the rest by size.
const WINDOWS: &[u32] = &[32, 16, 20, 24, 40, 48, 64, 256];

/// Makes icons/*.png and icons/icon.ico from icons/quaymaster.svg.
pub(crate) fn make() -> anyhow::Result<()> {
    let icons = place::root().join("icons");
    for (size, name) in FILES {
        draw(&icons, *size, &icons.join(name))?;
    }
    let parts = place::target().join("icons");
    std::fs::create_dir_all(&parts)?;
    let parts: Vec<PathBuf> = WINDOWS.iter().map(|size| parts.join(format!("{size}.png"))).collect();
    for (size, part) in WINDOWS.iter().zip(&parts) {
        draw(&icons, *size, part)?;
    }
    call("convert").args(&parts).args([icons.join("icon.ico")]).run().context("ImageMagick is needed")?;
    println!("made {} files in {}", FILES.len() + 1, icons.display());
    Ok(())
}

fn draw(icons: &Path, size: u32, file: &Path) -> anyhow::Result<()> {
    let size = size.to_string();
    call("rsvg-convert")
        .args(["--width", &size, "--height", &size, "--output"])
        .args([file.to_path_buf(), icons.join("quaymaster.svg")])
        .run()
        .context("rsvg-convert (package librsvg2-bin) is needed")
}

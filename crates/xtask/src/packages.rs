//! What the system must have: Debian packages, installed where we may, named where we may not; and Node.js.

use anyhow::{Context, bail};

use crate::call::{Call, call};
use crate::place;

/// What the packages are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Building the window.
    Window,
    /// Also seeing it on a virtual display.
    Picture,
    /// Also testing it.
    Test,
    /// Also making packages of it, and testing those.
    Bundle,
    /// Testing it, and the pictures of the documentation, in which somebody else's desktop shows tray and notices.
    Pictures,
    /// Measuring looks beside everybody else's.
    Bench,
    /// Linking the programs for Windows and trying them under Wine.
    Windows,
    /// Compiling them, where rustup's compiler cannot.
    WindowsCompiler,
}

/// The compiler's linker and the window's libraries.
const WINDOW: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "librsvg2-dev"];

/// A display, a window manager, a bus, a camera, and letters for both languages.
const PICTURE: &[&str] = &["xvfb", "openbox", "dbus", "xdotool", "imagemagick", "fonts-dejavu-core", "fonts-noto-cjk"];

/// The driver of the real window, `ss` as second opinion, a user of our own.
const TEST: &[&str] = &["webkit2gtk-driver", "xauth", "iproute2", "procps", "util-linux", "passwd"];

/// Who judges desktop entries and metainfo; who knows what a program needs of the system; the other kind of package.
const BUNDLE: &[&str] = &["git", "dpkg-dev", "xz-utils", "desktop-file-utils", "appstream", "rpm", "man-db", "nsis"];

/// A panel with a tray, its settings' keeper, and who shows notices.
const PICTURES: &[&str] = &["xfce4-panel", "xfconf", "dunst"];

/// Everybody else who looks at sockets, and who counts system calls; a linker.
const BENCH: &[&str] = &["build-essential", "iproute2", "net-tools", "lsof", "strace"];

/// A linker for Windows, a display, and something to run the programs on.
const WINDOWS: &[&str] = &[
    "gcc-mingw-w64-x86-64-win32",
    "g++-mingw-w64-x86-64-win32",
    "binutils-mingw-w64-x86-64",
    "wine64",
    "wine",
    "xvfb",
    "openbox",
];

/// A compiler that comes with the source of its standard library.
const WINDOWS_COMPILER: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

/// The oldest Node.js that the page's tools run on.
const NODE: u32 = 20;

/// Installs what is missing, if it is allowed to; otherwise says the one command that does.
pub(crate) fn ensure(purpose: Purpose) -> anyhow::Result<()> {
    ensure_node()?;
    if !place::LINUX {
        return Ok(());
    }
    let wanted = wanted(purpose);
    if !place::in_path("dpkg-query") {
        println!(
            "This is no Debian: these packages, or your system's like them, have to be there: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

fn ensure_node() -> anyhow::Result<()> {
    let version =
        call("node").args(["--version"]).output().context("Node.js is needed: install version 20 or newer")?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("Node.js {} is too old: version {NODE} or newer is needed", version.trim());
    }
    Ok(())
}

fn wanted(purpose: Purpose) -> Vec<&'static str> {
    match purpose {
        Purpose::Bench => return BENCH.to_vec(),
        Purpose::Windows => return WINDOWS.to_vec(),
        Purpose::WindowsCompiler => return WINDOWS_COMPILER.to_vec(),
        Purpose::Pictures => return [wanted(Purpose::Test).as_slice(), PICTURES].concat(),
        Purpose::Window | Purpose::Picture | Purpose::Test | Purpose::Bundle => {}
    }
    let mut wanted = WINDOW.to_vec();
    if purpose >= Purpose::Picture {
        wanted.extend(PICTURE);
    }
    if purpose >= Purpose::Test {
        wanted.extend(TEST);
        // Any browser of the family will do, whoever packaged it.
        if !["chromium", "chromium-browser", "google-chrome"].into_iter().any(place::in_path) {
            wanted.push("chromium");
        }
    }
    if purpose >= Purpose::Bundle {
        wanted.extend(BUNDLE);
    }
    wanted
}

fn missing(wanted: &[&'static str]) -> anyhow::Result<Vec<&'static str>> {
    // Fails when one package is unknown to it, and still lists the others: so its status means nothing to us.
    let listed = std::process::Command::new("dpkg-query")
        .args(["--show", "--showformat", "${db:Status-Abbrev}${Package}\n"])
        .args(wanted)
        .output()
        .context("could not ask dpkg-query")?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let there: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("ii ")).map(str::trim).collect();
    Ok(wanted.iter().copied().filter(|package| !there.contains(package)).collect())
}

fn install(missing: &[&str]) -> anyhow::Result<()> {
    let Some(apt) = apt() else {
        bail!(
            "these packages are missing, and installing them needs an administrator. Type this, then start again:\n\n    \
             sudo apt-get install --yes --no-install-recommends {}\n",
            missing.join(" ")
        );
    };
    println!("installing with apt: {}", missing.join(" "));
    // Lists that can't be refreshed (no network to one of the sources) may still hold what is needed.
    if let Err(error) = apt(&["update"]).run() {
        println!("{error:#}; going on with the lists that are there");
    }
    let mut args = vec!["install", "--yes", "--no-install-recommends"];
    args.extend(missing);
    apt(&args).run()
}

/// How apt-get may be called: as root, or through a sudo that asks nothing.
pub(crate) fn apt() -> Option<fn(&[&str]) -> Call> {
    fn patient(call: Call, args: &[&str]) -> Call {
        // Another apt may be at work on a machine that has just started: wait for it.
        call.args(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "--quiet"]).args(args)
    }
    let root = call("id").args(["-u"]).output().is_ok_and(|id| id.trim() == "0");
    if root {
        Some(|args| patient(call("apt-get").env("DEBIAN_FRONTEND", "noninteractive"), args))
    } else if call("sudo").args(["-n", "true"]).succeeds() {
        Some(|args| patient(call("sudo").args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]), args))
    } else {
        None
    }
}

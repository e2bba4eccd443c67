//! The file of networks: where it lies, and which of several counts. It is looked for once a run.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use quaymaster_core::network::{Atlas, Whose as CoreWhose};
use quaymaster_core::text::visible;
use quaymaster_lookup::networks::{FILE, Networks, NetworksError};

use crate::settings::shown;
use crate::wire::{NetworksFile, Whose};
use crate::{convert, place};

/// The longest credit that is shown, in characters.
const LONGEST: usize = 1_024;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The file that counts: the one with the latest data.
    pub networks: Option<Arc<Networks>>,
    /// Where it lies.
    pub path: Option<PathBuf>,
    /// A file that is there and of no use, with the reason.
    pub useless: Option<(PathBuf, NetworksError)>,
}

/// The file of this run.
pub fn found() -> &'static Found {
    static FOUND: OnceLock<Found> = OnceLock::new();
    FOUND.get_or_init(|| find(candidates()))
}

/// The file of this run, to be asked.
#[must_use]
pub fn atlas() -> Option<Arc<dyn Atlas>> {
    found().networks.clone().map(|networks| networks as Arc<dyn Atlas>)
}

/// Whose an address is.
#[must_use]
pub fn whose(ip: IpAddr) -> Whose {
    convert::whose(&CoreWhose::of(ip, found().networks.as_deref().map(|networks| networks as &dyn Atlas)))
}

/// What a person is told of it.
#[must_use]
pub fn told() -> NetworksFile {
    let Found { networks, path, useless } = found();
    let credits = networks.as_ref().map(|networks| networks.credits()).unwrap_or_default();
    NetworksFile {
        as_of: networks.as_ref().map(|networks| networks.date()),
        path: path.as_deref().map(shown),
        own: shown(&place::data().join(FILE)),
        credits: credits.lines().map(|line| visible(line, LONGEST).into_owned()).collect(),
        useless: useless.as_ref().map(|(path, error)| format!("{}: {error}", shown(path))),
    }
}

/// The person's own, in the folder of what this program remembers; the one beside the program; the one that packages bring.
fn candidates() -> Vec<PathBuf> {
    let own = std::env::current_exe().unwrap_or_default();
    let mut folders = vec![place::data()];
    folders.extend(own.parent().map(PathBuf::from));
    if let Some(above) = own.ancestors().nth(2) {
        // Tests lie one folder below what they test; an installed program beside the folder of data.
        folders.extend([above.to_owned(), above.join("share/quaymaster")]);
    }
    folders.into_iter().map(|folder| folder.join(FILE)).collect()
}

fn find(candidates: Vec<PathBuf>) -> Found {
    let mut found = Found { networks: None, path: None, useless: None };
    for path in candidates.into_iter().filter(|path| path.exists()) {
        match Networks::open(&path) {
            Ok(networks) if found.networks.as_ref().is_none_or(|best| networks.date() > best.date()) => {
                (found.networks, found.path) = (Some(Arc::new(networks)), Some(path));
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a file of networks is of no use");
                found.useless.get_or_insert((path, error));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use quaymaster_lookup::networks::Builder;

    use super::*;

    #[test]
    fn the_latest_counts_and_a_useless_one_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            path
        };
        let old = file("old", &Builder::new().build(20_250_101, ""));
        let new = file("new", &Builder::new().build(20_260_617, ""));
        let broken = file("broken", b"no such thing");
        let found = find(vec![folder.path().join("absent"), broken.clone(), old, new.clone()]);
        assert_eq!(found.path, Some(new));
        assert_eq!(found.networks.map(|networks| networks.date()).as_deref(), Some("2026-06-17"));
        assert!(matches!(found.useless, Some((path, NetworksError::Damaged)) if path == broken));
        assert!(find(Vec::new()).networks.is_none());
    }
}

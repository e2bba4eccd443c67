//! Pictures of programs, as the page shows them: a PNG in a `data:` address, kept by program file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quaymaster_probe::Icon;

use crate::blocking::blocking;
use crate::wire::{Failure, ProcessRef};

impl crate::Engine {
    /// The picture of a program that holds a socket, as a `data:` address; `None` where it has none or the system tells none.
    pub async fn program_icon(&self, process: ProcessRef) -> Result<Option<Arc<str>>, Failure> {
        let path = self.program_file(process).await?;
        let engine = self.clone();
        blocking("icon", move || engine.icon_of(&path.to_string_lossy())).await
    }
}

/// The most pictures that are kept; past that all are forgotten, which costs reading them again.
const MOST: usize = 256;

/// Pictures by path; `None`: the file has none, or the system does not tell.
#[derive(Default)]
pub(crate) struct Icons {
    known: Mutex<HashMap<String, Option<Arc<str>>>>,
}

impl Icons {
    /// The picture of the program file at `path`, read by `read` where it is not known yet. May wait for a slow disk.
    pub(crate) fn of(&self, path: &str, read: impl FnOnce(&str) -> Option<Icon>) -> Option<Arc<str>> {
        if let Some(known) = self.lock().get(path) {
            return known.clone();
        }
        // Not under the lock: another program's picture need not wait for this one's disk.
        let picture = read(path).and_then(|icon| data_address(&icon)).map(Arc::from);
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(path.to_owned(), picture.clone());
        picture
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<Arc<str>>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `None` for a picture whose pixels are not as many as its size says.
fn data_address(icon: &Icon) -> Option<String> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, icon.size, icon.size);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(&icon.rgba).ok()?;
    Some(format!("data:image/png;base64,{}", STANDARD.encode(file)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_once_and_comes_as_png() {
        let icons = Icons::default();
        let mut read = 0;
        for _ in 0..2 {
            let picture = icons.of("C:\\a.exe", |_| {
                read += 1;
                Some(Icon { size: 1, rgba: vec![255, 0, 0, 255] })
            });
            let address = picture.unwrap();
            let file = STANDARD.decode(address.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
            assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        }
        assert_eq!(read, 1);
    }

    #[test]
    fn a_picture_that_does_not_fit_its_size_is_none() {
        let icons = Icons::default();
        assert_eq!(icons.of("a", |_| Some(Icon { size: 2, rgba: vec![0; 4] })), None);
        assert_eq!(icons.of("b", |_| None), None);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let icons = Icons::default();
        for number in 0..3 * MOST {
            icons.of(&number.to_string(), |_| None);
        }
        assert!(icons.lock().len() <= MOST);
    }
}

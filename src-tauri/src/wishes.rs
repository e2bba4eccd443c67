//! What is wished of the page from outside of it, kept until the page listens.

use std::sync::{Mutex, MutexGuard, PoisonError};

use quaymaster_engine::wire::Wish;
use tauri::ipc::Channel;

/// The way to the page.
#[derive(Default)]
pub(crate) struct Wishes {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    page: Option<Channel<Wish>>,
    /// Wished before there was a page.
    waiting: Vec<Wish>,
}

impl Wishes {
    /// The page listens from now on; a page that was loaded anew takes the place of the old one.
    pub(crate) fn listen(&self, page: Channel<Wish>) {
        let mut inner = self.inner();
        let waiting = std::mem::take(&mut inner.waiting);
        waiting.into_iter().for_each(|wish| send(&page, wish));
        inner.page = Some(page);
    }

    /// Tells the page, now or as soon as it listens.
    pub(crate) fn tell(&self, wish: Wish) {
        let mut inner = self.inner();
        match &inner.page {
            Some(page) => send(page, wish),
            None => inner.waiting.push(wish),
        }
    }

    /// Whether a page has ever listened.
    pub(crate) fn is_heard(&self) -> bool {
        self.inner().page.is_some()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send(page: &Channel<Wish>, wish: Wish) {
    if let Err(error) = page.send(wish) {
        tracing::warn!(%error, "the page does not hear");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tauri::ipc::InvokeResponseBody;

    use super::*;

    /// A page, and what it has heard.
    fn page() -> (Channel<Wish>, Arc<Mutex<Vec<String>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&heard);
        let channel = Channel::new(move |body| {
            if let InvokeResponseBody::Json(text) = body {
                note.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            }
            Ok(())
        });
        (channel, heard)
    }

    fn taken(heard: &Mutex<Vec<String>>) -> Vec<String> {
        std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[test]
    fn what_was_wished_before_there_was_a_page_is_told_first_and_once() {
        let wishes = Wishes::default();
        wishes.tell(Wish::Port { port: 7897 });
        assert!(!wishes.is_heard());
        let (first, heard) = page();
        wishes.listen(first);
        wishes.tell(Wish::Search);
        assert_eq!(taken(&heard), [r#"{"wish":"port","port":7897}"#, r#"{"wish":"search"}"#]);

        // A page that was loaded anew.
        let (second, anew) = page();
        wishes.listen(second);
        wishes.tell(Wish::Listening);
        assert_eq!((taken(&heard).len(), taken(&anew)), (0, vec![r#"{"wish":"listening"}"#.to_owned()]));
    }
}

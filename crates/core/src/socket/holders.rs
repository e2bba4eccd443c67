//! Lists of processes, nearly all of which have one entry.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use crate::process::ProcessKey;

/// The processes that hold a socket: a list that costs no memory of its own where it has one entry, and little to copy where
/// it has several. Use it as a slice.
#[derive(Clone, Default)]
pub struct Holders(List);

#[derive(Clone, Default)]
enum List {
    #[default]
    None,
    One(ProcessKey),
    Several(Arc<[ProcessKey]>),
}

impl Holders {
    /// An empty list.
    pub const NOBODY: Self = Self(List::None);
}

impl Deref for Holders {
    type Target = [ProcessKey];

    fn deref(&self) -> &[ProcessKey] {
        match &self.0 {
            List::None => &[],
            List::One(key) => std::slice::from_ref(key),
            List::Several(keys) => keys,
        }
    }
}

impl From<ProcessKey> for Holders {
    fn from(key: ProcessKey) -> Self {
        Self(List::One(key))
    }
}

impl From<&[ProcessKey]> for Holders {
    fn from(keys: &[ProcessKey]) -> Self {
        Self(match keys {
            [] => List::None,
            [key] => List::One(*key),
            keys => List::Several(keys.into()),
        })
    }
}

impl From<Vec<ProcessKey>> for Holders {
    fn from(keys: Vec<ProcessKey>) -> Self {
        keys.as_slice().into()
    }
}

impl<'a> IntoIterator for &'a Holders {
    type Item = &'a ProcessKey;
    type IntoIter = std::slice::Iter<'a, ProcessKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Holders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl PartialEq for Holders {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Holders {}

impl Hash for Holders {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl Borrow<[ProcessKey]> for Holders {
    fn borrow(&self) -> &[ProcessKey] {
        self
    }
}

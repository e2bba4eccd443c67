//! Memory that the system fills with a table whose size nobody knows beforehand.
//!
//! It is kept between two questions: a table is about as large as it was a second ago.

use std::ffi::c_void;

/// As many times a table may have grown between two calls before it is given up.
const ATTEMPTS: usize = 8;
/// No table of sockets or processes comes near this; a larger answer is not believed.
const MOST: usize = 256 << 20;

/// Aligned for whatever the system writes into it.
#[derive(Default)]
pub(super) struct Memory(Vec<u64>);

/// What the system said to the memory that it was given.
pub(super) enum Answer {
    /// It has filled it.
    Filled,
    /// It needs more: the size is in the second argument of the question, as far as it says.
    TooSmall,
    /// The system's error.
    Failed(i32),
}

impl Memory {
    /// Asks until the memory is large enough. `ask` gets its address and its size in bytes, which it replaces by the size that
    /// the system names. What comes back is all of the memory: how much of it means something, the table itself says.
    pub(super) fn filled(&mut self, mut ask: impl FnMut(*mut c_void, &mut u32) -> Answer) -> Result<&[u8], i32> {
        for _ in 0..ATTEMPTS {
            let mut size = u32::try_from(self.size()).unwrap_or(u32::MAX);
            match ask(self.0.as_mut_ptr().cast(), &mut size) {
                Answer::Filled => return Ok(self.bytes()),
                Answer::Failed(error) => return Err(error),
                Answer::TooSmall => self.grow(size as usize),
            }
        }
        Err(TOO_SMALL)
    }

    /// Makes room for `wanted` bytes and a quarter more, since the table may grow before the next call. At least doubled where
    /// the system named no larger size.
    fn grow(&mut self, wanted: usize) {
        let bytes = (wanted + wanted / 4).max(self.size() * 2).clamp(4096, MOST);
        self.0.resize(bytes / size_of::<u64>(), 0);
    }

    fn size(&self) -> usize {
        self.0.len() * size_of::<u64>()
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the vector's own, initialised numbers; bytes have no alignment and no invalid values.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.size()) }
    }
}

/// `ERROR_INSUFFICIENT_BUFFER`.
const TOO_SMALL: i32 = 122;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asked_again_until_it_is_enough_and_kept_for_the_next_time() {
        let mut memory = Memory::default();
        let mut sizes = Vec::new();
        let mut ask = |at: *mut c_void, size: &mut u32| {
            sizes.push(*size);
            if *size < 10_000 {
                *size = 10_000;
                return Answer::TooSmall;
            }
            // SAFETY: at least 10 000 bytes are there.
            unsafe { at.cast::<u8>().add(9_999).write(7) };
            Answer::Filled
        };
        assert_eq!(memory.filled(&mut ask).map(|bytes| bytes[9_999]), Ok(7));
        assert_eq!(memory.filled(&mut ask).map(|bytes| bytes[9_999]), Ok(7));
        assert_eq!(sizes, [0, 12_496, 12_496]);
    }

    #[test]
    fn a_system_that_never_has_enough_or_names_no_size_is_given_up() {
        let mut asked = 0;
        let mut memory = Memory::default();
        let endless = memory.filled(|_, size| {
            asked += 1;
            *size = 0;
            Answer::TooSmall
        });
        assert_eq!((endless.err(), asked), (Some(TOO_SMALL), ATTEMPTS));
        assert_eq!(Memory::default().filled(|_, _| Answer::Failed(5)).err(), Some(5));
    }
}

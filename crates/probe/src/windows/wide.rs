//! UTF-16 of Windows, in and out.

/// Ended by a NUL, as Windows wants it; `None` for a text that holds one, which Windows would take for a shorter text.
pub(super) fn ended(units: &[u16]) -> Option<Vec<u16>> {
    (!units.contains(&0)).then(|| units.iter().copied().chain([0]).collect())
}

/// The units up to the first NUL, as text. What is no UTF-16 (a lone surrogate in a file name) becomes U+FFFD.
pub(super) fn text(units: &[u16]) -> String {
    String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default())
}

/// The numbers of a table in memory, two bytes each; an odd last byte is left out.
pub(super) fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|unit| u16::from_ne_bytes([unit[0], unit[1]])).collect()
}

/// Where in the memory that begins at address `base` and is `all` long the `length` bytes at `address` lie; `None` if they
/// reach out of it. Windows points from a structure that it wrote to texts that it wrote behind it.
pub(super) fn within(all: &[u8], base: usize, address: usize, length: usize) -> Option<&[u8]> {
    let start = address.checked_sub(base)?;
    all.get(start..start.checked_add(length)?)
}

/// The text that begins at `address`, up to its NUL, in the memory that begins at `base`.
pub(super) fn text_at(all: &[u8], base: usize, address: usize) -> Option<String> {
    let rest = all.get(address.checked_sub(base)?..)?;
    let units = units(rest.get(..rest.len().min(MOST))?);
    units.contains(&0).then(|| text(&units))
}

/// No name of a service or a person is longer, in bytes.
const MOST: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_nul_inside_is_not_handed_on_shortened() {
        assert_eq!(ended(&[97, 98]), Some(vec![97, 98, 0]));
        assert_eq!(ended(&[97, 0, 98]), None);
        assert_eq!(text(&[97, 0, 98]), "a");
        assert_eq!(text(&[0xd800, 97]), "\u{fffd}a");
    }

    #[test]
    fn nothing_is_read_outside_of_the_memory() {
        let bytes: Vec<u8> = "端口\0".encode_utf16().flat_map(u16::to_ne_bytes).collect();
        assert_eq!(text_at(&bytes, 1000, 1000).as_deref(), Some("端口"));
        assert_eq!(text_at(&bytes, 1000, 1002).as_deref(), Some("口"));
        assert_eq!(text_at(&bytes[..4], 1000, 1000), None, "no NUL");
        assert_eq!(text_at(&bytes, 1000, 998), None);
        assert_eq!(text_at(&bytes, 1000, usize::MAX), None);
        assert_eq!(within(&bytes, 1000, 1004, 2), Some(&[0, 0][..]));
        assert_eq!(within(&bytes, 1000, 1004, 3), None);
        assert_eq!(within(&bytes, 1000, 1004, usize::MAX), None);
    }
}

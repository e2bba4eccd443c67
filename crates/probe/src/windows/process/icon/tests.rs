//! Pictures that are made here, drawn by the system.

use super::*;

const SIDE: usize = SIZE as usize;

/// A picture as it lies in a program: a head, the colours of `depth` bits a pixel from the bottom line up, the mask.
fn picture(
    depth: u16,
    palette: &[u32],
    color: impl Fn(usize, usize) -> u32,
    masked: impl Fn(usize, usize) -> bool,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in [40, SIZE, SIZE * 2, 1 | u32::from(depth) << 16, 0, 0, 0, 0, 0, 0].iter().chain(palette) {
        bytes.extend(number.to_le_bytes());
    }
    for y in (0..SIDE).rev() {
        match depth {
            32 => (0..SIDE).for_each(|x| bytes.extend(color(x, y).to_le_bytes())),
            24 => (0..SIDE).for_each(|x| bytes.extend(&color(x, y).to_le_bytes()[..3])),
            _ => bytes.extend(line_of_bits(|x| color(x, y) != 0)),
        }
    }
    (0..SIDE).rev().for_each(|y| bytes.extend(line_of_bits(|x| masked(x, y))));
    bytes
}

fn line_of_bits(bit: impl Fn(usize) -> bool) -> [u8; SIDE / 8] {
    std::array::from_fn(|byte| (0..8).fold(0, |bits, at| bits << 1 | u8::from(bit(byte * 8 + at))))
}

fn drawn(picture: &[u8]) -> Option<Vec<u8>> {
    OwnedIcon::draw(picture)?.bitmaps()?.rgba()
}

fn pixel(rgba: &[u8], x: usize, y: usize) -> [u8; 4] {
    std::array::from_fn(|part| rgba[(y * SIDE + x) * 4 + part])
}

/// Half seen, with colours that name their place.
fn with_alpha() -> Vec<u8> {
    let color = |x: usize, y: usize| 0x8000_00f0 | (x as u32) << 16 | (y as u32) << 8;
    picture(32, &[], color, |_, _| false)
}

#[test]
fn alpha_comes_out_as_it_went_in() {
    let rgba = drawn(&with_alpha()).unwrap_or_default();
    assert_eq!(rgba.len(), SIDE * SIDE * 4);
    for (x, y) in [(0, 0), (31, 0), (0, 31), (7, 20)] {
        assert_eq!(pixel(&rgba, x, y), [x as u8, y as u8, 0xf0, 0x80], "{x} {y}");
    }
}

#[test]
fn old_icons_are_drawn_where_their_mask_says() {
    let left = |x: usize, _: usize| x < 8;
    for depth in [24, 32] {
        let rgba = drawn(&picture(depth, &[], |_, y| 0x0010_2030 + y as u32, left)).unwrap_or_default();
        assert_eq!(pixel(&rgba, 8, 3), [0x10, 0x20, 0x33, 255], "{depth}");
        assert_eq!(pixel(&rgba, 7, 3)[3], 0, "{depth}");
    }
}

#[test]
fn icons_of_two_colors() {
    let rgba = drawn(&picture(1, &[0, 0x00ff_ffff], |_, y| u32::from(y < 4), |x, _| x < 8)).unwrap_or_default();
    assert_eq!(pixel(&rgba, 20, 0), [255, 255, 255, 255]);
    assert_eq!(pixel(&rgba, 20, 4), [0, 0, 0, 255]);
    assert_eq!(pixel(&rgba, 0, 4), [0, 0, 0, 0], "the screen shows through");
}

#[test]
fn a_torn_picture_is_none_or_whole() {
    let whole = with_alpha();
    for length in (0..whole.len()).step_by(97).chain([1, 39, 40, 41, whole.len() - 1]) {
        assert!(drawn(&whole[..length]).is_none_or(|rgba| rgba.len() == SIDE * SIDE * 4), "{length}");
    }
    assert_eq!(drawn(b"\x89PNG\r\n\x1a\n, and no more"), None);
}

#[test]
fn what_says_that_it_is_huge_is_not_drawn() {
    let png = |width: u32, height: u32| {
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    };
    assert!(is_modest(&png(256, 256)) && is_modest(&with_alpha()));
    assert!(!is_modest(&png(30_000, 30_000)) && !is_modest(&png(256, u32::MAX)) && !is_modest(&png(0, 32)));
    for (at, number) in [(4, i32::MAX), (4, 0), (4, -32), (8, i32::MAX), (8, i32::MIN), (8, 1)] {
        let mut lie = with_alpha();
        lie[at..at + 4].copy_from_slice(&number.to_le_bytes());
        assert!(!is_modest(&lie), "{number} at {at}");
        assert_eq!(drawn(&lie), None);
    }
    assert!(!is_modest(&[]) && !is_modest(b"\x89PNG"));
}

#[test]
fn a_list_is_not_believed_to_be_longer_than_it_is() {
    let entry = |number: u16| [&[32, 32, 0, 0, 1, 0, 32, 0, 0, 1, 0, 0][..], &number.to_le_bytes()].concat();
    let list = [&[0, 0, 1, 0, 2, 0][..], &entry(7), &entry(8)].concat();
    assert!(best(&list).is_some_and(|number| number == 7 || number == 8));
    assert_eq!(best(&list[..list.len() - 1]), None);
    assert_eq!(best(&[0, 0, 1, 0, 255, 255]), None);
    assert_eq!(best(&[0, 0, 1, 0, 0, 0]), None);
    assert_eq!(best(&[]), None);
}

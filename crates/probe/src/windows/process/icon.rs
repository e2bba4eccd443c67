//! The picture of a program file.
//!
//! Found in the file by the crate `object`, drawn by the system. Not by the shell, which runs other programs' icon handlers
//! inside ours, and so not by the crate `windows-icons`, which asks the shell and brings four decoders; not by
//! `PrivateExtractIconsW` either, which takes no long path and, under Wine, reads beyond the end of a torn file.

mod pixels;
mod resource;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::ptr::null_mut;

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Graphics::Gdi::{
    BI_RGB, BITMAP, BITMAPINFO, BITMAPINFOHEADER, CreateCompatibleDC, DIB_RGB_COLORS, DeleteDC, DeleteObject,
    GetDIBits, GetObjectW, HBITMAP, HDC,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateIconFromResourceEx, DestroyIcon, GetIconInfo, HICON, ICONINFO, LR_DEFAULTCOLOR, LookupIconIdFromDirectoryEx,
};

use super::path::openable;
use crate::Icon;

/// Pixels a side.
const SIZE: u32 = 32;
/// The version of icons that Windows has known since 3.0; there is no other.
const VERSION: u32 = 0x0003_0000;

/// The program's first icon, 32 by 32. [`Gap::None`] if it has none that can be drawn, [`Gap::Unsupported`] for what is no
/// file on a disk or a share. Opens the file: on a share that takes as long as the network does.
pub(super) fn of(path: &str) -> Known<Icon> {
    let units: Vec<u16> = path.encode_utf16().collect();
    let path = openable(&units).ok_or(Gap::Unsupported)?;
    let path = PathBuf::from(String::from_utf16_lossy(path.strip_suffix(&[0]).unwrap_or(&path)));
    let picture = resource::first(&path, best).ok_or(Gap::None)?;
    let rgba = OwnedIcon::draw(&picture).and_then(|icon| icon.bitmaps()?.rgba()).ok_or(Gap::None)?;
    Ok(Icon { size: SIZE, rgba })
}

/// Bytes before the list of an icon's pictures; the last two say how many there are.
const HEAD: usize = 6;
/// Bytes of a picture in the list.
const ENTRY: usize = 14;

/// The number of the picture that fits best, out of the list of all.
fn best(list: &[u8]) -> Option<u16> {
    let count = usize::from(u16::from_le_bytes([*list.get(4)?, *list.get(5)?]));
    // The call is not told how long the list is: it may only be given one that is as long as it says.
    let list = list.get(..HEAD + ENTRY * count)?;
    // SAFETY: the list has as many entries as its head says, and the call only reads it.
    let id = unsafe {
        LookupIconIdFromDirectoryEx(list.as_ptr(), 1, SIZE.cast_signed(), SIZE.cast_signed(), LR_DEFAULTCOLOR)
    };
    u16::try_from(id).ok().filter(|id| *id != 0)
}

/// Pictures that are larger than this are not worth a look: few are larger than 256 by 256.
const LARGEST: u32 = 1024;

/// Whether a picture says of itself that it is of a size that icons have. A kilobyte of PNG may unfold to gigabytes.
fn is_modest(picture: &[u8]) -> bool {
    let four = |at: usize| picture.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    let sides = if picture.starts_with(b"\x89PNG") {
        four(16).zip(four(20)).map(|(width, height)| (u32::from_be_bytes(width), u32::from_be_bytes(height)))
    } else {
        // The height counts the lines of the mask too, and is negative where the top line comes first.
        let sides = four(4).zip(four(8));
        sides.map(|(width, height)| (u32::from_le_bytes(width), i32::from_le_bytes(height).unsigned_abs() / 2))
    };
    sides.is_some_and(|(width, height)| (1..=LARGEST).contains(&width) && (1..=LARGEST).contains(&height))
}

/// Destroyed when dropped.
struct OwnedIcon(HICON);

impl OwnedIcon {
    fn draw(picture: &[u8]) -> Option<Self> {
        let length = u32::try_from(picture.len()).ok().filter(|_| is_modest(picture))?;
        let size = SIZE.cast_signed();
        // SAFETY: the picture has as many bytes as are named; the call only reads them.
        let icon =
            unsafe { CreateIconFromResourceEx(picture.as_ptr(), length, 1, VERSION, size, size, LR_DEFAULTCOLOR) };
        (!icon.is_null()).then_some(Self(icon))
    }

    fn bitmaps(&self) -> Option<Bitmaps> {
        let mut info = ICONINFO::default();
        // SAFETY: the icon is ours, and `info` outlives the call.
        let read = unsafe { GetIconInfo(self.0, &raw mut info) };
        (read != 0).then_some(Bitmaps { color: info.hbmColor, mask: info.hbmMask })
    }
}

impl Drop for OwnedIcon {
    fn drop(&mut self) {
        // SAFETY: the icon is ours and destroyed only here.
        unsafe { DestroyIcon(self.0) };
    }
}

/// An icon's two pictures, copies that are ours. One of two colours has no first, and both in its second, one below the other.
struct Bitmaps {
    color: HBITMAP,
    mask: HBITMAP,
}

impl Bitmaps {
    fn rgba(&self) -> Option<Vec<u8>> {
        if self.color.is_null() {
            let both = read(self.mask, SIZE * 2)?;
            let (mask, inverse) = both.split_at_checked(both.len() / 2)?;
            Some(pixels::of_two_colors(mask, inverse))
        } else {
            Some(pixels::of_colors(&read(self.color, SIZE)?, &read(self.mask, SIZE)?))
        }
    }
}

impl Drop for Bitmaps {
    fn drop(&mut self) {
        for bitmap in [self.color, self.mask] {
            // SAFETY: the bitmaps are ours and deleted only here; null is refused without harm.
            unsafe { DeleteObject(bitmap) };
        }
    }
}

/// The pixels of a bitmap that must be as large as this, from the top, each blue, green, red, alpha.
fn read(bitmap: HBITMAP, height: u32) -> Option<Vec<u8>> {
    let mut measure = BITMAP::default();
    let length = size_of::<BITMAP>() as i32;
    // SAFETY: `measure` is writable for as many bytes as are named.
    let measured = unsafe { GetObjectW(bitmap, length, (&raw mut measure).cast()) };
    if measured != length || (measure.bmWidth, measure.bmHeight) != (SIZE.cast_signed(), height.cast_signed()) {
        return None;
    }
    let mut wanted = BITMAPINFO {
        bmiHeader: BITMAPINFOHEADER {
            biSize: size_of::<BITMAPINFOHEADER>() as u32,
            biWidth: SIZE.cast_signed(),
            // Negative: the first line is the top one.
            biHeight: -height.cast_signed(),
            biPlanes: 1,
            biBitCount: 32,
            biCompression: BI_RGB,
            ..BITMAPINFOHEADER::default()
        },
        ..BITMAPINFO::default()
    };
    let mut pixels = vec![0; (SIZE * height * 4) as usize];
    let screen = Screen::open()?;
    // SAFETY: the bitmap is in no other context; `pixels` has room for `height` lines of 32-bit pixels, which need no palette.
    let lines =
        unsafe { GetDIBits(screen.0, bitmap, 0, height, pixels.as_mut_ptr().cast(), &raw mut wanted, DIB_RGB_COLORS) };
    (lines == height.cast_signed()).then_some(pixels)
}

/// A context in memory that is like the screen.
struct Screen(HDC);

impl Screen {
    fn open() -> Option<Self> {
        // SAFETY: null asks for one that is like the screen.
        let context = unsafe { CreateCompatibleDC(null_mut()) };
        (!context.is_null()).then_some(Self(context))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // SAFETY: the context is ours and deleted only here.
        unsafe { DeleteDC(self.0) };
    }
}

//! The picture of a program file.
//!
//! By the call that Windows' own shell stands on, without the shell: no COM, no icon handlers of other programs run inside
//! ours. The crate `windows-icons` asks the shell, leaks the icon and brings four decoders.

mod pixels;

use std::ptr::null_mut;

use quaymaster_core::{Gap, Known};
use windows_sys::Win32::Graphics::Gdi::{
    BI_RGB, BITMAP, BITMAPINFO, BITMAPINFOHEADER, CreateCompatibleDC, DIB_RGB_COLORS, DeleteDC, DeleteObject,
    GetDIBits, GetObjectW, HBITMAP, HDC,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{DestroyIcon, GetIconInfo, HICON, ICONINFO, PrivateExtractIconsW};

use super::path::openable;
use crate::Icon;

/// Pixels a side.
const SIZE: u32 = 32;
/// The path for `PrivateExtractIconsW` has room for so many units, its NUL included.
const LONGEST: usize = 260;

/// The first icon of the file, 32 by 32. [`Gap::None`] if it has none, [`Gap::Unsupported`] for a path that the system's call
/// does not take. Opens the file: on a share that takes as long as the network does.
pub(super) fn of(path: &str) -> Known<Icon> {
    let units: Vec<u16> = path.encode_utf16().collect();
    let path = openable(&units).filter(|path| path.len() <= LONGEST).ok_or(Gap::Unsupported)?;
    let picture = OwnedIcon::extract(&path).ok_or(Gap::None)?;
    let rgba = picture.bitmaps().and_then(|bitmaps| bitmaps.rgba()).ok_or(Gap::Unsupported)?;
    Ok(Icon { size: SIZE, rgba })
}

/// Destroyed when dropped.
struct OwnedIcon(HICON);

impl OwnedIcon {
    fn extract(path: &[u16]) -> Option<Self> {
        let mut icon = null_mut();
        let (mut id, size) = (0, SIZE.cast_signed());
        // SAFETY: the path ends in a NUL and is no longer than the call takes; there is room for the one icon that is asked for.
        let found = unsafe { PrivateExtractIconsW(path.as_ptr(), 0, size, size, &raw mut icon, &raw mut id, 1, 0) };
        // It says 0xFFFFFFFF for a file that it can't find.
        (found == 1 && !icon.is_null()).then_some(Self(icon))
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

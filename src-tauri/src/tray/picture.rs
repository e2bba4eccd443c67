//! The tray's picture: the program's own, which stands on light and on dark panels, and the same with a mark on it.

use tauri::image::Image;

/// Twice the size that most panels show, for screens with many pixels.
const PLAIN: Image<'static> = tauri::include_image!("../icons/64x64.png");
/// The mark's middle and radius, in parts of the picture's width.
const MIDDLE: (f32, f32) = (0.78, 0.24);
const RADIUS: f32 = 0.21;
/// The rim around it, which sets it off from the picture.
const RIM: f32 = 0.05;
const RED: [u8; 3] = [224, 49, 49];
const WHITE: [u8; 3] = [255, 255, 255];

/// The picture, with a mark when there is something that nobody has looked at.
pub(crate) fn picture(marked: bool) -> Image<'static> {
    if !marked {
        return PLAIN;
    }
    let (width, height) = (PLAIN.width(), PLAIN.height());
    let mut pixels = PLAIN.rgba().to_vec();
    let side = width as f32;
    for (place, pixel) in pixels.chunks_exact_mut(4).enumerate() {
        let (x, y) = (place as u32 % width, place as u32 / width);
        let (dx, dy) = (x as f32 + 0.5 - MIDDLE.0 * side, y as f32 + 0.5 - MIDDLE.1 * side);
        let distance = dx.hypot(dy);
        // Half a pixel on both sides of an edge is blended, or the circle has steps.
        paint(pixel, WHITE, ((RADIUS + RIM) * side - distance + 0.5).clamp(0.0, 1.0));
        paint(pixel, RED, (RADIUS * side - distance + 0.5).clamp(0.0, 1.0));
    }
    Image::new_owned(pixels, width, height)
}

/// Lays a colour over a pixel, covering that part of it.
fn paint(pixel: &mut [u8], colour: [u8; 3], cover: f32) {
    let mix = |from: u8, to: u8| (f32::from(from) + (f32::from(to) - f32::from(from)) * cover).round() as u8;
    for (channel, wanted) in pixel.iter_mut().zip(colour) {
        *channel = mix(*channel, wanted);
    }
    pixel[3] = mix(pixel[3], 255);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_red_where_it_is_and_leaves_the_rest_alone() {
        let (plain, marked) = (picture(false), picture(true));
        let at = |image: &Image<'_>, x: usize, y: usize| {
            let start = (y * image.width() as usize + x) * 4;
            image.rgba()[start..start + 4].to_vec()
        };
        assert_eq!(at(&marked, 50, 15), [224, 49, 49, 255]);
        assert_eq!(at(&marked, 5, 60), at(&plain, 5, 60));
        assert_eq!((plain.width(), plain.height()), (marked.width(), marked.height()));
    }
}

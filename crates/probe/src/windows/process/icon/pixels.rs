//! The pixels of Windows' icons as red, green, blue, alpha (not premultiplied).

/// Bytes of a pixel, in and out. In: blue, green, red, alpha.
const PIXEL: usize = 4;

/// An icon with colours. Icons from before Windows XP have no alpha (0 everywhere): they are drawn where their mask is black.
pub(super) fn of_colors(color: &[u8], mask: &[u8]) -> Vec<u8> {
    let has_alpha = color.chunks_exact(PIXEL).any(|pixel| pixel[3] != 0);
    let pixels = color.chunks_exact(PIXEL).zip(mask.chunks_exact(PIXEL));
    pixels
        .flat_map(|(color, mask)| {
            let alpha = if has_alpha { color[3] } else { drawn(mask) };
            [color[2], color[1], color[0], alpha]
        })
        .collect()
}

/// An icon of two colours: where its mask is white the screen shows through, or is inverted where the second picture is white.
/// Inverted is shown as black: there is no screen to invert here.
pub(super) fn of_two_colors(mask: &[u8], inverse: &[u8]) -> Vec<u8> {
    let pixels = mask.chunks_exact(PIXEL).zip(inverse.chunks_exact(PIXEL));
    pixels
        .flat_map(|(mask, second)| match (drawn(mask), second[0]) {
            (0, 0) => [0, 0, 0, 0],
            (0, _) => [0, 0, 0, 255],
            (_, shade) => [shade, shade, shade, 255],
        })
        .collect()
}

/// How much of a pixel with this mask is drawn.
fn drawn(mask: &[u8]) -> u8 {
    if mask[0] == 0 { 255 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: [u8; 4] = [0, 0, 0, 0];
    const WHITE: [u8; 4] = [255, 255, 255, 0];

    #[test]
    fn alpha_is_kept_where_there_is_one() {
        let color = [[1, 2, 3, 255], [4, 5, 6, 128], [7, 8, 9, 0]].concat();
        let mask = [BLACK, WHITE, BLACK].concat();
        assert_eq!(of_colors(&color, &mask), [[3, 2, 1, 255], [6, 5, 4, 128], [9, 8, 7, 0]].concat());
    }

    #[test]
    fn without_alpha_the_mask_says_what_is_drawn() {
        let color = [[1, 2, 3, 0], [4, 5, 6, 0]].concat();
        assert_eq!(of_colors(&color, &[BLACK, WHITE].concat()), [[3, 2, 1, 255], [6, 5, 4, 0]].concat());
    }

    #[test]
    fn two_colors() {
        let mask = [BLACK, BLACK, WHITE, WHITE].concat();
        let second = [BLACK, WHITE, BLACK, WHITE].concat();
        let drawn = [[0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 0, 0], [0, 0, 0, 255]].concat();
        assert_eq!(of_two_colors(&mask, &second), drawn);
    }
}

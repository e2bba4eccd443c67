//! Text in columns: how wide it is on a screen, and how it is made to fit. Chinese characters are two columns wide.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// `text`, cut with `…` where it is wider than `room`. The `tail` (a port) stays whole, what is before it gives way.
pub(crate) fn fit(text: &str, tail: &str, room: usize) -> String {
    if width(text) + width(tail) <= room {
        return format!("{text}{tail}");
    }
    let room = room.saturating_sub(width(tail) + 1);
    let mut shown = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > room {
            break;
        }
        shown.push(character);
    }
    format!("{shown}…{tail}")
}

/// Widths of columns that together fit into `room`: the widest gives way first, none goes below its `least`.
pub(crate) fn share(mut widths: Vec<usize>, least: &[usize], room: usize) -> Vec<usize> {
    while widths.iter().sum::<usize>() > room {
        let yielding = (0..widths.len()).filter(|&at| widths[at] > least[at]).max_by_key(|&at| widths[at]);
        let Some(widest) = yielding else { break };
        widths[widest] -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_before_its_tail() {
        for (text, tail, room, shown) in [
            ("nginx", "", 5, "nginx"),
            ("nginx", "", 4, "ngi…"),
            ("192.168.100.200", ":443", 12, "192.168…:443"),
            ("端口端口", "", 8, "端口端口"),
            // A wide character that would stand half in is left out.
            ("端口端口", "", 6, "端口…"),
            ("端口端口", "", 7, "端口端…"),
            ("ab", ":443", 0, "…:443"),
        ] {
            assert_eq!(fit(text, tail, room), shown);
        }
    }

    #[test]
    fn the_widest_column_gives_way() {
        assert_eq!(share(vec![10, 30, 20], &[5, 5, 5], 60), [10, 30, 20]);
        assert_eq!(share(vec![10, 30, 20], &[5, 5, 5], 50).iter().sum::<usize>(), 50);
        assert_eq!(share(vec![10, 30, 20], &[5, 5, 5], 50)[0], 10);
        assert_eq!(share(vec![10, 30, 20], &[10, 30, 20], 5), [10, 30, 20]);
    }
}

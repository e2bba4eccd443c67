//! A box of the system's own, for words that no window of ours can say.

use windows_sys::Win32::UI::WindowsAndMessaging::{
    IDYES, MB_DEFBUTTON2, MB_ICONERROR, MB_ICONWARNING, MB_OK, MB_SETFOREGROUND, MB_YESNO, MESSAGEBOX_RESULT,
    MESSAGEBOX_STYLE, MessageBoxW,
};

pub(crate) fn tell(title: &str, text: &str) {
    show(title, text, MB_OK | MB_ICONERROR);
}

/// The second button is the one that Enter presses: nothing is opened by a key that was meant for something else.
pub(crate) fn ask(title: &str, question: &str) -> bool {
    show(title, question, MB_YESNO | MB_DEFBUTTON2 | MB_ICONWARNING) == IDYES
}

fn show(title: &str, text: &str, style: MESSAGEBOX_STYLE) -> MESSAGEBOX_RESULT {
    let (title, text) = (wide(title), wide(text));
    // SAFETY: both texts end in a zero and outlive the call, and no owner is a valid owner.
    unsafe { MessageBoxW(std::ptr::null_mut(), text.as_ptr(), title.as_ptr(), style | MB_SETFOREGROUND) }
}

/// UTF-16 with the zero that ends it; zeros inside would end it early.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().filter(|unit| *unit != 0).chain([0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_it_ends() {
        assert_eq!(wide("a\0b端"), [0x61, 0x62, 0x7aef, 0]);
    }
}

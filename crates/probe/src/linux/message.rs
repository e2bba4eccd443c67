//! Words that no window of ours can say: standard error, where whoever started the program looks.

use std::io::Write;

pub(crate) fn tell(title: &str, text: &str) {
    // Nobody may be listening, and there is nobody else to tell.
    let _ = writeln!(std::io::stderr(), "{title}: {text}");
}

/// Nobody can be asked here.
pub(crate) fn ask(title: &str, question: &str) -> bool {
    tell(title, question);
    false
}

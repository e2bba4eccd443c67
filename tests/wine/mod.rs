//! What Wine does not have. A test that stands on such a thing asks [`lacks`] and checks what is left; `lacks.txt` says in a
//! line each what is missing and why, and `cargo xtask windows test` prints it, so that nothing is skipped in silence.
#![cfg_attr(not(windows), allow(dead_code, reason = "elsewhere nothing is lacking, and some tests do not ask"))]

const LACKS: &str = include_str!("lacks.txt");

/// Whether this runs under Wine, which lacks what `lacks.txt` calls `name`. On Windows itself nothing is lacking.
pub(crate) fn lacks(name: &str) -> bool {
    let listed = LACKS.lines().any(|line| line.split(':').next() == Some(name));
    assert!(listed, "{name} is not in lacks.txt");
    std::path::Path::new("C:\\windows\\system32\\wineboot.exe").exists()
}

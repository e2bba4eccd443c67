//! The soak in its short form: the engine looks at sockets of which hundreds open and close every second, and at the end has every row
//! that is there, none that is not, and its owner. The long form is `soak 1800 10000 500`, in a release build.
//!
//! Linux only: truth is asked of `/proc`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::process::Command;

use serde_json::Value;

#[test]
fn no_row_is_lost_and_none_is_left_over() {
    let output = Command::new(env!("CARGO_BIN_EXE_soak")).args(["15", "2000", "500"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let figures: Value = serde_json::from_str(&said).unwrap();
    // However slow the machine is, something moved, and all that was there was looked at.
    assert!(figures["changes"].as_u64() > Some(500), "{said}");
    assert!(figures["rows_compared"].as_u64() > Some(1_500), "{said}");
}

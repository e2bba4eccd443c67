//! quay
fn main() {}

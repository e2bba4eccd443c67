//! Tests of the whole house, and what their programs share.

pub mod asker;

// Linux only: the programs that share these look at network namespaces and at `/proc`.
#[cfg(target_os = "linux")]
pub mod crowd;
#[cfg(target_os = "linux")]
pub mod follower;
#[cfg(target_os = "linux")]
pub mod footprint;

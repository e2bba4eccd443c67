//! What has gone through a connection.

use serde::Serialize;
use ts_rs::TS;

/// The counters of a TCP connection, and how fast they grow. Numbers stay below 2^53: eight petabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Traffic {
    /// Bytes sent since the connection was opened, each counted once.
    #[ts(type = "number")]
    pub sent: u64,
    /// Bytes received since the connection was opened.
    #[ts(type = "number")]
    pub received: u64,
    /// Bytes sent a second between the last two readings; null before the second.
    #[ts(type = "number | null")]
    pub sending: Option<u64>,
    /// Bytes received a second between the last two readings; null before the second.
    #[ts(type = "number | null")]
    pub receiving: Option<u64>,
    /// Smoothed round-trip time, microseconds.
    pub round_trip_us: Option<u32>,
    /// Segments sent again.
    pub retransmitted: u32,
}

//! What a system counts of one connection: read on demand, never part of a row, for it changes by itself.

/// The counters of one TCP connection since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Bytes of payload sent, each counted once. Linux before 4.19 counts one more at the end that opened the connection.
    pub sent: u64,
    /// Bytes of payload received in order.
    pub received: u64,
    /// Smoothed round-trip time in microseconds; `None` before the first measurement.
    pub round_trip: Option<u32>,
    /// Segments sent again.
    pub retransmitted: u32,
}

//! What a system counts of one connection: read on demand, or told at its end, never part of a row, for it changes by itself.

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

/// What went through a connection in its whole life, told when it was over.
///
/// Source: what Linux announces of a TCP socket that it destroys (`struct tcp_info`). Bytes of payload, each counted once, as the
/// kernel counts them: what was sent and never acknowledged, before a reset, is among those sent; before Linux 4.19 SYN and FIN are
/// too. To the kernel the other end's FIN is a byte that was received. It is taken off where the FIN is known to have come; that
/// is told by how the connection ended, not by the kernel, so that **`received` may be one off** where it ended in a rare way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Bytes received in order.
    pub received: u64,
    /// Bytes sent.
    pub sent: u64,
}

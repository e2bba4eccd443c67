//! Who is at the other end of a connection.
//!
//! [`networks`] answers from one file, which lies beside the program: address to autonomous system, organisation and country.
//! **Invariant:** nothing in it goes out to the network.

pub mod networks;

//! The socket tables.

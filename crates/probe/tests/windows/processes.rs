//! Facts about processes.

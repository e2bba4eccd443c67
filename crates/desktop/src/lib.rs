//! The desktop around the window, each system's own way.

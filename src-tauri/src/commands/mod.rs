//! What the page may ask. Every command is asynchronous: a synchronous one runs on the main thread and freezes the window.
//! The list stands in build.rs, in the handler of `start` and in `capabilities/main.json`; a test holds the three equal.

pub(crate) mod end;
pub(crate) mod frames;
pub(crate) mod history;
pub(crate) mod news;
pub(crate) mod rows;
pub(crate) mod settings;
pub(crate) mod window;

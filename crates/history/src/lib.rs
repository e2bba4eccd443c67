//! What happened while nobody looked.

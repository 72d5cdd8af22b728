//! Doors: the ways in to a console session. A door turns its own events into a session's and carries its bytes.

pub mod local;

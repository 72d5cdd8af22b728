//! The console: one pure `update(model, message) -> effects`, one `draw(model, frame)`.
//!
//! A session's state is what all of it shares ([`shared`]), its screens ([`screens`]), and what lies over the one that is
//! seen ([`over`]): each a [`layer`] with its state, its keys and its drawing in a file of its own. A key falls from the
//! top until a layer takes it, the last of them is the session; drawing goes from the bottom to the top. What a layer
//! shows of the ledger it says, and [`held`] asks for it. A screen more is one file and one row of [`screens::SCREENS`].
//!
//! Deliberately absent: sockets, storage, clocks, and anything that waits. [`session`] runs it for one operator
//! over (events in, bytes out, size), so that it does not know through which door the operator came.

mod asks;
pub mod backend;
pub mod cells;
pub mod depth;
pub mod draft;
pub mod draw;
pub mod filter;
pub mod form;
pub mod held;
pub mod keymap;
mod later;
pub mod layer;
pub mod message;
pub mod model;
pub mod over;
pub mod paint;
pub mod pen;
pub mod pick;
pub mod rank;
mod reads;
pub mod screens;
pub mod session;
pub mod shared;
pub mod sheet;
pub mod theme;
pub mod update;
pub mod workers;

pub use message::{Effect, Message, Wanted};
pub use model::Model;
pub use theme::Theme;

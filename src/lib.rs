//! # koufen (扣分): a console that carries out a platform's regulation of its service providers
//!
//! ## The way of a change
//!
//! A person asks at the [`console`] or the command line ([`cli`]); an import ([`exchange`]) asks row by row. All of them
//! ask the [`desk`], the one way in. The [`domain`] decides: an event, or a refusal. The [`journal`] makes the event
//! durable; the [`store`] is brought after it; everyone who listens is told.
//!
//! ## The map, lowest first: each module may use those above it, never those below (`tests/tidy.rs` holds this)
//!
//! | module | holds |
//! |---|---|
//! | [`money`], [`points`], [`ids`], [`time`] | small value types; text made safe; Beijing civil time |
//! | [`calendar`] | working days and working-hour clocks; the day table is data beside it |
//! | [`rulebook`] | articles, ranges, caps, marks, decisions: TOML, checked on load |
//! | [`domain`] | what may happen ([`domain::decide`]) and what facts come to in the order of their days ([`domain::state`]); one file for each thing, every rule cites its clause |
//! | [`journal`] | the truth: segments, blocks, the BLAKE3 chain, `verify` |
//! | [`store`] | the view in sled: records and pages, the seal, queries; the key layout stands in `store::keys` |
//! | [`recount`] | the ledger counted again from the journal with plain lists: what `verify` holds the view against |
//! | [`desk`] | who, when, decide, commit, publish; opening and closing |
//! | [`words`] | both languages |
//! | [`exchange`] | CSV in and out |
//! | [`demo`] | the sample |
//! | [`console`] | `update(model, message) -> effects` and `draw(model, frame)` over layers, each a file: a screen is one row of [`console::screens::SCREENS`]; forms, themes, keys |
//! | [`door`] | how an operator comes in: at this terminal, or attached to the koufen that has the store open ([`door::attach`]) |
//! | [`cli`] | commands as functions of (arguments, desk, output) |
//!
//! ## What is deliberately absent
//!
//! - a clock, I/O or randomness in `domain`; floating point in any rule;
//! - a second way to write: nothing appends to the journal but the desk's one writer;
//! - any way to edit or erase a journal entry or a ledger line;
//! - a key per fact in the view, and any answer from a view that does not match its journal;
//! - sled outside `store`, the terminal outside `console` and `door`.

pub mod calendar;
pub mod cli;
pub mod console;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod door;
pub mod exchange;
pub mod ids;
pub mod journal;
pub mod money;
pub mod points;
pub mod recount;
pub mod rulebook;
pub mod store;
pub mod time;
pub mod words;

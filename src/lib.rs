//! # koufen (扣分): a console that carries out a platform's regulation of its service providers
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
pub mod rulebook;
pub mod store;
pub mod time;
pub mod words;

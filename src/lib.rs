//! # koufen (扣分): a console that carries out a platform's regulation of its service providers
pub mod cli;
pub mod demo;
pub mod console;
pub mod door;
pub mod desk;
pub mod domain;
pub mod exchange;
pub mod ids;
pub mod journal;
pub mod money;
pub mod points;
pub mod rulebook;
pub mod store;
pub mod time;
pub mod words;

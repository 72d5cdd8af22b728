//! # koufen (扣分): a console that carries out a platform's regulation of its service providers
pub mod domain;
pub mod ids;
pub mod money;
pub mod points;
pub mod rulebook;
pub mod time;

//! Money in integer fen (1 CNY = 100 fen). No floating point anywhere.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in fen, not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub u64);

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in CNY with at most two decimals")]
pub struct NotMoney;

impl Fen {
    /// Most that amounts may come to together: far beyond any deposit, and far from where sums would wrap.
    pub const MOST: Fen = Fen(100_000_000_000_000_000);

    /// The sum, if it is within [`Fen::MOST`].
    pub fn plus(self, more: Fen) -> Option<Fen> {
        self.0.checked_add(more.0).map(Fen).filter(|sum| *sum <= Fen::MOST)
    }

    /// Reads an amount in CNY: digits, optionally a point and one or two decimals ("1000000", "12.5").
    /// Separators and full-width digits are the reader's business (`exchange::clean`).
    pub fn parse_cny(text: &str) -> Result<Fen, NotMoney> {
        let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(cents) || cents.len() > 2 {
            return Err(NotMoney);
        }
        let whole: u64 = whole.parse().map_err(|_| NotMoney)?;
        let cents: u64 = format!("{cents:0<2}").parse().map_err(|_| NotMoney)?;
        whole.checked_mul(100).and_then(|fen| fen.checked_add(cents)).map(Fen).ok_or(NotMoney)
    }
}

/// CNY, with decimals only where there are any: `1000000`, `12.50`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

/// Fen that may be below nothing, in CNY: `-12.50`.
pub fn signed(fen: i128) -> String {
    let (sign, whole) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    match whole % 100 {
        0 => format!("{sign}{}", whole / 100),
        cents => format!("{sign}{}.{cents:02}", whole / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_and_written_back() {
        for (text, fen) in [("1000000", 100_000_000), ("12.5", 1250), ("0.05", 5), ("7.00", 700)] {
            assert_eq!(Fen::parse_cny(text), Ok(Fen(fen)), "{text}");
        }
        for text in ["", ".5", "1.234", "-1", "1e3", "九", "99999999999999999999"] {
            assert_eq!(Fen::parse_cny(text), Err(NotMoney), "{text}");
        }
        assert_eq!(Fen(1).plus(Fen(u64::MAX)), None);
        assert_eq!(Fen::MOST.plus(Fen(1)), None);
        assert_eq!(Fen(1).plus(Fen(2)), Some(Fen(3)));
        assert_eq!(Fen(1250).to_string(), "12.50");
        assert_eq!([signed(-1250), signed(0), signed(300), signed(-5)], ["-12.50", "0", "3", "-0.05"]);
        assert_eq!(Fen(100_000_000).to_string(), "1000000");
    }
}

//! Civil time in Beijing (UTC+8, no daylight saving), and dates as people write them.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Seconds east of UTC in Asia/Shanghai.
const BEIJING_SECONDS: i32 = 8 * 3600;

/// Seconds of a day; there is no daylight saving in Asia/Shanghai.
pub const DAY_SECONDS: i64 = 24 * 3600;

/// A civil date in Beijing.
pub type Day = NaiveDate;

/// A calendar year; scores are kept per year (1.1(7)).
pub type Year = i32;

/// A moment, in seconds since 1970-01-01T00:00:00Z. Shown in Beijing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment of a system clock reading.
    pub fn from_utc(at: DateTime<Utc>) -> Moment {
        Moment(at.timestamp())
    }

    /// The moment of a Beijing wall-clock reading.
    pub fn from_civil(at: NaiveDateTime) -> Moment {
        Moment(at.and_utc().timestamp() - i64::from(BEIJING_SECONDS))
    }

    /// The wall clock in Beijing; the epoch where the moment is beyond what a calendar can say.
    pub fn civil(self) -> NaiveDateTime {
        let beijing = FixedOffset::east_opt(BEIJING_SECONDS);
        let utc = DateTime::<Utc>::from_timestamp(self.0, 0).unwrap_or_default();
        beijing.map_or_else(|| utc.naive_utc(), |zone| utc.with_timezone(&zone).naive_local())
    }

    /// The day in Beijing.
    pub fn day(self) -> Day {
        self.civil().date()
    }

    /// When a day begins.
    pub fn start_of(day: Day) -> Moment {
        Moment::from_civil(day.and_time(NaiveTime::MIN))
    }

    /// The last second of a day, 23:59:59.
    pub fn end_of(day: Day) -> Moment {
        Moment(Moment::start_of(day).0 + DAY_SECONDS - 1)
    }
}

/// A calendar month, as the number of months since year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day.
    pub fn of(day: Day) -> Month {
        Month(day.year() * 12 + day.month0().cast_signed())
    }

    /// The month some months later, or earlier where negative.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0.saturating_add(months))
    }

    /// Its first day.
    pub fn first(self) -> Day {
        let (year, month0) = (self.0.div_euclid(12), self.0.rem_euclid(12).cast_unsigned());
        NaiveDate::from_ymd_opt(year, month0 + 1, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Its last day.
    pub fn last(self) -> Day {
        self.plus(1).first().pred_opt().unwrap_or(NaiveDate::MIN)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Reads `2011-02`, `2011/2`, `2011.2` or `2011年2月`, years 1900 to 9999.
impl std::str::FromStr for Month {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Month, DateError> {
        let text = text.trim();
        let text = text.strip_suffix('月').unwrap_or(text);
        parse_day(&format!("{text}-1")).map(Month::of)
    }
}

/// A day as the number of days since 0000-12-31, for records that are read back by the million.
pub mod day_number {
    use super::Day;
    use chrono::Datelike;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the number.
    pub fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(day.num_days_from_ce())
    }

    /// Reads the number.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        let number = i32::deserialize(from)?;
        Day::from_num_days_from_ce_opt(number).ok_or_else(|| D::Error::custom("no such day"))
    }
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It does not look like a date.
    #[error("not a date: write 2011-03-02, 2011/3/2 or 2011年3月2日")]
    Shape,
    /// It looks like a date, but the calendar has no such day.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

/// Reads `2011-03-02`, `2011/3/2`, `2011.3.2` or `2011年3月2日`, years 1900 to 9999.
pub fn parse_day(text: &str) -> Result<Day, DateError> {
    let text = text.trim();
    let unified = text.replace(['/', '.', '年', '月'], "-");
    let unified = unified.strip_suffix(['日', '号']).unwrap_or(&unified);
    let parts: Vec<&str> = unified.split('-').map(str::trim).collect();
    let [y, m, d] = parts[..] else { return Err(DateError::Shape) };
    let number = |s: &str, most: usize| -> Result<u32, DateError> {
        let shaped = !s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
        if shaped { s.parse().map_err(|_| DateError::Shape) } else { Err(DateError::Shape) }
    };
    let (y, m, d) = (number(y, 4)?, number(m, 2)?, number(d, 2)?);
    if y < 1900 {
        return Err(DateError::Shape);
    }
    NaiveDate::from_ymd_opt(y.cast_signed(), m, d).ok_or(DateError::NoSuchDay)
}

/// Reads a date as typed at a form: all of [`parse_day`], and `today`/`今天`, `yesterday`/`昨天`, `前天`,
/// `-3d`, `+2d`, `3-2` or `3月2日` (this year).
pub fn parse_day_from(text: &str, today: Day) -> Result<Day, DateError> {
    let text = text.trim();
    let ago = |n: u64| today.checked_sub_days(Days::new(n)).ok_or(DateError::NoSuchDay);
    match text.to_lowercase().as_str() {
        "today" | "今天" | "t" => return Ok(today),
        "yesterday" | "昨天" => return ago(1),
        "前天" => return ago(2),
        _ => {}
    }
    let body = text.strip_suffix(['d', 'D', '天']).unwrap_or("");
    if let Some(n) = body.strip_prefix('-').and_then(|n| n.parse().ok()) {
        return ago(n);
    }
    if let Some(n) = body.strip_prefix('+').and_then(|n| n.parse().ok()) {
        return today.checked_add_days(Days::new(n)).ok_or(DateError::NoSuchDay);
    }
    parse_day(text).or_else(|e| match e {
        DateError::Shape => parse_day(&format!("{}-{text}", today.year())),
        DateError::NoSuchDay => Err(e),
    })
}

/// Reads a moment by the clock in Beijing: a date as in [`parse_day`], `T` or a blank, and `HH:MM` or `HH:MM:SS`.
pub fn parse_moment(text: &str) -> Result<Moment, DateError> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', 't', ' ']).ok_or(DateError::Shape)?;
    let day = parse_day(date)?;
    let read = |format| NaiveTime::parse_from_str(time.trim(), format);
    let time = read("%H:%M").or_else(|_| read("%H:%M:%S")).map_err(|_| DateError::Shape)?;
    // A leap second is nobody's deadline, and no whole second of the epoch either.
    match time.nanosecond() {
        0 => Ok(Moment::from_civil(day.and_time(time))),
        _ => Err(DateError::Shape),
    }
}

/// A moment as [`parse_moment`] reads it: to the minute, with seconds where there are any.
pub fn show_moment(moment: Moment) -> String {
    let civil = moment.civil();
    civil.format(if civil.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" }).to_string()
}

/// Minutes as `12:05`, hours first.
pub fn hours_and_minutes(minutes: i64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Day {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn dates_as_spreadsheets_in_china_write_them() {
        for text in ["2011-03-02", "2011/3/2", "2011年3月2日", " 2011.3.2 "] {
            assert_eq!(parse_day(text), Ok(day(2011, 3, 2)), "{text}");
        }
        assert_eq!(parse_day("2010-02-30"), Err(DateError::NoSuchDay));
        for text in ["", "2011", "2011-3", "11-3-2", "2011-3-2-1", "x-y-z", "0000-01-01"] {
            assert_eq!(parse_day(text), Err(DateError::Shape), "{text}");
        }
    }

    #[test]
    fn shortcuts_count_from_today() {
        let today = day(2011, 3, 18);
        for (text, is) in [
            ("today", today),
            ("昨天", day(2011, 3, 17)),
            ("-1d", day(2011, 3, 17)),
            ("3-2", day(2011, 3, 2)),
            ("3月2日", day(2011, 3, 2)),
            ("+3d", day(2011, 3, 21)),
        ] {
            assert_eq!(parse_day_from(text, today), Ok(is), "{text}");
        }
        assert_eq!(parse_day_from("2-30", today), Err(DateError::NoSuchDay));
        assert!(parse_day_from("-99999999999d", today).is_err());
    }

    #[test]
    fn months_are_read_and_walked() {
        for text in ["2011-02", "2011/2", " 2011年2月 ", "2011.02"] {
            assert_eq!(text.parse::<Month>().map(|m| m.to_string()), Ok("2011-02".to_owned()), "{text}");
        }
        for text in ["", "2011", "2011-13", "2011-2-1", "2月"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
        let february = Month::of(day(2011, 2, 14));
        assert_eq!((february.first(), february.last()), (day(2011, 2, 1), day(2011, 2, 28)));
        assert_eq!(february.plus(-2).to_string(), "2010-12");
        assert_eq!(february.plus(-2).last(), day(2010, 12, 31));
    }

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let utc = day(2010, 12, 31).and_hms_opt(16, 0, 0).unwrap().and_utc();
        assert_eq!(Moment::from_utc(utc).day(), day(2011, 1, 1));
        assert_eq!(Moment::from_civil(Moment(0).civil()), Moment(0));
    }
}

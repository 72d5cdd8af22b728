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

/// Reads `2011-02`, `2011/2`, `2011.2`, `2011年2月`, `2011年2月份` and `201102`, years 1900 to 9999, and what
/// spreadsheets make of a month: `Feb-11`, `11-Feb`, `Feb-2011`.
impl std::str::FromStr for Month {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Month, DateError> {
        let text = text.trim();
        let text = text.strip_suffix('份').unwrap_or(text);
        let text = text.strip_suffix('月').unwrap_or(text).trim_end();
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            return parse_day(&format!("{text}01")).map(Month::of);
        }
        if let Some((first, second)) = text.split_once(['-', ' ']) {
            let named = |name, year| Some((year_of(year)?, month_named(name)?));
            if let Some((year, month)) = named(first, second).or_else(|| named(second, first)) {
                return Ok(Month(year * 12 + month.cast_signed() - 1));
            }
        }
        // A spreadsheet leaves 2011.1 of 2011.10 as well.
        if text.split_once('.').is_some_and(|(year, month)| year.len() == 4 && month == "1") {
            return Err(DateError::Shape);
        }
        parse_day(&format!("{text}-1")).map(Month::of)
    }
}

/// A year of four digits, or of two as spreadsheets read them: 30 to 99 are of the last century.
fn year_of(text: &str) -> Option<i32> {
    let text = text.trim();
    let year: i32 = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())??;
    match text.len() {
        2 if year < 30 => Some(2000 + year),
        2 => Some(1900 + year),
        4 if year >= 1900 => Some(year),
        _ => None,
    }
}

/// The number of a month by its English name, short or whole.
fn month_named(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let names = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is = |name: &&str| {
        text.len() >= 3 && (*name == text || name[..3] == text || (text == "sept" && *name == "september"))
    };
    names.iter().position(is).and_then(|at| u32::try_from(at + 1).ok())
}

/// The day of a spreadsheet's day number in the 1900 system: 40604 is 2011-03-02. Only 20000 to 60000 (1954 to 2064)
/// are taken for days: other numbers are more likely something else.
pub fn day_of_serial(number: u32) -> Option<Day> {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    (20_000..=60_000).contains(&number).then(|| zero.checked_add_days(Days::new(number.into())))?
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

/// Reads `2011-03-02`, `2011/3/2`, `2011.3.2`, `2011年3月2日`, `20110302`, `2011-Mar-2` or `2-Mar-2011`, years 1900 to
/// 9999; a weekday or a time of day behind it is read over.
pub fn parse_day(text: &str) -> Result<Day, DateError> {
    let text = without_weekday(without_time(text.trim()));
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day_of_parts(&text[..4], &text[4..6], &text[6..]);
    }
    let unified = text.replace(['/', '.', '年', '月', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}'], "-");
    let unified = unified.strip_suffix(['日', '号']).unwrap_or(&unified);
    let parts: Vec<&str> = unified.split('-').map(str::trim).collect();
    let [first, middle, last] = parts[..] else { return Err(DateError::Shape) };
    match month_named(middle) {
        Some(month) if last.len() == 4 => day_of_parts(last, &month.to_string(), first),
        Some(month) => day_of_parts(first, &month.to_string(), last),
        None => day_of_parts(first, middle, last),
    }
}

fn day_of_parts(year: &str, month: &str, day: &str) -> Result<Day, DateError> {
    let number = |s: &str, most: usize| -> Result<u32, DateError> {
        let shaped = !s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
        if shaped { s.parse().map_err(|_| DateError::Shape) } else { Err(DateError::Shape) }
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    if year < 1900 {
        return Err(DateError::Shape);
    }
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day).ok_or(DateError::NoSuchDay)
}

/// A date without the time of day that spreadsheets and exports put behind it, if that is one of Beijing.
fn without_time(text: &str) -> &str {
    let Some((date, time)) = text.split_once(['T', ' ']) else { return text };
    let time = time.trim();
    let time = time.strip_suffix("+08:00").or_else(|| time.strip_suffix("+0800")).unwrap_or(time);
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let is = |format| NaiveTime::parse_from_str(time, format).is_ok();
    if is("%H:%M:%S") || is("%H:%M") { date.trim_end() } else { text }
}

/// A date without the weekday behind it: `星期三`, `周三`, `(三)`, `Wed`.
fn without_weekday(text: &str) -> &str {
    const DAYS: [&str; 15] =
        ["一", "二", "三", "四", "五", "六", "日", "天", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    // `2011年3月2日` ends in a word for Sunday too: a weekday stands apart, by a blank, a bracket or its own word.
    let word = |at: usize, mark: usize| {
        let name = text[at + mark..].trim().trim_end_matches([')', '）']).trim().to_lowercase();
        DAYS.contains(&name.as_str()).then(|| text[..at].trim_end())
    };
    let marks = ["星期", "周", "(星期", "(周", "（星期", "（周", "(", "（", " "];
    marks.iter().find_map(|mark| text.rfind(mark).and_then(|at| word(at, mark.len()))).unwrap_or(text)
}

/// Reads a date as typed at a form: all of [`parse_day`], and `today`/`今天`, `yesterday`/`昨天`, `前天`,
/// `tomorrow`/`明天`, `后天`, `-3d`, `+2d`, `3-2` or `3月2日` (this year).
pub fn parse_day_from(text: &str, today: Day) -> Result<Day, DateError> {
    let text = text.trim();
    let ago = |n: u64| today.checked_sub_days(Days::new(n)).ok_or(DateError::NoSuchDay);
    let ahead = |n: u64| today.checked_add_days(Days::new(n)).ok_or(DateError::NoSuchDay);
    match text.to_lowercase().as_str() {
        "today" | "今天" | "t" => return Ok(today),
        "yesterday" | "昨天" => return ago(1),
        "前天" => return ago(2),
        "tomorrow" | "明天" => return ahead(1),
        "后天" => return ahead(2),
        _ => {}
    }
    let body = text.strip_suffix(['d', 'D', '天']).unwrap_or("");
    if let Some(n) = body.strip_prefix('-').and_then(|n| n.parse().ok()) {
        return ago(n);
    }
    if let Some(n) = body.strip_prefix('+').and_then(|n| n.parse().ok()) {
        return ahead(n);
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

/// Reads a moment as people type it: all of [`parse_moment`], a time of today (`18:00`), a day as in [`parse_day_from`]
/// with a time (`明天 09:00`, `tomorrow 9:00`), `now`/`现在`, and hours or minutes from now (`+2h`, `2h`, `30m`, `-1h`).
pub fn parse_moment_from(text: &str, now: Moment) -> Result<Moment, DateError> {
    let text = text.trim().to_lowercase();
    if matches!(text.as_str(), "now" | "现在") {
        return Ok(now);
    }
    let span = |ends: &[&str], seconds: i64| {
        let number = ends.iter().find_map(|end| text.strip_suffix(end))?.trim().parse::<i32>().ok()?;
        Some(Moment(now.0.saturating_add(i64::from(number) * seconds)))
    };
    if let Some(at) = span(&["小时", "h"], 3600).or_else(|| span(&["分钟", "min", "m"], 60)) {
        return Ok(at);
    }
    parse_moment(&text).or_else(|e| {
        let (day, time) = text.rsplit_once(char::is_whitespace).unwrap_or(("today", &text));
        let day = parse_day_from(day, now.day()).map_err(|_| e)?;
        parse_moment(&format!("{day}T{time}"))
    })
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
    fn dates_with_what_spreadsheets_put_around_them() {
        for text in [
            "2011/3/2 0:00",
            "2011-03-02 00:00:00",
            "2011-03-02T00:00:00",
            "2011-03-02T00:00:00+08:00",
            "2011-03-02 00:00:00.000",
            "2011年3月2日 星期三",
            "2011年3月2日星期三",
            "2011-03-02 (三)",
            "2011-03-02 周三",
            "2011-3-2 Wed",
            "20110302",
            "2011–3–2",
            "2011 / 3 / 2",
            "2011-3-2日",
            "2011-Mar-2",
            "2-Mar-2011",
        ] {
            assert_eq!(parse_day(text), Ok(day(2011, 3, 2)), "{text}");
        }
        let unclear =
            ["3/2/2011", "3月2日", "2-Mar-11", "2011年3月", "2011-03-02T16:00:00Z", "2011-03-02 25:00", "2011030"];
        for text in unclear {
            assert_eq!(parse_day(text), Err(DateError::Shape), "{text}");
        }
        assert_eq!(parse_day("20110230"), Err(DateError::NoSuchDay));
        assert_eq!(day_of_serial(40_604), Some(day(2011, 3, 2)));
        assert_eq!((day_of_serial(19_999), day_of_serial(60_001)), (None, None));
    }

    #[test]
    fn months_as_spreadsheets_leave_them() {
        for text in ["Feb-11", "11-Feb", "Feb-2011", "201102", "2011年2月份", "2011年02月", "February 2011", "feb-11"]
        {
            assert_eq!(text.parse::<Month>().map(|m| m.to_string()), Ok("2011-02".to_owned()), "{text}");
        }
        for text in ["Foo-11", "Feb-1", "201113", "份", "月"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
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

    #[test]
    fn moments_as_people_type_them() {
        let now = parse_moment("2011-12-15T14:02").unwrap();
        for (text, at) in [
            ("18:00", "2011-12-15T18:00"),
            ("+2h", "2011-12-15T16:02"),
            ("2h", "2011-12-15T16:02"),
            ("2小时", "2011-12-15T16:02"),
            ("-1h", "2011-12-15T13:02"),
            ("30m", "2011-12-15T14:32"),
            ("明天 09:00", "2011-12-16T09:00"),
            ("tomorrow 9:00", "2011-12-16T09:00"),
            ("昨天 23:59:59", "2011-12-14T23:59:59"),
            ("-3d 08:30", "2011-12-12T08:30"),
            ("12-20 10:00", "2011-12-20T10:00"),
            ("now", "2011-12-15T14:02"),
            ("2011-03-04 20:00", "2011-03-04T20:00"),
        ] {
            assert_eq!(parse_moment_from(text, now).map(show_moment), Ok(at.to_owned()), "{text}");
        }
        for text in ["", "h", "明天", "25:00", "2x", "99999999999h", "2011-02-30 10:00"] {
            assert!(parse_moment_from(text, now).is_err(), "{text}");
        }
    }
}

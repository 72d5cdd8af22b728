//! The rulebook: articles, ranges, caps, thresholds and decisions, read from TOML and checked on load.
//! Knows nothing of providers: it says what a breach costs, never who committed it.

mod agreed;
mod diff;
mod edition;
mod limits;
mod marks;

pub use agreed::{Change, ChangeFault};
pub use diff::{Difference, diff};
pub use edition::EditionHash;
pub use limits::{Contacts, Limits, Measures, ServiceHours, Staffing};
pub use marks::{Marks, Standing};

use crate::ids::ArticleId;
use crate::money::Fen;
use crate::points::{Points, Score};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// The shipped rulebook, edition 1.5 of the regulation.
const SHIPPED: &str = include_str!("rulebook.toml");

/// Articles that the program itself proposes or refuses by: without one of them a finding could never be confirmed.
pub const WANTED: [&str; 14] = [
    "conference-results",
    "rollout-shortfall",
    "brand-standard",
    "unapproved-material",
    "signing-delay",
    "training-failure",
    "promotion-gap",
    "outlet-complaint",
    "early-attrition",
    "dormant-outlets",
    "exit-response",
    "after-exit-dispute",
    "rectification-failed",
    "rectification-passed",
];

/// A checked rulebook. Every article of the schedule stands in it once, with a sound range.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The regulation's edition.
    pub edition: String,
    /// First day on which it is in force (4.4(1)).
    pub effective: Day,
    /// Where standings begin.
    pub marks: Marks,
    /// Working days before a due moment in which it is due soon: the program's own.
    pub due_soon: u32,
    /// How long each thing may take.
    pub limits: Limits,
    /// Least numbers and shares.
    pub measures: Measures,
    /// People, at least (1.4.2(1)).
    pub staffing: Staffing,
    /// Contacts, at least (1.4.2(2)).
    pub contacts: Contacts,
    /// When service is open (1.4.3).
    pub service_hours: ServiceHours,
    /// When outlets are dormant (2.2.3(3)).
    pub dormant: DormantRule,
    /// The penalty schedule, in the file's order.
    pub articles: Vec<Article>,
    /// From how many points on a line takes a second person (decision 28); none where it never does.
    pub second_person_from: Option<Points>,
    /// What was decided where the text is silent.
    pub decisions: Vec<Decision>,
    /// The hash of its text (decision 26).
    pub hash: EditionHash,
    /// Its text.
    pub text: String,
    /// What a provider agreed otherwise (4.4(3)); nothing in the rulebook of everybody.
    pub changes: Vec<Change>,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One article of the penalty schedule (clauses, section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// The clause it stands in.
    pub clause: String,
    /// Whether it takes points or gives them back.
    pub kind: ArticleKind,
    /// Fewest points for one line.
    pub min: Points,
    /// Most points for one line.
    pub max: Points,
    /// What one line is counted per.
    pub per: Per,
    /// What a line must name.
    pub needs: Needs,
    /// Most effective points of one provider, year and problem, where the clause sets a cap.
    pub cap: Option<Points>,
    /// A short title.
    pub title: Bilingual,
    /// One sentence of help.
    pub help: Bilingual,
}

/// Whether an article takes points or gives them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArticleKind {
    /// Takes points.
    Deduction,
    /// Gives points back (3.1(3)).
    Credit,
}

/// What one line of an article is counted per.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the rulebook's own words")]
pub enum Per {
    Event,
    Conference,
    TerritoryPhase,
    Outlet,
    Finding,
    Training,
    Gap,
    Complaint,
    Territory,
    DormantOutlet,
    Claim,
    Case,
}

/// What a line of an article must stand on (section 2): an outlet, the record of a conference, training or territory, a
/// month, or what was seen; a rectification is a case that only its own workflow closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the rulebook's own words")]
pub enum Needs {
    Evidence,
    Conference,
    Territory,
    Outlet,
    Training,
    Month,
    Rectification,
}

impl Needs {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Needs::Evidence => "evidence",
            Needs::Conference => "conference",
            Needs::Territory => "territory",
            Needs::Outlet => "outlet",
            Needs::Training => "training",
            Needs::Month => "month",
            Needs::Rectification => "rectification",
        }
    }
}

/// When outlets are dormant, and the allowance (2.2.3(3), decision 7). Kept with what it judged (4.4(1)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DormantRule {
    /// A month's turnover under this is low.
    pub low_under: Fen,
    /// Percent of the tested outlets that may be low two months running.
    pub low_percent: u8,
    /// Percent of the tested outlets that may have a month at zero.
    pub zero_percent: u8,
    /// Calendar months between an outlet's signing and the first day of the first month that it is tested in.
    pub after_months: u8,
}

/// A decision where the regulation is silent (clauses, section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its number in section 4.
    pub number: u8,
    /// What was decided.
    pub text: Bilingual,
}

/// What is wrong with a rulebook file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct RulebookError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Rulebook {
    /// The rulebook that comes with the program; a test holds that it loads.
    pub fn shipped() -> Result<Rulebook, RulebookError> {
        Rulebook::parse(SHIPPED)
    }

    /// Reads and checks a rulebook.
    pub fn parse(text: &str) -> Result<Rulebook, RulebookError> {
        let file: File = toml::from_str(text).map_err(|e| RulebookError {
            line: line_of(text, e.span().map_or(0, |s| s.start)),
            problem: e.message().to_owned(),
        })?;
        if let Some(at) = escape(text) {
            let problem = "a control character, which would steer a terminal; write the text without it".into();
            return Err(RulebookError { line: line_of(text, at), problem });
        }
        file.check(text)
    }

    /// The article of that id.
    pub fn article(&self, id: &str) -> Option<&Article> {
        self.articles.iter().find(|a| a.id.as_str() == id)
    }
}

/// The file as written; [`File::check`] turns it into a [`Rulebook`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: String,
    effective: Spanned<String>,
    second_person_from: Option<Spanned<u32>>,
    thresholds: Spanned<Thresholds>,
    warn: Warn,
    limits: Limits,
    measures: Spanned<Measures>,
    staffing: Staffing,
    contacts: Contacts,
    #[serde(rename = "service-hours")]
    service_hours: Spanned<ServiceHours>,
    dormant: Spanned<Dormant>,
    article: Vec<Spanned<FileArticle>>,
    #[serde(default)]
    decision: Vec<Decision>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thresholds {
    suspended: u32,
    terminable: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warn {
    watch: Option<u32>,
    critical: Option<u32>,
    due_soon: u32,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dormant {
    low_under: u32,
    low_percent: u8,
    zero_percent: u8,
    after_months: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileArticle {
    id: Spanned<String>,
    clause: String,
    kind: ArticleKind,
    points: Spanned<Range>,
    per: Per,
    needs: Needs,
    cap: Option<Spanned<u32>>,
    title: Bilingual,
    help: Bilingual,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    min: u32,
    max: u32,
}

impl File {
    fn check(self, text: &str) -> Result<Rulebook, RulebookError> {
        let fail = |at: usize, problem: String| Err(RulebookError { line: line_of(text, at), problem });
        if let Some(why) = self.measures.get_ref().fault() {
            return fail(self.measures.span().start, why.into());
        }
        if let Some(why) = self.service_hours.get_ref().fault() {
            return fail(self.service_hours.span().start, why.into());
        }
        let Ok(effective) = crate::time::parse_day(self.effective.get_ref()) else {
            return fail(self.effective.span().start, "effective is not a date like 2011-02-01".into());
        };
        let (t, w) = (self.thresholds.get_ref(), &self.warn);
        let marks = [
            (w.watch, Standing::Watch),
            (Some(t.suspended), Standing::Suspended),
            (w.critical, Standing::Critical),
            (Some(t.terminable), Standing::Terminable),
        ];
        let given = marks.into_iter().filter_map(|(at, standing)| Some((Score(at?), standing))).collect();
        let Some(marks) = Marks::new(given) else {
            let want = "marks must rise: 0 < watch < suspended < critical < terminable";
            return fail(self.thresholds.span().start, want.into());
        };
        if let Some(from) = self.second_person_from.as_ref().filter(|from| *from.get_ref() == 0) {
            return fail(from.span().start, "second_person_from is 0: write 1 or more, or leave it out".into());
        }
        let d = *self.dormant.get_ref();
        if d.low_percent > 100 || d.zero_percent > 100 {
            return fail(self.dormant.span().start, "a percentage is over 100".into());
        }
        let mut articles: Vec<Article> = Vec::with_capacity(self.article.len());
        for entry in self.article {
            let start = entry.span().start;
            let article = entry.into_inner().check(text)?;
            if articles.iter().any(|a| a.id == article.id) {
                return fail(start, format!("article {:?} stands here a second time", article.id.as_str()));
            }
            articles.push(article);
        }
        let missing = |id: &&&str| !articles.iter().any(|a| a.id.as_str() == **id);
        if let Some(id) = WANTED.iter().find(missing) {
            return fail(text.len(), format!("article {id:?} is missing: its findings could never be confirmed"));
        }
        Ok(Rulebook {
            edition: self.edition,
            effective,
            marks,
            due_soon: self.warn.due_soon,
            limits: self.limits,
            measures: self.measures.into_inner(),
            staffing: self.staffing,
            contacts: self.contacts,
            service_hours: self.service_hours.into_inner(),
            dormant: DormantRule {
                low_under: Fen(u64::from(d.low_under) * 100),
                low_percent: d.low_percent,
                zero_percent: d.zero_percent,
                after_months: d.after_months,
            },
            articles,
            second_person_from: self.second_person_from.map(|from| Points(from.into_inner())),
            decisions: self.decision,
            hash: EditionHash::of(text),
            text: text.to_owned(),
            changes: Vec::new(),
        })
    }
}

impl FileArticle {
    fn check(self, text: &str) -> Result<Article, RulebookError> {
        let fail = |at: usize, problem: String| Err(RulebookError { line: line_of(text, at), problem });
        let Ok(id) = self.id.get_ref().parse() else {
            return fail(self.id.span().start, format!("{:?} is not an article id", self.id.get_ref()));
        };
        let Range { min, max } = *self.points.get_ref();
        if min == 0 || min > max {
            let want = format!("points {min} to {max}: min must be 1 or more and not over max");
            return fail(self.points.span().start, want);
        }
        if let Some(cap) = self.cap.as_ref().filter(|cap| *cap.get_ref() < max) {
            return fail(cap.span().start, format!("cap {} is under max {max}", cap.get_ref()));
        }
        Ok(Article {
            id,
            clause: self.clause,
            kind: self.kind,
            min: Points(min),
            max: Points(max),
            per: self.per,
            needs: self.needs,
            cap: self.cap.map(|c| Points(c.into_inner())),
            title: self.title,
            help: self.help,
        })
    }
}

/// Where a text of the file has a character that steers a terminal: written as it is, or as TOML's escape.
fn escape(text: &str) -> Option<usize> {
    let plain = text.char_indices().find(|(_, c)| crate::ids::is_hidden(*c) && !matches!(c, '\n' | '\r' | '\t'));
    let escaped = text.match_indices('\\').map(|(at, _)| at).find(|at| {
        let code = |digits: usize| u32::from_str_radix(text.get(at + 2..at + 2 + digits)?, 16).ok();
        let code = match text.as_bytes().get(at + 1) {
            Some(b'u') => code(4),
            Some(b'U') => code(8),
            Some(b'x') => code(2),
            Some(b'e') => Some(27),
            Some(b'b') => Some(8),
            Some(b'f') => Some(12),
            _ => None,
        };
        code.and_then(char::from_u32).is_some_and(crate::ids::is_hidden)
    });
    plain.map(|(at, _)| at).into_iter().chain(escaped).min()
}

/// The line (from 1) of a byte offset.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 2 of the clauses, as the program must have it.
    #[test]
    fn the_shipped_schedule_is_the_regulations() {
        let book = Rulebook::shipped().unwrap();
        let is: Vec<_> = book.articles.iter().map(|a| (a.id.as_str(), a.clause.as_str(), a.min.0, a.max.0)).collect();
        let should = [
            ("media-exposure", "1.4.4(4)", 10, 20),
            ("competing-business", "1.4.4(5)", 100, 100),
            ("conference-results", "1.6.1(1)", 10, 10),
            ("rollout-shortfall", "1.6.1(2)", 10, 40),
            ("brand-standard", "1.6.2(1)", 4, 6),
            ("unapproved-material", "1.6.2(2)", 5, 15),
            ("signing-delay", "2.1.1(4)", 5, 10),
            ("training-failure", "2.1.3(3)", 15, 20),
            ("promotion-gap", "2.2.1(4)", 10, 20),
            ("outlet-complaint", "2.2.2", 1, 2),
            ("early-attrition", "2.2.3(1)", 10, 30),
            ("dormant-outlets", "2.2.3(3)", 1, 999),
            ("exit-response", "2.2.4(1)", 1, 3),
            ("after-exit-dispute", "2.2.4(2)", 1, 2),
            ("rectification-failed", "3.1(4)", 10, 20),
            ("rectification-passed", "3.1(3)", 10, 30),
        ];
        assert_eq!(is, should);
        let marks: Vec<Score> = book.marks.each().map(|(mark, _)| mark).collect();
        assert_eq!(marks, [40, 50, 80, 100].map(Score));
        let capped: Vec<_> = book.articles.iter().filter_map(|a| a.cap.map(|c| (a.id.as_str(), c.0))).collect();
        assert_eq!(capped, [("outlet-complaint", 10)]);
        assert_eq!(book.decisions.iter().map(|d| d.number).collect::<Vec<_>>(), (1..=29).collect::<Vec<_>>());
    }

    #[test]
    fn errors_point_at_the_line() {
        let at = |from: &str, to: &str| Rulebook::parse(&SHIPPED.replacen(from, to, 1)).unwrap_err();
        let line = |needle: &str| SHIPPED.lines().position(|l| l.contains(needle)).unwrap() + 1;
        assert_eq!(at("min = 4, max = 6", "min = 7, max = 6").line, line("min = 4, max = 6"));
        assert_eq!(at("cap = 10", "cap = 1").line, line("cap = 10"));
        assert_eq!(at("terminable = 100", "terminable = 30").line, line("[thresholds]"));
        assert_eq!(at("edition =", "editoin =").line, line("edition ="));
        assert_eq!(at("low_percent = 15", "low_percent = 115").line, line("[dormant]"));
        let twice = at("id = \"competing-business\"", "id = \"media-exposure\"");
        assert!(twice.problem.contains("second time"), "{twice}");
        assert_eq!(at("people-per-outlet = 10000", "people-per-outlet = 0").line, line("[measures]"));
        assert_eq!(at("attrition-percent = 10", "attrition-percent = 4294967295").line, line("[measures]"));
        assert_eq!(at("weekday = [540, 1320]", "weekday = [1320, 540]").line, line("[service-hours]"));
        let renamed = at("id = \"promotion-gap\"", "id = \"promotion-gaps\"");
        assert!(renamed.problem.contains("promotion-gap"), "{renamed}");
        let none = Rulebook::parse(SHIPPED.split("[[article]]").next().unwrap()).unwrap_err();
        assert!(none.problem.contains("article"), "{none}");
        let steering = at("edition = \"1.5\"", "edition = \"\\u001b[31m1.5\"");
        assert_eq!(steering.line, line("edition ="));
        assert!(Rulebook::parse("not toml at all [").is_err());
    }
}

//! What a calendar year's end clears, and what goes on over it (decisions 3 and 10).

use super::Desk;
use crate::domain::{FindingState, Obligation, Provider, Standing};
use crate::ids::{ProviderId, Seq};
use crate::money::Fen;
use crate::points::Score;
use crate::store::StoreError;
use crate::time::{Day, Moment, Year};

/// What a year's end means for a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearEnd {
    /// The provider.
    pub provider: Provider,
    /// The score that the next year does not have.
    pub clears: Score,
    /// What that score means.
    pub standing: Standing,
    /// What goes on, by stable words: a `decision` that is owed (3.2), a `case` that is open (3.1), an `exit` (3.3).
    pub goes_on: Vec<&'static str>,
    /// What is open and due over the year's end, the next first.
    pub straddles: Vec<(Seq, Obligation)>,
    /// Findings that nobody has decided, by their names.
    pub findings: Vec<String>,
    /// Lines of the year that lack what their article asks for.
    pub unsupported: Vec<Seq>,
    /// What the deposits are short of.
    pub short: Fen,
}

impl YearEnd {
    /// Whether nothing is cleared and nothing goes on.
    fn is_empty(&self) -> bool {
        let YearEnd { provider: _, clears, standing: _, goes_on, straddles, findings, unsupported, short } = self;
        *clears == Score(0)
            && *short == Fen(0)
            && goes_on.is_empty()
            && straddles.is_empty()
            && findings.is_empty()
            && unsupported.is_empty()
    }
}

impl Desk {
    /// What the end of a year clears and what goes on, of each provider of which there is anything: as things stand today,
    /// or at its end where the year is over.
    pub fn year_end(&self, year: Year) -> Result<Vec<YearEnd>, StoreError> {
        let last = Day::from_ymd_opt(year, 12, 31).unwrap_or(Day::MAX);
        let day = last.min(self.today());
        let mut all = Vec::new();
        for row in self.standings_as_of(year, day)? {
            all.push(self.year_end_of(row.provider, (year, last), day)?);
        }
        all.retain(|end| !end.is_empty());
        Ok(all)
    }

    fn year_end_of(&self, provider: Provider, (year, last): (Year, Day), day: Day) -> Result<YearEnd, StoreError> {
        let id: &ProviderId = &provider.id;
        let laws = self.laws()?;
        let rules = laws.of(id, day);
        let (state, clears) = self.with(|core| {
            let clears = core.view.year_on(id, year, day)?.score;
            Ok((core.view.state_on(id, day)?, clears))
        })?;
        let open = self.listed_on(Some(id), day)?.into_iter().map(|row| row.finding);
        let open = open.filter(|finding| finding.state == FindingState::Open);
        let lines = self.ledger_on(id, year, day)?;
        let supported = self.are_supported(id, &lines)?;
        let lacking = lines.iter().zip(supported).filter(|(line, has)| !has && line.reversed_by.is_none());
        let (cases, dossier) = self.cases_on(id, day)?;
        let under_way = dossier.exit.as_ref().is_some_and(|exit| exit.next().is_some());
        let on = [
            ("decision", cases.owed(&dossier).next().is_some()),
            ("case", cases.open().is_some()),
            ("exit", under_way),
        ];
        Ok(YearEnd {
            goes_on: on.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect(),
            clears,
            standing: rules.marks.standing(clears),
            straddles: state.due.iter().filter(|(_, o)| o.due > Moment::end_of(last)).cloned().collect(),
            findings: open.map(|finding| finding.id.to_string()).collect(),
            unsupported: lacking.rev().map(|(line, _)| line.seq).collect(),
            short: state.dossier.shortfall(rules.measures.deposit),
            provider,
        })
    }
}

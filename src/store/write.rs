//! What an event does to the view.

use super::handed::{owners, with_signing};
use super::lines::LineText;
use super::pages::Index;
use super::{Bucket, Charge, Listed, OutletPage, OutletRow, StoreError, StoredFile, StoredProvider, View, keys};
use crate::domain::discretion::Usage;
use crate::domain::exit::{is_of_case, is_of_case_act};
use crate::domain::life::OutletStep;
use crate::domain::{
    Act, Deduction, Event, Fact, FindingId, FindingState, Left, Life, Line, LineKind, LineLaw, LineSubject, Marked,
    Measured, Outlet, Provider, Subject, Support,
};
use crate::ids::{ProviderId, Seq};
use crate::journal::{Chained, Head};
use crate::points::Points;
use crate::rulebook::ArticleKind;
use crate::time::Day;
use chrono::Datelike;

impl View {
    /// Applies the next journal entry.
    pub fn apply(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        let event = &recorded.entry.event;
        let is_marked = match event.provider() {
            Some(provider) => matches!(event, Event::AlertMarked { .. }) || self.has_marks(provider)?,
            None => false,
        };
        self.take_event(recorded)?;
        if let Some(provider) = event.provider() {
            if self.is_to_see(event, provider)? {
                self.comes_to(provider, recorded.seq)?;
            }
            let deposits = if is_marked { self.deposits(provider)? } else { None };
            self.file(recorded, provider)?;
            self.ease_deposits(provider, deposits)?;
        }
        if let Some(said) = recorded.entry.event.said() {
            self.keep_said(recorded.seq, said)?;
        }
        self.keep_laws(recorded)?;
        self.keep_proposals(recorded)?;
        self.top.head = Head { seq: recorded.seq, hash: recorded.hash };
        match &recorded.entry.event {
            Event::OutletAdded(_) | Event::TurnoverRecorded { .. } | Event::TurnoverAmended { .. } => Ok(()),
            event => match event.provider().filter(|_| is_marked) {
                Some(provider) => self.look_at_marks(provider, recorded.entry.at),
                None => Ok(()),
            },
        }
    }

    /// Whether an event changes what those who confirm a provider's exit look at (3.3(1)): its own steps, notices and marks
    /// do not, nor does who takes one away or back (decision 13: as if it had never been typed).
    fn is_to_see(&mut self, event: &Event, provider: &ProviderId) -> Result<bool, StoreError> {
        let (Event::Voided { entries, .. } | Event::Restored { entries, .. }) = event else {
            return Ok(!is_of_case(event));
        };
        let file = self.load(provider)?;
        let marks = self.cache.get::<Vec<Marked>>(&keys::marks(provider))?.cloned().unwrap_or_default();
        let of_case = |seq: &Seq| {
            let of_fact = file.facts.iter().any(|f| f.seq == *seq && is_of_case_act(&f.act));
            of_fact || marks.iter().any(|marked| marked.seq == *seq)
        };
        Ok(!entries.iter().all(of_case))
    }

    /// What an event does beside its being filed.
    fn take_event(&mut self, recorded: &Chained) -> Result<(), StoreError> {
        // An outlet's record goes by its life: as it is before the entry, whoever reads the journal, and when.
        if let Event::OutletAmended(_)
        | Event::Voided { left: Some(Left::Outlet(_)), .. }
        | Event::Restored { left: Some(Left::Outlet(_)), .. } = &recorded.entry.event
        {
            self.freshen_all()?;
        }
        match &recorded.entry.event {
            Event::ProviderAdded(p) | Event::ProviderAmended(p) => {
                self.put_provider(p)?;
                self.speak_of_provider(&p.id, |spoken| spoken.push((recorded.seq, None)))?;
            }
            Event::OutletAdded(o) => self.add_outlet(recorded.seq, o)?,
            Event::OutletAmended(o) => {
                self.amend_outlet(o)?;
                self.outlet_spoken(&o.id, recorded.seq)?;
            }
            Event::Deducted { deduction, law } => self.deduct(recorded, deduction, *law)?,
            Event::Supported { line, provider, occurred_on, is, .. } => {
                self.support(provider, (*occurred_on, *line), is)?;
            }
            Event::TurnoverRecorded { turnover, provider, rule } => {
                self.begin_month(provider, turnover.month, *rule)?;
                self.report_spoken(provider, turnover, recorded.seq)?;
                self.put_turnover(provider, turnover)?;
            }
            Event::TurnoverAmended { turnover, provider, .. } => {
                self.report_spoken(provider, turnover, recorded.seq)?;
                self.put_turnover(provider, turnover)?;
            }
            Event::FindingConfirmed { finding, measured, deduction, law } => {
                let state = FindingState::Confirmed(recorded.seq);
                self.decide(finding, measured, state, deduction.points)?;
                self.deduct(recorded, deduction, *law)?;
            }
            Event::FindingDismissed { finding, measured, .. } => {
                self.decide(finding, measured, FindingState::Dismissed(recorded.seq), Points(0))?;
            }
            Event::AlertMarked { provider, subject, level, mark } => {
                self.mark(recorded, provider, (subject, *level), mark)?;
            }
            // One entry may have been replaced: then no number is missing.
            Event::LossAccepted { from, to, .. } if recorded.seq.before() == Some(*to) => self.lose(*from, *to),
            Event::Reversed { line, provider, occurred_on, reason } => {
                self.reverse(recorded, (*occurred_on, *line), provider, reason)?;
            }
            Event::Voided { entries, lines, provider, left, .. } => {
                self.make_room(recorded, provider)?;
                self.void((entries, lines), provider, Some(recorded.seq))?;
                self.leave(provider, entries, left.as_ref(), Some(recorded.seq))?;
            }
            Event::Restored { entries, lines, provider, left, .. } => {
                self.brings_back(recorded.seq, provider)?;
                self.void((entries, lines), provider, None)?;
                self.leave(provider, entries, left.as_ref(), None)?;
            }
            Event::Happened(_)
            | Event::RequestOpened(_)
            | Event::RequestAnswered { .. }
            | Event::ObligationsMoved { .. }
            | Event::EditionAdopted(_)
            | Event::LineProposed(_)
            | Event::ProposalWithdrawn { .. }
            | Event::EditionWithdrawn { .. }
            | Event::LossAccepted { .. } => {}
        }
        Ok(())
    }

    /// Numbers that no entry has.
    fn lose(&mut self, from: Seq, to: Seq) {
        self.top.lost += (to.0 + 1).saturating_sub(from.0);
    }

    /// A decision on a month's finding; those on others are facts.
    fn decide(
        &mut self,
        finding: &FindingId,
        measured: &Measured,
        state: FindingState,
        points: Points,
    ) -> Result<(), StoreError> {
        match (finding.subject, measured) {
            (Subject::Dormant(month), Measured::Dormant(held)) => {
                self.decide_month(&finding.provider, month, Some((state, *held, points)))
            }
            _ => Ok(()),
        }
    }

    /// The next entry takes the place of one that goes, and the number that it is known by.
    fn make_room(&mut self, recorded: &Chained, provider: &ProviderId) -> Result<(), StoreError> {
        let Some(first) = recorded.entry.event.makes_room() else { return Ok(()) };
        let filed = self.load(provider)?.facts.iter().find(|filed| filed.seq == first).map(|filed| filed.known());
        self.top.instead = Some((recorded.seq.next(), filed.unwrap_or(first)));
        Ok(())
    }

    /// An entry brings others back.
    fn brings_back(&mut self, entry: Seq, provider: &ProviderId) -> Result<(), StoreError> {
        self.cache.edit::<StoredFile>(&keys::file(provider))?.back.push(entry);
        Ok(())
    }

    /// Takes entries and their lines away, or brings them back.
    fn void(
        &mut self,
        (entries, lines): (&[Seq], &[(Day, Seq)]),
        provider: &ProviderId,
        void: Option<Seq>,
    ) -> Result<(), StoreError> {
        for filed in self.set_void(provider, entries, void)? {
            if let Some((outlet, _)) = filed.act.ends_elsewhere() {
                for before in self.owners_before(provider, &outlet)? {
                    self.set_void(&before, &[filed.seq], void)?;
                }
            }
            if let Act::Decided { subject: Subject::Dormant(month), measured, points, line } = filed.act {
                let state = match line {
                    Some(_) => FindingState::Confirmed(filed.seq),
                    None => FindingState::Dismissed(filed.seq),
                };
                let back = match measured {
                    Measured::Dormant(held) if void.is_none() => Some((state, held, points)),
                    _ => None,
                };
                self.decide_month(provider, month, back)?;
                continue;
            }
            let (outlet, proposed) = match &filed.act {
                Act::There { outlet, .. } => (outlet, false),
                Act::Happened(h) => match &h.fact {
                    Fact::Outlet(outlet, OutletStep::Proposed { .. }) => (outlet, true),
                    Fact::Outlet(outlet, OutletStep::Transferred { to }) => {
                        self.set_void(to, &[filed.seq], void)?;
                        match void {
                            Some(_) => self.hand_back(outlet, (provider, to))?,
                            None => self.hand_over(outlet, (provider, to), h.on)?,
                        }
                        continue;
                    }
                    _ => continue,
                },
                _ => continue,
            };
            match void {
                Some(_) => self.take_outlet(provider, outlet, proposed)?,
                None => self.give_outlet(provider, filed.seq)?,
            }
        }
        for (day, seq) in lines {
            let reverses = self.cancel(provider, (*day, *seq), void)?.reverses;
            // A reversal that is voided gives its line back.
            if let Some(line) = reverses {
                void.map_or(Ok(()), |void| self.brings_back(void, provider))?;
                self.cancel(provider, (*day, line), void.is_none().then_some(*seq))?;
            }
            self.refold(provider, day.year())?;
        }
        Ok(())
    }

    /// Marks a line as cancelled, or as standing; answers with the line.
    fn cancel(&mut self, provider: &ProviderId, at: (Day, Seq), by: Option<Seq>) -> Result<Line, StoreError> {
        let (was, line) = self.set_reversed(provider, at, by)?;
        if was != by.is_some() {
            self.use_article(&line, by.is_none())?;
        }
        Ok(line)
    }

    /// A line begins to count among those of its article, or counts no more.
    fn use_article(&mut self, line: &Line, counts: bool) -> Result<(), StoreError> {
        if matches!(line.kind, LineKind::Deduction | LineKind::Credit) {
            let usage = self.cache.edit::<Usage>(&keys::usage(&line.article))?;
            usage.count(line.points, &line.by, counts);
        }
        Ok(())
    }

    pub(super) fn put_provider(&mut self, provider: &Provider) -> Result<(), StoreError> {
        let key = keys::provider(&provider.id);
        let (spoken, outlets, unstaffed, pages) = match self.cache.get::<StoredProvider>(&key)? {
            Some(old) => (std::mem::take(&mut old.spoken), old.outlets, old.unstaffed, std::mem::take(&mut old.pages)),
            None => (Vec::new(), 0, 0, Index::default()),
        };
        self.cache.put(key, StoredProvider { provider: provider.clone(), spoken, outlets, unstaffed, pages });
        Ok(())
    }

    /// Puts an outlet into its provider's pages.
    pub(super) fn put_outlet(&mut self, row: OutletRow) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet of a provider that the view does not have");
        let provider = row.outlet.provider.clone();
        let key = keys::provider(&provider);
        let record = self.cache.change::<StoredProvider>(&key)?.ok_or_else(missing)?;
        record.outlets += 1;
        record.unstaffed += u32::from(row.lacks_staff());
        let mut pages = std::mem::take(&mut record.pages);
        self.put_row(&mut pages, |page| keys::outlets(&provider, page), &row)?;
        self.cache.change::<StoredProvider>(&key)?.ok_or_else(missing)?.pages = pages;
        self.loaded = None;
        Ok(())
    }

    /// Counts an outlet that has nobody who serves (1.4.2(3)), or has somebody now, or is gone.
    pub(super) fn count_staff(&mut self, provider: &ProviderId, was: bool, is: bool) -> Result<(), StoreError> {
        let key = keys::provider(provider);
        if was == is {
            return Ok(());
        }
        let Some(record) = self.cache.change::<StoredProvider>(&key)? else { return Ok(()) };
        record.unstaffed = if is { record.unstaffed + 1 } else { record.unstaffed.saturating_sub(1) };
        Ok(())
    }

    pub(super) fn add_outlet(&mut self, entry: Seq, outlet: &Outlet) -> Result<(), StoreError> {
        let (life, spoken) = (Life::default(), vec![(entry, None)]);
        self.put_outlet(OutletRow { outlet: outlet.clone(), life, entry, spoken, past: Vec::new() })?;
        self.list_outlet(outlet, false)
    }

    /// Puts an outlet into the directory; and whether it was another's before.
    pub(super) fn list_outlet(&mut self, outlet: &Outlet, moved: bool) -> Result<(), StoreError> {
        let bucket = self.cache.edit::<Bucket>(&keys::directory(&outlet.id))?;
        bucket.put(&Listed { outlet: outlet.id.clone(), owner: outlet.provider.clone(), moved })?;
        self.top.outlets += 1;
        Ok(())
    }

    pub(super) fn amend_outlet(&mut self, outlet: &Outlet) -> Result<(), StoreError> {
        let missing = || StoreError::view("an outlet that the view does not have");
        let page_key = self.outlet_page(&outlet.provider, &outlet.id)?.ok_or_else(missing)?;
        let page = self.cache.edit::<OutletPage>(&page_key)?;
        let changed = page.change(&outlet.id, |row| row.outlet = with_signing(outlet, &row.life))?;
        let (before, row) = changed.ok_or_else(missing)?;
        let (was, outlet) = (&before.outlet, &row.outlet);
        self.count_staff(&outlet.provider, before.lacks_staff(), row.lacks_staff())?;
        if was.city != outlet.city {
            let owners = owners(&row);
            self.stale.extend(owners);
            self.loaded = None;
        }
        if was.signed_on == outlet.signed_on {
            return Ok(());
        }
        self.file_again(&row, was.signed_on)?;
        self.weigh_again(&before, &row)
    }

    fn deduct(&mut self, recorded: &Chained, d: &Deduction, law: LineLaw) -> Result<(), StoreError> {
        let line = Line {
            seq: recorded.seq,
            kind: match law.kind {
                ArticleKind::Deduction => LineKind::Deduction,
                ArticleKind::Credit => LineKind::Credit,
            },
            article: d.article.clone(),
            points: d.points,
            effective: Points(0),
            occurred_on: d.occurred_on,
            recorded_at: recorded.entry.at,
            by: recorded.entry.by.clone(),
            outlet: d.outlet.clone(),
            problem: d.problem.clone(),
            note: d.note.clone(),
            cap: law.cap,
            needs: law.needs,
            subject: d.subject.clone(),
            evidence: d.evidence.clone(),
            reversed_by: None,
            reverses: None,
            edition: law.edition,
            agreed: law.agreed,
            proposed: law.proposed,
        };
        self.charge(&d.provider, &line)?;
        self.use_article(&line, true)?;
        self.add_line(&d.provider, line)
    }

    /// Keeps what a line charges, where it is a record or a month: nothing is charged twice (decision 14).
    fn charge(&mut self, provider: &ProviderId, line: &Line) -> Result<(), StoreError> {
        let Some(subject) = line.subject.clone().filter(|subject| !matches!(subject, LineSubject::Named(_))) else {
            return Ok(());
        };
        let charge = Charge { article: line.article.clone(), subject, on: line.occurred_on, line: line.seq };
        self.cache.edit::<Vec<Charge>>(&keys::charges(provider))?.push(charge);
        Ok(())
    }

    /// What a line stands on changed.
    fn support(&mut self, provider: &ProviderId, at: (Day, Seq), is: &Support) -> Result<(), StoreError> {
        let set = |text: &mut LineText| (text.subject, text.evidence) = (is.subject.clone(), is.evidence.clone());
        let line = self.set_support(provider, at, set)?;
        self.cache.edit::<Vec<Charge>>(&keys::charges(provider))?.retain(|charge| charge.line != at.1);
        self.charge(provider, &line)
    }

    /// Marks the line, adds the reversal, and folds the year anew: room under a cap goes to later lines.
    fn reverse(
        &mut self,
        recorded: &Chained,
        (day, seq): (Day, Seq),
        provider: &ProviderId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let line = self.cancel(provider, (day, seq), Some(recorded.seq))?;
        let reversal = Line {
            seq: recorded.seq,
            kind: LineKind::Reversal,
            effective: Points(0),
            recorded_at: recorded.entry.at,
            by: recorded.entry.by.clone(),
            note: Some(reason.to_owned()),
            reversed_by: None,
            reverses: Some(seq),
            ..line
        };
        self.add_line(provider, reversal)?;
        self.refold(provider, day.year())
    }
}

//! Batches to the desk, and what comes of each row.

use super::seen::{Counts, Digest, content, content_of, count_all};
use super::{At, Batch, Rejected, Report, Row, SAME_MAX, Same, Stop};
use crate::desk::{Asked, Desk, DeskError, Equal, Identity, Outcome, Sent};
use crate::domain::life::OutletStep;
use crate::domain::{Command, Deduction, Fact, Line, LineKind, LineSubject, Outlet, Recording, Refusal};
use crate::exchange::reversed::Reversed;
use crate::exchange::rows::{Ask, Fault, Label, Layout, RosterOutlet, Why};
use crate::exchange::{Kind, Source};
use crate::ids::{ProviderId, Seq};
use crate::store::StoreError;
use crate::time::Day;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// The reason of a transfer that a roster says.
const TRANSFERRED: &str = "roster: transfers";
/// The reason of a closing that a roster says.
const CLOSED: &str = "roster: closed_on";

/// Rows that are handed in at once while somebody looks: whoever asks waits until they are decided, about a millisecond.
const WATCHED: usize = 64;
/// Batches that the writer has at once, beside the one that is made ready: one is on its way to the disk, one is decided.
const AHEAD: usize = 2;

/// Takes batches to the desk and counts what comes of them.
pub struct Taker<'a> {
    desk: &'a Desk,
    who: &'a Identity,
    source: &'a Source,
    kind: Kind,
    pub report: Report,
    /// The last entry before the file began, where the ledger had lines then: what is compared is what was on record
    /// (decision 14).
    before: Option<Seq>,
    /// How often each deduction stands in the file, once that is asked.
    counts: Option<Counts>,
    /// Lines that were on record and are in no row of the file, by what rows are alike in.
    left: HashMap<Digest, Rc<[Line]>>,
    /// What the labelled rows of an exported ledger became here; `None` for a line that a rehearsal would make.
    lines: HashMap<Seq, Option<Seq>>,
    /// All rows of a rehearsal.
    kept: Vec<Row>,
    /// Rows that the writer has.
    sent: VecDeque<(Vec<Row>, Sent<'a>)>,
}

/// What a deduction of a file is to what was on record before it.
enum Known {
    New,
    Already(Seq),
    Otherwise { line: Seq, differs: Vec<&'static str> },
}

impl<'a> Taker<'a> {
    /// A taker of one file.
    pub fn new(desk: &'a Desk, who: &'a Identity, source: &'a Source, kind: Kind) -> Taker<'a> {
        let (report, left, lines, kept) = (Report::default(), HashMap::new(), HashMap::new(), Vec::new());
        Taker { desk, who, source, kind, report, before: None, counts: None, left, lines, kept, sent: VecDeque::new() }
    }

    /// Looks at what is on record before the file begins.
    pub fn begin(&mut self) -> Result<(), Stop> {
        let stats = self.desk.stats()?;
        self.before = (stats.lines > 0).then_some(stats.head.seq);
        Ok(())
    }

    /// Takes a batch: its rows go in, or are kept for the rehearsal.
    pub fn take(&mut self, batch: Batch, dry_run: bool) -> Result<(), Stop> {
        self.report.read += batch.read;
        self.report.named.extend(batch.named);
        self.report.unseen.0 += batch.unseen.0;
        self.report.unseen.1 = self.report.unseen.1.or(batch.unseen.1);
        for (at, fault) in batch.faults {
            self.fault(at, *fault)?;
        }
        if dry_run {
            self.kept.extend(batch.asks);
            return Ok(());
        }
        let mut pending = Vec::with_capacity(batch.asks.len());
        for row in batch.asks {
            // A reversal needs to know what its line became, so the rows before it go first.
            if let Ask::Reverse { reverses, .. } = &row.ask
                && !self.lines.contains_key(reverses)
            {
                self.submit(std::mem::take(&mut pending))?;
                if !self.lines.contains_key(reverses) {
                    self.reject(&row, "reverses", Why::UnknownRow);
                    continue;
                }
            }
            pending.push(row);
        }
        self.submit(pending)
    }

    /// Hands rows in. While the writer has them the next are read and made ready, where those do not hang on what became of
    /// these.
    fn submit(&mut self, mut rows: Vec<Row>) -> Result<(), Stop> {
        while rows.len() > WATCHED && self.desk.is_watched() {
            let rest = rows.split_off(WATCHED);
            self.hand_in(std::mem::replace(&mut rows, rest))?;
        }
        self.hand_in(rows)
    }

    fn hand_in(&mut self, rows: Vec<Row>) -> Result<(), Stop> {
        let is_plain = self.before.is_none() && rows.iter().all(|row| row.label.is_none() && row.ask.is_plain());
        if !is_plain {
            self.land()?;
        }
        let rows = self.unknown(rows)?;
        let (rows, asked) = self.asked(rows)?;
        if asked.is_empty() {
            return Ok(());
        }
        let sent = self.desk.send_all(self.who, asked)?;
        self.sent.push_back((rows, sent));
        match is_plain {
            // What is watched is handed in piece by piece, and whoever asks comes between.
            true => self.heard(if self.desk.is_watched() { 1 } else { AHEAD }),
            false => self.land(),
        }
    }

    /// Waits for the rows that were handed in, and counts what came of each.
    pub fn land(&mut self) -> Result<(), Stop> {
        self.heard(0)
    }

    /// Waits until the writer has no more than so many batches, and counts what came of each row.
    fn heard(&mut self, left: usize) -> Result<(), Stop> {
        while self.sent.len() > left
            && let Some((rows, sent)) = self.sent.pop_front()
        {
            let outcomes = sent.answer()?;
            self.count_all(rows, outcomes)?;
        }
        Ok(())
    }

    fn count_all(&mut self, rows: Vec<Row>, outcomes: Vec<Result<Outcome, Refusal>>) -> Result<(), Stop> {
        for (row, outcome) in rows.into_iter().zip(outcomes) {
            match (&row.ask, &outcome) {
                (Ask::Outlet(roster), Ok(Outcome::Done(_))) => match self.lived(roster)? {
                    Ok(()) => self.count(row, outcome),
                    Err((column, refusal)) => self.reject(&row, column, Why::Refused(refusal)),
                },
                (Ask::Outlet(roster), Err(Refusal::OutletExists { differs, .. }))
                    if differs.is_empty() && !self.closed_as(roster)? =>
                {
                    let (outlet, differs) = (roster.outlet.id.clone(), vec!["closed_on"]);
                    self.count(row, Err(Refusal::OutletExists { outlet, differs }));
                }
                _ => self.count(row, outcome),
            }
        }
        Ok(())
    }

    /// Hands an outlet from each provider that had it to the next (decision 15), and closes it where it closed; or the
    /// column that says what is refused.
    fn lived(&self, roster: &RosterOutlet) -> Result<Result<(), (&'static str, Refusal)>, Stop> {
        let RosterOutlet { outlet, past, closed_on } = roster;
        let next = past.iter().skip(1).map(|(provider, _)| provider).chain([&outlet.provider]);
        let moves = past.iter().zip(next).map(|((provider, until), to)| {
            (provider, OutletStep::Transferred { to: to.clone() }, *until, ("transfers", TRANSFERRED))
        });
        let closed = closed_on.map(|on| (&outlet.provider, OutletStep::Closed, on, ("closed_on", CLOSED)));
        for (provider, step, on, (column, note)) in moves.chain(closed) {
            let fact = Fact::Outlet(outlet.id.clone(), step);
            let (provider, note) = (provider.clone(), Some(note.to_owned()));
            let command = Recording { provider, fact, on: Some(on), confirmed_by: None, note };
            match self.desk.submit(self.who, Command::Record(Box::new(command))) {
                Ok(_) => {}
                Err(DeskError::Refused(refusal)) => return Ok(Err((column, refusal))),
                Err(DeskError::Store(e)) => return Err(e.into()),
            }
        }
        Ok(Ok(()))
    }

    /// Whether an outlet on record closed on the day that a row says, if it says one.
    fn closed_as(&self, roster: &RosterOutlet) -> Result<bool, StoreError> {
        let Some(said) = roster.closed_on else { return Ok(true) };
        let life = self.desk.life(&roster.outlet.id)?;
        Ok(life.is_some_and(|life| life.stage.is_gone() && life.since == Some(said)))
    }

    /// Asks everything in one piece and keeps nothing. Reversals come second: they name lines that the first
    /// part must have been asked for, and cancelling a line changes no other row's answer.
    pub fn rehearse(&mut self) -> Result<(), Stop> {
        let reversal = |row: &Row| matches!(row.ask, Ask::Reverse { .. });
        let (second, first): (Vec<Row>, Vec<Row>) = std::mem::take(&mut self.kept).into_iter().partition(reversal);
        let borne: HashMap<Seq, At> = first.iter().filter_map(|row| Some((row.label?, row.at))).collect();
        let above = |row: &Row| reverses(&row.ask).and_then(|label| borne.get(&label)).is_some_and(|at| *at > row.at);
        let (early, second): (Vec<Row>, Vec<Row>) = second.into_iter().partition(above);
        // It would be asked for before there is what it reverses.
        early.iter().for_each(|row| self.reject(row, "reverses", Why::UnknownRow));
        let named: HashMap<Seq, Reversed> = first.iter().filter_map(named).collect();
        let first = self.unknown(first)?;
        let (rows, asked) = self.asked(first)?;
        let outcomes = self.desk.rehearse(self.who, asked)?;
        for (row, outcome) in rows.into_iter().zip(outcomes) {
            // The seq that a rehearsal gives is nobody's: there is no such line to reverse afterwards.
            let label = row.label.filter(|_| matches!(outcome, Ok(Outcome::Done(_))));
            self.count(row, outcome);
            label.and_then(|label| self.lines.insert(label, None));
        }
        let (here, fresh): (Vec<Row>, Vec<Row>) = second.into_iter().partition(|row| match &row.ask {
            Ask::Reverse { reverses, .. } => self.lines.get(reverses) != Some(&None),
            _ => true,
        });
        let (rows, asked) = self.asked(here)?;
        let outcomes = self.desk.rehearse(self.who, asked)?;
        rows.into_iter().zip(outcomes).for_each(|(row, outcome)| self.count(row, outcome));
        let another = |row: &Row| match &row.ask {
            Ask::Reverse { reverses, says, .. } => named.get(reverses).map(|is| says.differing(is)).unwrap_or_default(),
            _ => Vec::new(),
        };
        let (fresh, others): (Vec<Row>, Vec<Row>) = fresh.into_iter().partition(|row| another(row).is_empty());
        others.iter().for_each(|row| self.reject(row, "reverses", Why::ReversesAnother { differs: another(row) }));
        // A line is reversed once: rows that say so again find it done.
        let reversed: HashSet<Seq> = fresh.iter().filter_map(|row| reverses(&row.ask)).collect();
        self.report.accepted += reversed.len() as u64;
        self.report.already += (fresh.len() - reversed.len()) as u64;
        Ok(())
    }

    /// The rows that were not on record before the file began; the others are counted here.
    fn unknown(&mut self, rows: Vec<Row>) -> Result<Vec<Row>, Stop> {
        let Some(before) = self.before else { return Ok(rows) };
        let deductions = rows.iter().filter_map(|row| match &row.ask {
            Ask::Deduct(deduction, _) => Some(deduction),
            _ => None,
        });
        let mut equal = self.desk.equals(&deductions.collect::<Vec<_>>())?.into_iter();
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let Ask::Deduct(deduction, label) = &row.ask else {
                kept.push(row);
                continue;
            };
            let Equal { same, more } = equal.next().unwrap_or_default();
            let mut lines = same;
            for line in more {
                // That which another row says in full is that row's.
                if self.in_file(&content_of(&deduction.provider, &line))? == 0 {
                    lines.push(line);
                }
            }
            let lines: Vec<Seq> = lines.iter().map(|line| line.seq).filter(|line| *line <= before).collect();
            match self.known(deduction, *label, row.nth, &lines)? {
                Known::New => kept.push(row),
                Known::Already(line) => self.count(row, Ok(Outcome::Already(Some(line)))),
                Known::Otherwise { line, differs } => {
                    // What reverses the row's line reverses this one, if the row itself says that it is.
                    row.label.filter(|label| *label == line).and_then(|label| self.lines.insert(label, Some(line)));
                    let column = differs.first().copied().unwrap_or("line");
                    self.reject(&row, column, Why::RecordedOtherwise { line, differs });
                }
            }
        }
        Ok(kept)
    }

    /// What a deduction is to what was on record. An equal line is that line, the one of its label first. One that no
    /// row of the file equals is this one, changed, if the label says so or if all but problem and note is the same:
    /// it is never taken for a second.
    fn known(&mut self, d: &Deduction, said: Option<Label>, nth: Option<u32>, equal: &[Seq]) -> Result<Known, Stop> {
        let label = said.map(|said| said.line);
        let by_label = label.filter(|label| equal.contains(label));
        let by_ordinal = || equal.get(usize::try_from(nth?.checked_sub(1)?).ok()?).copied();
        if let Some(line) = by_label.or_else(by_ordinal) {
            return Ok(Known::Already(line));
        }
        if let Some(own) = self.own_line(d, said)? {
            return Ok(own);
        }
        let (left, meant) = (self.left_over(d)?, self.desk.meant(d)?);
        let labelled = left.iter().find(|line| Some(line.seq) == label);
        // Who reversed a line to record it anew means the new one.
        let near = || left.iter().find(|line| line.outlet == d.outlet && line.reversed_by.is_none());
        Ok(labelled.or_else(near).map_or(Known::New, |line| Known::Otherwise {
            line: line.seq,
            differs: differing(line, d, meant.as_ref()),
        }))
    }

    /// A row that says it is a line of this store, by its number and the second in which that was recorded, is that
    /// line whatever else was changed in it.
    fn own_line(&self, d: &Deduction, said: Option<Label>) -> Result<Option<Known>, Stop> {
        let Some(Label { line, recorded_at: Some(at) }) = said else { return Ok(None) };
        let Some((owner, own)) = self.desk.line(line)? else { return Ok(None) };
        if own.recorded_at != at || own.kind == LineKind::Reversal {
            return Ok(None);
        }
        let fields = [
            ("provider_id", owner != d.provider),
            ("article", own.article != d.article),
            ("points", own.points != d.points),
            ("occurred_on", own.occurred_on != d.occurred_on),
        ];
        let mut differs: Vec<&'static str> = fields.into_iter().filter(|(_, is)| *is).map(|(field, _)| field).collect();
        differs.extend(differing(&own, d, self.desk.meant(d)?.as_ref()));
        Ok(Some(Known::Otherwise { line, differs }))
    }

    /// Lines that were on record and may be a deduction: of its provider, article, points and day; and that no row of the
    /// file equals. They are the same for all rows alike, and mostly none.
    fn left_over(&mut self, d: &Deduction) -> Result<Rc<[Line]>, Stop> {
        let class = content(&Deduction { outlet: None, problem: None, note: None, evidence: None, ..d.clone() });
        if let Some(left) = self.left.get(&class) {
            return Ok(Rc::clone(left));
        }
        let Some(before) = self.before else { return Ok([].into()) };
        let lines = self.desk.alike(d, before)?;
        if lines.is_empty() {
            // So it is for all but a few: nothing worth keeping.
            return Ok([].into());
        }
        let mut on_record: HashMap<Digest, usize> = HashMap::new();
        for line in &lines {
            *on_record.entry(content_of(&d.provider, line)).or_default() += 1;
        }
        let mut left = Vec::new();
        for line in lines {
            let digest = content_of(&d.provider, &line);
            if self.in_file(&digest)? < on_record.get(&digest).copied().unwrap_or_default() {
                left.push(line);
            }
        }
        let left: Rc<[Line]> = left.into();
        self.left.insert(class, Rc::clone(&left));
        Ok(left)
    }

    /// How often a deduction stands in the file: it is read once more where that matters, which is seldom.
    fn in_file(&mut self, digest: &Digest) -> Result<usize, Stop> {
        if self.counts.is_none() {
            let book = self.desk.rulebook();
            let layout = Layout::of(self.source, self.kind, &book);
            self.counts = Some(count_all(self.source, &layout)?);
        }
        let count = self.counts.as_ref().map_or(0, |counts| counts.of(digest));
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The commands of rows; reversals of rows that did not go in are rejected here.
    fn asked(&mut self, rows: Vec<Row>) -> Result<(Vec<Row>, Vec<Asked>), Stop> {
        let mut asked = Vec::with_capacity(rows.len());
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let command = match &row.ask {
                Ask::Provider(p) => Command::AddProvider(p.clone()),
                Ask::Outlet(roster) => Command::AddOutlet(self.at_first(&roster.outlet, &roster.past)),
                Ask::Turnover(t) => Command::RecordTurnover(t.clone()),
                Ask::Deduct(d, _) => Command::TakeIn(d.clone()),
                Ask::Reverse { reverses, reason, says } => match self.reversed(*reverses, says)? {
                    Ok(line) => Command::Reverse { line, reason: reason.clone() },
                    Err(why) => {
                        self.reject(&row, "reverses", why);
                        continue;
                    }
                },
            };
            asked.push(Asked { command, nth: row.nth });
            kept.push(row);
        }
        Ok((kept, asked))
    }

    /// The line that a row reverses, if it says nothing else of it than that line is.
    fn reversed(&self, label: Seq, says: &Reversed) -> Result<Result<Seq, Why>, StoreError> {
        let Some(Some(line)) = self.lines.get(&label).copied() else { return Ok(Err(Why::UnknownRow)) };
        let on_record = self.desk.line(line)?.map(|(provider, line)| Reversed::on_record(provider, line));
        let differs = on_record.map(|is| says.differing(&is)).unwrap_or_default();
        Ok(if differs.is_empty() { Ok(line) } else { Err(Why::ReversesAnother { differs }) })
    }

    /// An outlet as the first provider had it; one that is on record is compared as it is.
    fn at_first(&self, outlet: &Outlet, past: &[(ProviderId, Day)]) -> Outlet {
        let known = || self.desk.outlet(&outlet.id).is_ok_and(|known| known.is_some());
        match past.first() {
            Some((first, _)) if !known() => Outlet { provider: first.clone(), ..outlet.clone() },
            _ => outlet.clone(),
        }
    }

    fn count(&mut self, row: Row, outcome: Result<Outcome, Refusal>) {
        let line = match outcome {
            Ok(Outcome::Done(seq)) => {
                self.report.accepted += 1;
                Some(seq)
            }
            Ok(Outcome::Already(seq)) => {
                self.already(&row, seq);
                seq
            }
            Err(Refusal::AlreadyReversed { by, .. }) if matches!(row.ask, Ask::Reverse { .. }) => {
                self.already(&row, Some(by));
                None
            }
            Err(
                Refusal::ProviderExists { differs, .. }
                | Refusal::OutletExists { differs, .. }
                | Refusal::TurnoverExists { differs, .. },
            ) if differs.is_empty() => {
                self.already(&row, None);
                None
            }
            Err(refusal) => {
                self.reject(&row, row.ask.column(&refusal), Why::Refused(refusal));
                None
            }
        };
        if let (Some(label), Some(line)) = (row.label, line) {
            self.lines.insert(label, Some(line));
        }
    }

    fn already(&mut self, row: &Row, line: Option<Seq>) {
        self.report.already += 1;
        if let Some(recorded) = line
            && self.report.same.len() < SAME_MAX
        {
            self.report.same.push(Same { at: row.at, recorded });
        }
    }

    fn reject(&mut self, row: &Row, column: &'static str, why: Why) {
        self.report.rejected.push(Rejected { at: row.at, column, value: row.ask.value(column), why });
    }

    /// A row that could not be read. The rules ask who before they ask what, so a row of nobody's says that first.
    fn fault(&mut self, at: At, fault: Fault) -> Result<(), StoreError> {
        let Fault { mut column, mut value, mut why, provider } = fault;
        if let Some(provider) = provider {
            use chrono::Datelike;
            if self.desk.provider(&provider, self.desk.today().year())?.is_none() {
                (column, value) = ("provider_id", provider.to_string());
                why = Why::Refused(match self.desk.provider_like(&provider)? {
                    Some(like) => Refusal::ProviderInOtherCase { provider, like },
                    None => Refusal::UnknownProvider { provider },
                });
            }
        }
        self.report.rejected.push(Rejected { at, column, value, why });
        Ok(())
    }
}

/// What a labelled row is, for those that reverse it.
fn named(row: &Row) -> Option<(Seq, Reversed)> {
    match &row.ask {
        Ask::Deduct(deduction, _) => Some((row.label?, Reversed::of(deduction))),
        _ => None,
    }
}

/// The label of the row that a row reverses.
fn reverses(ask: &Ask) -> Option<Seq> {
    match ask {
        Ask::Reverse { reverses, .. } => Some(*reverses),
        _ => None,
    }
}

/// In what a row that is a line of the ledger differs from it. What it leaves open may have been added since.
fn differing(line: &Line, d: &Deduction, meant: Option<&LineSubject>) -> Vec<&'static str> {
    let fields = [
        ("outlet_id", line.outlet != d.outlet),
        ("problem", line.problem != d.problem),
        ("note", line.note != d.note),
        ("subject", meant.is_some() && line.subject.as_ref() != meant),
        ("evidence", d.evidence.is_some() && line.evidence != d.evidence),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

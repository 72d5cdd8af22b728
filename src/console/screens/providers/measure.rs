//! How wide the columns are: as wide as what is in them, measured when it comes. Names get the room before anything else.

use super::super::super::held::Whose;
use super::super::super::shared::Shared;
use crate::domain::Standing;
use crate::domain::life::OutletStage;
use crate::store::{OutletRow, ProviderRow};
use crate::words::{self, Lang};
use unicode_width::UnicodeWidthStr;

/// Columns of a score's bar: where there is room, and where there is not.
const BARS: [usize; 2] = [10, 5];

/// Columns of the sign of a standing, with a blank on both sides.
pub(super) const SIGN: usize = 3;

/// Columns of a pane's frame.
const FRAME: usize = 2;

/// What a standing says beside its sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Its word.
    Whole,
    /// A shorter one.
    Short,
    /// Nothing.
    None,
}

impl Word {
    /// That of a standing.
    pub(super) fn of(self, lang: Lang, standing: Standing) -> String {
        match self {
            Word::Whole => words::standing(lang, standing),
            Word::Short => words::standing_short(lang, standing),
            Word::None => String::new(),
        }
    }
}

/// What rows have, the first that there is room for: a word is never cut.
const LAYOUTS: [(usize, Word); 4] =
    [(BARS[0], Word::Whole), (BARS[1], Word::Whole), (BARS[1], Word::Short), (BARS[1], Word::None)];

/// The widest of all providers. Where one looks, the columns stay.
#[derive(Clone, Copy, Default)]
pub(super) struct Widest {
    ids: usize,
    names: usize,
    scores: usize,
    standings: usize,
    /// Of their shorter words.
    short: usize,
}

/// The columns of a provider's row.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) id: usize,
    pub(super) name: usize,
    pub(super) bar: usize,
    pub(super) score: usize,
    pub(super) standing: usize,
    pub(super) word: Word,
}

impl Widest {
    /// Takes in providers that came.
    pub(super) fn measure(&mut self, shared: &Shared, whose: &Whose) {
        let mut standings = Vec::new();
        let rows = shared.providers.as_deref().unwrap_or_default().iter().map(AsRef::as_ref);
        for row in rows.filter(|row: &&ProviderRow| whose.has(&row.provider.id)) {
            self.ids = self.ids.max(row.provider.id.as_str().len());
            self.names = self.names.max(row.provider.name.width());
            self.scores = self.scores.max(row.score.to_string().len());
            if !standings.contains(&row.standing) {
                standings.push(row.standing);
            }
        }
        // There are a thousand rows and five words.
        for standing in standings {
            self.standings = self.standings.max(Word::Whole.of(shared.lang, standing).width());
            self.short = self.short.max(Word::Short.of(shared.lang, standing).width());
        }
    }

    /// Its columns with a blank behind the id and the name and one before the score; an endless name is cut.
    fn fixed(self) -> (usize, usize, usize) {
        (self.ids.clamp(5, 16) + 1, self.names.clamp(8, 32) + 1, self.scores.max(3) + 1)
    }

    /// The columns of a layout, where nothing is cut.
    fn whole(self, (bar, word): (usize, Word)) -> Columns {
        let (id, name, score) = self.fixed();
        let standing = match word {
            Word::Whole => self.standings,
            Word::Short => self.short,
            Word::None => 0,
        };
        Columns { id, name, bar, score, standing, word }
    }

    /// The first layout that there is room for.
    fn fitting(self, width: usize) -> Option<Columns> {
        LAYOUTS.into_iter().map(|layout| self.whole(layout)).find(|columns| columns.sum() <= width)
    }

    /// What its pane takes of so many columns at most: no more than is made use of.
    pub(super) fn pane(self, most: usize) -> usize {
        self.fitting(most.saturating_sub(FRAME)).map_or(most, |columns| FRAME + columns.sum())
    }

    /// The columns in a pane of so many within its frame: the word of the standing gives up its room first, its sign is
    /// always seen.
    pub(super) fn columns(self, width: usize) -> Columns {
        let columns = self.fitting(width).unwrap_or(self.whole((BARS[1], Word::None)));
        let over = columns.sum().saturating_sub(width);
        Columns { name: columns.name.saturating_sub(over), ..columns }
    }
}

impl Columns {
    fn sum(self) -> usize {
        self.id + self.name + self.bar + self.score + SIGN + self.standing
    }
}

/// The widest of the selected provider's outlets.
#[derive(Clone, Copy, Default)]
pub(super) struct Outlets {
    ids: usize,
    names: usize,
    cities: usize,
}

/// Columns of the day on which an outlet signed, with a blank before it.
const SIGNED: usize = 11;

impl Outlets {
    /// Of these.
    pub(super) fn of(rows: &[OutletRow]) -> Outlets {
        rows.iter().fold(Outlets::default(), |widest, OutletRow { outlet, .. }| Outlets {
            ids: widest.ids.max(outlet.id.as_str().len()),
            names: widest.names.max(outlet.name.width()),
            cities: widest.cities.max(outlet.city.width()),
        })
    }

    /// The columns of its id, of its city and of its last column, each with a blank; the name has the rest. The day gives
    /// up its room before the city; where an outlet stands never does.
    pub(super) fn columns(self, shared: &Shared, row: &OutletRow, width: usize) -> (usize, usize, usize) {
        let (id, name, city) = (self.ids.clamp(7, 16) + 1, self.names.clamp(8, 24), self.cities.min(12) + 1);
        let rest = width.saturating_sub(id + name);
        let city = if rest >= city { city } else { 0 };
        let last = match row.life.stage {
            _ if rest >= city + SIGNED => SIGNED,
            OutletStage::Open => 0,
            stage => words::stage(shared.lang, stage).width() + 1,
        };
        (id, city, last)
    }
}

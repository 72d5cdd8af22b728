//! Asks the desk what sessions hold. What one key asks of a provider is read at once: it waits for its turn once, whatever
//! is imported meanwhile, and is of one state.

use super::held::{About, Answer, Query, Reach, Rows, Whose};
use crate::desk::lists::{self, List, Of};
use crate::desk::{Desk, Reader};
use crate::domain::Line;
use crate::ids::ProviderId;
use crate::store::{OutletRow, StoreError};
use crate::time::Year;
use std::sync::Arc;

/// Journal entries that the journal screen holds.
const JOURNAL: usize = 500;
/// Most outlets or lines that a pane holds.
pub const PANE: usize = 20_000;

/// Asks the desk a query.
pub fn load(desk: &Desk, query: Query) -> Result<Answer, StoreError> {
    Ok(match query {
        Query::Laws => Answer::Laws(desk.laws()?),
        Query::Providers(year, whose) => Answer::Providers(of(desk, &lists::Providers(year), whose)?, desk.years()?),
        Query::Of(id, about) => desk.at_once(|reader| one(reader, &id, about))?,
        Query::Proposals(whose) => Answer::Proposals(of(desk, &lists::Proposals, whose)?),
        Query::Deadlines(whose) => Answer::Deadlines(of(desk, &lists::Deadlines, whose)?),
        Query::Findings(whose) => Answer::Findings(of(desk, &lists::Findings, whose)?),
        Query::Alerts(whose) => Answer::Alerts(of(desk, &lists::Alerts, whose)?),
        Query::Journal => Answer::Journal(desk.newest(JOURNAL)?),
    })
}

/// Asks the desk several things about a provider, each known by a number.
pub fn load_of(desk: &Desk, id: &ProviderId, asked: &[(u64, About)]) -> Vec<(u64, Result<Answer, StoreError>)> {
    let all = desk.at_once(|reader| {
        asked.iter().map(|(number, about)| Ok((*number, Ok(one(reader, id, *about)?)))).collect::<Result<_, _>>()
    });
    // What cannot be read is said of that alone.
    let each = |(number, about): &(u64, About)| (*number, desk.at_once(|reader| one(reader, id, *about)));
    all.unwrap_or_else(|_: StoreError| asked.iter().map(each).collect())
}

/// What is asked about one provider.
fn one(reader: &mut Reader<'_>, id: &ProviderId, about: About) -> Result<Answer, StoreError> {
    Ok(match about {
        About::Outlets(reach) => Answer::Outlets(outlets(reader, id, reach)?),
        About::Lines(year, reach) => Answer::Lines(lines(reader, (id, year), reach)?),
        About::Dossier => Answer::Dossier(Box::new((reader.dossier(id)?, reader.cases(id)?))),
        About::Chargeables => Answer::Chargeables(reader.chargeables(id)?),
    })
}

/// Outlets of a provider as far as they are asked for.
fn outlets(reader: &mut Reader<'_>, id: &ProviderId, reach: Reach) -> Result<Rows<OutletRow>, StoreError> {
    let of = reader.outlets(id)?;
    Ok(match reach {
        Reach::Top(most) if most < of => Rows { rows: reader.lives(id, most)?, of, reach },
        _ => Rows { rows: reader.lives(id, PANE)?, of, reach: Reach::All },
    })
}

/// Lines of a provider's year as far as they are asked for.
fn lines(reader: &mut Reader<'_>, (id, year): (&ProviderId, Year), reach: Reach) -> Result<Rows<Line>, StoreError> {
    let of = reader.lines(id, year)?;
    let top = match reach {
        Reach::Top(least) if least < of => reader.newest(id, year, least)?,
        _ => None,
    };
    Ok(match top.filter(|rows| rows.len() < of) {
        Some(rows) => Rows { rows, of, reach },
        None => Rows { rows: reader.ledger(id, year, PANE)?, of, reach: Reach::All },
    })
}

/// What is listed of all providers, or of some of them: the rows are shared by all sessions that show them.
fn of<L: List>(desk: &Desk, list: &L, whose: Whose) -> Result<Vec<Arc<L::Row>>, StoreError> {
    match whose {
        Whose::All => desk.list(list, &Of::All),
        Whose::Of(ids) => desk.list(list, &Of::These(&ids.into_iter().collect::<Vec<_>>())),
    }
}

//! What the row of a reversal says of the line that it reverses: in an edited file the number of one line may stand in
//! the row of another.

use crate::domain::{Deduction, Line};
use crate::ids::{ArticleId, ProviderId};
use crate::points::Points;
use crate::time::Day;

/// A line as a reversal's row names it; what the row leaves blank is not compared.
#[derive(Clone, Debug, Default)]
pub struct Reversed {
    /// Whose.
    pub provider: Option<ProviderId>,
    /// Of which article.
    pub article: Option<ArticleId>,
    /// Its points.
    pub points: Option<Points>,
    /// The day that it occurred.
    pub occurred_on: Option<Day>,
}

impl Reversed {
    /// As a row of the same file says it.
    pub fn of(d: &Deduction) -> Reversed {
        let (provider, article) = (Some(d.provider.clone()), Some(d.article.clone()));
        Reversed { provider, article, points: Some(d.points), occurred_on: Some(d.occurred_on) }
    }

    /// As it is on record.
    pub fn on_record(provider: ProviderId, line: Line) -> Reversed {
        let (provider, article) = (Some(provider), Some(line.article));
        Reversed { provider, article, points: Some(line.points), occurred_on: Some(line.occurred_on) }
    }

    /// The columns in which a row says something else than the line is.
    pub fn differing(&self, line: &Reversed) -> Vec<&'static str> {
        fn apart<T: PartialEq>(said: &Option<T>, is: &Option<T>) -> bool {
            said.as_ref().zip(is.as_ref()).is_some_and(|(said, is)| said != is)
        }
        let fields = [
            ("provider_id", apart(&self.provider, &line.provider)),
            ("article", apart(&self.article, &line.article)),
            ("points", apart(&self.points, &line.points)),
            ("occurred_on", apart(&self.occurred_on, &line.occurred_on)),
        ];
        fields.into_iter().filter_map(|(field, apart)| apart.then_some(field)).collect()
    }
}

//! Reading page after page.

use crate::store::StoreError;

/// Rows in a page of [`pages`].
const PAGE: usize = 1_000;

/// Reads page after page until one is not full: `read` is given the row that ended the page before and the most rows
/// it may answer with, `take` gets each page.
pub fn pages<T: Clone, E: From<StoreError>>(
    mut read: impl FnMut(Option<&T>, usize) -> Result<Vec<T>, StoreError>,
    mut take: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut last = None;
    loop {
        let page = read(last.as_ref(), PAGE)?;
        let full = page.len() == PAGE;
        last = page.last().cloned();
        take(page)?;
        if !full {
            return Ok(());
        }
    }
}

/// All rows that [`pages`] would read.
pub fn all_pages<T: Clone>(
    read: impl FnMut(Option<&T>, usize) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    pages(read, |page| {
        rows.extend(page);
        Ok::<_, StoreError>(())
    })?;
    Ok(rows)
}

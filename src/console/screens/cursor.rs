//! The selected row of a list. It stays on what it is on when the list is another; at the top it is on whatever comes
//! first.

/// A row, and the id of what it is on.
pub struct Cursor<I> {
    row: usize,
    on: Option<I>,
}

impl<I> Default for Cursor<I> {
    fn default() -> Cursor<I> {
        Cursor { row: 0, on: None }
    }
}

impl<I: PartialEq> Cursor<I> {
    /// The row.
    pub fn row(&self) -> usize {
        self.row
    }

    /// Moves by rows.
    pub fn step<T>(&mut self, by: isize, rows: &[T], id: impl Fn(&T) -> I) {
        self.row = moved(Some(self.row), by, rows.len());
        self.settle(rows, id);
    }

    /// Takes another list: the row is where what it was on is now; where that is gone, it is on what slides there.
    pub fn stay<T>(&mut self, rows: &[T], id: impl Fn(&T) -> I) {
        if let Some(on) = &self.on {
            let at = rows.iter().position(|row| id(row) == *on);
            self.row = at.unwrap_or(self.row).min(rows.len().saturating_sub(1));
        }
        self.settle(rows, id);
    }

    fn settle<T>(&mut self, rows: &[T], id: impl Fn(&T) -> I) {
        self.on = rows.get(self.row).filter(|_| self.row > 0).map(id);
    }
}

/// Where a place in a list of so many comes to that moves by rows.
pub fn moved(at: Option<usize>, by: isize, len: usize) -> usize {
    at.unwrap_or(0).saturating_add_signed(by).min(len.saturating_sub(1))
}

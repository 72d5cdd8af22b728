//! A guest's terminal, as a console's door: what the console asks of it goes over the line.

use super::drafts::Drafts;
use super::frame::{Saving, Tells};
use super::host::Line;
use crate::console::depth::Depth;
use crate::console::draft::Draft;
use crate::console::session::Door;
use crate::ids::Seq;
use crate::words::Lang;
use std::io;
use std::sync::Arc;

/// A guest's terminal.
pub struct Terminal {
    line: Line,
    suspends: bool,
    depth: Depth,
    pending: u32,
    last: Option<Seq>,
    saving: Option<Saving>,
    drafts: Arc<Drafts>,
    whose: String,
}

impl Terminal {
    /// That of a guest, for whom drafts are kept under a name.
    pub fn of(line: Line, (suspends, depth): (bool, Depth), (drafts, whose): (Arc<Drafts>, &str)) -> Terminal {
        Terminal { line, suspends, depth, pending: 0, last: None, saving: None, drafts, whose: whose.to_owned() }
    }

    fn tell_pending(&self) {
        let saving = self.saving.clone().filter(|_| self.pending > 0);
        // A guest that is gone hears nothing; its input says so.
        let _ = self.line.tell(&Tells::Pending(self.pending, self.last.map(|seq| seq.0), saving));
    }
}

impl Door for Terminal {
    fn suspends(&self) -> bool {
        self.suspends
    }

    fn ask_to_stop(&mut self) {
        let _ = self.line.tell(&Tells::Stop);
    }

    /// The guest gives its terminal back, and takes it again, by itself.
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn depth(&self) -> Depth {
        self.depth
    }

    fn keep(&mut self, lang: Lang, theme: &str) {
        let _ = self.line.tell(&Tells::Keep(lang.tag().to_owned(), theme.to_owned()));
    }

    fn asked(&mut self, what: String, after: Seq) {
        // Of several the first is named: the others come after it.
        if self.pending == 0 {
            self.saving = Some(Saving { what, after: after.0 });
        }
        self.pending += 1;
        self.tell_pending();
    }

    fn answered(&mut self, entry: Option<Seq>) {
        self.pending = self.pending.saturating_sub(1);
        self.last = entry.or(self.last);
        self.tell_pending();
    }

    fn drafts(&mut self) -> Vec<Draft> {
        self.drafts.take(&self.whose)
    }

    fn keep_drafts(&mut self, drafts: Vec<Draft>) {
        self.drafts.keep(&self.whose, drafts);
    }
}

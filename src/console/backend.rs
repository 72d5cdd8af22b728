//! A screen over any byte stream. Its size is told, never asked for: crossterm's own `size()` asks the tty of this
//! process, which is not the one that a session over another door draws on.

use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{QueueableCommand, style};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::io::{self, Write};

/// Most columns and rows that a session may claim: a frame's buffers grow with it.
pub const LARGEST: Size = Size { width: 500, height: 200 };

/// ratatui's drawing over a byte stream whose size is what it was last told.
pub struct StreamBackend<W: Write> {
    inner: CrosstermBackend<io::BufWriter<W>>,
    size: Size,
    cursor: Position,
}

impl<W: Write> StreamBackend<W> {
    /// A backend over a stream of a size.
    pub fn new(out: W, size: Size) -> StreamBackend<W> {
        // NO_COLOR is a choice of a session's theme; one in this process's environment must not strip every session.
        style::force_color_output(true);
        let inner = CrosstermBackend::new(io::BufWriter::with_capacity(1 << 16, out));
        StreamBackend { inner, size: bounded(size), cursor: Position::ORIGIN }
    }

    /// Takes a new size; the next frame is drawn whole.
    pub fn resize(&mut self, size: Size) {
        self.size = bounded(size);
    }

    /// Begins a frame that the terminal shows all at once.
    pub fn begin(&mut self) -> io::Result<()> {
        self.inner.queue(BeginSynchronizedUpdate).map(|_| ())
    }

    /// Ends it and sends what there is.
    pub fn end(&mut self) -> io::Result<()> {
        self.inner.queue(EndSynchronizedUpdate)?;
        Write::flush(&mut self.inner)
    }

    /// Sends bytes that are no part of a frame, such as the bell.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)?;
        Write::flush(&mut self.inner)
    }
}

/// A size that can be drawn: a PTY may claim 0x0, or a client far too much.
pub fn bounded(size: Size) -> Size {
    Size { width: size.width.clamp(1, LARGEST.width), height: size.height.clamp(1, LARGEST.height) }
}

/// Draws one frame, shown all at once.
pub fn draw<W: Write>(
    terminal: &mut Terminal<StreamBackend<W>>,
    view: impl FnOnce(&mut ratatui::Frame<'_>),
) -> io::Result<()> {
    terminal.backend_mut().begin()?;
    terminal.draw(view)?;
    terminal.backend_mut().end()
}

impl<W: Write> Backend for StreamBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    /// Never fails: ratatui shows the cursor when a terminal is dropped, and prints a failure to a standard error
    /// that may be as dead as the terminal, which would panic. A frame that cannot be written still fails.
    fn show_cursor(&mut self) -> io::Result<()> {
        let _ = self.inner.show_cursor();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        self.inner.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    /// ratatui flushes within a frame; the bytes go out at its end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::widgets::Paragraph;

    #[test]
    fn a_frame_over_a_stream_follows_the_size_it_was_told() {
        let mut terminal = Terminal::new(StreamBackend::new(Vec::new(), Size::new(0, 0))).unwrap();
        draw(&mut terminal, |f| f.render_widget(Paragraph::new("扣分"), f.area())).unwrap();
        terminal.backend_mut().resize(Size::new(60, 15));
        let mut area = None;
        draw(&mut terminal, |f| area = Some(f.area())).unwrap();
        assert_eq!(area.map(|a| (a.width, a.height)), Some((60, 15)));
        assert_eq!(bounded(Size::new(u16::MAX, u16::MAX)), LARGEST);
    }
}

//! A screen over any byte stream. Its size is told, never asked for: crossterm's own `size()` asks the tty of this
//! process, which is not the one that a session over another door draws on.

use super::cells::{self, Place};
use super::pen;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{QueueableCommand, style};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{self, Buffer};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};
use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use unicode_width::UnicodeWidthStr;

/// Most columns and rows that a session may claim: a frame's buffers grow with it.
pub const LARGEST: Size = Size { width: 500, height: 200 };

/// Most bytes that are sent at once.
const PIECE: usize = 1 << 14;

/// ratatui's drawing over a byte stream whose size is what it was last told.
pub struct StreamBackend<W: Write> {
    inner: CrosstermBackend<io::BufWriter<W>>,
    size: Size,
    cursor: Position,
    /// Whether the terminal shows its cursor, where that is known.
    visible: Option<bool>,
    /// Something of this frame was sent: until then nothing has to be, and an unchanged frame sends nothing.
    begun: bool,
    /// Where wide characters begin in what is shown.
    wide: Wide,
    /// What has changed in the frame that is drawn.
    changed: Rc<Cell<Vec<Place>>>,
    /// It has not been sent yet.
    waits: bool,
}

impl<W: Write> StreamBackend<W> {
    /// A backend over a stream of a size.
    pub fn new(out: W, size: Size) -> StreamBackend<W> {
        // NO_COLOR is a choice of a session's terminal; one in this process's environment must not strip every session.
        style::force_color_output(true);
        let inner = CrosstermBackend::new(io::BufWriter::with_capacity(PIECE, out));
        StreamBackend {
            inner,
            size: bounded(size),
            cursor: Position::ORIGIN,
            visible: None,
            begun: false,
            wide: Wide::default(),
            changed: Rc::default(),
            waits: false,
        }
    }

    /// Takes a new size; the next frame is drawn whole.
    pub fn resize(&mut self, size: Size) {
        self.size = bounded(size);
    }

    /// Forgets what the terminal shows: another program had it.
    pub fn forget(&mut self) {
        (self.visible, self.begun, self.wide) = (None, false, Wide::default());
    }

    /// Begins a frame that the terminal shows all at once, with the first of what has changed.
    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.inner.queue(BeginSynchronizedUpdate)?;
        }
        Ok(())
    }

    /// Sends what has changed; the cursor goes to where the frame has it.
    fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        if std::mem::take(&mut self.waits) {
            self.inner.write_all(bytes)?;
            if self.visible == Some(true) {
                self.inner.set_cursor_position(self.cursor)?;
            }
        }
        Ok(())
    }

    /// Ends it and sends what there is.
    pub fn end(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.begun) {
            self.inner.queue(EndSynchronizedUpdate)?;
        }
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

/// Most buffers that are kept.
const SPARE: usize = 4;

/// Buffers that frames are drawn into. A terminal has two, what is shown and what is drawn, and the second is of use only
/// while it is drawn: sessions share those.
#[derive(Default)]
pub struct Spare(Mutex<Vec<Buffer>>);

impl Spare {
    /// Draws one frame, shown all at once.
    pub fn draw<W: Write>(
        &self,
        terminal: &mut Terminal<StreamBackend<W>>,
        view: impl FnOnce(&mut ratatui::Frame<'_>),
    ) -> io::Result<()> {
        let area = Rect::from((Position::ORIGIN, terminal.backend().size));
        if terminal.current_buffer_mut().area != area {
            *terminal.current_buffer_mut() = self.one_of(area);
        }
        draw(terminal, view)?;
        self.keep(terminal);
        Ok(())
    }

    /// Takes from a terminal what is not drawn into now, and is empty.
    pub fn keep<W: Write>(&self, terminal: &mut Terminal<StreamBackend<W>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(SPARE - 1);
        kept.insert(0, std::mem::take(terminal.current_buffer_mut()));
    }

    fn one_of(&self, area: Rect) -> Buffer {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|buffer| buffer.area == area).map(|at| kept.remove(at));
        drop(kept);
        found.unwrap_or_else(|| Buffer::empty(area))
    }
}

/// Draws one frame, shown all at once.
pub fn draw<W: Write>(
    terminal: &mut Terminal<StreamBackend<W>>,
    view: impl FnOnce(&mut ratatui::Frame<'_>),
) -> io::Result<()> {
    let last = std::mem::take(&mut terminal.backend_mut().wide);
    let changed = Rc::clone(&terminal.backend().changed);
    let drawn = terminal.draw(|frame| {
        view(frame);
        bare(frame.buffer_mut());
    })?;
    let now = wide(drawn.buffer);
    let mut places = changed.take();
    places.extend(torn(&last, &now));
    let bytes = cells::bytes(drawn.buffer, places);
    let backend = terminal.backend_mut();
    backend.wide = now;
    backend.fill(&bytes)?;
    backend.end()
}

/// Blanks in which no foreground shows have none: one that changes is no change.
fn bare(frame: &mut Buffer) {
    for cell in frame.content.iter_mut().filter(|cell| pen::is_blank(cell)) {
        (cell.fg, cell.modifier) = (Color::Reset, Modifier::empty());
    }
}

/// An area, and for each of its cells whether a wide character begins there.
type Wide = (Rect, Vec<bool>);

fn wide(frame: &Buffer) -> Wide {
    (frame.area, frame.content.iter().map(|cell| cell.symbol().width() > 1).collect())
}

/// Where a frame's cells are torn: a wide character of the last frame began before them, and none does now. The terminal
/// blanked the second half of it, in a colour that is not known, and ratatui takes that cell for unchanged. A frame of
/// another size is drawn whole.
fn torn((was, last): &Wide, (area, now): &Wide) -> Vec<Place> {
    if was != area {
        return Vec::new();
    }
    let gone = area.positions().zip(last.iter().zip(now)).filter(|(_, (last, now))| **last && !**now);
    gone.filter(|(at, _)| at.x + 1 < area.right()).map(|(at, _)| (at.x + 1, at.y)).collect()
}

impl<W: Write> Backend for StreamBackend<W> {
    type Error = io::Error;

    /// Only says what has changed: how it is sent depends on what is around it.
    fn draw<'a, I: Iterator<Item = (u16, u16, &'a buffer::Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut changed = self.changed.take();
        changed.extend(content.map(|(x, y, _)| (x, y)));
        if !changed.is_empty() {
            self.waits = true;
            self.begin()?;
        }
        self.changed.set(changed);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.visible.replace(false) == Some(false) {
            return Ok(());
        }
        self.begin()?;
        self.inner.hide_cursor()
    }

    /// Never fails: ratatui shows the cursor when a terminal is dropped, and prints a failure to a standard error
    /// that may be as dead as the terminal, which would panic. A frame that cannot be written still fails.
    fn show_cursor(&mut self) -> io::Result<()> {
        if self.visible.replace(true) != Some(true) {
            let _ = self.begin().and_then(|()| self.inner.show_cursor());
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        // What was drawn moved it.
        if self.begun || position != self.cursor {
            self.begin()?;
            self.cursor = position;
            if !self.waits {
                self.inner.set_cursor_position(position)?;
            }
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.begin()?;
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.begin()?;
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
    use proptest::prelude::*;
    use ratatui::style::Style;
    use ratatui::widgets::Paragraph;
    use std::collections::BTreeMap;
    use std::num::NonZero;

    /// What was sent, for a test to look at.
    #[derive(Clone, Default)]
    struct Sent(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl Write for Sent {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Regression: a black cell in a light theme, where a wide character moved left by one column.
    #[test]
    fn a_cell_that_the_terminal_blanked_is_drawn_again() {
        let white = ratatui::style::Style::new().bg(ratatui::style::Color::White);
        let frame = |text: &str| {
            let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 8, 1));
            buffer.set_string(0, 0, text, white);
            buffer.set_style(buffer.area, white);
            buffer
        };
        let torn = |last: &str, now: &str| torn(&wide(&frame(last)), &wide(&frame(now)));
        assert_eq!(torn("x中 y", "中  y"), [(2, 0)]);
        assert_eq!(torn("x中 y", "ab  y"), [(2, 0)]);
        assert_eq!(torn("中 xy", "中 xz"), []);
        let sent = Sent::default();
        let mut terminal = Terminal::new(StreamBackend::new(sent.clone(), Size::new(8, 1))).unwrap();
        let mut shown = vt100::Parser::new(NonZero::new(1).unwrap(), NonZero::new(8).unwrap(), 0);
        for (text, bytes) in [("x中 y", "x中 y"), ("中  y", "中 "), ("中  y", "")] {
            draw(&mut terminal, |f| f.render_widget(Paragraph::new(text).style(white), f.area())).unwrap();
            let sent = std::mem::take(&mut *sent.0.lock().unwrap());
            shown.process(&sent);
            let cell = shown.screen().cell(0, 2).unwrap();
            assert!(cell.is_wide_continuation() || cell.bgcolor() == vt100::Color::Idx(15), "{text}");
            assert_eq!(sent.is_empty(), bytes.is_empty(), "{text}");
            assert!(String::from_utf8(sent).unwrap().contains(bytes), "{text}");
        }
    }

    /// Texts side by side, in styles: what no half of another's wide character is under.
    fn parts() -> impl Strategy<Value = BTreeMap<(u16, u16), (String, Style)>> {
        let style = (0usize..4, 0usize..3, 0usize..5).prop_map(|(fg, bg, modifier)| {
            let fg = [Color::Reset, Color::Indexed(3), Color::Rgb(1, 2, 3), Color::Rgb(4, 5, 6)][fg];
            let bg = [Color::Reset, Color::Indexed(3), Color::Rgb(1, 2, 3)][bg];
            let modifiers =
                [Modifier::empty(), Modifier::BOLD, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
            Style::new().fg(fg).bg(bg).add_modifier(modifiers[modifier])
        });
        prop::collection::btree_map(
            (0u16..4, 0u16..4),
            ("[ab中 ]{1,5}".prop_filter("short", |text| text.width() <= 5), style),
            0..9,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        /// Whatever frame comes after whatever frame, a terminal shows it as if it were the first: its texts, what is behind
        /// them, and the cursor.
        #[test]
        fn a_terminal_shows_each_frame(
            frames in prop::collection::vec((parts(), prop::option::of((0u16..20, 0u16..4))), 1..5),
        ) {
            let size = Size::new(20, 4);
            let terminal = || {
                let sent = Sent::default();
                let shown = vt100::Parser::new(NonZero::new(4).unwrap(), NonZero::new(20).unwrap(), 0);
                (Terminal::new(StreamBackend::new(sent.clone(), size)).unwrap(), sent, shown)
            };
            let frame = |(terminal, sent, shown): &mut (Terminal<StreamBackend<Sent>>, Sent, vt100::Parser), at: usize| {
                let (parts, cursor) = &frames[at];
                let view = |f: &mut ratatui::Frame<'_>| {
                    for ((place, y), (text, style)) in parts {
                        f.buffer_mut().set_string(place * 5, *y, text, *style);
                    }
                    cursor.iter().for_each(|at| f.set_cursor_position(*at));
                };
                draw(terminal, view).unwrap();
                shown.process(&std::mem::take(&mut *sent.0.lock().unwrap()));
                let screen = shown.screen();
                let cells = Rect::from((Position::ORIGIN, size)).positions().map(|at| {
                    let cell = screen.cell(at.y, at.x).unwrap();
                    let behind = (cell.bgcolor(), cell.underline(), cell.italic(), cell.inverse());
                    let text = cell.contents().trim().to_owned();
                    let of_text = (!text.is_empty()).then(|| (cell.fgcolor(), cell.bold()));
                    // What is behind a wide character shows in its first half.
                    (!cell.is_wide_continuation()).then_some((text, behind, of_text))
                });
                (cells.collect::<Vec<_>>(), screen.hide_cursor(), cursor.map(|_| screen.cursor_position()))
            };
            let mut all = terminal();
            for at in 0..frames.len() {
                let after = frame(&mut all, at);
                let alone = frame(&mut terminal(), at);
                prop_assert_eq!((after.1, after.2), (alone.1, alone.2));
                for (place, (after, alone)) in after.0.into_iter().zip(alone.0).enumerate() {
                    prop_assert_eq!(after, alone, "frame {}, cell {}", at, place);
                }
            }
        }
    }

    /// Regression: a mouse move cost 41 bytes, though nothing was to be drawn.
    #[test]
    fn a_frame_in_which_nothing_changed_sends_nothing() {
        let sent = Sent::default();
        let mut terminal = Terminal::new(StreamBackend::new(sent.clone(), Size::new(8, 2))).unwrap();
        let mut frame = |text: &'static str, cursor: Option<(u16, u16)>| {
            let view = |f: &mut ratatui::Frame<'_>| {
                f.render_widget(Paragraph::new(text), f.area());
                cursor.into_iter().for_each(|at| f.set_cursor_position(at));
            };
            draw(&mut terminal, view).unwrap();
            let sent = std::mem::take(&mut *sent.0.lock().unwrap());
            // It goes to what has changed, and back to where it stands.
            assert!(sent.iter().filter(|byte| **byte == b'H').count() <= 2, "{text}");
            sent.len()
        };
        assert!(frame("abc", None) > 0);
        assert_eq!(frame("abc", None), 0);
        assert!(frame("abc", Some((1, 1))) > 0, "the cursor shows");
        assert_eq!(frame("abc", Some((1, 1))), 0);
        assert!(frame("abd", Some((1, 1))) > 0);
    }

    /// Terminals of several sizes draw as each would alone, and between frames hold nothing to draw into.
    #[test]
    fn what_frames_are_drawn_into_is_shared() {
        let spare = Spare::default();
        let sizes = [Size::new(8, 2), Size::new(8, 2), Size::new(12, 3)];
        let mut all = sizes.map(|size| {
            let sent = [Sent::default(), Sent::default()];
            let terminal = |sent: &Sent| {
                let viewport = ratatui::Viewport::Fixed(Rect::from((Position::ORIGIN, size)));
                let options = ratatui::TerminalOptions { viewport };
                Terminal::with_options(StreamBackend::new(sent.clone(), size), options).unwrap()
            };
            (sent.each_ref().map(terminal), sent)
        });
        all.iter_mut().for_each(|([shared, _], _)| spare.keep(shared));
        for (n, text) in (0..12).zip(["扣分", "abc", "a中", "", "abc"].iter().cycle()) {
            let ([shared, alone], [sent, same]) = &mut all[n % 3];
            spare.draw(shared, |f| f.render_widget(Paragraph::new(*text), f.area())).unwrap();
            draw(alone, |f| f.render_widget(Paragraph::new(*text), f.area())).unwrap();
            assert_eq!(*sent.0.lock().unwrap(), *same.0.lock().unwrap(), "frame {n}");
            assert_eq!(shared.current_buffer_mut().content.len(), 0);
            let kept: Vec<Rect> = spare.0.lock().unwrap().iter().map(|buffer| buffer.area).collect();
            assert_eq!(kept.len(), sizes.len(), "{kept:?}");
        }
    }

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

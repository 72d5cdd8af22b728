//! Small files beside the journal that appear whole or not at all.

use std::io::{self, Write};
use std::path::Path;

/// Writes a file, whole or not at all: until it is, what was there before stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

//! Tools for the files of one granted folder: `read_file`, `write_file`, `list_files`, `search_files`.
//!
//! A path is followed step by step from the folder's own handle, by the system: what leads out of it, by `..`, by an
//! absolute path or by a link, is refused, also if somebody changes the folder while it is looked at. No text of a path is
//! compared with anything.

mod error;
mod list;
mod read;
mod search;
mod walk;
mod write;

pub use error::FolderError;

use crate::{FunctionTool, Toolbox, work::on_thread};
use cap_std::{ambient_authority, fs::Dir};
use error::FileError;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use smol_core::tool::ToolError;
use std::{path::Path, sync::Arc};

/// A folder that an agent is granted. Each of its tools is asked for by name, so that an agent can be let read and not
/// write.
///
/// ```
/// use smol_tools::files::Folder;
/// # let path = std::env::temp_dir();
///
/// let folder = Folder::open(path)?;
/// let reading = folder.reading();
/// assert_eq!(reading.names(), ["list_files", "read_file", "search_files"]);
/// let writing = folder.write_file();
/// # Ok::<(), smol_tools::files::FolderError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder(Arc<Dir>);

impl Folder {
    /// Grants the folder at `path`, which must be there.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FolderError> {
        let path = path.as_ref();
        let opened = Dir::open_ambient_dir(path, ambient_authority());
        let folder = opened.map_err(|cause| FolderError { path: path.display().to_string(), cause })?;
        Ok(Self(Arc::new(folder)))
    }

    /// The tools that change nothing.
    pub fn reading(&self) -> Toolbox {
        let tools = [self.list_files(), self.read_file(), self.search_files()];
        Toolbox::of(tools.map(|tool| Arc::new(tool) as _)).unwrap_or_default()
    }

    /// A tool that does `work` on a thread of its own: a disk may be far away.
    fn tool<I, O>(
        &self,
        name: &'static str,
        description: &str,
        work: fn(&Dir, &I) -> Result<O, FileError>,
    ) -> FunctionTool
    where
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: Serialize + JsonSchema + Send + 'static,
    {
        let folder = self.0.clone();
        FunctionTool::typed(name, description, move |input: I| {
            let folder = folder.clone();
            async move {
                let done = on_thread(name, move || work(&folder, &input)).await?;
                done.map_err(|error| ToolError(error.to_string()))
            }
        })
    }
}

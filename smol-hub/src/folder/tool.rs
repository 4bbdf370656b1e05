//! The folder of one tool.

use super::{Files, Requirements, app};
use crate::HubError;

/// A tool as files: `tool.py`, `app.py`, `requirements.txt`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToolFolder {
    /// Its source.
    pub code: String,
    /// The Python packages that it needs.
    pub requirements: Requirements,
    /// Whatever else lies in the folder.
    pub others: Files,
}

impl ToolFolder {
    /// Reads a tool.
    ///
    /// # Errors
    /// [`HubError::Format`], which names the file.
    pub fn read(files: &Files) -> Result<Self, HubError> {
        let code =
            files.text("tool.py")?.ok_or_else(|| HubError::format("tool.py", &"it is missing"))?.to_owned();
        let requirements = Requirements::read(files.text("requirements.txt")?.unwrap_or_default());
        let mut others = files.clone();
        ["tool.py", "requirements.txt"].into_iter().for_each(|path| others.remove(path));
        Ok(Self { code, requirements, others })
    }

    /// All its files; `class` is the class of the tool, which its page makes.
    ///
    /// # Errors
    /// What [`Files::insert`] refuses.
    pub fn files(&self, class: &str) -> Result<Files, HubError> {
        let mut files = Files::new();
        files.insert("tool.py", self.code.as_str())?;
        files.insert("requirements.txt", self.requirements.text())?;
        files.insert("app.py", app::of_tool(class))?;
        self.others.iter().try_for_each(|(path, content)| files.insert(path, content))?;
        Ok(files)
    }
}

//! A tool that somebody shared.

use super::{Review, ShareError, review::ReviewedTool};
use smol_core::{exec::Executor, tool::Tool};
use smol_hub::{
    Pushed, Pushing, RepoName,
    folder::{Files, Requirements, ToolFolder},
};
use smol_tools::{Faults, PythonTool, ToolSource, by_name, original_tool};
use std::{path::Path, sync::Arc};

/// A tool that was read, and not run.
pub struct LoadedTool {
    pub(super) folder: ToolFolder,
    pub(super) source: Source,
    pub(super) review: Review,
}

/// What a file of a tool means.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Code, for a sandbox.
    Python(Box<ToolSource>),
    /// One of the original's own tools, which is a tool of this crate here.
    Original(&'static str),
}

impl Source {
    /// Reads the content of `file`.
    pub(super) fn read(file: &str, code: &str) -> Result<Self, ShareError> {
        match original_tool(code) {
            Some(name) => Ok(Self::Original(name)),
            None => ToolSource::read(code)
                .map(|source| Self::Python(Box::new(source)))
                .map_err(|faults| ShareError::Source { file: file.to_owned(), faults }),
        }
    }

    /// The tool, whose code `executor` runs.
    pub(super) fn tool(&self, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, ShareError> {
        match self {
            Self::Original(name) => original(name, executor),
            Self::Python(source) => Ok(Arc::new(PythonTool::new((**source).clone(), executor.clone()))),
        }
    }
}

/// The tool of this crate in the place of the original's.
fn original(name: &str, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, ShareError> {
    #[cfg(feature = "transcription")]
    if matches!(name, "transcriber" | "transcribe_audio") {
        return Ok(Arc::new(crate::whisper::transcriber(name)));
    }
    by_name(name, executor).map_err(|cause| ShareError::NoTool { tool: name.to_owned(), cause })
}

impl LoadedTool {
    pub(super) fn new(
        folder: ToolFolder,
        repo: Option<(RepoName, String)>,
        files: &Files,
    ) -> Result<Self, ShareError> {
        let source = Source::read("tool.py", &folder.code)?;
        let mut review = Review::new(repo, files);
        review.requirements = folder.requirements.packages();
        review.tools.push(ReviewedTool::new("tool.py", &source));
        Ok(Self { folder, source, review })
    }

    /// Makes one of your own source, to be saved or shared.
    ///
    /// # Errors
    /// [`ShareError::Source`].
    pub fn from_code(code: &str) -> Result<Self, ShareError> {
        let mut folder = ToolFolder { code: code.to_owned(), ..ToolFolder::default() };
        let source = Source::read("tool.py", code)?;
        if let Source::Python(source) = &source {
            folder.code = source.as_class();
            folder.requirements.0 = source.imports.iter().map(|name| package(name).to_owned()).collect();
        }
        folder.requirements.0.insert("smolagents".to_owned());
        let files = folder.files("Tool")?;
        Self::new(folder, None, &files)
    }

    /// What it is made of, and what its code could reach.
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// The same, to compare with what was found good.
    pub fn review_mut(&mut self) -> &mut Review {
        &mut self.review
    }

    /// The Python packages that it needs besides `smolagents`.
    pub fn requirements(&self) -> Requirements {
        self.folder.requirements.packages()
    }

    /// What its source says. None for one of the original's own tools, which is a tool of this crate here.
    pub fn source(&self) -> Option<&ToolSource> {
        match &self.source {
            Source::Python(source) => Some(source),
            Source::Original(_) => None,
        }
    }

    /// The tool. `executor` runs its code; for one that needs packages make it by [`super::executor_with`].
    ///
    /// # Errors
    /// [`ShareError::NoTool`].
    pub fn tool(&self, executor: Arc<dyn Executor>) -> Result<Arc<dyn Tool>, ShareError> {
        self.source.tool(&executor)
    }

    /// The files that the original loads.
    ///
    /// # Errors
    /// [`ShareError::Refused`] if it would not.
    pub fn files(&self) -> Result<Files, ShareError> {
        let (class, name, faults) = match &self.source {
            Source::Python(source) if source.is_function => {
                ("SimpleTool", source.name.as_str(), source.faults.as_slice())
            }
            Source::Python(source) => (source.class.as_str(), source.name.as_str(), source.faults.as_slice()),
            Source::Original(name) => {
                (smol_tools::original_class(name).unwrap_or("Tool"), *name, [].as_slice())
            }
        };
        if !faults.is_empty() {
            return Err(ShareError::Refused { tool: name.to_owned(), faults: Faults(faults.to_vec()) });
        }
        Ok(self.folder.files(class)?)
    }

    /// Writes `tool.py`, `app.py` and `requirements.txt` into a folder.
    ///
    /// # Errors
    /// [`ShareError::Refused`], [`ShareError::Hub`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ShareError> {
        Ok(self.files()?.write_to(folder)?)
    }

    /// Shares it as a Space.
    ///
    /// # Errors
    /// [`ShareError::Refused`], [`ShareError::Hub`].
    pub async fn push_to_hub(&self, repo: &str, pushing: &Pushing) -> Result<Pushed, ShareError> {
        super::push_to_hub("tool", self.files()?, repo, pushing).await
    }
}

/// The package that has a module, where the two have different names.
pub(super) fn package(module: &str) -> &str {
    match module {
        "PIL" => "pillow",
        "bs4" => "beautifulsoup4",
        "cv2" => "opencv-python-headless",
        "sklearn" => "scikit-learn",
        "wikipediaapi" => "wikipedia-api",
        "yaml" => "pyyaml",
        other => other,
    }
}

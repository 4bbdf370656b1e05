//! What somebody should see before they use what others shared.

use super::{Change, changes, tool::Source};
use smol_hub::{
    Hub, HubError, RepoName,
    folder::{Files, Requirements},
};
use smol_tools::Reach;
use std::{collections::BTreeSet, fmt};

/// What something shared is made of, and what its code could reach. Nothing was run to find it out.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Review {
    /// Where it is from, if it is from the Hub.
    pub repo: Option<RepoName>,
    /// The commit.
    pub commit: Option<String>,
    /// Its files with their lengths in bytes.
    pub files: Vec<(String, usize)>,
    /// Its tools.
    pub tools: Vec<ReviewedTool>,
    /// The Python packages that it needs, beside `smolagents`.
    pub requirements: Requirements,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// What is different since the commit that was found good last; none if there is no such commit.
    pub changes: Option<Vec<Change>>,
    all: Files,
}

/// A tool of something shared.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewedTool {
    /// Its file.
    pub file: String,
    /// What code calls it.
    pub name: String,
    /// The modules that it imports, beside Python's own.
    pub imports: BTreeSet<String>,
    /// What its code could reach, if its sandbox has it.
    pub reach: BTreeSet<Reach>,
    /// It is one of the original's own tools, so a tool of this crate takes its place, and its code is not run.
    pub is_original: bool,
}

impl ReviewedTool {
    pub(super) fn new(file: impl Into<String>, source: &Source) -> Self {
        let (name, imports, reach) = match source {
            Source::Python(source) => (source.name.clone(), source.imports.clone(), source.reach.clone()),
            Source::Original(name) => ((*name).to_owned(), BTreeSet::new(), BTreeSet::new()),
        };
        Self { file: file.into(), name, imports, reach, is_original: matches!(source, Source::Original(_)) }
    }
}

impl Review {
    pub(super) fn new(repo: Option<(RepoName, String)>, files: &Files) -> Self {
        let (repo, commit) = repo.unzip();
        let sizes = files.iter().map(|(path, content)| (path.to_owned(), content.len()));
        Self { repo, commit, files: sizes.collect(), all: files.clone(), ..Self::default() }
    }

    /// Whether somebody found this very commit good. What is not from the Hub is the user's own.
    pub fn is_trusted(&self, hub: &Hub) -> bool {
        self.repo.as_ref().is_none_or(|repo| self.commit.is_some() && hub.trusted(repo) == self.commit)
    }

    /// Finds out what is different since the commit that was found good last.
    ///
    /// # Errors
    /// [`HubError`] where that commit cannot be had.
    pub async fn compare(&mut self, hub: &Hub) -> Result<(), HubError> {
        let Some(repo) = &self.repo else { return Ok(()) };
        let Some(revision) = hub.trusted(repo) else { return Ok(()) };
        let then = RepoName { revision, ..repo.clone() };
        let wanted = |path: &str| super::load::is_wanted(path);
        let old = hub.snapshot(&then, wanted, |_| ()).await?;
        self.changes = Some(changes::between(&old.files, &self.all));
        Ok(())
    }

    /// Notes that this commit was found good.
    ///
    /// # Errors
    /// [`HubError::Disk`].
    pub fn trust(&self, hub: &Hub) -> Result<(), HubError> {
        match (&self.repo, &self.commit) {
            (Some(repo), Some(commit)) => hub.trust(repo, commit),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Review {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(repo), Some(commit)) = (&self.repo, &self.commit) {
            writeln!(formatter, "from      {} at {commit}", repo.id)?;
        }
        let bytes: usize = self.files.iter().map(|(_, size)| size).sum();
        writeln!(formatter, "files     {} with {bytes} bytes", self.files.len())?;
        for tool in &self.tools {
            let does = match (tool.is_original, tool.reach.is_empty()) {
                (true, _) => "the original's own, for which this program has one".to_owned(),
                (false, true) => "computes, and reaches for nothing outside".to_owned(),
                (false, false) => format!("could reach for {}", joined(&tool.reach)),
            };
            writeln!(formatter, "tool      {} ({}): {does}", tool.name, tool.file)?;
            if !tool.imports.is_empty() {
                writeln!(formatter, "          imports {}", joined(&tool.imports))?;
            }
        }
        if !self.requirements.0.is_empty() {
            writeln!(formatter, "packages  {}", self.requirements)?;
        }
        for note in &self.notes {
            writeln!(formatter, "note      {note}")?;
        }
        match self.changes.as_deref() {
            Some([]) => writeln!(formatter, "changes   none since it was found good"),
            Some(changes) => {
                writeln!(formatter, "changes   since it was found good:\n")?;
                changes.iter().try_for_each(|change| writeln!(formatter, "{change}"))
            }
            None => Ok(()),
        }
    }
}

fn joined<T: ToString>(items: &BTreeSet<T>) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

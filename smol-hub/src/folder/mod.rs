//! Agents and tools as the files that the original shares: `agent.json`, `prompts.yaml`, `tools/*.py`, `managed_agents/`,
//! `app.py`, `requirements.txt`; a tool alone is `tool.py` with the last two. All of it is plain data here: [`Files`] in,
//! a folder out, and back. What is not understood is kept.
//!
//! ```
//! use smol_hub::folder::{AgentFolder, Files};
//!
//! let mut files = Files::new();
//! files.insert("agent.json", br#"{"class": "CodeAgent", "tools": [], "model": {"class": "OpenAIModel", "data": {}}}"#)?;
//! let agent = AgentFolder::read(&files)?;
//! assert_eq!(agent.file.class, "CodeAgent");
//! assert_eq!(AgentFolder::read(&agent.files()?)?.file, agent.file);
//! # Ok::<(), smol_hub::HubError>(())
//! ```
//!
//! Folders of the versions 1.9 to 1.26 are read; what is written is what 1.26 loads.

mod agent;
mod agent_file;
mod app;
mod disk;
mod files;
mod names;
mod prompts;
mod readme;
mod requirements;
mod summary;
mod tool;

pub use agent::AgentFolder;
pub use agent_file::{AgentFile, ModelFile};
pub(crate) use files::check_size;
pub use files::{Files, LARGEST_FILE, MOST_FILES};
pub use prompts::Prompts;
pub use readme::Readme;
pub use requirements::Requirements;
pub use summary::Summary;
pub use tool::ToolFolder;

pub(crate) use disk::write;
pub(crate) use names::check_path;

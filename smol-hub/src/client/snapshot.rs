//! The files of a Space at one commit.

use super::{
    RepoFile, RepoName,
    ask::{encoded, encoded_revision},
    cache::{Place, check},
};
use crate::{
    Hub, HubError, Progress,
    folder::{Files, MOST_FILES, check_path, check_size},
};
use reqwest::Method;
use std::{fs, path::PathBuf};

/// Files of a Space, at the commit that they are of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// `owner/name`.
    pub id: String,
    /// The commit: with it the same files are had again.
    pub commit: String,
    /// The files that were wanted.
    pub files: Files,
    /// Where they lie in the cache.
    pub folder: PathBuf,
}

impl Hub {
    /// The files of a Space whose paths are `wanted`. What is not in the cache is fetched; `progress` is called as the
    /// bytes of all of them together arrive. Offline, or without a network, the files are those that were fetched last.
    ///
    /// # Errors
    /// Any of [`HubError`] that is about repositories. Nothing of a file that was refused is kept.
    pub async fn snapshot(
        &self,
        name: &RepoName,
        wanted: impl Fn(&str) -> bool,
        progress: impl Fn(Progress),
    ) -> Result<Snapshot, HubError> {
        let place = Place::new(&self.shared, name);
        let info = match self.repo(name).await {
            Ok(info) => info,
            Err(error @ (HubError::Unreachable { .. } | HubError::NotCached { .. })) => {
                return cached(&place, name, &wanted).ok_or(error);
            }
            Err(error) => return Err(error),
        };
        let files: Vec<&RepoFile> = info.files.iter().filter(|file| wanted(&file.path)).collect();
        if files.len() > MOST_FILES {
            return Err(HubError::TooMany { limit: MOST_FILES });
        }
        // All is looked at before anything is fetched.
        for file in &files {
            check_path(&file.path)?;
            check_size(&file.path, file.size)?;
        }
        let (total, mut received) = (files.iter().map(|file| file.size).sum(), 0);
        let mut found = Files::new();
        for file in files {
            let content = match place.find(&info.commit, file) {
                Some(path) => fs::read(&path).map_err(|cause| HubError::unread(&path, &cause))?,
                None => {
                    let content = self.content(name, &info.commit, file).await?;
                    place.keep(&info.commit, file, &content)?;
                    content
                }
            };
            received += file.size;
            progress(Progress { received, total });
            found.insert(&file.path, content)?;
        }
        place.note(&name.revision, &info.commit)?;
        let folder = place.snapshot(&info.commit);
        Ok(Snapshot { id: info.id, commit: info.commit, files: found, folder })
    }

    /// The content of one file, checked.
    async fn content(&self, name: &RepoName, commit: &str, file: &RepoFile) -> Result<Vec<u8>, HubError> {
        let path = format!(
            "spaces/{}/resolve/{}/{}",
            encoded(&name.id),
            encoded_revision(commit),
            encoded(&file.path)
        );
        let url = format!("{}/{path}", self.endpoint);
        let request = self.request(Method::GET, &path)?;
        let mut response = self.send(request, &format!("give `{}` of `{name}`", file.path)).await?;
        let wrong_length = |found| HubError::Length { origin: url.clone(), expected: file.size, found };
        let mut content = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(|cause| HubError::unreachable(&url, &cause))? {
            content.extend_from_slice(&bytes);
            if content.len() as u64 > file.size {
                return Err(wrong_length(content.len() as u64));
            }
        }
        if content.len() as u64 != file.size {
            return Err(wrong_length(content.len() as u64));
        }
        check(file, &url, &content)?;
        Ok(content)
    }
}

/// What the cache holds of a revision; none if that is nothing.
fn cached(place: &Place, name: &RepoName, wanted: &impl Fn(&str) -> bool) -> Option<Snapshot> {
    let commit = place.commit(&name.revision)?;
    let folder = place.snapshot(&commit);
    let mut files = Files::from_folder(&folder).ok()?;
    files.retain(wanted);
    (!files.is_empty()).then(|| Snapshot { id: name.id.clone(), commit, files, folder })
}

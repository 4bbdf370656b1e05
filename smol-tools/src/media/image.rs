//! `analyze_image`: what a model that sees makes of a picture.

use super::{Access, MediaError, Recording};
use crate::macro_support::{Arguments, Signature};
use serde_json::Value;
use smol_core::{
    message::{Media, Message, Part, Role},
    model::{Model, Request, complete},
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::sync::Arc;

const QUESTION: &str = "Describe this picture: what is in it, what it says, and what stands out.";

/// Pictures that are larger are refused by most services.
const MOST_BYTES: u64 = 20 << 20;

/// The tool `analyze_image(image, question = …)`: a model's answer about a picture in png, jpeg, gif or webp.
pub struct ImageAnalysisTool {
    spec: ToolSpec,
    model: Arc<dyn Model>,
    access: Access,
}

impl ImageAnalysisTool {
    /// Has `model` look at pictures: the agent's own, if it sees, or another.
    pub fn new(model: Arc<dyn Model>) -> Self {
        let description = "Looks at a picture and answers a question about it. Use it for images whose path or address \
                           you know.";
        let spec = Signature::new()
            .required::<Value>(
                "image",
                "the picture: a file's path, an address that begins with http, or an image value",
            )
            .with_default("question", "what to find out about it", QUESTION)
            .spec::<String>("analyze_image", description, Effect::Reads);
        let spec = ToolSpec { untrusted: true, ..spec };
        Self { spec, model, access: Access::new().most_bytes(MOST_BYTES) }
    }

    /// What it may read; addresses alone unless told. Up to 20 MiB are sent to a model unless it says otherwise.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }
}

#[async_trait::async_trait]
impl Tool for ImageAnalysisTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let mut arguments = Arguments::new(arguments)?;
        let source: Value = arguments.take("image")?;
        let question = arguments.take_or("question", || QUESTION.to_owned())?;
        let picture = picture(&self.access.load(&source).await?)?;
        let answer = look(self.model.as_ref(), question, vec![picture]).await?;
        Ok(Value::String(answer))
    }
}

/// The answer of `model` to `question` about `pictures`.
pub(super) async fn look(
    model: &dyn Model,
    question: String,
    pictures: Vec<Media>,
) -> Result<String, MediaError> {
    let mut message = Message::new(Role::User, question);
    message.content.extend(pictures.into_iter().map(Part::Image));
    let reply = complete(model, Request::new(vec![message])).await?;
    Ok(reply.text.trim().to_owned())
}

/// A picture as models take it. Its first bytes tell what it is; a name may lie.
fn picture(file: &Recording) -> Result<Media, MediaError> {
    let mime = match &*file.content {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => {
            return Err(MediaError::Format {
                name: file.name.clone(),
                wanted: "picture",
                cause: "its first bytes are those of none".to_owned(),
                hint: "models see png, jpeg, gif and webp",
            });
        }
    };
    Ok(Media::bytes(mime, &file.content))
}

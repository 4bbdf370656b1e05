//! The pictures of a conversation, as bytes.

use super::gguf::setup;
use base64::{Engine, engine::general_purpose::STANDARD};
use smol_core::{
    message::{Media, Part},
    model::{ModelError, Request},
};

/// The files of all pictures in `request`, in the order in which they are shown.
pub(super) fn files(request: &Request) -> Result<Vec<Vec<u8>>, ModelError> {
    let parts = request.messages.iter().flat_map(|message| &message.content);
    let pictures = parts.filter_map(|part| match part {
        Part::Image(media) => Some(media),
        _ => None,
    });
    pictures.map(file).collect()
}

fn file(media: &Media) -> Result<Vec<u8>, ModelError> {
    match media {
        Media::Inline { base64, .. } => STANDARD.decode(base64).map_err(|cause| {
            setup(
                format!("a picture's bytes are no base64: {cause}"),
                "use the standard alphabet, with padding",
            )
        }),
        Media::Url(url) => Err(setup(
            format!("a local model cannot fetch the picture at `{url}`"),
            "fetch it, and give its bytes",
        )),
    }
}

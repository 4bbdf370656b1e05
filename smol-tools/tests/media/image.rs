use crate::parts::Viewer;
use serde_json::{Value, json};
use smol_core::{
    message::Media,
    tool::{Tool, ToolError},
};
use smol_tools::{Access, ImageAnalysisTool};
use std::{fs, sync::Arc};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

async fn ask(viewer: &Viewer, access: Access, arguments: Value) -> Result<Value, String> {
    let tool = ImageAnalysisTool::new(Arc::new(viewer.clone())).access(access);
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

#[tokio::test]
async fn the_model_gets_the_picture_and_the_question() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thumbnail.jpg"), PNG).unwrap();
    let access = Access::new().folder(folder.path());
    let viewer = Viewer::default();
    let asked =
        ask(&viewer, access.clone(), json!({"image": "thumbnail.jpg", "question": "Which colour?"})).await;
    assert_eq!(asked, Ok(json!("I see 1 pictures.")));
    // The bytes tell what it is, not the name.
    assert_eq!(viewer.asked(), [("Which colour?".to_owned(), vec![Media::bytes("image/png", PNG)])]);
    let value = json!({"__type__": "image", "format": "png", "base64": "iVBORw0KGgo="});
    ask(&viewer, Access::new(), json!({"image": value})).await.unwrap();
    let (question, pictures) = &viewer.asked()[1];
    assert!(question.starts_with("Describe this picture"), "{question}");
    assert_eq!(pictures.len(), 1);
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.png"), "no picture").unwrap();
    fs::write(folder.path().join("large.png"), PNG).unwrap();
    let viewer = Viewer::default();
    let check = async |access: Access, image: Value, expect: &str| {
        let error = ask(&viewer, access, json!({"image": image})).await.unwrap_err();
        assert!(error.contains(expect), "{error}");
    };
    let access = Access::new().folder(folder.path());
    check(access.clone(), json!("notes.png"), "`notes.png` is no picture").await;
    check(access.most_bytes(5), json!("large.png"), "larger than the limit of 5 bytes").await;
    check(Access::new(), json!(3), "`3` is neither a path, nor an address").await;
    assert!(viewer.asked().is_empty());
}

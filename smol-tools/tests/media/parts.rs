//! What the tests are made of: programs that may be missing, servers on the loopback, models that remember what they saw.

use axum::Router;
use futures::{StreamExt, stream::BoxStream};
use smol_core::{
    message::{Media, Part},
    model::{Delta, Model, ModelError, Request},
};
use std::{
    env,
    net::Ipv4Addr,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

/// Whether the test can go on with this program. Where it must, its lack is a failure.
pub fn has(program: &str, package: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok()
        || Command::new(program).arg("-version").output().is_ok();
    let line = format!("SKIPPED: `{program}` is not installed: `apt install {package}`");
    assert!(found || env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "{line}");
    if !found {
        eprintln!("{line}");
    }
    found
}

/// Runs a program that has to succeed.
pub fn run(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Serves `app` on the loopback; the address ends without a slash.
pub async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// A question with its pictures.
type Asked = (String, Vec<Media>);

/// A model that sees: it answers with how many pictures it got, and keeps what it was asked.
#[derive(Default, Clone)]
pub struct Viewer(Arc<Mutex<Vec<Asked>>>);

impl Viewer {
    /// The questions it was asked, each with its pictures.
    pub fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().clone()
    }
}

impl Model for Viewer {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let message = request.messages.last().unwrap();
        let pictures: Vec<Media> = message
            .content
            .iter()
            .filter_map(|part| match part {
                Part::Image(media) => Some(media.clone()),
                _ => None,
            })
            .collect();
        let answer = format!("I see {} pictures.", pictures.len());
        self.0.lock().unwrap().push((message.text(), pictures));
        futures::stream::iter([Ok(Delta::Text(answer))]).boxed()
    }
}

//! JSON lines from a file or standard input, one value at a time. A bad line is reported and does not end the rest.

use anyhow::Context;
use futures::{Stream, stream};
use serde::de::DeserializeOwned;
use std::path::Path;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};

/// The lines of `file` (`-` is standard input), parsed. Empty lines are skipped.
pub async fn json_lines<T: DeserializeOwned>(
    file: &Path,
) -> anyhow::Result<impl Stream<Item = Result<T, String>>> {
    let source: Box<dyn AsyncBufRead + Send + Unpin> = if file.as_os_str() == "-" {
        Box::new(BufReader::new(tokio::io::stdin()))
    } else {
        let opened = tokio::fs::File::open(file).await;
        Box::new(BufReader::new(opened.with_context(|| format!("could not open `{}`", file.display()))?))
    };
    Ok(stream::unfold((source, 0_usize), next_value))
}

async fn next_value<T: DeserializeOwned, R: AsyncBufRead + Unpin>(
    (mut source, mut number): (R, usize),
) -> Option<(Result<T, String>, (R, usize))> {
    loop {
        let mut line = Vec::new();
        number += 1;
        match source.read_until(b'\n', &mut line).await {
            Ok(0) => return None,
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => {
                let value = serde_json::from_slice(&line).map_err(|error| format!("line {number}: {error}"));
                return Some((value, (source, number)));
            }
            Err(error) => return Some((Err(format!("line {number}: {error}")), (source, number))),
        }
    }
}

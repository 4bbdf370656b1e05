//! One GET over HTTP, with a limit on what is taken in before it is taken in.

use encoding_rs::Encoding;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header::CONTENT_TYPE};
use std::error::Error;
use url::Url;

/// What the tools call themselves to servers.
pub(crate) const USER_AGENT: &str =
    concat!("Mozilla/5.0 (compatible; smolagents-rs/", env!("CARGO_PKG_VERSION"), ")");

/// The most bytes that are taken of one page.
pub(crate) const MAX_BYTES: usize = 10_000_000;

/// How far into a page its own word about its encoding is looked for, as browsers do it.
const CHARSET_WITHIN: usize = 1024;

/// A page as it came.
pub(crate) struct Page {
    /// Where it was found, after redirects.
    pub(crate) url: Url,
    /// Its media type in lower case, without parameters; `text/html` if the server did not say.
    pub(crate) mime: String,
    charset: Option<String>,
    body: Vec<u8>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The client could not be made.
    #[error("could not prepare an HTTP client: {0}")]
    Client(#[source] reqwest::Error),
    /// No answer, or half of one.
    #[error("could not fetch `{url}`: {cause}")]
    Network { url: Url, cause: String },
    /// An answer, but no page.
    #[error("`{url}` answered {status}{}", status_hint(*status))]
    Status { url: Url, status: StatusCode },
    /// More than is taken.
    #[error(
        "`{url}` is larger than the limit of {limit} bytes\n\nhint: look for a page that holds only the part you need"
    )]
    TooLarge { url: Url, limit: usize },
}

fn status_hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        300..=399 => "\n\nhint: it leads on to what is no web page",
        401 | 403 | 429 | 451 => {
            "\n\nhint: the site refuses this visit; look for the same information elsewhere"
        }
        404 | 410 => "\n\nhint: check the address, or search for the page's new one",
        _ => "",
    }
}

/// The page at `url`. Anything but a success is an error.
pub(crate) async fn fetch(client: &Client, url: Url) -> Result<Page, FetchError> {
    let response = send(client.get(url.clone()), &url).await?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status { url: response.url().clone(), status: response.status() });
    }
    read(response).await
}

/// What came back, whatever it is. An error names `url`, unless it knows better.
pub(crate) async fn send(request: RequestBuilder, url: &Url) -> Result<Response, FetchError> {
    request.send().await.map_err(|error| network_error(url, &error))
}

/// The whole of an answer, within [`MAX_BYTES`].
pub(crate) async fn read(mut response: Response) -> Result<Page, FetchError> {
    let url = response.url().clone();
    let (mime, charset) = content_type(&response);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network_error(&url, &error))? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(FetchError::TooLarge { url, limit: MAX_BYTES });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Page { url, mime, charset, body })
}

/// The innermost cause says it best: the outer ones only say that a request failed.
fn network_error(url: &Url, error: &reqwest::Error) -> FetchError {
    let cause = if error.is_timeout() {
        "it took too long\n\nhint: try once more, or look elsewhere".to_owned()
    } else {
        let mut innermost: &dyn Error = error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        innermost.to_string()
    };
    FetchError::Network { url: error.url().unwrap_or(url).clone(), cause }
}

fn content_type(response: &Response) -> (String, Option<String>) {
    let header = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = header.unwrap_or("text/html").split(';').map(|part| part.trim().to_ascii_lowercase());
    let mime = parts.next().unwrap_or_default();
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    (mime, charset)
}

impl Page {
    /// Whether it is HTML.
    pub(crate) fn is_html(&self) -> bool {
        matches!(self.mime.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// Whether nothing came.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Whether it is text of some kind.
    pub(crate) fn is_text(&self) -> bool {
        self.is_json()
            || self.mime.starts_with("text/")
            || matches!(
                self.mime.as_str(),
                "application/xml" | "application/javascript" | "application/xhtml+xml"
            )
            || self.mime.ends_with("+xml")
    }

    /// Whether it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.mime == "application/json" || self.mime.ends_with("+json")
    }

    /// Its text. What is no text in its encoding becomes replacement characters.
    pub(crate) fn text(&self) -> String {
        let declared = self.charset.clone().or_else(|| self.charset_in_html());
        let encoding =
            declared.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(encoding_rs::UTF_8);
        encoding.decode(&self.body).0.into_owned()
    }

    fn charset_in_html(&self) -> Option<String> {
        let start = self.body.get(..CHARSET_WITHIN).unwrap_or(&self.body);
        let start = String::from_utf8_lossy(start).to_ascii_lowercase();
        let (_, after) = start.split_once("charset=").filter(|_| self.is_html())?;
        let name = after.trim_start_matches(['"', '\'']).split(|end: char| " \"'>/;".contains(end)).next()?;
        Some(name.to_owned())
    }
}

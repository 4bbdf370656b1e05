//! HTML of strangers, read within limits. The standard's way of reading broken HTML takes time and memory that
//! grow with the square of the input: a small page can nest so deep, or repeat so many unclosed tags, that it
//! would fill the memory. So a page is read piece by piece, and reading stops at what no honest page needs.

use crate::text::one_line;
use dom_query::{Document, Tree};
use html5ever::{
    ParseOpts, parse_document,
    tendril::{StrTendril, TendrilSink},
    tree_builder::TreeBuilderOpts,
};
use std::time::{Duration, Instant};

/// Bytes between two looks at the limits.
const PIECE: usize = 1024;

/// Elements within elements; browsers stop here too.
const MAX_DEPTH: usize = 512;

/// Elements, texts and comments in all.
const MAX_NODES: usize = 200_000;

/// What the other limits miss, such as one tag with a million attributes; honest pages take a tenth of a second.
const MAX_TIME: Duration = Duration::from_secs(3);

/// The document, as far as the limits allow.
pub(crate) fn parse(html: &str) -> Document {
    // Without scripts: what stands in `noscript` is for us.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(Document::default(), ParseOpts { tree_builder, ..ParseOpts::default() });
    let (mut rest, start) = (html, Instant::now());
    while !rest.is_empty() && start.elapsed() < MAX_TIME && within_limits(&parser.tokenizer.sink.sink.tree) {
        let (piece, later) = rest.split_at(rest.floor_char_boundary(PIECE));
        parser.process(StrTendril::from(piece));
        rest = later;
    }
    parser.finish()
}

/// The words of a piece of HTML, on one line.
pub(crate) fn words(html: &str) -> String {
    if html.contains(['<', '&']) { one_line(&parse(html).text()) } else { one_line(html) }
}

fn within_limits(tree: &Tree) -> bool {
    let innermost = std::iter::successors(Some(tree.root()), |node| node.last_child());
    tree.len() < MAX_NODES && innermost.take(MAX_DEPTH).count() < MAX_DEPTH
}

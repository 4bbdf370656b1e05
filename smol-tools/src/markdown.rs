//! A web page as Markdown, which a model reads better than HTML and which costs it fewer tokens.

use crate::{html, text::one_line};
use dom_query::Document;
use dom_smoothie::Readability;
use html5ever::tendril::StrTendril;
use url::Url;

/// Holds nothing to read.
const SILENT: &str =
    "script, style, template, svg, iframe, object, img[src^='data:'], [hidden], [aria-hidden=true]";

/// Where there are more elements and texts than this, nobody looks for the story among them: that takes its time.
const MAX_SEARCHED: usize = 30_000;

/// A web page as Markdown: the part that it marks as its main one, else the story that it tells, else all of it. Links lead
/// from `base`. Empty if there is no text.
pub fn html_to_markdown(html: &str, base: &Url) -> String {
    let document = html::parse(html);
    document.select(SILENT).remove();
    make_absolute(&document, base);
    let text = squeeze(&main_text(&document));
    let title = one_line(&document.select_single("title").text());
    if title.is_empty() || text.is_empty() || text.starts_with("# ") {
        return text;
    }
    format!("# {title}\n\n{text}")
}

fn main_text(document: &Document) -> StrTendril {
    let main = document.select("main, [role=main]");
    let marked = main.nodes().first().filter(|node| !node.text().trim().is_empty());
    let all = || document.body().unwrap_or_else(|| document.root()).md(None);
    marked.map(|node| node.md(None)).or_else(|| story(document)).unwrap_or_else(all)
}

/// The text of a page that reads like an article, without what stands round it. A page of links has none.
fn story(document: &Document) -> Option<StrTendril> {
    if document.tree.len() > MAX_SEARCHED {
        return None;
    }
    let mut reader = Readability::with_document(document.clone(), None, None).ok()?;
    if !reader.is_probably_readable() {
        return None;
    }
    Some(Document::from(reader.parse().ok()?.content).md(None))
}

/// A link must make sense outside of its page. One that leads nowhere outside of it is only its text.
fn make_absolute(document: &Document, base: &Url) {
    let stated = document.base_uri().and_then(|stated| base.join(&stated).ok());
    let stated = stated.filter(|url| matches!(url.scheme(), "http" | "https"));
    let base = stated.as_ref().unwrap_or(base);
    for (selector, attribute) in [("a[href]", "href"), ("img[src]", "src")] {
        for node in document.select(selector).nodes() {
            let link = node.attr_or(attribute, "");
            match base.join(&link) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && !link.starts_with('#') => {
                    node.set_attr(attribute, url.as_str());
                }
                // Renamed where it stands: what is copied out of it would be met no more.
                _ => node.rename("span"),
            }
        }
    }
}

/// No more than one empty line at a time.
fn squeeze(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.trim().lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, markdown: &str) {
        let base = Url::parse("https://example.org/a/b.html").unwrap();
        assert_eq!(html_to_markdown(html, &base), markdown, "{html}");
    }

    #[test]
    fn keeps_structure_and_drops_what_is_not_read() {
        check("", "");
        check("plain < text", "plain \\< text");
        check("<title>T</title><p>One <b>two</b> <i>three</i></p>", "# T\n\nOne **two** *three*");
        check("<title>T</title><h1>Head</h1><p>x", "# Head\n\nx");
        check("<nav>menu</nav><main><p>story</p></main><footer>foot</footer>", "story");
        check("<nav>menu</nav><main> </main><p>story</p>", "menu\n\nstory");
        check(
            "<script>a()</script><style>p{}</style><p>x</p><p hidden>y</p><noscript>z</noscript>",
            "x\n\nz",
        );
        check("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n    - b\n- c");
        check("<pre><code>let x = 1;\n  y</code></pre>", "```\nlet x = 1;\n  y\n```");
        check("<table><tr><th>A<th>B<tr><td>1<td>2|3</table>", "| A | B |\n| - | - |\n| 1 | 2\\|3 |");
    }

    /// Pages without a marked main part: an article is told from what stands round it, a page of links is kept whole.
    #[test]
    fn finds_the_story_where_none_is_marked() {
        let sentence =
            "Crabs walk sideways, as their legs bend outwards, and they have done so for a long time. ";
        let paragraph = format!("<p>{}</p>", sentence.repeat(4));
        let links = "<ul><li><a href='/a'>Home</a><li><a href='/b'>News</a><li><a href='/c'>Sport</a></ul>";
        let page = format!(
            "<title>Crabs</title><div class='menu'>{links}</div><div class='content'>{}</div><div class='footer'>Imprint</div>",
            paragraph.repeat(3)
        );
        let story = [sentence.repeat(4).trim_end(); 3].join("\n\n");
        check(&page, &format!("# Crabs\n\n{story}"));
        check(
            links,
            "- [Home](https://example.org/a)\n- [News](https://example.org/b)\n- [Sport](https://example.org/c)",
        );
    }

    #[test]
    fn makes_links_absolute() {
        check("<a href='c?d=1'>x</a>", "[x](https://example.org/a/c?d=1)");
        check("<a href='//other.org/'>x</a>", "[x](https://other.org/)");
        check("<base href='/z/'><a href='c'>x</a>", "[x](https://example.org/z/c)");
        check("<p><a href='#top'>x</a> <a href='javascript:a()'>y</a></p>", "x y");
        check(
            "<img src='i.png' alt='pic'><img src='data:image/png;base64,AA==' alt='no'>",
            "![pic](https://example.org/a/i.png)",
        );
    }

    /// Each would take minutes and gigabytes, or end the process, if it were read to its end.
    #[test]
    fn hostile_pages_are_read_within_limits() {
        let deep = format!("start{}", "<div>".repeat(200_000));
        check(&deep, "start");
        let unclosed: String = (0..400).map(|number| format!("<b class={number}>")).collect();
        let repeated = format!("start{unclosed}{}", "<p>x".repeat(200_000));
        assert!(html::parse(&repeated).tree.len() < 400_000);
        let attributes: String = (0..400_000).map(|number| format!(" a{number}")).collect();
        check(&format!("start<p{attributes}>end"), "start");
    }
}

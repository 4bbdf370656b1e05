//! What must hold of any page, for the tests and for the fuzzer.

use url::Url;

/// It is read to an end, in tidy lines, and links of its own lead nowhere but into the Web.
pub(crate) fn check_page(html: &str) {
    let base = Url::parse("https://example.org/a/b.html").unwrap();
    let markdown = smol_tools::html_to_markdown(html, &base);
    assert!(!markdown.contains("\n\n\n"), "{html:?} gave {markdown:?}");
    assert_eq!(markdown.trim(), markdown, "{html:?} gave {markdown:?}");
    if !html.contains("](") {
        assert!(!markdown.contains("](javascript:"), "{html:?} gave {markdown:?}");
    }
}

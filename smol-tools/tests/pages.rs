//! Pages made of the parts that pages are made of, in any order: the check is the fuzzer's.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

mod oracle;

const PARTS: [&str; 20] = [
    "<title>\n\n\nT</title>",
    "<main>",
    "<p>some words, and more of them",
    "</p>",
    "<div>",
    "</div>",
    "<a href='javascript:a()'>x",
    "<a href=' JAVASCRIPT:a()'>x",
    "<a href='../c'>y</a>",
    "<base href='javascript:x'>",
    "<pre>\n\n\n\n</pre>",
    "<table><tr><td>1<td>2",
    "<li><ul><li>",
    "<h1>\u{a0}</h1>",
    "<svg><a href='javascript:b()'>z</a></svg>",
    "<noscript><p>n",
    "&nbsp;&#0;&lt;b",
    "<!-- <p> -->",
    "</body></html>",
    "\u{feff}é\r\n\r\n",
];

#[test]
fn any_page_is_read_in_tidy_lines() {
    let mut number: u64 = 1;
    for _ in 0..400 {
        let mut html = String::new();
        for _ in 0..30 {
            // A linear congruence: the same pages in every run.
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let part = usize::try_from(number >> 33).unwrap() % PARTS.len();
            html.extend(PARTS.get(part).copied());
        }
        oracle::check_page(&html);
    }
}

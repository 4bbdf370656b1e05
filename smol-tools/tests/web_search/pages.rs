//! Answers of the engines, in the shape that each gives them. The two of DuckDuckGo and Bing's are as their pages are built;
//! those of services are as they document them.

pub(super) const LITE: &str = r#"<html><body><form action="/lite/" method="post"><input name="q"></form>
<table border="0">
  <tr class="result-sponsored"><td valign="top">1.&nbsp;</td><td>
    <a rel="nofollow" href="https://duckduckgo.com/y.js?ad_domain=shop.example" class='result-link'>Buy crabs</a></td></tr>
  <tr class="result-sponsored"><td>&nbsp;</td><td class='result-snippet'>Cheap crabs</td></tr>
</table>
<table border="0">
  <tr><td valign="top">1.&nbsp;</td><td>
    <a rel="nofollow" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcrab.example%2Fa%3Fb%3D1%26c%3D2&amp;rut=0a" class='result-link'>Crabs &amp; <b>Rust</b></a></td></tr>
  <tr><td>&nbsp;&nbsp;&nbsp;</td><td class='result-snippet'>
      All about   <b>crabs</b>
      and rust.</td></tr>
  <tr><td>&nbsp;</td><td><span class='link-text'>crab.example/a</span></td></tr>
  <tr><td>&nbsp;</td><td>&nbsp;</td></tr>
  <tr><td valign="top">2.&nbsp;</td><td><a rel="nofollow" href="https://plain.example/" class='result-link'>Plain</a></td></tr>
  <tr><td>&nbsp;</td><td><span class='link-text'>plain.example</span></td></tr>
  <tr class="result-sponsored"><td>&nbsp;</td><td class='result-snippet'>More cheap crabs</td></tr>
  <tr><td valign="top">3.&nbsp;</td><td><a href="http://[bad" class='result-link'>Broken</a></td></tr>
  <tr><td valign="top">4.&nbsp;</td><td><a href="https://third.example/x" class='result-link'>Third</a></td></tr>
  <tr><td>&nbsp;</td><td class='result-snippet'>The third</td></tr>
</table></body></html>"#;

pub(super) const CHALLENGE: &str =
    r#"<form id="challenge-form"><div class="anomaly-modal__title">Select all ducks</div></form>"#;

pub(super) const NOTHING: &str = "<html><body><table><tr><td>No results.</td></tr></table></body></html>";

pub(super) const HTML: &str = r##"<div id="links" class="results">
<div class="result results_links results_links_deep result--ad"><h2 class="result__title">
  <a rel="nofollow" class="result__a" href="https://duckduckgo.com/y.js?ad_domain=shop.example">Buy crabs</a></h2>
  <a class="result__snippet" href="https://duckduckgo.com/y.js">Cheap</a></div>
<div class="result results_links results_links_deep web-result"><div class="links_main links_deep result__body">
  <h2 class="result__title"><a rel="nofollow" class="result__a"
    href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcrab.example%2Fa&amp;rut=0b">Crabs &amp; <b>Rust</b></a></h2>
  <a class="result__url" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcrab.example%2Fa">crab.example/a</a>
  <a class="result__snippet" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcrab.example%2Fa">All about <b>crabs</b>.</a>
</div></div>
<div class="result results_links web-result"><h2><a class="result__a" href="https://plain.example/">Plain</a></h2></div>
</div>"##;

pub(super) const BING: &str = r#"<?xml version="1.0" encoding="utf-8" ?><rss version="2.0"><channel>
<title>Bing: crabs</title><link>http://www.bing.com:80/search?q=crabs</link><description>Search results</description>
<item><title>Crabs &amp; Rust</title><link>https://crab.example/a</link>
  <description>All about &lt;b&gt;crabs&lt;/b&gt;.</description><pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate></item>
<item><title>Plain</title><link>https://plain.example/</link></item>
<item><title>No link</title></item></channel></rss>"#;

pub(super) const SERPER: &str = r#"{"searchParameters": {"q": "crabs", "type": "search"}, "organic": [
  {"title": "Crabs & Rust", "link": "https://crab.example/a", "snippet": "All about crabs.", "position": 1},
  {"title": "Plain", "link": "https://plain.example/", "position": 2}], "credits": 1}"#;

pub(super) const SERPAPI: &str = r#"{"search_metadata": {"status": "Success"}, "organic_results": [
  {"position": 1, "title": "Crabs & Rust", "link": "https://crab.example/a", "snippet": "All about crabs."},
  {"position": 2, "title": "Plain", "link": "https://plain.example/"}]}"#;

pub(super) const BRAVE: &str = r#"{"type": "search", "web": {"type": "search", "results": [
  {"title": "Crabs &amp; Rust", "url": "https://crab.example/a", "description": "All about <strong>crabs</strong>."},
  {"title": "Plain", "url": "https://plain.example/"}]}}"#;

pub(super) const EXA: &str = r#"{"requestId": "1", "results": [
  {"id": "1", "title": "Crabs & Rust", "url": "https://crab.example/a", "highlights": ["All about", "crabs."]},
  {"id": "2", "title": "Plain", "url": "https://plain.example/"}]}"#;

pub(super) const TAVILY: &str = r#"{"query": "crabs", "answer": null, "images": [], "results": [
  {"title": "Crabs & Rust", "url": "https://crab.example/a", "content": "All about crabs.", "score": 0.9},
  {"title": "Plain", "url": "https://plain.example/", "content": "", "score": 0.1}], "response_time": 0.5}"#;

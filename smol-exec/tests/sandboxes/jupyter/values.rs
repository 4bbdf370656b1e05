//! What a notebook would show, output however much, and calls however large.

use super::{executor, gateway};
use crate::common::{feed, feed_with, logs, open, text, tool};
use serde_json::{Value, json};
use smol_core::exec::{Outcome, SandboxSpec};

/// The smallest picture.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

const CLASSES: &str = r"
import base64
from IPython.display import HTML, Image, SVG, display
class Picture:
    def __repr__(self): return 'a picture'
    def _repr_png_(self): return base64.b64decode(PICTURE)
class Drawing:
    def __repr__(self): return 'a drawing'
    def _repr_svg_(self): return '<svg/>'
class Page:
    def __repr__(self): return 'a page'
    def _repr_html_(self): return '<b>1</b>'
class Broken:
    def __repr__(self): return 'broken'
    def _repr_png_(self): raise ValueError('no')
";

#[tokio::test]
async fn what_a_notebook_shows_is_the_value() {
    let Some(gateway) = gateway::start() else { return };
    let executor = executor(&gateway);
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, &format!("PICTURE = '{PICTURE}'{CLASSES}")).await;
    let image = |format: &str, base64: &str| json!({"__type__": "image", "format": format, "base64": base64});
    let picture = || image("png", PICTURE);
    let page = json!({"__type__": "html", "text": "<b>1</b>"});
    for (code, value, shown) in [
        ("Picture()", picture(), "<image: png, 1x1>"),
        ("Drawing()", image("svg", "PHN2Zy8+"), "<image: svg>"),
        ("Page()", page.clone(), "a page"),
        ("display(Picture())", picture(), "a picture"),
        ("display(Picture())\ndisplay(Page())", json!([picture(), page]), "a picture\na page"),
        ("display(Image(data=base64.b64decode(PICTURE)))", picture(), "<IPython.core.display.Image object>"),
        ("display(Picture())\n1", json!(1), "1"),
        ("display(1)", Value::Null, ""),
        ("None", Value::Null, ""),
        ("[1, 'a']", json!([1, "a"]), "[1, 'a']"),
        ("final_answer(Picture())", picture(), "<image: png, 1x1>"),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        let (Outcome::Value { value: got, .. } | Outcome::FinalAnswer { value: got, .. }) = &outcome else {
            panic!("{code}: {outcome:?}")
        };
        assert_eq!((got, text(&outcome)), (&value, shown), "{code}");
    }
    assert_eq!(text(&feed(&mut *sandbox, "Broken()").await), "broken");
}

#[tokio::test]
async fn much_passes_both_ways() {
    let Some(gateway) = gateway::start() else { return };
    let executor = executor(&gateway).output(20);
    let spec =
        SandboxSpec { tools: vec![tool("echo", json!({"properties": {"a": {}}}))], ..Default::default() };
    let mut sandbox = open(&executor, spec).await;
    let printed = feed(&mut *sandbox, "print('x' * 5_000_000)").await;
    assert_eq!(logs(&printed), "xxxxxxxxxx\n[4999981 characters left out]\nxxxxxxxxx\n");
    let past = feed(&mut *sandbox, "import os\nprint('a')\nos.system('echo b')\nprint('c')").await;
    let mut lines: Vec<_> = logs(&past).lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["a", "b", "c"], "what others print comes too");
    let echo = |call: &smol_core::message::ToolCall| Ok(call.arguments["a"].clone());
    let large = feed_with(&mut *sandbox, "a = 'é\\n' * 6_000_000\necho(a) == a", echo).await;
    assert_eq!(text(&large), "True");
    let many = feed_with(&mut *sandbox, "sum(echo(i) for i in range(100))", echo).await;
    assert_eq!(text(&many), "4950");
    let asked = feed(&mut *sandbox, "input('name? ')").await;
    assert!(matches!(&asked, Outcome::Raised { kind, .. } if kind == "EOFError"), "{asked:?}");
}

//! Values of libraries, known by what they can do: here by classes that do the same.

use super::{sandbox, with};
use crate::common::{feed, feed_with, tool};
use serde_json::{Value, json};
use smol_core::exec::{Outcome, SandboxSpec};

/// The beginning of a PNG file of 640 by 480 dots.
const PNG: &str = "b'\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR\\0\\0\\x02\\x80\\0\\0\\x01\\xe0'";

/// What the libraries' types can do, as far as it is looked at.
const LIBRARIES: &str = "
class Picture:
    def _repr_png_(self): return PNG
class Drawing:
    def _repr_png_(self): return None
    def _repr_svg_(self): return '<svg/>', {}
class Broken:
    def _repr_png_(self): raise ValueError
class Anything:
    def __getattr__(self, name): return lambda *args: self
class Figure:
    def savefig(self, file, format): file.write(PNG)
class Array:
    def __init__(self, items, *shape): self.items, self.shape, self.dtype = items, shape, 'int64'
    shape = dtype = None
    def __setitem__(self, key, value): pass
    def ravel(self): return self
    def tolist(self): return self.items
class Number:
    shape, dtype = (), 'int8'
    def ravel(self): pass
    def tolist(self): pass
    def item(self): return 7
class Table:
    shape, columns, index = (2, 1), ['a'], range(2)
    def iterrows(self): pass
    def notna(self): pass
    def astype(self, kind): return self
    def where(self, known, other): return self
    def to_numpy(self): return [(1,), (None,)]
";

fn libraries() -> String {
    format!("PNG = {PNG}{LIBRARIES}")
}

const ENCODED: &str = "iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg";

#[tokio::test]
async fn images_tables_and_arrays_go_out_tagged() {
    let mut sandbox = sandbox().await;
    feed(&mut *sandbox, &libraries()).await;
    let image = json!({"__type__": "image", "format": "png", "base64": ENCODED});
    let shown = "<image: png, 640x480>";
    for (code, expect, text) in [
        ("Picture()", image.clone(), shown),
        ("Figure()", image.clone(), shown),
        ("[Picture(), Picture()]", json!([image, image]), "[<image: png, 640x480>, <image: png, 640x480>]"),
        ("final_answer(Picture())", image.clone(), shown),
        ("Drawing()", json!({"__type__": "image", "format": "svg", "base64": "PHN2Zy8+"}), "<image: svg>"),
        (
            "Array([1, 2, 3, 4], 2, 2)",
            json!({"__type__": "array", "dtype": "int64", "shape": [2, 2], "items": [1, 2, 3, 4]}),
            "",
        ),
        ("Number()", json!(7), ""),
        (
            "Table()",
            json!({"__type__": "table", "columns": ["a"], "index": [0, 1], "rows": [[1], [null]]}),
            "",
        ),
    ] {
        match feed(&mut *sandbox, code).await {
            Outcome::Value { value, text: found, .. } | Outcome::FinalAnswer { value, text: found, .. } => {
                assert_eq!(value, expect, "{code}");
                assert!(text.is_empty() || found == text, "{code}: {found}");
            }
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_only_looks_like_one_goes_as_its_text() {
    let mut sandbox = sandbox().await;
    feed(&mut *sandbox, &libraries()).await;
    for code in ["Broken()", "Anything()", "Picture", "Array([1], 10_000_000)", "Array([1], 'x')"] {
        let outcome = feed(&mut *sandbox, code).await;
        let Outcome::Value { value, .. } = &outcome else { panic!("{code}: {outcome:?}") };
        assert_eq!(value["__type__"], "repr", "{code}");
    }
}

#[tokio::test]
async fn open_plots_are_the_value_of_a_block_without_one() {
    let mut sandbox = sandbox().await;
    let pyplot = "
import sys, types
class Pyplot(types.ModuleType):
    opened = []
    def get_fignums(self): return list(range(len(self.opened)))
    def figure(self, number): return self.opened[number]
    def close(self, which): self.opened = [] if which == 'all' else [one for one in self.opened if one is not which]
plot = sys.modules['matplotlib.pyplot'] = Pyplot('pyplot')
Part = type('Part', (), {'__module__': 'matplotlib.lines'})
";
    feed(&mut *sandbox, &(libraries() + pyplot)).await;
    for (code, expect) in [
        ("plot.opened = [Figure()]\nNone", "<image: png, 640x480>"),
        ("plot.opened = [Figure(), Figure()]\n[Part()]", "[<image: png, 640x480>, <image: png, 640x480>]"),
        ("plot.opened = [Figure()]\n5", "5"),
        ("plot.opened = [Figure()]\nplot.opened[0]", "<image: png, 640x480>"),
        ("plot.opened", "[]"),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(matches!(&outcome, Outcome::Value { text, .. } if text == expect), "{code}: {outcome:?}");
    }
}

#[tokio::test]
async fn without_their_libraries_they_come_in_as_plain_data() {
    let give = tool("give", json!({"properties": {}}));
    let spec = SandboxSpec { tools: vec![give], ..SandboxSpec::default() };
    let mut sandbox = with(smol_exec::Wasm::new(), spec).await;
    let array = |shape: Value, items: Value| json!({"__type__": "array", "dtype": "i", "shape": shape, "items": items});
    for (value, expect) in [
        (json!({"__type__": "image", "format": "png", "base64": "aGk="}), "b'hi'"),
        (array(json!([2, 2]), json!([1, 2, 3, 4])), "[[1, 2], [3, 4]]"),
        (array(json!([1, 2, 1]), json!([1, 2])), "[[[1], [2]]]"),
        (array(json!([]), json!([1])), "1"),
        (array(json!([0, 3]), json!([])), "[]"),
        (
            json!({"__type__": "table", "columns": ["a", "b"], "index": [0], "rows": [[1, null]]}),
            "[{'a': 1, 'b': None}]",
        ),
    ] {
        let outcome = feed_with(&mut *sandbox, "give()", |_| Ok(value.clone())).await;
        assert!(matches!(&outcome, Outcome::Value { text, .. } if text == expect), "{value}: {outcome:?}");
    }
    for broken in [array(json!([3]), json!([1])), json!({"__type__": "table"}), array(json!("x"), json!([]))]
    {
        let outcome = feed_with(&mut *sandbox, "give()", |_| Ok(broken.clone())).await;
        assert!(matches!(&outcome, Outcome::Value { .. }), "{broken}: {outcome:?}");
    }
}

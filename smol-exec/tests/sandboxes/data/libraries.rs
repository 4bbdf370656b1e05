//! What the libraries give goes out as an array, a table, an image.

use super::{is_wanted, sandbox};
use crate::common::{feed, text};
use serde_json::{Value, json};
use smol_core::exec::Outcome;
use smol_exec::WasmData;

async fn value(code: &str) -> Value {
    match feed(&mut *sandbox(&WasmData::new()).await, code).await {
        Outcome::Value { value, .. } => value,
        other => panic!("no value: {other:?}"),
    }
}

#[tokio::test]
async fn numpy_gives_an_array() {
    if is_wanted() {
        let code = "import numpy as np\nnp.arange(6).reshape(2, 3) @ np.ones((3, 2))";
        let expect = json!({"__type__": "array", "dtype": "float64", "shape": [2, 2], "items": [3.0, 3.0, 12.0, 12.0]});
        assert_eq!(value(code).await, expect);
    }
}

#[tokio::test]
async fn pandas_gives_a_table() {
    if is_wanted() {
        let code = "import pandas as pd\n\
                    d = pd.DataFrame({'k': ['a', 'b', 'a'], 'v': [1, 2, 4]})\n\
                    d.groupby('k').v.sum().to_frame()";
        let expect = json!({"__type__": "table", "columns": ["v"], "index": ["a", "b"], "rows": [[5], [2]]});
        assert_eq!(value(code).await, expect);
    }
}

#[tokio::test]
async fn matplotlib_gives_an_image() {
    if is_wanted() {
        let image = value("import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.title('squares')").await;
        assert_eq!((&image["__type__"], &image["format"]), (&json!("image"), &json!("png")));
        assert!(image["base64"].as_str().is_some_and(|content| content.len() > 5_000));
    }
}

#[tokio::test]
async fn scipy_and_scikit_learn_compute() {
    if is_wanted() {
        let mut sandbox = sandbox(&WasmData::new()).await;
        let root = "from scipy import optimize\nround(optimize.brentq(lambda x: x * x - 2, 0, 2), 6)";
        assert_eq!(text(&feed(&mut *sandbox, root).await), "1.414214");
        let fit = "from sklearn.linear_model import LinearRegression\n\
                   round(float(LinearRegression().fit([[1], [2], [3]], [2, 4, 6]).predict([[5]])[0]), 6)";
        assert_eq!(text(&feed(&mut *sandbox, fit).await), "10.0");
    }
}

//! Files, and what is not there.

use super::{is_wanted, sandbox};
use crate::common::{error, feed, text};
use smol_exec::WasmData;

#[tokio::test]
async fn a_file_given_is_read_and_one_written_lasts_for_the_session() {
    if is_wanted() {
        let executor = WasmData::new().file("data/table.csv", "a,b\n1,2\n3,4\n");
        let mut sandbox = sandbox(&executor).await;
        let sum = "import pandas as pd\nt = pd.read_csv('data/table.csv')\nint(t.b.sum())";
        assert_eq!(text(&feed(&mut *sandbox, sum).await), "6");
        feed(&mut *sandbox, "t.to_csv('out.csv', index=False)").await;
        assert_eq!(
            text(&feed(&mut *sandbox, "open('out.csv').read() == 'a,b\\n1,2\\n3,4\\n'").await),
            "True"
        );
    }
}

#[tokio::test]
async fn what_is_written_is_counted() {
    if is_wanted() {
        let mut sandbox = sandbox(&WasmData::new().written(1 << 20)).await;
        let flood = "with open('f', 'wb') as f:\n    f.write(bytes(1 << 21))";
        assert!(error(&feed(&mut *sandbox, flood).await).contains("No space left on device"));
        let grow = "with open('g', 'wb') as g:\n    g.truncate(1 << 30)";
        assert!(error(&feed(&mut *sandbox, grow).await).contains("No space left on device"));
        let files = "for n in range(20_000):\n    open(f'n{n}', 'w').close()";
        assert!(error(&feed(&mut *sandbox, files).await).contains("No space left on device"));
        assert_eq!(text(&feed(&mut *sandbox, "6 * 7").await), "42");
    }
}

#[tokio::test]
async fn nothing_of_the_host_is_there() {
    if is_wanted() {
        let mut sandbox = sandbox(&WasmData::new()).await;
        for code in [
            "open('/etc/passwd')",
            "open('/usr/local/lib/../../../etc/passwd')",
            "open('/usr/local/lib/new', 'w')",
            "import os\nos.symlink('/etc', 'link')",
            "import socket\nsocket.create_connection(('127.0.0.1', 80))",
            "import subprocess\nsubprocess.run(['ls'])",
        ] {
            error(&feed(&mut *sandbox, code).await);
        }
        let environment = "import os\nsorted(os.environ)";
        assert_eq!(text(&feed(&mut *sandbox, environment).await), "['HOME', 'PYTHONTZPATH', 'TMPDIR']");
    }
}

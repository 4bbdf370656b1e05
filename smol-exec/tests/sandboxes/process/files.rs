//! Working folders, what may be read, and ways out.

use super::{CONFINEMENTS, confined, sandbox};
use crate::common::{feed, text};
use smol_core::exec::{Outcome, Sandbox};
use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, os::unix::fs::symlink, path::Path};
use tempfile::TempDir;

/// A folder that a worker which is nobody may reach.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    open_to_all(folder.path());
    folder
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("it is ours");
}

async fn refused(sandbox: &mut dyn Sandbox, code: &str) {
    let outcome = feed(sandbox, code).await;
    let is_refusal = |kind: &str| {
        ["FileNotFoundError", "PermissionError", "OSError", "NotADirectoryError"].contains(&kind)
    };
    assert!(matches!(&outcome, Outcome::Raised { kind, .. } if is_refusal(kind)), "{code}: {outcome:?}");
}

#[tokio::test]
async fn a_given_folder_keeps_its_files_and_an_own_one_is_empty() {
    for confinement in CONFINEMENTS {
        let given = folder();
        let executor = confined(confinement).working_folder(given.path());
        feed(&mut *sandbox(&executor).await, "open('kept', 'w').write('text')").await;
        assert_eq!(fs::read_to_string(given.path().join("kept")).expect("the file"), "text");
        assert_eq!(text(&feed(&mut *sandbox(&executor).await, "open('kept').read()").await), "'text'");
        let executor = confined(confinement);
        for _ in 0..2 {
            let mut own = sandbox(&executor).await;
            assert_eq!(text(&feed(&mut *own, "import os\nos.listdir('.')").await), "[]");
            feed(
                &mut *own,
                "open('kept', 'w').write('text')\nimport tempfile\ntempfile.NamedTemporaryFile().name",
            )
            .await;
        }
    }
}

#[tokio::test]
async fn what_is_read_only_can_be_read_and_no_more() {
    for confinement in CONFINEMENTS {
        let (data, other) = (folder(), folder());
        fs::write(data.path().join("file"), "text").expect("a file");
        fs::write(other.path().join("single"), "one").expect("a file");
        fs::write(other.path().join("secret"), "no").expect("a file");
        let single = other.path().join("single");
        let executor = confined(confinement).read_only(data.path()).read_only(&single);
        let mut sandbox = sandbox(&executor).await;
        feed(&mut *sandbox, &format!("data, other = {:?}, {:?}", data.path(), other.path())).await;
        for (code, expected) in [
            ("open(data + '/file').read()", "'text'"),
            ("import os\nos.listdir(data)", "['file']"),
            ("open(other + '/single').read()", "'one'"),
        ] {
            assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
        }
        for code in [
            "open(data + '/file', 'a')",
            "open(data + '/new', 'w')",
            "os.remove(data + '/file')",
            "os.rename(data + '/file', data + '/other')",
            "os.mkdir(data + '/folder')",
            "os.symlink('/', data + '/link')",
            "os.truncate(data + '/file', 0)",
            "open(other + '/single', 'a')",
            "open(other + '/secret')",
        ] {
            refused(&mut *sandbox, code).await;
        }
        assert_eq!(fs::read_to_string(data.path().join("file")).expect("it is there"), "text");
    }
}

#[tokio::test]
async fn links_and_dots_lead_nowhere() {
    for confinement in CONFINEMENTS {
        let (given, outside) = (folder(), folder());
        fs::write(outside.path().join("secret"), "no").expect("a file");
        symlink(outside.path(), given.path().join("link")).expect("a link");
        let executor = confined(confinement).working_folder(given.path());
        let mut sandbox = sandbox(&executor).await;
        feed(&mut *sandbox, &format!("import os\noutside = {:?}", outside.path())).await;
        for code in [
            "open('link/secret')",
            "open(outside + '/secret')",
            "os.symlink(outside, 'own')\nopen('own/secret')",
            "open(os.path.join('..', os.path.basename(outside), 'secret'))",
            "open('/proc/self/cwd/../' + os.path.basename(outside) + '/secret')",
            "os.link(outside + '/secret', 'hard')",
            "open('/proc/1/root' + outside + '/secret')",
            "os.open('/', os.O_PATH)\nos.chroot('.')",
            "open('/etc/shadow')",
            "open('/usr/new', 'w')",
        ] {
            refused(&mut *sandbox, code).await;
        }
    }
}

#[tokio::test]
async fn names_need_not_be_text() {
    for confinement in CONFINEMENTS {
        let all = folder();
        let [given, data] =
            [&b"work \xff"[..], b"data \xfe"].map(|name| all.path().join(OsStr::from_bytes(name)));
        for path in [&given, &data] {
            fs::create_dir(path).expect("a folder");
            open_to_all(path);
        }
        fs::write(data.join(OsStr::from_bytes(b"file \xfd")), "text").expect("a file");
        let executor = confined(confinement).working_folder(&given).read_only(&data);
        let mut sandbox = sandbox(&executor).await;
        let prefix = all.path().display().to_string();
        let code = format!("import os\nopen(os.fsencode({prefix:?}) + b'/data \\xfe/file \\xfd').read()");
        assert_eq!(text(&feed(&mut *sandbox, &code).await), "'text'");
        feed(&mut *sandbox, "open(b'made \\xfc', 'w').close()").await;
        assert!(given.join(OsStr::from_bytes(b"made \xfc")).exists());
        assert_eq!(text(&feed(&mut *sandbox, "os.listdir('.')[0]").await), "'made \\udcfc'");
    }
}

#[tokio::test]
async fn folders_must_be_there() {
    for path in ["/no/such/folder", ""] {
        for executor in
            [confined(CONFINEMENTS[0]).working_folder(path), confined(CONFINEMENTS[1]).read_only(path)]
        {
            let opened = smol_core::exec::Executor::open(&executor, Default::default(), &|_| ()).await;
            let error = opened.err().expect("it does not open").to_string();
            assert!(
                error.contains(&format!("`{path}`: No such file")) && error.contains("hint: "),
                "{error}"
            );
        }
    }
}

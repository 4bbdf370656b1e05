//! Tools by name, as a command line gives them.

use futures::future::BoxFuture;
use smol_core::{
    exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec},
    tool::{Effect, Tool, ToolSpec},
};
use smol_tools::{CatalogError, NAMES, NEEDS, by_name};
use std::sync::Arc;

/// Never asked for a sandbox here.
struct Nowhere;

impl Executor for Nowhere {
    fn open<'a>(
        &'a self,
        _: SandboxSpec,
        _: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        Box::pin(std::future::pending())
    }
}

fn named(text: &str) -> Result<ToolSpec, CatalogError> {
    let executor: Arc<dyn Executor> = Arc::new(Nowhere);
    by_name(text, &executor).map(|tool| tool.spec().clone())
}

#[test]
fn every_name_gives_its_tool_or_says_what_it_needs() {
    for name in NAMES {
        match named(name) {
            Ok(spec) => assert_eq!(spec.name, *name),
            Err(error) => {
                let (_, what) = NEEDS.iter().find(|(needy, _)| needy == name).unwrap();
                let expected = format!("the tool `{name}` needs {what}\n\nhint: write `{name}=…`");
                assert_eq!(error.to_string(), expected);
            }
        }
    }
}

#[test]
fn a_value_says_what_a_tool_may_reach() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let check = |text: String, name: &str, effect: Effect, untrusted: bool| {
        let spec = named(&text).unwrap();
        assert_eq!((spec.name.as_str(), spec.effect, spec.untrusted), (name, effect, untrusted));
    };
    check(format!("read_file={path}"), "read_file", Effect::Reads, true);
    check(format!("list_files={path}"), "list_files", Effect::Reads, true);
    check(format!("search_files={path}"), "search_files", Effect::Reads, true);
    check(format!("write_file={path}"), "write_file", Effect::Writes, false);
    check("http_request=example.org+*.example.com".to_owned(), "http_request", Effect::Reads, true);
    check("web_search=bing".to_owned(), "web_search", Effect::Reads, true);
    assert!(named("http_request=a.org+b.org").unwrap().description.contains("a.org, b.org, by GET, HEAD"));
}

#[test]
fn what_is_no_tool_is_said_with_the_nearest() {
    let check = |text: &str, expected: &str| {
        let error = named(text).err().unwrap().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    };
    check(
        "web_serach",
        "no tool is named `web_serach`\n\nhint: did you mean `web_search`? the tools are `web",
    );
    check("visit-webpage", "no tool is named `visit-webpage`\n\nhint: did you mean `visit_webpage`? ");
    check("calculator", "no tool is named `calculator`\n\nhint: the tools are `web_search`, ");
    check("", "no tool is named ``\n\nhint: the tools are ");
    check("raed_file=x", "no tool is named `raed_file`\n\nhint: did you mean `read_file`? ");
    check("visit_webpage=x", "the tool `visit_webpage` cannot be had: it takes no value");
    check(
        "web_search=altavista",
        "the tool `web_search` cannot be had: no search engine is named `altavista`",
    );
    let missing = tempfile::tempdir().unwrap().path().join("missing").display().to_string();
    check(
        &format!("read_file={missing}"),
        &format!("the tool `read_file` cannot be had: could not open the folder `{missing}`: "),
    );
}

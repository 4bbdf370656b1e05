//! What is read of a file, and what is found wrong with it.

use super::{Faults, Reach, ToolSource, original_tool};
use serde_json::{Value, json};
use smol_core::tool::Effect;

const CLASS: &str = r#"
from typing import Optional
from smolagents.tools import Tool
import re

class WordCount(Tool):
    name = "word_count"
    description = """Counts words.
Twice, if asked."""
    inputs = {'text': {'type': 'string', 'description': 'The text.'},
              'unique': {'type': 'boolean', 'description': 'Once each.', 'nullable': True},
              'most': {'type': 'integer', 'description': 'No more.', 'nullable': True}}
    output_type = "object"
    output_schema = {'type': 'object', 'properties': {'words': {'type': 'integer'}}}

    def __init__(self, separator=" ", **kwargs):
        super().__init__(**kwargs)
        self.separator = separator

    def forward(self, text, unique: Optional[bool] = None, most: int = 10):
        words = re.split(r"\s+", text)
        return {"words": min(most, len(set(words) if unique else words))}
"#;

const FUNCTION: &str = r#"
import smolagents
from typing import Literal

@smolagents.tool
def brew(drink: Literal["tea", "coffee"], sugar: int | None, cups: int = 1) -> list[str]:
    """Brews something.

    Args:
        drink: What to brew.
        sugar (int): How many lumps
            for each cup.
        cups: How many.
    """
    return [drink] * cups
"#;

fn read(code: &str) -> ToolSource {
    ToolSource::read(code).unwrap()
}

#[test]
fn a_class_is_read_without_running_it() {
    let source = read(CLASS);
    assert_eq!((source.name.as_str(), source.class.as_str()), ("word_count", "WordCount"));
    assert_eq!(source.description, "Counts words.\nTwice, if asked.");
    assert_eq!(source.faults, []);
    let spec = source.spec();
    assert_eq!(
        spec.input,
        json!({
            "type": "object",
            "properties": {
                "text": {"type": "string", "description": "The text."},
                "unique": {"type": ["boolean", "null"], "description": "Once each.", "default": null},
                "most": {"type": ["integer", "null"], "description": "No more.", "default": 10},
            },
            "required": ["text"],
            "additionalProperties": false,
        })
    );
    assert_eq!(spec.output, json!({"type": "object", "properties": {"words": {"type": "integer"}}}));
    assert_eq!((spec.effect, spec.untrusted), (Effect::Reads, true));
    assert_eq!(source.as_class(), CLASS);
}

#[test]
fn a_function_is_read_by_its_hints_and_words() {
    let source = read(FUNCTION);
    assert!(source.is_function);
    let expect = json!({
        "drink": {"type": "string", "enum": ["tea", "coffee"], "description": "What to brew."},
        "sugar": {"type": "integer", "nullable": true, "description": "How many lumps for each cup."},
        "cups": {"type": "integer", "nullable": true, "description": "How many."},
    });
    assert_eq!(Value::Object(source.inputs.clone()), expect);
    assert_eq!((source.name.as_str(), source.output_type.as_str()), ("brew", "array"));
    assert_eq!(source.faults, []);
    // The original loads classes alone: what it is given is one, and says the same.
    let class = read(&source.as_class());
    assert_eq!(class.class, "SimpleTool");
    assert_eq!((class.inputs, class.description, class.faults), (source.inputs, source.description, vec![]));
}

/// A class whose attributes are as given, with a `forward(self, a)`.
fn class(attributes: &str) -> String {
    let lines: String = attributes.lines().map(|line| format!("    {}\n", line.trim())).collect();
    format!(
        "from smolagents import Tool\nclass T(Tool):\n{lines}    def forward(self, a):\n        return a\n"
    )
}

#[track_caller]
fn fatal(code: &str, expect: &[&str]) {
    let Faults(faults) = ToolSource::read(code).unwrap_err();
    let found: Vec<String> = faults.iter().filter(|fault| fault.is_fatal).map(ToString::to_string).collect();
    assert_eq!(found, expect, "{code}");
}

#[test]
fn what_makes_a_tool_useless_is_told_all_at_once() {
    fatal("def f(:", &["line 1: it is not Python: Expected a parameter or the end of the parameter list"]);
    fatal("x = 1", &["line 1: there is no class that derives from `Tool`, and no function under `@tool`"]);
    fatal(
        &class("pass"),
        &[
            "line 2: `T` has no attribute `description`",
            "line 2: `T` has no attribute `inputs`",
            "line 2: `T` has no attribute `name`",
            "line 2: `T` has no attribute `output_type`",
            "line 4: the parameter `a` of `forward` is not one of `inputs`",
        ],
    );
    let attributes = "name = 'two words'\ndescription = f'{x}'\ninputs = {'b': {'type': 'string', 'description': ''}}\noutput_type = 3";
    fatal(
        &class(attributes),
        &[
            "line 3: `two words` cannot name a tool: code calls tools by identifiers",
            "line 4: `description` is not written out, so it cannot be read without running the code",
            "line 6: `output_type` is 3, and should be a text",
            "line 7: `forward` has no parameter `b`, which is one of `inputs`",
            "line 7: the parameter `a` of `forward` is not one of `inputs`",
        ],
    );
    fatal(
        "from smolagents import tool\n@tool\n@tool\nasync def f(a: int) -> int:\n    '''Does.'''\n",
        &[
            "line 4: `f` is an `async def`, which nobody would await",
            "line 4: `f` stands under more than one `@tool`",
        ],
    );
    fatal(
        &format!("x = '{}'", "a".repeat(300_000)),
        &["line 1: the file has 300006 bytes, and at most 262144 are read"],
    );
}

#[track_caller]
fn refused(code: &str, expect: &[&str]) {
    let found: Vec<String> = read(code).faults.iter().map(ToString::to_string).collect();
    assert_eq!(found, expect, "{code}");
}

#[test]
fn what_the_original_refuses_works_and_is_told() {
    let attributes = "name = 't'\ndescription = ''\ninputs = {'a': {'type': 'list'}}\noutput_type = 'list'\nextra = len('abc')";
    refused(
        &class(attributes),
        &[
            "line 5: `list` is no type for the input `a`: there are `string`, `boolean`, `integer`, `number`, `image`, `audio`, `array`, `object`, `any`, `null`",
            "line 5: the input `a` has no `description`",
            "line 6: `list` is no `output_type`: there are `string`, `boolean`, `integer`, `number`, `image`, `audio`, `array`, `object`, `any`, `null`",
            "line 7: `extra` is no literal: set it in `__init__`",
        ],
    );
    let code = r#"
from smolagents import Tool
class T(Tool):
    name = "t"
    description = "d"
    inputs = {"a": {"type": "string", "description": "", "nullable": True}, "b": {"type": "any", "description": ""}}
    output_type = "any"
    def forward(self, a, b=None):
        from .beside import helper
        total = sum(number for number in [1, 2])
        with open("x") as file, suppress(Exception):
            return nowhere(a, total, file, nowhere)
"#;
    refused(
        code,
        &[
            "line 8: `forward` may be called without `b`, so its input needs `\"nullable\": True`",
            "line 8: the input `a` is `nullable`, but `forward` neither has a default for it nor takes `None`",
            "line 9: it imports from a file beside it, which does not come with it",
            "line 11: `suppress` is not defined anywhere",
            "line 12: `nowhere` is not defined anywhere",
        ],
    );
    let function = "from smolagents import tool\n@tool\ndef f(a, b: foo()) -> int:\n    '''Does.\n\n    Args:\n        a: One.\n    '''\n";
    refused(
        function,
        &[
            "line 3: the docstring says nothing of `b` under `Args:`",
            "line 3: the parameter `a` has no type",
            "line 3: the type of `b` says nothing that the original understands",
        ],
    );
}

#[test]
fn bases_and_own_init_may_say_it() {
    let code = r#"
from smolagents import Tool as Base
class Common(Base):
    output_type = "string"
    inputs = "{'a': {'type': ['string', 'null'], 'description': 'x'}}"
    def forward(self, a):
        return a
class Actual(Common):
    def __init__(self):
        super().__init__()
        self.name = "actual"
        self.description = "One " + "and two"
"#;
    // By the alphabet `Actual` comes first.
    let source = read(code);
    assert_eq!((source.name.as_str(), source.description.as_str()), ("actual", "One and two"));
    assert_eq!(source.spec().input["properties"]["a"]["type"], json!(["string", "null"]));
}

#[test]
fn what_code_could_reach_is_seen() {
    let body = "    def forward(self, a):\n        import requests, re\n        from os import environ\n        re.compile('x')\n        return open(a)\n";
    let code = class(
        "name = 't'\ndescription = 'd'\ninputs = {'a': {'type': 'image', 'description': ''}}\noutput_type = 'any'",
    );
    let code = code.split("    def forward").next().unwrap().to_owned() + body;
    let source = read(&code);
    assert_eq!(source.reach, [Reach::Network, Reach::Files, Reach::Environment].into());
    assert_eq!(source.imports, ["requests".to_owned()].into());
    let spec = source.spec();
    assert_eq!(spec.effect, Effect::Writes);
    assert_eq!(spec.input["properties"]["a"], json!({"description": ""}));
}

#[test]
fn the_originals_own_tools_are_known() {
    let check = |code: &str, expect: Option<&str>| assert_eq!(original_tool(code), expect, "{code}");
    check("from smolagents import WebSearchTool\n", Some("web_search"));
    check(
        "from smolagents.tools import Tool\nclass VisitWebpageTool(Tool):\n    name = 'visit_webpage'\n",
        Some("visit_webpage"),
    );
    check("from smolagents import Tool\nclass MyTool(Tool):\n    pass", None);
    check("from smolagents import Tool, WebSearchTool\nclass MyTool(Tool):\n    pass", None);
    check("from smolagents import WebSearchTool\nclass Mine(WebSearchTool):\n    pass", None);
    check(
        "import smolagents\nclass TranscriptionTool(smolagents.SpeechToTextTool):\n    pass",
        Some("transcribe_audio"),
    );
    check("class WebSearchTool:\n    pass", None);
    check("not python", None);
}

#[test]
fn deep_code_is_no_danger() {
    let deep = format!("x = {}{}", "[".repeat(60_000), "]".repeat(60_000));
    assert!(ToolSource::read(&deep).is_err());
    let attributes = format!(
        "name = 't'\ndescription = 'd'\ninputs = {{}}\noutput_type = {}1{}",
        "(".repeat(5000),
        ")".repeat(5000)
    );
    assert!(ToolSource::read(&class(&attributes)).is_err());
    assert!(ToolSource::read(&format!("x = {}1", "-".repeat(100_000))).is_err());
}

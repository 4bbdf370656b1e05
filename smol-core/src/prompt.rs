//! The words an agent speaks to its model. Long texts are templates in `prompts/`, short ones stand here.

use crate::{
    event::Failure,
    memory::{Example, MemoryStep},
    model::Profile,
    run::Strategy,
    signature::python_signature,
    tool::ToolSpec,
};
use minijinja::{Environment, UndefinedBehavior, context};

/// The reply had no code and no text that parses as code.
pub(crate) const NO_CODE: &str =
    "Your reply held no code to run. Write one block of Python between <code> and </code>, like this:
Thought: what you are going to do
<code>
print(\"look at something\")
</code>
If you know the answer already, give it from code: <code>final_answer(\"the answer\")</code>";

/// The reply had no tool call.
pub(crate) const NO_CALL: &str = "Your reply called no tool. Write a call as one JSON object, like this:
{\"name\": \"tool_name\", \"arguments\": {\"argument\": \"value\"}}
If you know the answer already, call `final_answer` with it.";

/// The token limit ended the reply.
pub(crate) const CUT_OFF: &str = "Your reply was cut off by the limit on its length, so nothing of it was run. \
    Do the work in smaller steps: write less at a time, and keep results in variables.";

/// `final_answer` came with other calls.
pub(crate) const ANSWER_ALONE: &str =
    "`final_answer` must be the only call of a reply: look at the other results first, then answer";

/// A limit stopped the code.
pub(crate) const LOST: &str = "The sandbox was replaced: variables of earlier blocks are there again, those of this block \
    are not. Do it another way, in smaller or cheaper pieces.";

/// No replay could bring the variables back.
pub(crate) const VARIABLES_GONE: &str =
    "The sandbox was lost and the variables of earlier blocks are gone: define again what you need.\n";

/// The last message of a run that has used up its steps.
pub(crate) const OUT_OF_STEPS: &str = "You have used all the steps you had, and can run nothing more. From what you have \
    seen so far, write the best answer to the task that you can give, as plain text and without code.";

/// What ends a reply early: the block is complete, or the model begins to invent what only the sandbox can say.
pub(crate) fn stop_sequences(strategy: Strategy) -> Vec<String> {
    let stops: &[&str] = match strategy {
        Strategy::Code => &["</code>", "Observation:"],
        Strategy::ToolCalling => &["Observation:"],
    };
    stops.iter().map(|stop| (*stop).to_owned()).collect()
}

/// What the model reads about a block that ran: its output, its value, its error, each if there is one.
pub(crate) fn observation(logs: &str, value: &str, error: &str) -> String {
    let parts = [("Printed output", logs), ("Value of the last line", value), ("Error", error)];
    let shown = parts.iter().filter(|(_, text)| !text.trim().is_empty());
    let shown: Vec<String> = shown.map(|(title, text)| format!("{title}:\n{}", text.trim_end())).collect();
    match shown.as_slice() {
        [] => "The code ran and printed nothing. Print what you need to see.".to_owned(),
        parts => parts.join("\n"),
    }
}

/// The first entry of a run's memory.
pub(crate) fn system(
    strategy: Strategy,
    profile: Profile,
    tools: &[ToolSpec],
    authorized_imports: Option<&[String]>,
    instructions: &str,
) -> Result<MemoryStep, Failure> {
    let (template, examples) = match (strategy, profile) {
        (Strategy::Code, Profile::Large) => {
            (include_str!("prompts/code.jinja"), include_str!("prompts/code_examples.md"))
        }
        (Strategy::Code, Profile::Small) => {
            (include_str!("prompts/code_small.jinja"), include_str!("prompts/code_small_examples.md"))
        }
        (Strategy::ToolCalling, _) => {
            (include_str!("prompts/tool_calling.jinja"), include_str!("prompts/tool_calling_examples.md"))
        }
    };
    let examples = parse_examples(examples);
    let shown = if profile == Profile::Large { examples.as_slice() } else { &[] };
    let signatures: Vec<String> = tools.iter().map(python_signature).collect();
    let values = context! { examples => shown, tools, signatures, authorized_imports, instructions };
    let prompt = render(template, values).map_err(|error| Failure::Prompt(format!("{error:#}")))?;
    let turns = if profile == Profile::Small { examples } else { Vec::new() };
    Ok(MemoryStep::System { prompt, examples: turns })
}

fn render(template: &str, values: minijinja::Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    Ok(environment.render_str(template, values)?.trim().to_owned())
}

/// Examples are written as pairs of `## User` and `## Assistant` sections.
fn parse_examples(text: &str) -> Vec<Example> {
    let pairs = text.split("## User\n").filter_map(|pair| pair.split_once("## Assistant\n"));
    pairs
        .map(|(user, assistant)| Example {
            user: user.trim().to_owned(),
            assistant: assistant.trim().to_owned(),
        })
        .collect()
}

//! The words an agent speaks to its model. Long texts are templates in `prompts/`, short ones stand here.

use crate::{
    agent::StartError,
    memory::{Example, SystemStep, TaskStep},
    model::Profile,
    parse::{Action, code_action},
    run::Strategy,
    signature::python_signature,
    tool::ToolSpec,
};
use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::{Value, json};

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

/// The last message of a run that has used up its budget.
pub(crate) const OUT_OF_BUDGET: &str = "The budget of this task is used up, and you can run nothing more. From what you have \
    seen so far, write the best answer to the task that you can give, as plain text and without code.";

/// The code was read and found not to work.
pub(crate) const NOT_RUN: &str = "Nothing of this code was run, because it cannot work:";

/// A new task came while a step was under way.
pub(crate) const GIVEN_UP: &str = "This step was interrupted and given up.";

/// Stands before what is wrong with an answer.
pub(crate) const REFUSED_ANSWER: &str = "Your final answer was refused. Mend it and give it again:";

/// Stands before the answer of an earlier task.
pub(crate) const ANSWERED: &str = "The answer that was given to this task:";

/// Stands before the summary of steps that are not shown any more.
pub(crate) const SUMMARY: &str = "What happened in the earlier steps, which are not shown any more:";

/// Follows a plan.
pub(crate) const CARRY_OUT: &str = "Now carry out this plan.";

/// Asks for a summary.
pub(crate) const SUMMARISE: &str = "The conversation grows too long, so its older steps will be left out. Write down, as plain \
    text and without code, all you need from them to go on: what was found, with exact names and figures, which \
    variables and functions are defined and what they hold, what was tried and failed, what is left to do.";

/// Ends a plan.
pub(crate) const END_OF_PLAN: &str = "<end_plan>";

/// Asks for a plan.
pub(crate) fn plan(is_first: bool, steps_left: u32) -> String {
    let opening = match is_first {
        true => {
            "Before you act, write a plan; no code and no tool calls yet.\n\
            First the facts: what the task gives, what must be looked up, what must be worked out."
        }
        false => {
            "Stop and look at where you stand; no code and no tool calls now.\n\
            First the facts: what the task gives, what you have learnt, what must still be looked up or worked out."
        }
    };
    format!(
        "{opening}\nThen the plan: numbered steps that lead to the answer, each something you can do with your tools. \
         You have {steps_left} steps left. After the last step write {END_OF_PLAN}"
    )
}

/// What the model is told with a task besides its text.
pub(crate) fn task_details(strategy: Strategy, task: &TaskStep, output: Option<&Value>) -> String {
    let mut details = String::new();
    let files: Vec<&str> =
        task.attachments.iter().map(|file| file.name.as_str()).filter(|name| !name.is_empty()).collect();
    if !files.is_empty() {
        details += &format!("\n\nGiven with the task: {}", files.join(", "));
    }
    if !task.variables.is_empty() {
        let place = match strategy {
            Strategy::Code => "These variables are defined",
            Strategy::ToolCalling => "As an argument, each of these names stands for its value",
        };
        let shown = task
            .variables
            .iter()
            .map(|(name, value)| format!("\n- {name} = {}", shortened(&value.to_string(), 300)));
        details += &format!("\n\n{place}:{}", shown.collect::<String>());
    }
    if let Some(schema) = output {
        details += &format!("\n\nThe final answer must be a value of this JSON Schema: {schema}");
    }
    details
}

/// The task of a managed agent.
pub(crate) fn managed_task(name: &str, task: &str) -> String {
    if task.trim().is_empty() {
        return String::new();
    }
    format!(
        "You are `{name}`, and work for another agent, which will read nothing but your final answer. Its task for you:\n\
         {task}\n\nMake the final answer complete: the outcome in short, then in detail, then what else is worth \
         knowing about it. If you cannot solve the task, answer with all that you found."
    )
}

/// Stands before the answer of a managed agent whose steps or budget were used up.
pub(crate) const UNFINISHED: &str = "It could not finish. The best answer it has:";

/// Stands before the steps of a managed agent.
pub(crate) const SUMMARY_OF_WORK: &str = "What it did, step by step:";

/// The beginning of a text, no longer than `limit` characters.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The JSON Schema of a code action.
pub(crate) fn code_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "thought": {"type": "string", "description": "What you know now, and what you do next and why."},
            "code": {"type": "string", "description": "Python to run."},
        },
        "required": ["thought", "code"],
        "additionalProperties": false,
    })
}

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

/// What the system prompt is made of.
pub(crate) struct Rules<'a> {
    pub(crate) strategy: Strategy,
    pub(crate) profile: Profile,
    pub(crate) structured: bool,
    pub(crate) tools: &'a [ToolSpec],
    pub(crate) authorized_imports: Option<&'a [String]>,
    pub(crate) instructions: &'a str,
}

/// The first entry of a run's memory.
pub(crate) fn system(rules: &Rules<'_>) -> Result<SystemStep, StartError> {
    let Rules { strategy, profile, structured, tools, authorized_imports, instructions } = *rules;
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
    let mut examples = parse_examples(examples);
    if structured {
        examples.iter_mut().for_each(|example| example.assistant = as_json(&example.assistant));
    }
    let shown = if profile == Profile::Large { examples.as_slice() } else { &[] };
    let signatures: Vec<String> = tools.iter().map(python_signature).collect();
    let values =
        context! { examples => shown, structured, tools, signatures, authorized_imports, instructions };
    let prompt = render(template, values).map_err(|error| StartError::Prompt(format!("{error:#}")))?;
    let examples = if profile == Profile::Small { examples } else { Vec::new() };
    Ok(SystemStep { prompt, examples })
}

/// An exemplary reply as structured output has it: each turn as an object, observations as they are.
fn as_json(reply: &str) -> String {
    let turns = reply.split("Observation:\n").map(|turn| {
        let Some((observed, said)) = turn.split_once("Thought:").filter(|_| turn.contains("<code>")) else {
            return turn.to_owned();
        };
        let thought = said.split("<code>").next().unwrap_or_default().trim();
        let Action::Code(code) = code_action(said) else { return turn.to_owned() };
        format!("{observed}{}\n\n", json!({"thought": thought, "code": code}))
    });
    turns.collect::<Vec<_>>().join("Observation:\n").trim_end().to_owned()
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

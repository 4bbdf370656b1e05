//! Messages of a kernel, as its server puts them into a websocket: <https://jupyter-client.readthedocs.io/en/stable/messaging.html>.
//! Of all that a kernel says, only this matters here: the prompts that bring the guest's frames, what was printed past
//! it, and that the cell or the kernel has ended.

use serde::Deserialize;
use serde_json::{Value, json};

/// The guest program's part in the kernel.
const GUEST: &str = include_str!("../../guest/program/jupyter.py");

/// The id of the one cell that is run.
const CELL: &str = "session";

/// What a kernel said.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// A piece of the guest's lines.
    Frames(String),
    /// What was printed past the guest.
    Printed(String),
    /// It is over, and how.
    Ended(String),
    /// What is of no interest.
    Other,
}

#[derive(Deserialize)]
struct Message {
    header: Header,
    #[serde(default)]
    parent_header: Header,
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize, Default)]
struct Header {
    #[serde(default)]
    msg_id: String,
    #[serde(default)]
    msg_type: String,
}

/// The message that runs the guest program in kernel `kernel`.
pub(super) fn cell(kernel: &str) -> String {
    // What JSON quotes, Python reads as the same text.
    let code = format!(
        "exec(compile({}, '<guest_jupyter>', 'exec', dont_inherit=True), {{'get_ipython': get_ipython}})",
        json!(GUEST)
    );
    let content = json!({
        "code": code, "silent": true, "store_history": false, "user_expressions": {},
        "allow_stdin": false, "stop_on_error": true,
    });
    message(kernel, CELL, "shell", "execute_request", content)
}

/// The message that types `text`.
pub(super) fn typed(kernel: &str, number: u64, text: &str) -> String {
    message(
        kernel,
        &format!("typed-{number}"),
        "stdin",
        "input_reply",
        json!({ "value": text, "status": "ok" }),
    )
}

fn message(kernel: &str, id: &str, channel: &str, kind: &str, content: Value) -> String {
    let header = json!({
        "msg_id": format!("{kernel}-{id}"), "session": kernel, "username": "smolagents",
        "msg_type": kind, "version": "5.3", "date": "2000-01-01T00:00:00Z",
    });
    json!({
        "header": header, "parent_header": {}, "metadata": {}, "content": content,
        "channel": channel, "buffers": [],
    })
    .to_string()
}

/// Reads what kernel `kernel` said.
pub(super) fn read(text: &str, kernel: &str) -> Said {
    let mut message: Message = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => return Said::Ended(format!("its server sent a message that cannot be read: {error}")),
    };
    let is_ours = message.parent_header.msg_id == format!("{kernel}-{CELL}");
    match (message.header.msg_type.as_str(), is_ours) {
        // Of a kernel that died, nothing else is ever said, and this bears no name of a cell.
        ("status", _) => match text_of(&message.content, "execution_state") {
            state @ ("restarting" | "autorestarting" | "dead" | "terminating") => {
                Said::Ended(format!("its kernel died (status `{state}`)"))
            }
            _ => Said::Other,
        },
        ("input_request", true) => prompt(std::mem::take(&mut message.content["prompt"])),
        ("stream", true) => Said::Printed(text_of(&message.content, "text").to_owned()),
        ("execute_reply", true) => {
            let (kind, error) = (text_of(&message.content, "ename"), text_of(&message.content, "evalue"));
            Said::Ended(format!("its cell ended: {kind}: {error}"))
        }
        _ => Said::Other,
    }
}

fn prompt(prompt: Value) -> Said {
    let Value::String(mut text) = prompt else {
        return Said::Ended("it sent a prompt without text".to_owned());
    };
    let kind = text.chars().next();
    match kind {
        Some('=') => Said::Frames(text.split_off(1)),
        Some('-') => Said::Printed(text.split_off(1)),
        _ => Said::Ended("it sent a prompt of its own".to_owned()),
    }
}

fn text_of<'a>(content: &'a Value, key: &str) -> &'a str {
    content.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kernel_says() {
        fn check(kind: &str, parent: &str, content: Value, expect: Said) {
            let message = json!({
                "header": {"msg_id": "1", "msg_type": kind}, "parent_header": {"msg_id": parent},
                "metadata": {}, "channel": "any", "content": content,
            });
            assert_eq!(read(&message.to_string(), "k"), expect, "{message}");
        }
        let ended = |text: &str| Said::Ended(text.to_owned());
        check("input_request", "k-session", json!({"prompt": "=[0,"}), Said::Frames("[0,".to_owned()));
        check("input_request", "k-session", json!({"prompt": "-x\n"}), Said::Printed("x\n".to_owned()));
        check(
            "input_request",
            "k-session",
            json!({"prompt": "name? "}),
            ended("it sent a prompt of its own"),
        );
        check("input_request", "k-session", json!({"prompt": ""}), ended("it sent a prompt of its own"));
        check("input_request", "k-session", json!({"prompt": 1}), ended("it sent a prompt without text"));
        check("input_request", "k-session", json!(7), ended("it sent a prompt without text"));
        check("input_request", "other", json!({"prompt": "=x"}), Said::Other);
        check("stream", "k-session", json!({"name": "stderr", "text": "w"}), Said::Printed("w".to_owned()));
        check("stream", "other", json!({"text": "w"}), Said::Other);
        check("status", "k-session", json!({"execution_state": "busy"}), Said::Other);
        for state in ["restarting", "dead", "autorestarting"] {
            let expect = ended(&format!("its kernel died (status `{state}`)"));
            check("status", "", json!({ "execution_state": state }), expect);
        }
        let error = json!({"status": "error", "ename": "NameError", "evalue": "no"});
        check("execute_reply", "k-session", error, ended("its cell ended: NameError: no"));
        check("iopub_welcome", "", json!({}), Said::Other);
    }

    #[test]
    fn what_is_no_message_ends_it() {
        for text in ["", "{", "[]", "1", "{\"header\": 1}"] {
            assert!(matches!(read(text, "k"), Said::Ended(_)), "{text}");
        }
    }
}

//! Servers as people write them down: a command, an address, or the `mcpServers` JSON that every program of this kind
//! reads.

use super::config::{Reach, ServerConfig};
use crate::McpError;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, env, fs, path::Path, time::Duration};

/// One entry of `mcpServers`. Keys of other programs, such as those about their windows, are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    command: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<String>,
    #[serde(alias = "serverUrl", alias = "httpUrl")]
    url: Option<String>,
    #[serde(alias = "transport")]
    r#type: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    tools: Option<Vec<String>>,
    /// In seconds.
    timeout: Option<f64>,
    protocol: Option<String>,
    #[serde(default)]
    trusted: bool,
    #[serde(default)]
    disabled: bool,
}

impl ServerConfig {
    /// The servers that one argument of a command line names: an address, a JSON file, or a command.
    ///
    /// # Errors
    /// [`McpError::Configuration`] if it is none of them, or the file is wrong.
    pub fn parse(argument: &str) -> Result<Vec<Self>, McpError> {
        let argument = argument.trim();
        if argument.starts_with("http://") || argument.starts_with("https://") {
            let url = expanded(argument, argument)?;
            let name = url::Url::parse(&url).ok().and_then(|url| Some(url.host_str()?.to_owned()));
            let name =
                name.ok_or_else(|| wrong(argument, "it is not an address", "write `https://host/path`"))?;
            // By old custom the path says which of the two transports it is.
            let is_old = url.trim_end_matches('/').ends_with("/sse");
            return Ok(vec![if is_old { Self::sse(name, url) } else { Self::http(name, url) }]);
        }
        if argument.ends_with(".json") {
            return Self::from_file(argument);
        }
        let words = shlex::split(argument).unwrap_or_default();
        let Some((program, arguments)) = words.split_first() else {
            let hint = "give a command such as \"npx -y some-server\", an address, or a JSON file";
            return Err(wrong(argument, "it is no command: empty, or a quote is not closed", hint));
        };
        Ok(vec![Self::command(name_of(&words), program, arguments)])
    }

    /// The servers of a JSON file: `{"mcpServers": {"name": {"command": …, "args": […], "env": {…}}}}`, or `url`,
    /// `type` and `headers` for remote ones. `${NAME}` stands for a variable of this process, `${NAME:-text}` for one
    /// that may not be there. Beside the usual keys there are `tools`, the only ones to take, `timeout` in seconds,
    /// `protocol`, its version, and `trusted`.
    ///
    /// # Errors
    /// [`McpError::Configuration`] says which entry is wrong.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Vec<Self>, McpError> {
        let shown = path.as_ref().display().to_string();
        let hint = "it holds `{\"mcpServers\": {\"name\": {\"command\": \"…\", \"args\": []}}}`";
        let text = fs::read_to_string(path).map_err(|error| wrong(&shown, &error.to_string(), hint))?;
        Self::from_json(&shown, &text)
    }

    /// As [`ServerConfig::from_file`], of its text. `what` names it in errors.
    ///
    /// # Errors
    /// [`McpError::Configuration`] says which entry is wrong.
    pub fn from_json(what: &str, text: &str) -> Result<Vec<Self>, McpError> {
        let hint = "it holds `{\"mcpServers\": {\"name\": {\"command\": \"…\", \"args\": []}}}`";
        let mut json: Value =
            serde_json::from_str(text).map_err(|error| wrong(what, &error.to_string(), hint))?;
        let entries = ["mcpServers", "servers"].iter().find_map(|key| Some(json.get_mut(key)?.take()));
        match entries {
            Some(Value::Object(entries)) => Self::from_entries(what, entries),
            _ => Err(wrong(what, "it has no object `mcpServers`", hint)),
        }
    }

    /// The servers of the object that `mcpServers` is.
    ///
    /// # Errors
    /// [`McpError::Configuration`] says which entry is wrong.
    pub fn from_entries(
        what: &str,
        entries: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Vec<Self>, McpError> {
        let mut servers = Vec::new();
        for (name, entry) in entries {
            let what = format!("`{name}` in {what}");
            let hint = "an entry has `command` and `args`, or `url`";
            let entry: Entry =
                serde_json::from_value(entry).map_err(|error| wrong(&what, &error.to_string(), hint))?;
            if !entry.disabled {
                servers.push(entry.server(&what, name)?);
            }
        }
        Ok(servers)
    }
}

impl Entry {
    fn server(self, what: &str, name: String) -> Result<ServerConfig, McpError> {
        let mut server = ServerConfig::new(name, self.reach(what)?);
        (server.tools, server.protocol, server.trusted) = (self.tools, self.protocol, self.trusted);
        if let Some(seconds) = self.timeout {
            server.timeout =
                Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero()).ok_or_else(
                    || wrong(what, &format!("`timeout` is `{seconds}`"), "it is a number of seconds"),
                )?;
        }
        Ok(server)
    }

    fn reach(&self, what: &str) -> Result<Reach, McpError> {
        let full = |text: &String| expanded(what, text);
        let full_values = |map: &BTreeMap<String, String>| {
            map.iter().map(|(key, value)| Ok((key.clone(), full(value)?))).collect::<Result<_, McpError>>()
        };
        let kind = self.r#type.as_deref().unwrap_or(if self.url.is_some() { "http" } else { "stdio" });
        match (kind, &self.command, &self.url) {
            ("stdio" | "local", Some(command), _) => Ok(Reach::Command {
                program: full(command)?,
                arguments: self.args.iter().map(full).collect::<Result<_, _>>()?,
                environment: full_values(&self.env)?,
                folder: self.cwd.as_ref().map(full).transpose()?.map(Into::into),
            }),
            ("http" | "streamable-http" | "streamable_http" | "streamableHttp", _, Some(url)) => {
                Ok(Reach::Http { url: full(url)?, headers: full_values(&self.headers)? })
            }
            ("sse", _, Some(url)) => Ok(Reach::Sse { url: full(url)?, headers: full_values(&self.headers)? }),
            _ => {
                let fault = format!("there is no way to reach a server of type `{kind}` in it");
                Err(wrong(what, &fault, "`stdio` needs `command`; `http` and `sse` need `url`"))
            }
        }
    }
}

/// `text` with `${NAME}` and `${NAME:-text}` replaced by variables of this process.
fn expanded(what: &str, text: &str) -> Result<String, McpError> {
    let (mut full, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inner, after)) = after.split_once('}') else { break };
        let (name, otherwise) =
            inner.split_once(":-").map_or((inner, None), |(name, text)| (name, Some(text)));
        let value = env::var(name).ok().or(otherwise.map(str::to_owned)).ok_or_else(|| {
            let hint = format!("set it, or write `${{{name}:-something}}`");
            wrong(what, &format!("the variable `{name}` is not set"), &hint)
        })?;
        full.push_str(before);
        full.push_str(&value);
        rest = after;
    }
    Ok(full + rest)
}

/// What a command is best called: the package it runs, without its path and its version.
fn name_of(words: &[String]) -> String {
    let is_option = |word: &&String| word.starts_with('-');
    let runner =
        |word: &str| ["npx", "uvx", "uv", "run", "node", "python", "python3", "docker"].contains(&word);
    let word = words.iter().filter(|word| !is_option(word)).find(|word| !runner(last(word)));
    let name = last(word.or(words.first()).map_or("server", String::as_str));
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn wrong(what: &str, fault: &str, hint: &str) -> McpError {
    let (what, fault, hint) = (what.to_owned(), fault.to_owned(), hint.to_owned());
    McpError::Configuration { what, fault, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_an_address_a_file_or_a_command() {
        fn check(argument: &str, name: &str, reach: &str) {
            let servers = ServerConfig::parse(argument).expect("it is well formed");
            assert_eq!(servers.len(), 1);
            assert_eq!((servers[0].name(), format!("{:?}", servers[0].reach())), (name, reach.to_owned()));
        }
        let command = |program: &str, arguments: &[&str]| {
            format!(
                "Command {{ program: {program:?}, arguments: {arguments:?}, environment: [], folder: None }}"
            )
        };
        check(
            "npx -y @modelcontextprotocol/server-everything@1.2 stdio",
            "server-everything",
            &command("npx", &["-y", "@modelcontextprotocol/server-everything@1.2", "stdio"]),
        );
        check("uvx mcp-server-time", "mcp-server-time", &command("uvx", &["mcp-server-time"]));
        check("python -m 'a server'", "a server", &command("python", &["-m", "a server"]));
        check("/opt/bin/files.py /data", "files", &command("/opt/bin/files.py", &["/data"]));
        check(
            " https://docs.example.org/mcp",
            "docs.example.org",
            "Http { url: \"https://docs.example.org/mcp\", headers: [] }",
        );
        check("http://127.0.0.1:8/sse", "127.0.0.1", "Sse { url: \"http://127.0.0.1:8/sse\", headers: [] }");
    }

    #[test]
    fn entries_are_read_as_others_write_them() {
        fn check(entry: &str, reach: &str) {
            let servers = ServerConfig::from_json("test", &format!("{{\"mcpServers\": {{\"x\": {entry}}}}}"));
            let shown = match servers {
                Ok(servers) => {
                    servers.iter().map(|server| server.reach().to_string()).collect::<Vec<_>>().join(",")
                }
                Err(error) => error.to_string(),
            };
            assert_eq!(shown, reach, "{entry}");
        }
        check(r#"{"command": "a", "args": ["${NOT_SET_X:-b c}", "$d"], "icon": "!"}"#, "a b c $d");
        check(r#"{"url": "http://h/${NOT_SET_X:-}"}"#, "http://h/");
        check(r#"{"url": "http://h", "transport": "sse"}"#, "http://h");
        check(r#"{"command": "a", "disabled": true}"#, "");
        check(
            r#"{"command": "${NOT_SET_X}"}"#,
            "`x` in test: the variable `NOT_SET_X` is not set\n\nhint: set it, or write `${NOT_SET_X:-something}`",
        );
        check(
            r#"{"type": "ws", "url": "u"}"#,
            "`x` in test: there is no way to reach a server of type `ws` in it\n\nhint: `stdio` needs `command`; `http` and `sse` need `url`",
        );
        check(
            r#"{"command": "a", "timeout": -1}"#,
            "`x` in test: `timeout` is `-1`\n\nhint: it is a number of seconds",
        );
        check(
            r#"{"command": 3}"#,
            "`x` in test: invalid type: integer `3`, expected a string\n\nhint: an entry has `command` and `args`, or `url`",
        );
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for (argument, word) in
            [("", "no command"), ("a 'b", "no command"), ("none/such.json", "No such file")]
        {
            let error = ServerConfig::parse(argument).expect_err("it is no server").to_string();
            assert!(error.contains(word) && error.contains("\n\nhint: "), "{error}");
        }
        for text in ["", "[]", "{}", "{\"mcpServers\": []}"] {
            assert!(ServerConfig::from_json("test", text).is_err(), "{text}");
        }
    }
}

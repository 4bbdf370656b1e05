//! Models that people name without their service, as in `gpt-4o`.

use crate::prices;

/// Services in the order in which they are meant where several have a model of the same name: those that made it first.
const MAKERS: [&str; 8] =
    ["openai", "anthropic", "gemini", "mistral", "deepseek", "xai", "cohere_chat", "moonshot"];

/// How the names of a maker's models begin. A name that is newer than our list is known by it.
const BEGINNINGS: [(&str, &str); 12] = [
    ("chatgpt-", "openai"),
    ("claude-", "anthropic"),
    ("codestral-", "mistral"),
    ("command-", "cohere_chat"),
    ("deepseek-", "deepseek"),
    ("gemini-", "gemini"),
    ("gpt-", "openai"),
    ("grok-", "xai"),
    ("kimi-", "moonshot"),
    ("mistral-", "mistral"),
    ("o1", "openai"),
    ("o3", "openai"),
];

/// The service that is meant by a bare model name.
pub(crate) fn maker(name: &str) -> Option<&'static str> {
    let listed = || MAKERS.into_iter().find(|maker| prices::lists(maker, name));
    let begins =
        || BEGINNINGS.iter().find(|(beginning, _)| name.starts_with(beginning)).map(|(_, maker)| *maker);
    if name.contains('/') { None } else { listed().or_else(begins) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names_need_no_service() {
        #[track_caller]
        fn check(name: &str, expect: Option<&str>) {
            assert_eq!(maker(name), expect, "{name}");
        }
        check("gpt-4o", Some("openai"));
        check("gpt-99-turbo", Some("openai"));
        check("o3-mini", Some("openai"));
        check("claude-3-5-sonnet-20241022", Some("anthropic"));
        check("gemini-2.0-flash", Some("gemini"));
        check("deepseek-chat", Some("deepseek"));
        check("meta-llama/Llama-3.3-70B-Instruct", None);
        check("my-model", None);
    }
}

//! One rule: which calls it is for, and what becomes of them.

use super::{Test, Untrusted, Verdict, glob::Glob, provenance};
use serde::{Deserialize, Deserializer};
use smol_core::{gate::Ask, tool::Effect};
use std::collections::BTreeMap;

/// Says what becomes of the calls that fit all its conditions; without a condition, of every call.
///
/// An allowed list is safer than a denied one: there are more ways to write an argument than one thinks of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub(super) verdict: Verdict,
    because: Option<String>,
    tool: Option<Glob>,
    effect: Option<Effect>,
    agent: Option<Glob>,
    #[serde(default, deserialize_with = "by_name")]
    arguments: Vec<(String, Test)>,
    untrusted: Option<Untrusted>,
}

fn by_name<'a, D: Deserializer<'a>>(data: D) -> Result<Vec<(String, Test)>, D::Error> {
    Ok(BTreeMap::deserialize(data)?.into_iter().collect())
}

impl Rule {
    fn new(verdict: Verdict) -> Self {
        let (because, tool, effect, agent, untrusted) = Default::default();
        Self { verdict, because, tool, effect, agent, arguments: Vec::new(), untrusted }
    }

    /// Lets calls pass. Other gates of the agent may still mind.
    pub fn allow() -> Self {
        Self::new(Verdict::Allow)
    }

    /// Has the approver asked.
    pub fn ask() -> Self {
        Self::new(Verdict::Ask)
    }

    /// Refuses calls.
    pub fn deny() -> Self {
        Self::new(Verdict::Deny)
    }

    /// Why, for the model that is refused and the person who is asked: best with what may be done instead.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.because = Some(reason.into());
        self
    }

    /// Only for tools, or managed agents, of this name, in which `*` is any text.
    #[must_use]
    pub fn tool(mut self, name: impl Into<String>) -> Self {
        self.tool = Some(Glob::new(name));
        self
    }

    /// Only for tools of this effect. A managed agent is no such tool: what it does is asked about in its turn.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Only for calls by this agent: the path from the root down, such as `manager/researcher`, in which `*` is any
    /// text. An agent without a name at the root is `agent`.
    #[must_use]
    pub fn agent(mut self, path: impl Into<String>) -> Self {
        self.agent = Some(Glob::new(path));
        self
    }

    /// Only where the argument of this name passes the test, or the part of the arguments that a JSON pointer names,
    /// such as `/options/urgent`.
    #[must_use]
    pub fn argument(mut self, name: impl Into<String>, test: Test) -> Self {
        self.arguments.push((name.into(), test));
        self
    }

    /// Only for calls that what strangers wrote may be in, or behind. With [`Rule::effect`], managed agents of that
    /// effect fit, too: what they are handed is no longer known for what it is when they make calls of their own.
    #[must_use]
    pub fn untrusted(mut self, by: Untrusted) -> Self {
        self.untrusted = Some(by);
        self
    }

    /// Why the rule is for this call, if it is.
    pub(super) fn fits(&self, ask: &Ask<'_>) -> Option<String> {
        let is_named = |pattern: &Option<Glob>, name| pattern.as_ref().is_none_or(|it| it.matches(name));
        let fits = is_named(&self.tool, &ask.call.name)
            && is_named(&self.agent, ask.path)
            && self.effect.is_none_or(|effect| self.has_effect(ask, effect))
            && self.arguments.iter().all(|(name, test)| passes(ask, name, test));
        if !fits {
            return None;
        }
        let trace = match self.untrusted {
            Some(by) => Some(provenance::trace(ask, by)?),
            None => None,
        };
        let reasons: Vec<String> = trace.into_iter().chain(self.because.clone()).collect();
        Some(if reasons.is_empty() { self.conditions() } else { reasons.join("; ") })
    }

    fn has_effect(&self, ask: &Ask<'_>, effect: Effect) -> bool {
        ask.effect() == effect && (!ask.is_agent || self.untrusted.is_some())
    }

    fn conditions(&self) -> String {
        let effect = self.effect.map(|effect| match effect {
            Effect::Pure => "it only computes".to_owned(),
            Effect::Reads => "it reads".to_owned(),
            Effect::Writes => "it writes".to_owned(),
        });
        let tool = self.tool.as_ref().map(|name| format!("the tool is `{name}`"));
        let agent = self.agent.as_ref().map(|path| format!("the agent is `{path}`"));
        let arguments = self.arguments.iter().map(|(name, test)| format!("`{name}` {test}"));
        let all: Vec<String> = [tool, agent, effect].into_iter().flatten().chain(arguments).collect();
        if all.is_empty() { "the rule is for every call".to_owned() } else { all.join(", ") }
    }
}

fn passes(ask: &Ask<'_>, name: &str, test: &Test) -> bool {
    let arguments = &ask.call.arguments;
    let value = if name.starts_with('/') { arguments.pointer(name) } else { arguments.get(name) };
    value.is_some_and(|value| test.holds(value))
}

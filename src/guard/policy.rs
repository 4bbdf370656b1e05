//! Rules in order, of which the first that fits decides, and the person who is asked where a rule says so.

use super::{Approver, Rule};
use async_trait::async_trait;
use serde::Deserialize;
use smol_core::gate::{Ask, Decision, Gate};
use std::{fmt, sync::Arc};

/// What a rule says of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be made.
    #[default]
    Allow,
    /// Somebody is asked; if there is nobody, the run waits.
    Ask,
    /// It is not made; the model reads why.
    Deny,
}

/// Decides about tool calls by rules. Give it to an agent by [`AgentBuilder::gate`](crate::AgentBuilder::gate): it
/// then decides for the agents that this one manages, too.
///
/// - Calls of tools that there are not are left to the agent, which refuses them.
/// - A call that was begun before the run was cut, and may have had its effect, is put to the approver whatever the
///   rules say. A rule that denies it still holds: it is not made again.
/// - A call that the approver edits is made as edited: the rules are not asked a second time.
/// - Of several gates of an agent the first that minds decides. What must hold together belongs into one policy,
///   what denies before what asks.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    rules: Vec<Rule>,
    otherwise: Verdict,
    #[serde(skip)]
    approver: Option<Arc<dyn Approver>>,
}

impl fmt::Debug for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Policy");
        shown.field("rules", &self.rules).field("otherwise", &self.otherwise).finish_non_exhaustive()
    }
}

impl Policy {
    /// A policy without rules, that says this of every call.
    pub fn new(otherwise: Verdict) -> Self {
        Self { otherwise, ..Self::default() }
    }

    /// Adds a rule, after those that are there.
    #[must_use]
    pub fn rule(self, rule: Rule) -> Self {
        self.rules([rule])
    }

    /// Adds several rules, after those that are there.
    #[must_use]
    pub fn rules(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        self.rules.extend(rules);
        self
    }

    /// Who is asked. Without one, a run stops where somebody should be, as
    /// [`Failure::Waiting`](crate::Failure::Waiting).
    #[must_use]
    pub fn approver(mut self, approver: impl Approver + 'static) -> Self {
        self.approver = Some(Arc::new(approver));
        self
    }

    fn verdict(&self, ask: &Ask<'_>) -> (Verdict, String) {
        let first = self.rules.iter().find_map(|rule| Some((rule.verdict, rule.fits(ask)?)));
        first.unwrap_or_else(|| {
            let why = match self.otherwise {
                Verdict::Allow => "no rule minds it",
                Verdict::Ask => "no rule allows it without asking",
                Verdict::Deny => "no rule allows it",
            };
            (self.otherwise, why.to_owned())
        })
    }

    async fn put(&self, ask: Ask<'_>, why: &str) -> Decision {
        match &self.approver {
            Some(approver) => approver.approve(ask, why).await,
            None => Decision::Wait,
        }
    }
}

#[async_trait]
impl Gate for Policy {
    async fn decide(&self, ask: Ask<'_>) -> Option<Decision> {
        ask.tool?;
        let (verdict, why) = self.verdict(&ask);
        match verdict {
            // Whether it is made again is for somebody else to say, if nobody can be asked here.
            Verdict::Allow if !ask.may_have_happened || self.approver.is_none() => None,
            Verdict::Deny if !ask.may_have_happened => Some(denied(&why)),
            Verdict::Allow | Verdict::Ask => Some(self.put(ask, &why).await),
            Verdict::Deny => Some(match self.put(ask, &format!("it may not be made again: {why}")).await {
                Decision::Approve | Decision::Edit(_) => denied(&why),
                decision => decision,
            }),
        }
    }
}

fn denied(why: &str) -> Decision {
    let advice = "reach the goal in another way, or say in your answer what was not allowed";
    Decision::Refuse(format!("the policy forbids it: {why}\n\nhint: {advice}"))
}

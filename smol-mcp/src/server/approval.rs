//! Asking the person at the client's end whether a tool call may be made.

use rmcp::{
    Peer, RoleServer,
    model::{ElicitRequestParams, ElicitationAction, ElicitationSchema},
};
use serde_json::{Value, json};
use smol_core::gate::{Ask, Decision};

tokio::task_local! {
    /// Whose call the run under way is. A run asks in the task that drives it.
    static CLIENT: Peer<RoleServer>;
}

/// Runs `work` with this client to be asked.
pub(super) async fn asking<T>(client: Peer<RoleServer>, work: impl Future<Output = T>) -> T {
    CLIENT.scope(client, work).await
}

/// Puts calls that need somebody's word to the client whose run it is. With the facade it is the approver of a policy.
///
/// A client that cannot ask its user, or that speaks a protocol without such questions (from 2026-07-28), refuses.
#[derive(Debug, Clone, Copy, Default)]
pub struct ElicitApproval;

impl ElicitApproval {
    /// What the client's user says about this call. `why` says what about it has it asked.
    pub async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        let Ok(client) = CLIENT.try_with(Clone::clone) else { return Decision::Wait };
        let question = match question(ask, why) {
            Ok(question) => question,
            Err(error) => return refused(&error.to_string()),
        };
        if client.supported_elicitation_modes().is_empty() {
            return refused("the client cannot ask its user");
        }
        match client.create_elicitation(question).await {
            Ok(answer) if answer.action == ElicitationAction::Accept => {
                let is_yes = answer.content.as_ref().and_then(|content| content.get("approve"));
                if is_yes == Some(&Value::Bool(true)) { Decision::Approve } else { refused("the user said no") }
            }
            Ok(_) => refused("the user said no"),
            Err(error) => refused(&error.to_string()),
        }
    }
}

fn question(ask: Ask<'_>, why: &str) -> Result<ElicitRequestParams, serde_json::Error> {
    let again = if ask.may_have_happened { " It may have been made before." } else { "" };
    let (path, name) = (ask.path, &ask.call.name);
    let message =
        format!("`{path}` wants to call `{name}` with {}.{again} You are asked because {why}.", ask.call.arguments);
    let form = json!({
        "type": "object",
        "properties": {"approve": {"type": "boolean", "title": "Approve", "description": "Whether the call is made."}},
        "required": ["approve"],
    });
    let requested_schema: ElicitationSchema = serde_json::from_value(form)?;
    Ok(ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema })
}

fn refused(why: &str) -> Decision {
    Decision::Refuse(format!(
        "it was not approved: {why}\n\nhint: reach the goal in another way, or say in your answer what was not allowed"
    ))
}
